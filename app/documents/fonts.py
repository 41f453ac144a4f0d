"""Which typeface stands for 仿宋, 宋体 and 黑体 on this machine."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.documents.errors import FontNotUsable, MissingGlyph
from app.documents.typefaces import Typeface


class Face(StrEnum):
    """What a piece of text is, by the conventions of official papers."""

    BODY = "仿宋"
    TITLE = "宋体"
    HEAD = "黑体"


# File names (lower case, without ending) and the family that must stand inside the file.
_FILES: Final = {
    Face.BODY: (("simfang", "fangsong", "仿宋"), ("仿宋", "FangSong")),
    Face.TITLE: (("simsun", "nsimsun", "宋体"), ("宋体", "SimSun")),
    Face.HEAD: (("simhei", "黑体"), ("黑体", "SimHei")),
}
_ENDINGS = {".ttf", ".ttc"}
_COLLECTION_LIMIT = 4


class Font:
    """One face of a book: its typeface, and those asked when that one lacks a character."""

    def __init__(self, chain: Sequence[Typeface]) -> None:
        self._chain = tuple(chain)
        self._chosen: dict[str, Typeface] = {}

    @property
    def chain(self) -> tuple[Typeface, ...]:
        return self._chain

    def typeface(self, character: str) -> Typeface:
        """The first typeface that has the character. Raises MissingGlyph when none has."""
        found = self._chosen.get(character)
        if found is None:
            found = next((face for face in self._chain if face.has(character)), None)
            if found is None:
                raise MissingGlyph(character)
            self._chosen[character] = found
        return found

    def width(self, character: str) -> int:
        """Thousandths of the type size. Raises MissingGlyph."""
        return self.typeface(character).width(character)


class FontBook:
    """The three faces that paper is set in."""

    def __init__(self, chains: dict[Face, Sequence[Typeface]]) -> None:
        # Faces with the same chain share one font, so that it is embedded once.
        shared: dict[tuple[Typeface, ...], Font] = {}
        self._fonts = {
            face: shared.setdefault(tuple(chain), Font(chain)) for face, chain in chains.items()
        }

    def font(self, face: Face) -> Font:
        return self._fonts[face]

    def warm(self, text: str) -> None:
        """Read the outlines of these characters ahead, so that the first sheet comes at once."""
        for font in set(self._fonts.values()):
            for character in set(text):
                font.typeface(character).outline(character)


@lru_cache(maxsize=1)
def shipped_book() -> FontBook:
    """The faces that come with the product: the same paper on every machine."""
    serif, sans = _shipped()
    return FontBook({Face.BODY: [serif], Face.TITLE: [serif], Face.HEAD: [sans]})


@lru_cache(maxsize=1)
def default_book() -> FontBook:
    """The machine's own 仿宋, 宋体 and 黑体 where it has them, else the shipped faces."""
    return book_from(machine_folders())


def book_from(folders: Iterable[Path]) -> FontBook:
    """The faces found in these folders, each completed by the shipped ones."""
    serif, sans = _shipped()
    files = list(_font_files(folders))
    chains: dict[Face, Sequence[Typeface]] = {}
    for face, spare in ((Face.BODY, serif), (Face.TITLE, serif), (Face.HEAD, sans)):
        own = next(_candidates(face, files), None)
        chains[face] = [spare] if own is None else [own, spare]
    return FontBook(chains)


def machine_folders() -> tuple[Path, ...]:
    """Where this operating system keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        own = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"
        return Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", own
    if sys.platform == "darwin":
        return Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"
    shares = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return (*shares, home / ".local/share/fonts", home / ".fonts")


@lru_cache(maxsize=1)
def _shipped() -> tuple[Typeface, Typeface]:
    try:
        from pylopdf_fonts_zh_cn import sans_path, serif_path
    except ImportError as missing:
        raise FontNotUsable("随软件安装的中文字体不存在。") from missing
    return Typeface(Path(serif_path())), Typeface(Path(sans_path()))


def _font_files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in sorted(names):
                if Path(name).suffix.lower() in _ENDINGS:
                    yield Path(place, name)


def _candidates(face: Face, files: Iterable[Path]) -> Iterator[Typeface]:
    starts, families = _FILES[face]
    for path in files:
        if path.stem.lower().startswith(starts):
            yield from (each for each in _members(path) if _is_fit(each, families))


def _members(path: Path) -> Iterator[Typeface]:
    if path.suffix.lower() != ".ttc":
        yield Typeface(path)
        return
    for number in range(_COLLECTION_LIMIT):
        yield Typeface(path, number)


def _is_fit(typeface: Typeface, families: tuple[str, ...]) -> bool:
    from fontTools.ttLib import TTLibError

    try:
        named = any(name.startswith(families) for name in typeface.names())
        return named and typeface.is_truetype and typeface.may_be_embedded and typeface.has("付")
    except (TTLibError, OSError, KeyError, ValueError):
        # Somebody else's broken or short collection: the shipped face stands in.
        return False
