"""Whatever its size, a file ends in a result or a refusal, in bounded time and memory."""

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from app.core.errors import BadInput
from app.statements.mt940 import read_swift
from app.statements.ofx import read_ofx
from app.statements.opening import open_statement
from app.tabular.errors import TooLarge

ROOT = Path(__file__).parents[3]
HEAD = "交易日期,交易时间,收入,支出,余额,对方户名,对方账号,摘要,交易流水号\n"


def rows(count, width=0):
    balance = 10**9
    for number in range(count):
        balance -= 125
        yield (
            f"2026-01-{number % 28 + 1:02d},09:30:00,,1.25,{balance / 100:.2f},供应商{number % 99},"
            f"62220202{number % 9999:08d},货款{'说明' * width},L{number}\n"
        )


def limited(path, megabytes):
    """The program on a file, with no more memory than that: its exit code and seconds."""
    code = (
        "import resource, sys; size = int(sys.argv[1]) << 20;"
        "resource.setrlimit(resource.RLIMIT_AS, (size, size));"
        "from pathlib import Path; from app.core.errors import BadInput;"
        "from app.statements.opening import open_statement\n"
        "try: print(len(open_statement(Path(sys.argv[2])).lines))\n"
        "except BadInput as refusal: print(refusal.code)"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, str(megabytes), str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout.strip(), time.perf_counter() - began


def test_that_fifty_megabytes_of_lines_are_read(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(rows(120_000, 45))
    assert path.stat().st_size > 40_000_000
    said, took = limited(path, 2000)
    assert said == "120000"
    assert took < 120


def test_that_a_workbook_of_a_million_blank_cells_ends(tmp_path):
    path = tmp_path / "blank.xlsx"
    model = ROOT / "tests" / "data" / "statements" / "malformed" / "08_wrong_dimension_A1.xlsx"
    with zipfile.ZipFile(model) as held, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in held.namelist():
            content = held.read(name)
            if "sheet1" in name:
                blank = "".join(
                    f'<row r="{row}">'
                    + "".join(
                        f'<c r="{chr(65 + at)}{row}" t="inlineStr"><is><t></t></is></c>'
                        for at in range(20)
                    )
                    + "</row>"
                    for row in range(100, 50_100)
                )
                content = content.replace(b"</sheetData>", blank.encode() + b"</sheetData>")
            out.writestr(name, content)
    said, took = limited(path, 2000)
    assert said in {"4", "TAB-004"}
    assert took < 60


def test_that_ten_thousand_columns_are_refused(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(HEAD + "x," * 10_000 + "\n", encoding="utf-8")
    with pytest.raises(TooLarge, match="列"):
        open_statement(path)


def test_that_a_line_without_end_is_refused(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(HEAD + "2026-01-05," + "长" * 5_000_000, encoding="utf-8")
    with pytest.raises(BadInput):
        open_statement(path)


@pytest.mark.parametrize("kind", ["swift", "ofx"])
def test_that_time_grows_with_the_file_and_no_faster(kind):
    """Finding the row of each line must not read the file from its start again."""

    def seconds(count):
        if kind == "swift":
            head = ":20:R1\n:25:1\n:28C:1/1\n:60F:C260104CNY1000,00\n"
            text = head + ":61:2601050105D5,00NTRFREF//B1\n:86:货款\n" * count
            read = read_swift
        else:
            line = "<STMTTRN><DTPOSTED>20260105<TRNAMT>-5.00<FITID>1</STMTTRN>\n"
            text = f"<OFX><STMTRS><CURDEF>CNY<BANKTRANLIST>\n{line * count}</BANKTRANLIST></STMTRS></OFX>"
            read = read_ofx
        began = time.process_time()
        assert len(read("a", text, "utf-8").lines) == count
        return time.process_time() - began

    seconds(200)
    assert seconds(8_000) < 20 * max(seconds(1_000), 0.05)
