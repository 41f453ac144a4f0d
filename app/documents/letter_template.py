"""The text of a letter as people edit it: a line for each paragraph, fields in braces.

# 关于终止自动扣款授权的函        the title
@ {收件单位}：                    whom it is for, without an indent
## 一、终止范围                   a paragraph in 黑体
我公司在贵行开立……               a paragraph
[协议表]                          a table or another piece that the program makes
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.core.errors import Problem


class Part(StrEnum):
    TITLE = "TITLE"
    ADDRESSEE = "ADDRESSEE"
    STRONG = "STRONG"
    TEXT = "TEXT"
    PIECE = "PIECE"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; row: its line in the template, from 1."""

    row: int
    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a template of a kind may name: fields in braces, and pieces in square brackets.

    needed: the pieces without which the letter would not say what it must.
    """

    fields: tuple[str, ...]
    pieces: tuple[str, ...]
    needed: frozenset[str] = frozenset()


LONGEST: Final = 20_000
_MARKS: Final = (("##", Part.STRONG), ("#", Part.TITLE), ("@", Part.ADDRESSEE))
_PIECE: Final = re.compile(r"\[([^\[\]]*)\]")
_FIELD: Final = re.compile(r"\{([^{}]*)\}")


def parse(text: str) -> tuple[Line, ...]:
    """The template's paragraphs; empty lines only part them."""
    rows = enumerate(text.splitlines(), 1)
    # Wide spaces are kept: people align lists with them.
    return tuple(_line(row, line.strip(" \t")) for row, line in rows if line.strip())


def problems(lines: Collection[Line], known: Vocabulary) -> Iterator[Problem]:
    """What keeps the template from being used, by its line."""
    for line in lines:
        yield from _problems_of(line, known)
    titles = sum(line.part is Part.TITLE for line in lines)
    if titles != 1:
        yield Problem(None, "标题", "须有且只有一行以“# ”开头的标题。")
    if not any(line.part is Part.ADDRESSEE for line in lines):
        yield Problem(None, "收件单位", "须有一行以“@ ”开头的收件单位。")
    placed = {line.text for line in lines if line.part is Part.PIECE}
    for missing in sorted(known.needed - placed):
        yield Problem(None, missing, f"缺少“[{missing}]”，请单独占一行写上。")


def fill(lines: Collection[Line], values: Mapping[str, str]) -> tuple[Line, ...]:
    """The paragraphs with their fields' values. Raises KeyError for a field without one."""
    return tuple(
        line
        if line.part is Part.PIECE
        else Line(
            line.row, line.part, _FIELD.sub(lambda found: values[found[1].strip()], line.text)
        )
        for line in lines
    )


def fields_in(lines: Collection[Line]) -> frozenset[str]:
    """The fields that the template names."""
    return frozenset(found.strip() for line in lines for found in _FIELD.findall(line.text))


def _line(row: int, text: str) -> Line:
    piece = _PIECE.fullmatch(text)
    if piece is not None:
        return Line(row, Part.PIECE, piece[1].strip())
    for mark, part in _MARKS:
        if text.startswith(mark):
            return Line(row, part, text.removeprefix(mark).strip())
    return Line(row, Part.TEXT, text)


def _problems_of(line: Line, known: Vocabulary) -> Iterator[Problem]:
    if line.part is Part.PIECE:
        if line.text not in known.pieces:
            names = "、".join(f"[{one}]" for one in known.pieces)
            yield Problem(line.row, line.text, f"没有“[{line.text}]”这一内容，可用：{names}。")
        return
    if not line.text:
        yield Problem(line.row, line.part, "标记后面没有文字。")
    for name in _FIELD.findall(line.text):
        if name.strip() not in known.fields:
            names = "、".join(f"{{{one}}}" for one in known.fields)
            yield Problem(line.row, name, f"没有“{{{name}}}”这一字段，可用：{names}。")
    if set(_FIELD.sub("", line.text)) & set("{}"):
        yield Problem(line.row, "{ }", "花括号不成对，字段须写成“{字段名}”。")
