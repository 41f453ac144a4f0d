"""A statement comes in: each line once, and what was debited after the end raises an alarm."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.access.errors import Denied
from app.agreements import disputes, queries, sending
from app.agreements.errors import NotCancellable
from app.agreements.states import AgreementState
from app.agreements.watch.deciding import hit_lines
from app.agreements.watch.rules import Confidence
from app.agreements.watch.states import HitState
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.core.states import IllegalTransition
from app.documents.preview import page_count, page_text
from app.incidents.daily import daily_check
from app.letters.errors import LetterKnown
from app.letters.setup import Setup, save_setup
from app.letters.states import LetterKind
from app.payments.diagnosis.facts import SystemFacts
from app.statements.importing import look_again, preview, take_in
from app.statements.model import BankLine
from tests.integration.statements.conftest import FORBIDDEN, HEAD, PAYEE, confirm, decide


def count(db):
    with db.read() as work:
        return work.session.scalar(select(func.count()).select_from(BankLine))


def test_that_a_debit_after_the_end_under_a_changed_number_is_told(  # E1.4, R13
    founded, people, cancelled, bring
):
    found = bring(FORBIDDEN)
    assert (found.imported, found.alarms) == (1, ("YC-2026-0001",))
    [hit] = hit_lines(founded, people.clerk)
    assert (hit.confidence, hit.state, hit.agreement) == (
        Confidence.SURE,
        HitState.NEW,
        cancelled,
    )
    assert "对方账号是收款单位的账号" in hit.marks
    assert hit.booking == (f"借：其他应收款—待退扣款（{PAYEE}） 46,300.00　贷：银行存款 46,300.00")
    notices = [one for one in daily_check(founded, SystemFacts()) if one.kind == "forbidden_debit"]
    assert [one.subject for one in notices] == ["YC-2026-0001"]


def test_that_the_day_before_the_end_is_the_agreement_s_own_debit(  # domain.md §2.6
    founded, people, cancelled, bring
):
    assert bring(FORBIDDEN.replace("2026-03-20", "2026-03-15")).alarms == ()
    debits = queries.agreement_detail(founded, people.clerk, cancelled).debits
    assert [(one.debited_on, one.amount) for one in debits] == [
        (date(2026, 3, 15), Money.parse("46300"))
    ]


def test_that_the_same_file_twice_adds_nothing(founded, people, cancelled, bring):  # E1.3
    bring(FORBIDDEN)
    again = bring(FORBIDDEN, FORBIDDEN.replace("LS1", "LS2").replace("03-20", "03-21"))
    assert (again.imported, [one.reason for one in again.skipped]) == (1, ["此前已导入"])
    assert count(founded) == 2
    assert len(hit_lines(founded, people.clerk)) == 2


def test_that_an_expired_agreement_debits_no_more_either(founded, register, bring):  # R13
    register(ends_on=date(2026, 2, 28))
    assert bring(FORBIDDEN.replace("2026-03-20", "2026-02-28")).alarms == ()
    assert bring(FORBIDDEN.replace("2026-03-20", "2026-03-01")).alarms == ("YC-2026-0001",)


def test_that_an_active_agreement_s_debit_is_noted_once(founded, people, register, bring):  # D2.3
    number = register()
    assert bring(FORBIDDEN).alarms == ()
    bring(FORBIDDEN.replace("LS1", "LS1b"))
    detail = queries.agreement_detail(founded, people.clerk, number)
    assert detail.line.state is AgreementState.ACTIVE
    assert len(detail.debits) == 1


def test_that_a_bad_file_keeps_nothing(founded, people, cancelled, bring, tmp_path):
    with pytest.raises(BadInput, match="没有可以导入的交易"):
        bring("昨天,1,,,,,,")
    path = tmp_path / "x.csv"
    path.write_text(f"{HEAD}\n{FORBIDDEN}", encoding="utf-8")
    seen = preview(founded, people.clerk, path)
    with pytest.raises(NotFound):
        take_in(founded, people.clerk, seen, "999")
    assert count(founded) == 0


def test_that_only_who_may_imports(founded, people, cancelled, bring):
    with pytest.raises(Denied):
        bring(FORBIDDEN, who=people.auditor)
    assert count(founded) == 0


def test_that_what_was_foreseen_is_told_once_the_bank_says_it_had_ended(  # D5.1 E1.4
    founded, people, asked, bring
):
    assert bring(FORBIDDEN).alarms == ()
    assert look_again(founded, "system") == []
    confirm(founded, people, asked)
    assert look_again(founded, "system") == ["YC-2026-0001"]
    assert look_again(founded, "system") == []
    [hit] = hit_lines(founded, people.clerk)
    assert (hit.debited_on, hit.ended_on) == (date(2026, 3, 20), date(2026, 3, 16))


def test_that_the_daily_check_looks_again(founded, people, asked, bring):  # E5.1
    bring(FORBIDDEN)
    confirm(founded, people, asked)
    notices = daily_check(founded, SystemFacts())
    assert [one.subject for one in notices if one.kind == "forbidden_debit"] == ["YC-2026-0001"]


def test_that_a_foreign_account_is_refused(founded, people, cancelled, make_account, tmp_path):
    dollars = make_account(currency="USD")
    path = tmp_path / "usd.csv"
    path.write_text(f"{HEAD}\n{FORBIDDEN}", encoding="utf-8")
    seen = preview(founded, people.clerk, path)
    with pytest.raises(BadInput, match="外币"):
        take_in(founded, people.clerk, seen, dollars.number)
    assert count(founded) == 0


def test_that_nobody_hides_an_alarm_alone(founded, people, cancelled, bring):  # E4.4
    bring(FORBIDDEN)
    with pytest.raises(Denied):
        decide(founded, people.clerk, HitState.EXCLUDED)
    with pytest.raises(BadInput, match="处理说明"):
        decide(founded, people.supervisor, HitState.EXCLUDED, remark=" ")
    assert decide(founded, people.supervisor, HitState.EXCLUDED) is HitState.EXCLUDED
    assert [n for n in daily_check(founded, SystemFacts()) if n.kind == "forbidden_debit"] == []
    with pytest.raises(Conflict, match="已排除"):
        decide(founded, people.clerk, HitState.CONFIRMED)
    assert decide(founded, people.clerk, HitState.CONFIRMED, 2) is HitState.CONFIRMED


def test_that_what_was_not_confirmed_is_not_recovered(founded, people, cancelled, bring):
    bring(FORBIDDEN)
    with pytest.raises(IllegalTransition):
        decide(founded, people.clerk, HitState.RECOVERED)


def test_that_bank_and_payee_are_asked_for_the_money(founded, people, confirmed):  # E1.5
    numbers = disputes.issue_disputes(founded, people.clerk, [confirmed])
    assert numbers == ["华精财函〔2026〕1号", "华精财函〔2026〕2号"]
    from app.agreements.letter_view import letter_file

    for number, wanted in zip(
        numbers, (("退回终止后扣款", "回执编号 H-9"), ("退还终止后扣款", PAYEE)), strict=True
    ):
        _, data = letter_file(founded, people.clerk, number)
        said = "".join(page_text(data, page) for page in range(page_count(data)))
        said = said.replace("\n", "").replace(" ", "")
        for text in (*wanted, "2026年3月16日终止", "46,300.00", "人民币肆万陆仟叁佰元整"):
            assert text.replace(" ", "") in said, text
    with pytest.raises(LetterKnown):
        disputes.issue_disputes(founded, people.clerk, [confirmed])
    draft = sending.letter_mail(founded, people.clerk, numbers[0])
    assert draft.files == ("华精财函〔2026〕1号.pdf",)


def test_that_a_debit_nobody_confirmed_is_not_disputed(founded, people, cancelled, bring):
    bring(FORBIDDEN)
    save_setup(founded, people.cfo, Setup("华精财函", "王会计", "021-58001234"))
    with pytest.raises(NotCancellable, match="新预警"):
        disputes.issue_disputes(founded, people.clerk, ["YC-2026-0001"])
    with pytest.raises(NotCancellable):
        disputes.preview_dispute(founded, people.clerk, ["YC-2026-0001"], LetterKind.BANK_DISPUTE)
