"""Where the shipped data lies, in a checkout and in a frozen build."""

import sys
from pathlib import Path


def data_file(name: str) -> Path:
    """The path of a file in data/."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parents[2]
    return root / "data" / name
