"""证据、复盘、处理报告 and the package that an auditor verifies."""

import hashlib
import json
import zipfile
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.errors import Denied, FreshSignInNeeded, SelfApproval
from app.agreements.confirming import Scan
from app.agreements.errors import BadPaper, PaperKnown, PaperWithdrawn
from app.core.errors import BadInput, Conflict, NotFound
from app.incidents import cases, steps
from app.incidents.case_view import incident_lines, timeline
from app.incidents.closing import reporting
from app.incidents.closing.packing import (
    INDEX,
    NotAPackage,
    PackageCancelled,
    verify_package,
    write_package,
)
from app.incidents.closing.reviewing import (
    Review,
    add_measure,
    end_measure,
    known_review,
    measure_lines,
    overdue_measures,
    write_review,
)
from app.incidents.daily import daily_check
from app.incidents.evidence.keeping import (
    AddEvidence,
    Category,
    add_evidence,
    add_files,
    evidence_file,
    evidence_lines,
    withdraw_evidence,
)
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.response_view import response
from app.incidents.states import Cause, ReportState, Severity, Step, StepState, TaskState
from app.payments.diagnosis.facts import SystemFacts
from app.storage.kept import LARGEST
from tests.support.incidents import take_on
from tests.support.paper_files import pdf, picture

PDF, PNG = pdf(), picture("PNG")
LOG = "2026-03-02T02:00:00+00:00 ERROR 通讯超时".encode()


@pytest.fixture
def number(founded, people):
    made = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P2, "网银打不开", "网银无法登录")
    )
    take_on(founded, people.clerk, made, "银行维护")
    return made


@pytest.fixture
def evidence(founded, people, number):
    return add(founded, people, number)


@pytest.fixture
def resolved(founded, people, number, evidence):
    cases.resolve(founded, people.clerk, number, "银行已恢复", version(founded, people))
    write_review(founded, people.clerk, number, Review("接口中断", "没有备用渠道", fee="12.50"))
    return number


@pytest.fixture
def approved(founded, people, resolved):
    edition = reporting.prepare_report(founded, people.clerk, resolved)
    reporting.review_report(founded, people.checker, resolved, edition, 1)
    reporting.approve_report(founded, people.cfo, resolved, edition, 2)
    return resolved


@pytest.fixture
def package(founded, people, approved, tmp_path):
    path = tmp_path / "证据包.zip"
    write_package(founded, people.auditor, approved, path)
    return path


def version(db, people):
    [line] = incident_lines(db, people.clerk)
    return line.version


def add(db, people, number, name="日志.log", data=LOG, category=Category.LOG):
    return add_evidence(db, people.clerk, AddEvidence(number, category, Scan(name, data)))


def rebuilt(path, change):
    """The package with some of its files changed: `change` maps names and bytes."""
    with zipfile.ZipFile(path) as old:
        held = {one: old.read(one) for one in old.namelist()}
    made = path.with_name("改过.zip")
    with zipfile.ZipFile(made, "w") as new:
        for name, data in change(held).items():
            new.writestr(name, data)
    return made


def test_that_evidence_has_a_number_a_hash_and_a_line(founded, people, number):  # B5.2
    first = add(founded, people, number)
    second = add(founded, people, number, "../../截图.png", PNG, Category.SCREENSHOT)
    assert (first, second) == (f"{number}-E01", f"{number}-E02")
    assert evidence_file(founded, people.auditor, second) == ("截图.png", PNG)
    lines = evidence_lines(founded, people.auditor, number)
    assert [one.hash for one in lines] == [hashlib.sha256(one).hexdigest() for one in (LOG, PNG)]
    assert any(first in one.text for one in timeline(founded, people.clerk, number))


def test_that_the_same_name_with_other_content_stands_beside_it(founded, people, number):  # B5.2
    add(founded, people, number)
    add(founded, people, number, data=LOG + b"2")
    names = [one.name for one in evidence_lines(founded, people.clerk, number)]
    assert names == ["日志.log", "日志.log"]
    with pytest.raises(PaperKnown, match="E01"):
        add(founded, people, number, "另一个名字.txt")


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("空.log", b"", "空文件"),
        ("大.log", b"x" * (LARGEST + 1), "超过"),
        ("程序.exe", b"MZ", "这类文件不能添加"),
        ("截图.png", PDF, "实际是 PDF"),
        ("日志.log", b"\x00\x01binary", "无法识别"),
    ],
)
def test_that_a_bad_file_is_refused_with_the_cure(founded, people, number, name, data, what):
    with pytest.raises(BadPaper, match=what) as refused:  # B5.2
        add(founded, people, number, name, data)
    assert refused.value.hint
    assert evidence_lines(founded, people.clerk, number) == []


def test_that_one_bad_file_does_not_keep_out_the_others(founded, people, number):  # B5.2
    files = [("a.log", lambda: Scan("a.log", LOG)), ("b.log", lambda: Scan("b.log", b""))]
    done = add_files(founded, people.clerk, number, Category.LOG, files)
    assert (len(done.names), [name for name, _ in done.left]) == (1, ["b.log"])


def test_that_what_is_withdrawn_stays_readable(founded, people, number, evidence):  # B5.1
    with pytest.raises(BadInput):
        withdraw_evidence(founded, people.clerk, evidence, " ")
    withdraw_evidence(founded, people.clerk, evidence, "传错事件")
    with pytest.raises(PaperWithdrawn):
        withdraw_evidence(founded, people.clerk, evidence, "再撤")
    assert evidence_file(founded, people.clerk, evidence)[1] == LOG
    add(founded, people, number)


def test_that_evidence_opens_the_way_for_pending(founded, people):  # B1.1
    made = open_incident(founded, people.clerk, OpenIncident((), Severity.P2, "x", "网银打不开"))
    cases.take_over(founded, people.clerk, made, version(founded, people))
    now = version(founded, people)
    with pytest.raises(BadInput, match="须有证据"):
        cases.set_cause(founded, people.clerk, made, Cause.PENDING, "待查", now)
    file = add(founded, people, made)
    cases.set_cause(founded, people.clerk, made, Cause.PENDING, "待查", now)
    assert response(founded, people.clerk, made).standing.caused
    withdraw_evidence(founded, people.clerk, file, "传错")


@pytest.mark.parametrize("table", ["incident_evidence", "evidence_withdrawal", "stored_file"])
def test_that_the_database_keeps_evidence(founded, people, evidence, table):  # B5.1
    withdraw_evidence(founded, people.clerk, evidence, "传错")
    with founded.write() as uow, pytest.raises(DBAPIError):
        uow.session.execute(text(f"DELETE FROM {table}"))


def test_that_only_handlers_add(founded, people, number):
    with pytest.raises(Denied):
        add_evidence(founded, people.auditor, AddEvidence(number, Category.LOG, Scan("a.log", LOG)))


def test_that_a_review_says_both_causes(founded, people, number):  # B5.3
    with pytest.raises(BadInput, match="根本原因"):
        write_review(founded, people.clerk, number, Review("接口中断", " "))
    with pytest.raises(BadInput):
        write_review(founded, people.clerk, number, Review("a", "b", fee="1.234"))
    write_review(founded, people.clerk, number, Review("接口中断", "没有备用渠道", fee="12.5"))
    write_review(founded, people.checker, number, Review("接口中断", "未签备用渠道", fee="12.5"))
    known = known_review(founded, people.clerk, number)
    assert (known.root_cause, known.fee) == ("未签备用渠道", "12.50")


def test_that_measures_live_on_after_the_incident(founded, people, resolved, clock):  # B5.3
    made = add_measure(founded, people.clerk, resolved, "签备用渠道", "checker", date(2026, 3, 2))
    with founded.read() as work:
        assert [number for number, _ in overdue_measures(work)] == [resolved]
    assert any(one.kind == "measure" for one in daily_check(founded, SystemFacts()))
    end_measure(founded, people.checker, made, TaskState.DONE, "已签", 1)
    with pytest.raises(Conflict):
        end_measure(founded, people.checker, made, TaskState.DONE, "已签", 1)
    [line] = measure_lines(founded, people.auditor, resolved)
    assert (line.state, line.result) == (TaskState.DONE, "已签")


def test_that_a_report_comes_after_conclusion_and_review(founded, people, number):  # B5.4
    with pytest.raises(BadInput, match="尚未解决"):
        reporting.prepare_report(founded, people.clerk, number)
    cases.resolve(founded, people.clerk, number, "好了", version(founded, people))
    with pytest.raises(BadInput, match="复盘"):
        reporting.prepare_report(founded, people.clerk, number)


def test_that_three_people_sign_a_report(founded, people, resolved):  # B5.4 E4.4
    edition = reporting.prepare_report(founded, people.clerk, resolved)
    with pytest.raises(SelfApproval):
        reporting.review_report(founded, people.clerk, resolved, edition, 1)
    reporting.review_report(founded, people.supervisor, resolved, edition, 1)
    with pytest.raises(SelfApproval):
        reporting.approve_report(founded, people.supervisor, resolved, edition, 2)
    with pytest.raises(Denied):
        reporting.approve_report(founded, people.checker, resolved, edition, 2)
    with pytest.raises(Conflict):
        reporting.approve_report(founded, people.cfo, resolved, edition, 1)
    reporting.approve_report(founded, people.cfo, resolved, edition, 2)
    [line] = reporting.report_lines(founded, people.auditor, resolved)
    assert (line.state, line.approved_by) == (ReportState.APPROVED, people.cfo.name)


def test_that_signing_asks_for_the_password_again(founded, people, resolved, clock):  # C4.1
    from datetime import timedelta

    edition = reporting.prepare_report(founded, people.clerk, resolved)
    clock.move_to(clock.now() + timedelta(minutes=30))
    with pytest.raises(FreshSignInNeeded):
        reporting.review_report(founded, people.checker, resolved, edition, 1)


def test_that_what_is_signed_is_what_was_read(founded, people, resolved, clock):  # B5.4
    from datetime import timedelta

    edition = reporting.prepare_report(founded, people.clerk, resolved)
    clock.move_to(clock.now() + timedelta(seconds=1))
    add(founded, people, resolved, "后来.log", b"later")
    with pytest.raises(Conflict, match="又有 1 条新记录"):
        reporting.review_report(founded, people.checker, resolved, edition, 1)
    again = reporting.prepare_report(founded, people.clerk, resolved)
    states = {
        one.edition: one.state for one in reporting.report_lines(founded, people.clerk, resolved)
    }
    assert states == {edition: ReportState.REPLACED, again: ReportState.PREPARED}


def test_that_an_approved_report_is_frozen(founded, people, approved):  # B5.4
    for change in ("state = 'PREPARED'", "index_hash = file_hash"):
        with founded.write() as uow, pytest.raises(DBAPIError):
            uow.session.execute(text(f"UPDATE incident_report SET {change}"))


def test_that_the_archive_is_done_once_the_report_is_approved(founded, people, approved):  # B5.1
    now = version(founded, people)
    steps.finish_step(founded, people.clerk, approved, Step.ARCHIVE, "", now)
    standing = response(founded, people.clerk, approved).standing
    assert standing.steps[Step.ARCHIVE] is StepState.DONE


def test_that_windows_can_unpack_every_name_of_a_package(  # B5.4
    founded, people, resolved, tmp_path
):
    add(founded, people, resolved, name='答复"10:05"?.log', data=b"ERROR 10:05")
    edition = reporting.prepare_report(founded, people.clerk, resolved)
    reporting.review_report(founded, people.checker, resolved, edition, 1)
    reporting.approve_report(founded, people.cfo, resolved, edition, 2)
    path = tmp_path / "证据包.zip"
    write_package(founded, people.auditor, resolved, path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    assert not [one for one in names if set(one) & set('<>:"|?*')]
    assert any(one.endswith("答复_10_05__.log") for one in names)
    assert verify_package(path, founded).ok


def test_that_the_package_holds_all_and_proves_itself(founded, package, approved):  # B5.4
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        told = json.loads(archive.read(INDEX))
    assert {"处理报告.pdf", "经过.csv", "付款.csv", f"证据/{approved}-E01 日志.log"} <= names
    assert told["signed"]["approved"]["name"] == "林总监"
    verdict = verify_package(package, founded)
    assert (verdict.ok, verdict.sealed, verdict.broken) == (True, True, ())
    alone = verify_package(package)
    assert (alone.ok, alone.sealed) == (True, None)


@pytest.mark.parametrize("name", ["处理报告.pdf", "经过.csv", "证据/"])
def test_that_a_changed_byte_is_found_and_named(founded, package, name):  # B5.4
    def change(held):
        [wanted] = [one for one in held if one.startswith(name)]
        data = bytearray(held[wanted])
        data[len(data) // 2] ^= 1
        return {**held, wanted: bytes(data)}

    verdict = verify_package(rebuilt(package, change), founded)
    assert not verdict.ok
    [(told, why)] = verdict.broken
    assert told.startswith(name)
    assert "内容被改动" in why


def test_that_missing_and_added_files_are_named(founded, package):  # B5.4
    def change(held):
        return {**{k: v for k, v in held.items() if k != "付款.csv"}, "证据/假.txt": b"x"}

    found = dict(verify_package(rebuilt(package, change), founded).broken)
    assert found["付款.csv"] == "文件缺失"
    assert "后来加入" in found["证据/假.txt"]


def test_that_an_exchanged_index_is_found_by_the_trail_only(founded, package):  # B5.4
    def change(held):
        told = json.loads(held[INDEX])
        fake = "付款，没有异常".encode()
        for one in told["files"]:
            if one["path"] == "经过.csv":
                one["sha256"], one["size"] = hashlib.sha256(fake).hexdigest(), len(fake)
        return {**held, INDEX: json.dumps(told).encode(), "经过.csv": fake}

    made = rebuilt(package, change)
    assert verify_package(made).ok
    verdict = verify_package(made, founded)
    assert (verdict.ok, verdict.sealed) == (False, False)
    assert verdict.broken[0][0] == INDEX


@pytest.mark.parametrize("data", [b"", b"PK no", b"%PDF-1.4"])
def test_that_no_package_is_refused(tmp_path, data):
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(NotAPackage):
        verify_package(path)


def test_that_a_zip_without_index_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.txt", "x")
    with pytest.raises(NotAPackage, match="索引"):
        verify_package(path)


def test_that_a_cancelled_package_leaves_nothing(founded, people, approved, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(PackageCancelled):
        write_package(founded, people.clerk, approved, folder / "a.zip", cancelled=lambda: True)
    assert list(folder.iterdir()) == []


def test_that_without_an_approved_report_there_is_no_package(founded, people, number, tmp_path):
    with pytest.raises(NotFound, match="没有已批准"):
        write_package(founded, people.clerk, number, tmp_path / "a.zip")


def test_that_formulas_stay_texts_in_the_tables(founded, people, resolved, tmp_path, clock):
    from app.incidents.cases import Written, write

    line = Written("=1+1", clock.now())
    write(founded, people.clerk, resolved, line)
    edition = reporting.prepare_report(founded, people.clerk, resolved)
    reporting.review_report(founded, people.checker, resolved, edition, 1)
    reporting.approve_report(founded, people.cfo, resolved, edition, 2)
    path = tmp_path / "a.zip"
    write_package(founded, people.clerk, resolved, path)
    with zipfile.ZipFile(path) as archive:
        told = archive.read("经过.csv").decode("utf-8-sig")
    assert ",'=1+1," in told
