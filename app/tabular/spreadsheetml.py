"""XML spreadsheets of 2003 that carry the name .xls."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from app.tabular.cells import plain_number, unwrapped
from app.tabular.encoding import Encoding, for_parser
from app.tabular.errors import EmptyTable, TooLarge, UnreadableTable
from app.tabular.model import NOTHING, Limits, Row

_NS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MIDNIGHT: Final = "T00:00:00"


def read_spreadsheetml(path: Path, encoding: Encoding, limits: Limits) -> Iterator[Row]:
    """The rows of the first worksheet that has any.

    Raises UnreadableTable for broken XML, EmptyTable, TooLarge.
    """
    from lxml import etree

    number = 0
    with path.open("rb") as file:
        events = etree.iterparse(
            file,
            events=("end",),
            tag=(f"{_NS}Row", f"{_NS}Worksheet"),
            encoding=for_parser(encoding),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        try:
            for _, element in events:
                if element.tag == f"{_NS}Worksheet":
                    if number:
                        return
                    continue
                number = _index(element, number + 1)
                yield _row(path, element, number, limits)
                element.clear(keep_tail=True)
        except etree.XMLSyntaxError as error:
            raise UnreadableTable(path, f"XML 表格已损坏：第 {error.lineno} 行附近。") from error
    if not number:
        raise EmptyTable(path, "工作簿里没有任何数据。")


def _index(element: Any, default: int) -> int:
    value = element.get(f"{_NS}Index") or ""
    return int(value[:7]) if value.isascii() and value.isdigit() else default


def _row(path: Path, element: Any, number: int, limits: Limits) -> Row:
    cells: list[str] = []
    lost: set[int] = set()
    for cell in element.iterchildren(f"{_NS}Cell"):
        column = _index(cell, len(cells) + 1)
        across = cell.get(f"{_NS}MergeAcross") or "0"
        width = column + (int(across[:6]) if across.isdigit() else 0)
        if width > limits.max_columns:
            raise TooLarge(path, f"第 {number} 行超过 {limits.max_columns} 列。")
        cells += [""] * (column - 1 - len(cells))
        text, lossy = _text(cell)
        if len(text) > limits.max_cell:
            raise TooLarge(path, f"第 {number} 行有单元格超过 {limits.max_cell} 个字符。")
        if lossy:
            lost.add(len(cells))
        cells += [text] + [""] * (width - column)
    return Row(number, tuple(cells), frozenset(lost) if lost else NOTHING)


def _text(cell: Any) -> tuple[str, bool]:
    data = cell.find(f"{_NS}Data")
    if data is None:
        return "", False
    text = "".join(data.itertext())
    match data.get(f"{_NS}Type"):
        case "Number":
            return plain_number(text)
        case "DateTime":
            day, mark, rest = text.partition("T")
            return (day if (mark + rest).startswith(_MIDNIGHT) else f"{day} {rest[:8]}"), False
        case _:
            return unwrapped(text), False
