"""Names for searching and comparing."""

import re
import unicodedata

_BRACKETS = str.maketrans("【】［］〔〕《》", "()()()()")


def normalise_name(name: str) -> str:
    """The name with width, brackets, spaces and case evened out, for comparing account names."""
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return re.sub(r"\s+", "", plain).upper()


def pinyin_full(name: str) -> str:
    """All syllables in a row: 上海华峰 → "shanghaihuafeng"."""
    return "".join(_syllables(name))


def pinyin_initials(name: str) -> str:
    """The first letters: 上海华峰 → "shhf"; Latin words stay whole."""
    return "".join(s if s.isascii() and len(s) == 1 else s[:1] for s in _syllables(name))


def _syllables(name: str) -> list[str]:
    from pypinyin import lazy_pinyin

    parts = lazy_pinyin(unicodedata.normalize("NFKC", name), errors=_letters)  # type: ignore[arg-type]
    return [p.lower() for p in parts if p.isascii() and p.isalnum()]


def _letters(text: str) -> list[str]:
    return list(text)
