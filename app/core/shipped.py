"""Where the shipped data lies, in a checkout and in a frozen build."""

import sys
from pathlib import Path


def data_file(name: str) -> Path:
    """The path of a file in data/."""
    return _root() / "data" / name


def resource_file(name: str) -> Path:
    """The path of a file in resources/."""
    return _root() / "resources" / name


def _root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parents[2]
