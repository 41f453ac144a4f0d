"""Names for searching and comparing."""

import re
import unicodedata
from functools import lru_cache

# What typists use for one another, after width is evened out; blanks that nobody sees go.
_SAME = str.maketrans(
    "[]{}【】〔〕《》〈〉「」•‧・･", "()()()()()()()····", "\u200b\u200c\u200d\u2060\ufeff"
)


def normalise_name(name: str) -> str:
    """The name with width, brackets, spaces and case evened out, for comparing account names."""
    plain = unicodedata.normalize("NFKC", name).translate(_SAME)
    # Taking blanks out can bring marks together that belong in another order.
    return unicodedata.normalize("NFKC", re.sub(r"\s+", "", plain).upper())


def pinyin_full(name: str) -> str:
    """All syllables in a row: 上海华峰 → "shanghaihuafeng"."""
    return "".join(_syllables(name))


def pinyin_initials(name: str) -> str:
    """The first letters: 上海华峰 → "shhf"; Latin words stay whole."""
    return "".join(syllable[0] for syllable in _syllables(name))


@lru_cache(maxsize=512)
def _syllables(name: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    parts = lazy_pinyin(unicodedata.normalize("NFKC", name), errors=_letters)  # type: ignore[arg-type]
    return tuple(p.lower() for p in parts if p.isascii() and p.isalnum())


def _letters(text: str) -> list[str]:
    return list(text)
