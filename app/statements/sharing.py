"""A layout as a small JSON file that one desk gives to another: written, and read with distrust."""

import json
from pathlib import Path
from typing import Any, Final, NoReturn

from app.core.errors import NotFound
from app.statements.mapping import FIELD_LABELS, BadLayout, KnownLayout, lasting

_FORMAT: Final = "tingfu-statement-layout"
_VERSION: Final = 1
_LARGEST: Final = 256 * 1024
_LONGEST_HEADING: Final = 1_000
_HINT: Final = "请向提供人重新索取：在“已记住的列对应”中选中后点“导出…”即可生成。"
SUFFIX: Final = "json"


class BadSharedLayout(BadLayout):
    """A file that holds no layout; the message names what is wrong in it."""

    code = "STM-005"
    remedy = _HINT


def written(known: KnownLayout) -> bytes:
    """The file's content; it holds headings and columns, and nothing of any account."""
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "name": known.name,
        "headings": list(known.headings),
        "columns": {field: list(places) for field, places in known.columns.items()},
        "currency": known.currency,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def read_layout(path: Path) -> KnownLayout:
    """The layout in a file. Raises BadSharedLayout, BadLayout, NotFound."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise NotFound(f"找不到文件“{path.name}”。", "请确认文件没有被移动或改名。") from None
    except OSError as error:
        raise BadSharedLayout(f"无法读取文件“{path.name}”：{error.strerror}。") from error
    return parsed(content)


def parsed(content: bytes) -> KnownLayout:
    """The layout that the content holds. Raises BadSharedLayout, BadLayout."""
    if len(content) > _LARGEST:
        _refuse(f"文件超过 {_LARGEST // 1024} KB")
    try:
        document = json.loads(
            content.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_once
        )
    except UnicodeDecodeError:
        _refuse("文件不是 UTF-8 文本")
    except RecursionError:
        _refuse("文件的括号层数太多")
    except ValueError:
        _refuse("文件不是完整的 JSON")
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        _refuse(f"缺少标记“{_FORMAT}”")
    if document.get("version") != _VERSION or isinstance(document.get("version"), bool):
        raise BadSharedLayout(
            "这份列对应由更新版本的程序导出，本程序不能读取。", "请在本机安装新版本程序后再导入。"
        )
    currency = document.get("currency", "")
    if not isinstance(currency, str):
        _refuse("“currency”应为文字")
    return lasting(
        KnownLayout(
            _name(document.get("name")),
            _headings(document.get("headings")),
            _columns(document.get("columns")),
            currency.strip().upper(),
        )
    )


def _name(said: Any) -> str:
    if not isinstance(said, str):
        _refuse("缺少名称“name”")
    return said


def _headings(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        _refuse("“headings”应为表头文字的列表")
    if any(len(one) > _LONGEST_HEADING for one in said):
        _refuse(f"“headings”中有超过 {_LONGEST_HEADING} 字的表头")
    return tuple(said)


def _columns(said: Any) -> dict[str, tuple[int, ...]]:
    if not isinstance(said, dict):
        _refuse("“columns”应为栏目和列的对应")
    found = {}
    for field, places in said.items():
        listed = places if isinstance(places, list) else [places]
        if not all(isinstance(at, int) and not isinstance(at, bool) for at in listed):
            _refuse(f"栏目“{FIELD_LABELS.get(field, field[:40])}”的列应为从 0 开始的整数")
        found[field] = tuple(listed)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same key twice")
    return found


def _no_number(said: str) -> NoReturn:
    raise ValueError(said)


def _refuse(why: str) -> NoReturn:
    raise BadSharedLayout(f"这不是列对应文件：{why}。")
