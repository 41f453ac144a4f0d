"""附件: kept once, read as they were kept, withdrawn with a reason, never changed or deleted."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from app.access.errors import Denied
from app.agreements import attaching, invariants, service
from app.agreements.attaching import (
    AddPaper,
    PaperKind,
    WithdrawPaper,
    add_paper,
    add_papers,
    paper_file,
    paper_from,
    plain_name,
    withdraw_paper,
)
from app.agreements.confirming import Scan
from app.agreements.errors import BadPaper, PaperKnown, PaperWithdrawn
from app.agreements.model import AgreementPaper
from app.agreements.queries import agreement_detail
from app.audit.model import AuditEntry
from app.audit.queries import of_subject
from app.core.errors import BadInput, NotFound
from app.storage.kept import LARGEST
from app.storage.migrations import guards
from tests.support.paper_files import every, pdf, picture

FILES = every()


@pytest.fixture
def add(founded, people, registered):
    """Add a paper to an agreement: `add(Scan(…))`."""
    number = registered()

    def send(file=None, who=None, **changes):
        file = file or Scan("协议.pdf", pdf())
        command = replace(AddPaper(number, PaperKind.TEXT, file), **changes)
        return add_paper(founded, who or people.clerk, command)

    send.number = number
    return send


def papers(db, people, number):
    return agreement_detail(db, people.auditor, number).papers


def entries(db):
    with db.read() as work:
        return work.session.scalar(select(func.count()).select_from(AuditEntry))


def broken(db):
    with db.read() as work:
        return {one.code: one.broken for one in invariants.examine(work) if not one.ok}


@pytest.mark.parametrize("name", FILES)
def test_that_a_paper_comes_back_as_it_was_kept(founded, people, add, name):  # D5.4
    data = FILES[name]
    key = add(Scan(name, data), note=" 原件存行政部 ")
    assert paper_file(founded, people.auditor, key) == (name, data)
    [line] = papers(founded, people, add.number)
    assert (line.name, line.size, line.hash, line.note) == (
        name,
        len(data),
        hashlib.sha256(data).hexdigest(),
        "原件存行政部",
    )
    with founded.read() as work:
        entry = of_subject(work, f"agreement:{add.number}")[0]
    assert (entry.act, entry.after["file_hash"]) == ("agreement.paper_added", line.hash)
    assert broken(founded) == {}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.pdf", b"", "空文件"),
        ("大.pdf", b"%PDF-" + b"0" * LARGEST, "20.0 MB"),
        ("病毒.exe", b"MZ", "这类文件不能添加"),
        ("病毒.pdf", b"MZ\x90\0", "不是 PDF（无法识别）"),
        ("扫描.pdf", picture("JPEG"), "实际是 JPEG"),
        ("协议.docx", FILES["清单.xlsx"], "实际是 XLSX"),
        ("说明.txt", pdf(), "实际是 PDF"),
        ("..", pdf(), "文件名"),
        ("a/", pdf(), "这类文件不能添加"),
    ],
)
def test_that_what_lies_or_is_nothing_is_refused_aloud(  # D5.4
    founded, people, add, name, data, said
):
    before = entries(founded)
    with pytest.raises(BadPaper, match=said) as refused:
        add(Scan(name, data))
    assert refused.value.hint
    assert papers(founded, people, add.number) == ()
    assert entries(founded) == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\chen\\协议.pdf", "协议.pdf"),
        ("../../etc/协议.pdf", "协议.pdf"),
        ("协\u202efdp.exe", "协fdp.exe"),
        ("  协议.pdf. ", "协议.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_that_of_a_name_its_last_part_is_kept(given, kept):  # D5.4
    assert plain_name(given) == kept


def test_that_the_same_content_is_named_instead_of_kept_twice(  # D5.4
    founded, people, add, registered
):
    key = add()
    with pytest.raises(PaperKnown, match=r"“协议\.pdf”（协议文本）内容相同"):
        add(Scan("另一个名字.pdf", pdf()), category=PaperKind.OTHER)
    # Another agreement may have it, and this one again once it was withdrawn.
    add(number=registered(customer_no="2"))
    withdraw_paper(founded, people.clerk, WithdrawPaper(key, "种类不对"))
    again = add(category=PaperKind.RECEIPT)
    assert [one.paper_id for one in papers(founded, people, add.number)] == [again, key]


def test_that_a_withdrawn_paper_stays_with_its_reason(founded, people, add):  # D5.4
    key = add()
    with pytest.raises(BadInput, match="原因"):
        withdraw_paper(founded, people.clerk, WithdrawPaper(key, " "))
    withdraw_paper(founded, people.clerk, WithdrawPaper(key, "传错协议"))
    [line] = papers(founded, people, add.number)
    assert (line.why, line.withdrawn_by) == ("传错协议", people.clerk.label)
    assert paper_file(founded, people.auditor, key)[1] == pdf()
    with pytest.raises(PaperWithdrawn, match="已由"):
        withdraw_paper(founded, people.clerk, WithdrawPaper(key, "再撤"))
    with founded.read() as work:
        entry = of_subject(work, f"agreement:{add.number}")[0]
    assert (entry.act, entry.reason) == ("agreement.paper_withdrawn", "传错协议")
    assert entry.after["file_hash"] == line.hash


def test_that_only_who_may_adds_and_withdraws(founded, people, add):  # D1.3
    key = add()
    with pytest.raises(Denied):
        add(Scan("另.pdf", pdf("2")), who=people.auditor)
    with pytest.raises(Denied):
        withdraw_paper(founded, people.supervisor, WithdrawPaper(key, "错"))
    with pytest.raises(Denied):
        paper_file(founded, people.admin, key)
    with pytest.raises(NotFound):
        paper_file(founded, people.clerk, key + 1)
    with pytest.raises(NotFound):
        add(number="XY-0")


def test_that_one_bad_file_does_not_keep_out_the_others(founded, people, add, tmp_path):  # D5.4
    for name, data in (("一.pdf", pdf("1")), ("二.pdf", b"MZ\0"), ("三.png", picture("PNG"))):
        (tmp_path / name).write_bytes(data)
    paths = [tmp_path / name for name in ("一.pdf", "二.pdf", "没有.pdf", "三.png")]
    files = [(path.name, lambda path=path: paper_from(path)) for path in paths]
    found = add_papers(founded, people.clerk, add.number, PaperKind.OTHER, files)
    assert found.names == ("一.pdf", "三.png")
    assert [name for name, _ in found.left] == ["二.pdf", "没有.pdf"]
    assert "无法识别" in found.left[0][1]
    with pytest.raises(BadPaper, match="无法读取"):
        add_papers(founded, people.clerk, add.number, PaperKind.OTHER, files[2:3])
    with pytest.raises(Denied):
        add_papers(founded, people.auditor, add.number, PaperKind.OTHER, files)


def test_that_a_large_file_is_refused_before_it_is_read(tmp_path):  # D5.4
    large = tmp_path / "大.pdf"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(BadPaper, match=r"20\.0 MB"):
        paper_from(large)
    with pytest.raises(BadPaper, match="文件夹"):
        paper_from(tmp_path)


@pytest.mark.parametrize("table", ["agreement_paper", "paper_withdrawal"])
@pytest.mark.parametrize("what", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_that_the_database_keeps_papers_as_they_are(founded, people, add, table, what):  # D5.4
    withdraw_paper(founded, people.clerk, WithdrawPaper(add(), "错"))
    with (
        pytest.raises(DatabaseError, match=f"{table}: .* is refused"),
        founded.engine.begin() as connection,
    ):
        connection.execute(text(what.format(table)))


def test_that_a_damaged_paper_is_named_and_not_shown(founded, people, add):  # D5.4
    key = add()
    with founded.engine.begin() as connection:
        guards.remove(connection, {"stored_file": guards.FOUNDATION["stored_file"]})
        connection.execute(text("UPDATE stored_file SET data = :data"), {"data": b"x"})
    with pytest.raises(NotFound, match="损坏"):
        paper_file(founded, people.clerk, key)
    assert broken(founded)["A7"] == (f"{key} 协议.pdf",)


def test_that_a_suspension_is_kept_and_its_loss_told(founded, people, registered):  # E1.4
    number = registered()
    service.suspend(founded, people.clerk, number, "争议", 1)
    assert broken(founded) == {}
    with pytest.raises(DatabaseError), founded.engine.begin() as connection:
        connection.execute(text("DELETE FROM suspension"))
    with founded.engine.begin() as connection:
        connection.execute(text("UPDATE suspension SET until = from_on"))
    assert broken(founded) == {"A8": (number,)}


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 字节"), (1023, "1023 字节"), (20_480, "20 KB"), (LARGEST, "20.0 MB")]
)
def test_that_a_size_reads_as_people_say_it(size, said):
    assert attaching.size_text(size) == said


def test_that_the_list_leaves_the_bytes_where_they_are(founded, people, add):
    add()
    with founded.read() as work:
        row = service.find_agreement(work, add.number)
        attaching.papers_of(work, row)
        assert {type(one) for one in work.session.identity_map.values()} <= {
            AgreementPaper,
            type(row),
        }
