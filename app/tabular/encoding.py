"""How the bytes of a text file are written, told by the bytes alone."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.tabular.errors import BrokenText, WrongType

CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_LONG_LEAD = re.compile(rb"[\xe0-\xf4]")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A guess outside these would turn a single damaged byte into a page of foreign letters.
_PLAUSIBLE: Final = frozenset({"big5", "big5hkscs", "cp950", "utf_7"})


@dataclass(frozen=True, slots=True)
class Encoding:
    """damaged_tail: the last character is cut off, all before it is sound."""

    name: str
    damaged_tail: bool = False


@dataclass(frozen=True, slots=True)
class _Trial:
    sound: bool
    damaged_tail: bool = False
    line: int = 0


def for_parser(encoding: Encoding) -> str:
    """The name by which the parser of marked-up text knows the encoding."""
    return encoding.name.removesuffix("-sig").replace("utf-16-", "utf-16")


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def decoded(path: Path, encoding: Encoding) -> Iterator[str]:
    """The text of the file, piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding.name)("replace")
    for chunk in chunks(path):
        yield decoder.decode(chunk)


def detect(path: Path) -> Encoding:
    """The encoding of a text file.

    Raises WrongType for binary content, BrokenText (with the line) for undecodable bytes.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    name = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if name is None and b"\0" in head:
        name = _utf16(head)
        if name is None:
            raise WrongType(path, "内容不是表格，也不是文本，可能是程序数据或已损坏的文件。")
    if name is not None:
        return _accepted(path, name)
    return _bare(path)


def _accepted(path: Path, name: str) -> Encoding:
    trial = _try(path, name)
    if not trial.sound:
        raise BrokenText(path, f"第 {trial.line} 行附近有无法解读的字符（编码 {name}）。")
    return Encoding(name, trial.damaged_tail)


def _bare(path: Path) -> Encoding:
    as_utf8 = _try(path, "utf-8")
    as_gb = None
    if as_utf8.sound:
        if not _only_short_sequences(path):
            return Encoding("utf-8", as_utf8.damaged_tail)
        as_gb = _try(path, "gb18030")
        if not (as_gb.sound and _all_chinese(path)):
            return Encoding("utf-8", as_utf8.damaged_tail)
    as_gb = as_gb or _try(path, "gb18030")
    if as_gb.sound:
        return Encoding("gb18030", as_gb.damaged_tail)
    guess = _guess(path)
    if guess is None:
        raise BrokenText(path, f"第 {as_gb.line} 行附近有无法解读的字符，编码不是 UTF-8 或 GBK。")
    return _accepted(path, guess)


def _try(path: Path, name: str) -> _Trial:
    decoder = codecs.getincrementaldecoder(name)("strict")
    lines = 1
    try:
        for chunk in chunks(path):
            decoder.decode(chunk)
            lines += chunk.count(b"\n")
    except UnicodeDecodeError as error:
        return _Trial(sound=False, line=lines + error.object[: error.start].count(b"\n"))
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _Trial(sound=True, damaged_tail=True)
    return _Trial(sound=True)


def _only_short_sequences(path: Path) -> bool:
    """Whether the file has foreign bytes, none of which can begin a Chinese character in UTF-8."""
    ascii_only = True
    for chunk in chunks(path):
        if _LONG_LEAD.search(chunk):
            return False
        ascii_only = ascii_only and chunk.isascii()
    return not ascii_only


def _all_chinese(path: Path) -> bool:
    return all(
        character.isascii()
        or "\u3000" <= character <= "\u9fff"
        or "\uff00" <= character <= "\uffef"
        for piece in decoded(path, Encoding("gb18030"))
        for character in piece
    )


def _utf16(head: bytes) -> str | None:
    whole = head[: len(head) // 2 * 2]
    scores = {
        name: sum(
            c.isascii() and (c.isprintable() or c in "\t\r\n")
            for c in whole.decode(name, "replace")
        )
        for name in ("utf-16-le", "utf-16-be")
    }
    best = max(scores, key=lambda name: scores[name])
    nuls = head.count(0)
    # in real UTF-16 text every zero byte belongs to one plain character
    return best if scores[best] and scores[best] * 10 >= nuls * 9 else None


def _guess(path: Path) -> str | None:
    from charset_normalizer import from_bytes

    with path.open("rb") as file:
        best = from_bytes(file.read(_SAMPLE)).best()
    return best.encoding if best is not None and best.encoding in _PLAUSIBLE else None
