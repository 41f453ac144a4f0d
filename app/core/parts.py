"""Long lists in pieces, since a query may name only so many values."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")
AT_ONCE: Final = 500


def parts(values: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """The values in their order, at most so many at a time; nothing for an empty list."""
    return (values[start : start + size] for start in range(0, len(values), size))
