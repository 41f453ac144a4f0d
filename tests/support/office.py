"""LibreOffice as another reader of our workbooks: what it computes, and how it prints them."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

SECONDS = 180


def converted(file: Path, kind: str) -> Path:
    """The file as LibreOffice writes it in another format (xlsx, pdf, csv), in a folder of its own.

    A profile of its own, so that several may run at once; every formula is computed anew.
    """
    folder = Path(tempfile.mkdtemp(prefix="tingfu-office-", dir=file.parent))
    profile = folder / "profile"
    done = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(file),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    shutil.rmtree(profile, ignore_errors=True)
    made = folder / f"{file.stem}.{kind}"
    assert made.exists(), done.stdout + done.stderr
    return made


def recalculated(file: Path) -> Any:
    """The workbook with what LibreOffice makes of its formulas: sheets of values."""
    return openpyxl.load_workbook(converted(file, "xlsx"), data_only=True)


def changed(file: Path, cells: Mapping[str, Mapping[str, object]]) -> Path:
    """A copy in which some cells, by sheet and place, hold something else, and nothing computed."""
    book = openpyxl.load_workbook(file)
    for sheet, values in cells.items():
        for place, value in values.items():
            book[sheet][place] = value
    copy = file.with_name(f"{file.stem}-changed.xlsx")
    book.save(copy)
    return copy


def uncached(file: Path) -> Path:
    """A copy without anything that was computed, so that what is read was computed by the reader."""
    return changed(file, {})
