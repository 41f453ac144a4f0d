"""The log is read from its end, in pieces, whatever is in it."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.incidents.vendor import log_reading
from app.incidents.vendor.log_lines import LogFilter, as_text
from app.incidents.vendor.log_reading import export_lines, log_files, read_log

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def line(minutes, level="INFO", text="好", source="app.sending"):
    at = (START + timedelta(minutes=minutes)).isoformat(timespec="seconds")
    return f"{at} {level} {source} {text}\n"


@pytest.fixture
def log(tmp_path):
    def write(text, name="tingfu.log"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "tingfu.log"

    return write


def texts(page):
    return [one.text for one in page.lines]


def test_that_the_newest_line_comes_first_and_older_files_after_it(log):  # B1.3
    log(line(0, text="一") + line(1, text="二"), "tingfu.log.2")
    log(line(2, text="三"), "tingfu.log.1")
    path = log(line(3, text="四"))
    assert texts(read_log(path, LogFilter())) == ["四", "三", "二", "一"]
    assert [one.name for one in log_files(path)] == ["tingfu.log", "tingfu.log.1", "tingfu.log.2"]


def test_that_level_time_and_text_choose(log):  # B1.3
    path = log(line(0, "ERROR", "早") + line(10, "ERROR", "PAY-002 中") + line(20, "INFO", "晚"))
    around = LogFilter(since=START + timedelta(minutes=5), until=START + timedelta(minutes=20))
    assert texts(read_log(path, around)) == ["PAY-002 中"]
    assert texts(read_log(path, LogFilter(levels=frozenset({"ERROR"})))) == ["PAY-002 中", "早"]
    assert texts(read_log(path, LogFilter(text="pay-002"))) == ["PAY-002 中"]


def test_that_a_traceback_belongs_to_its_line(log):  # B1.3
    said = "出错\nTraceback (most recent call last):\n  File x\nValueError: 1"
    [one] = read_log(log(line(0, "ERROR", said)), LogFilter(levels=frozenset({"ERROR"}))).lines
    assert one.text == said
    assert one.first == "出错"


def test_that_broken_lines_and_bytes_are_shown_as_they_are(log):  # B1.3
    path = log(b"\xff\xfe half a line\x1b[31m\n" + line(0, text="好").encode())
    page = read_log(path, LogFilter())
    assert texts(page) == ["好", "\\xff\\xfe half a line\\x1b[31m"]
    assert (page.lines[1].at, page.lines[1].level) == (None, "")
    assert page.troubles == ()


def test_that_an_impossible_time_is_a_broken_line(log):  # B1.3
    [one] = read_log(log("2026-13-40T02:00:00+00:00 ERROR a b\n"), LogFilter()).lines
    assert (one.at, one.text) == (None, "2026-13-40T02:00:00+00:00 ERROR a b")


def test_that_a_missing_log_is_said(tmp_path):  # B1.3
    page = read_log(tmp_path / "tingfu.log", LogFilter())
    assert page.lines == ()
    assert "还没有日志文件" in page.troubles[0]


def test_that_a_file_that_cannot_be_read_hides_no_other(log, tmp_path):  # B1.3
    (tmp_path / "tingfu.log.1").mkdir()
    page = read_log(log(line(0)), LogFilter())
    assert len(page.lines) == 1
    [trouble] = page.troubles
    assert "tingfu.log.1" in trouble
    assert "权限" in trouble


@given(
    st.lists(st.binary(max_size=60).filter(lambda one: b"\n" not in one), max_size=30),
    st.integers(1, 40),
    st.booleans(),
)
def test_that_lines_are_the_same_whatever_the_size_of_the_pieces(rows, piece, ended):  # B1.3
    import io

    data = b"\n".join(rows) + (b"\n" if ended and rows else b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_reading, "_PIECE", piece)
        found = list(log_reading._Reader(None)._backwards("x", io.BytesIO(data)))
    wanted = data.split(b"\n")
    if wanted[-1] == b"":
        wanted.pop()
    if wanted and wanted[0] == b"":
        # An empty first line says nothing.
        wanted.pop(0)
        found = [one for one in found if one.start or one.data]
    assert [one.data for one in reversed(found)] == wanted
    assert all(data[one.start :].startswith(one.data) for one in found)


def test_that_a_large_log_is_read_only_as_far_as_it_is_wanted(log):  # B1.3
    row = line(0, text="x" * 900)
    path = log(row * 20_000 + line(1, text="末"))
    page = read_log(path, LogFilter(), most=100)
    assert len(page.lines) == 100
    assert page.more
    assert page.read <= 2 * log_reading._PIECE
    old = read_log(path, LogFilter(since=START + timedelta(days=3)))
    assert old.lines == ()
    assert old.read <= log_reading._PIECE


def test_that_one_endless_line_is_not_held_whole(log):  # B1.3
    path = log(
        random.Random(7).randbytes(3_000_000).replace(b"\n", b"\0") + b"\n" + line(0).encode()
    )
    page = read_log(path, LogFilter())
    assert texts(page)[0] == "好"
    assert sum(len(one.text) for one in page.lines) < 1_000_000
    assert "过长" in page.lines[1].text


def test_that_reading_is_ended_by_whoever_watches(log):  # B1.3
    class EnoughError(Exception):
        pass

    def stop(done, total):
        assert 0 < done <= total
        raise EnoughError

    with pytest.raises(EnoughError):
        read_log(log(line(0)), LogFilter(), progress=stop)


def test_that_what_is_exported_is_the_log_again(log, tmp_path):  # B1.3
    path = log(line(0, "ERROR", "一\nTraceback") + line(1, text="二"))
    page = read_log(path, LogFilter())
    target = tmp_path / "选中.log"
    export_lines(target, list(page.lines))
    assert target.read_bytes() == path.read_bytes()
    assert as_text(read_log(target, LogFilter()).lines) == path.read_text(encoding="utf-8")
    with pytest.raises(BadInput):
        export_lines(target, [])
