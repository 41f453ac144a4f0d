import csv
import errno
import io
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typing_extensions import override

from app.core.money import Money
from app.documents import atomic, workbook
from app.documents.columns import Column, Kind, TableSheet, Value
from app.documents.errors import CellTooLong, ExportCancelled, ExportFailed
from app.documents.table_export import export_csv, export_xlsx

SHEET = TableSheet(
    "付款清单",
    (
        Column("付款日", Kind.DATE),
        Column("收款账号"),
        Column("金额", Kind.MONEY),
        Column("余额", Kind.MONEY),
        Column("笔数", Kind.INT),
        Column("附言", width=40),
    ),
)
ROW: tuple[Value, ...] = (
    date(2026, 3, 4),
    "310066865018800012345",
    Money.parse("325,040.04"),
    Money.parse("-0.07"),
    3,
    '=HYPERLINK("x")',
)
Export = Callable[..., int]
BOTH = pytest.mark.parametrize("export", [export_xlsx, export_csv])


def rows(count: int) -> Iterator[tuple[Value, ...]]:
    return (ROW for _ in range(count))


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def opened(path: Path) -> Any:
    return openpyxl.load_workbook(path).active


@pytest.fixture
def written(tmp_path: Path) -> Any:
    target = tmp_path / "out.xlsx"
    assert export_xlsx(target, SHEET, rows(3)) == 3
    return opened(target)


def test_amounts_are_numbers_and_accounts_are_text(written: Any) -> None:  # C5.4
    assert (written["C2"].value, written["C2"].number_format) == (325040.04, "#,##0.00")
    assert (written["D2"].value, written["D4"].value) == (-0.07, -0.07)
    assert (written["B2"].value, written["B2"].data_type) == ("310066865018800012345", "s")


def test_dates_are_dates_and_counts_are_counts(written: Any) -> None:  # C5.4
    assert written["A2"].value == datetime(2026, 3, 4)
    assert written["A2"].number_format == "yyyy-mm-dd"
    assert written["E2"].value == 3


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "#N/A", "\t=1", "＝1", " =1"])
def test_a_text_never_becomes_a_formula(text: str, tmp_path: Path) -> None:  # C5.4
    target = tmp_path / "out.xlsx"
    export_xlsx(target, SHEET, [(None, text, None, None, None, text)])
    cell = opened(target)["F2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_the_heading_is_frozen_filtered_and_printed_on_each_page(written: Any) -> None:  # C5.4
    assert written.freeze_panes == "A2"
    assert written.auto_filter.ref == "A1:F4"
    assert written.print_title_rows == "$1:$1"
    assert written.page_setup.orientation == "landscape"
    assert written.sheet_properties.pageSetUpPr.fitToPage
    assert written.column_dimensions["F"].width == 40


def test_a_full_sheet_is_continued_on_the_next(tmp_path: Path) -> None:  # C5.4
    book = workbook.Workbook(SHEET, rows_per_sheet=3)
    for _ in range(5):
        book.append(ROW)
    with (tmp_path / "out.xlsx").open("wb") as file:
        book.save(file)
    sheets = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets
    assert [(sheet.title, sheet.max_row) for sheet in sheets] == [
        ("付款清单", 3),
        ("付款清单（2）", 3),
        ("付款清单（3）", 2),
    ]


def test_an_amount_beyond_fifteen_figures_is_kept_as_text(tmp_path: Path) -> None:  # C5.4
    target = tmp_path / "out.xlsx"
    huge = Money.parse("12,345,678,901,234.56")
    export_xlsx(target, SHEET, [(None, None, huge, Money(10**15 - 1), None, None)])
    found = opened(target)
    assert found["C2"].value == "12,345,678,901,234.56"
    assert found["D2"].value == 9_999_999_999_999.99


def test_control_characters_are_escaped_as_the_format_says(tmp_path: Path) -> None:  # C5.4
    target = tmp_path / "out.xlsx"
    export_xlsx(target, SHEET, [(None, "甲\x07乙", None, None, None, "_x0041_")])
    found = opened(target)
    assert found["B2"].value == "甲_x0007_乙"
    assert found["F2"].value == "_x005F_x0041_"


def test_a_text_too_long_for_a_cell_is_refused_with_its_place(tmp_path: Path) -> None:  # C5.4
    with pytest.raises(CellTooLong, match="第 2 行“附言”"):
        export_xlsx(tmp_path / "out.xlsx", SHEET, [(*ROW[:5], "长" * 32_768)])
    assert left_in(tmp_path) == []


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(tmp_path: Path) -> None:  # C5.4
    target = tmp_path / "out.csv"
    assert export_csv(target, SHEET, [(*ROW[:5], '=1+1\n第二行，"引"')]) == 1
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == [column.title for column in SHEET.columns]
    assert found[1] == [
        "2026-03-04",
        "310066865018800012345",
        "325040.04",
        "-0.07",
        "3",
        '\'=1+1\n第二行，"引"',
    ]


@BOTH
def test_progress_ends_at_the_number_of_rows(export: Export, tmp_path: Path) -> None:  # C5.4
    told: list[int] = []
    assert export(tmp_path / "out", SHEET, rows(1200), told.append) == 1200
    assert told == [0, 500, 1000, 1200]


@BOTH
def test_a_cancelled_export_leaves_the_old_file(export: Export, tmp_path: Path) -> None:  # C5.4
    target = tmp_path / "out"
    target.write_bytes(b"old")
    told: list[int] = []
    with pytest.raises(ExportCancelled, match="已处理 500 行"):
        export(target, SHEET, rows(1200), told.append, lambda: told[-1] >= 500)
    assert target.read_bytes() == b"old"
    assert left_in(tmp_path) == ["out"]


@BOTH
def test_a_fault_in_the_rows_leaves_the_old_file(export: Export, tmp_path: Path) -> None:  # C5.4
    target = tmp_path / "out"
    target.write_bytes(b"old")

    def broken() -> Iterator[tuple[Value, ...]]:
        yield ROW
        raise RuntimeError("database gone")

    with pytest.raises(RuntimeError, match="database gone"):
        export(target, SHEET, broken())
    assert target.read_bytes() == b"old"
    assert left_in(tmp_path) == ["out"]


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@BOTH
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file(  # C5.4
    export: Export, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, step, no_space)
    with pytest.raises(ExportFailed, match="无法写入“out”") as refused:
        export(target, SHEET, rows(10))
    assert "磁盘空间" in refused.value.hint
    assert target.read_bytes() == b"old"
    assert left_in(tmp_path) == ["out"]


class FullDisk(io.BytesIO):
    """A file on a disk with no room for a single byte more."""

    @override
    def write(self, _data: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@BOTH
def test_a_disk_that_fills_while_writing_leaves_the_old_file(  # C5.4
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")

    def full(number: int, _mode: str) -> FullDisk:
        os.close(number)
        return FullDisk()

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(ExportFailed, match="无法写入“out”"):
        export(target, SHEET, rows(2000))
    assert target.read_bytes() == b"old"
    assert left_in(tmp_path) == ["out"]


def test_a_full_disk_for_temporary_files_leaves_the_old_file(  # C5.4
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openpyxl.worksheet import _writer

    target = tmp_path / "out"
    target.write_bytes(b"old")
    scratch = tmp_path / "scratch"
    scratch.symlink_to("/dev/full")
    monkeypatch.setattr(_writer, "create_temporary_file", lambda: str(scratch))
    with pytest.raises(ExportFailed, match="临时文件夹无法写入"):
        export_xlsx(target, SHEET, rows(2000))
    assert target.read_bytes() == b"old"


def test_saving_into_a_folder_that_is_gone_is_refused(tmp_path: Path) -> None:  # C5.4
    with pytest.raises(ExportFailed):
        atomic.save(tmp_path / "gone" / "sheet.pdf", b"%PDF")


def test_saved_bytes_replace_the_old_file(tmp_path: Path) -> None:  # C5.4
    target = tmp_path / "sheet.pdf"
    target.write_bytes(b"old")
    atomic.save(target, b"new")
    assert target.read_bytes() == b"new"
    assert left_in(tmp_path) == ["sheet.pdf"]


def test_times_are_shown_in_the_companys_zone(tmp_path: Path) -> None:  # C5.4
    target = tmp_path / "out.xlsx"
    at = datetime(2026, 3, 3, 16, 5, 9, 123, tzinfo=UTC)
    export_xlsx(target, SHEET, [(at, None, Money(0, "JPY"), None, None, None)])
    found = opened(target)
    assert found["A2"].value == datetime(2026, 3, 4, 0, 5, 9)
    assert found["C2"].number_format == "#,##0"
