"""A statement comes in: each line once, and what was debited after the end raises an alarm."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.access.errors import Denied
from app.agreements import cancelling, disputes, prospects, queries, sending, service
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.errors import NotCancellable
from app.agreements.states import AgreementState
from app.agreements.watch.deciding import hit_lines
from app.agreements.watch.rules import Ban, Confidence
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


@pytest.fixture
def suspended(founded, people, register):
    """An agreement that was suspended on 2 March 2026."""
    number = register()
    service.suspend(founded, people.clerk, number, "对账有争议", 1)
    return number


DAYS = ("2026-03-01", "2026-03-02", "2026-03-19", "2026-03-20")
DEBITS = tuple(FORBIDDEN.replace("2026-03-20", day).replace("LS1", f"LS{day}") for day in DAYS)


def test_that_a_suspended_agreement_that_is_debited_is_told(  # E1.4, E2.1
    founded, people, suspended, bring
):
    assert len(bring(*DEBITS).alarms) == 3
    hits = hit_lines(founded, people.clerk)
    assert [(one.ban, one.ended_on, one.lifted_on) for one in hits] == [
        (Ban.SUSPENDED, date(2026, 3, 2), None)
    ] * 3
    assert [one.debited_on.isoformat() for one in reversed(hits)] == list(DAYS[1:])
    debits = queries.agreement_detail(founded, people.clerk, suspended).debits
    assert [one.debited_on for one in debits] == [date(2026, 3, 1)]
    notices = [one for one in daily_check(founded, SystemFacts()) if one.kind == "forbidden_debit"]
    assert f"{suspended} 已于 2026-03-02 暂停，2026-03-20 仍被扣款" in notices[-1].text


def test_that_what_comes_in_after_the_reinstatement_is_judged_by_its_days(  # E1.4
    founded, people, clock, sign_in_as, suspended, bring
):
    clock.move_to(clock.now() + timedelta(days=18))
    service.reinstate(founded, sign_in_as("supervisor"), suspended, "已对清", 2)
    assert len(bring(*DEBITS).alarms) == 2
    hits = hit_lines(founded, people.clerk)
    assert [one.debited_on.isoformat() for one in reversed(hits)] == list(DAYS[1:3])
    assert hits[0].since == "2026-03-02 暂停（2026-03-20 恢复）"
    assert look_again(founded, "system") == []


def test_that_a_suspension_holds_on_while_the_bank_is_asked_to_end_it(  # E1.4, D5.1
    founded, people, suspended, bring
):
    with founded.read() as work:
        row = service.find_agreement(work, suspended)
        ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
    command = RequestCancel(
        (CancelRow(suspended, 2, ticks),), "不再扣款", date(2026, 3, 31), "clerk", typed=suspended
    )
    cancelling.request(founded, people.clerk, command)
    assert len(bring(*DEBITS).alarms) == 3


def test_that_what_was_suspended_and_ended_is_told_by_both(  # E1.4
    founded, people, clock, register, bring
):
    number = register(ends_on=date(2026, 3, 19))
    service.suspend(founded, people.clerk, number, "对账有争议", 1)
    clock.move_to(clock.now() + timedelta(days=19))
    bring(*DEBITS)
    bans = [one.ban for one in reversed(hit_lines(founded, people.clerk))]
    assert bans == [Ban.SUSPENDED, Ban.SUSPENDED, Ban.ENDED]


def test_that_no_letter_speaks_of_an_end_that_was_none(founded, people, suspended, bring):  # E1.5
    bring(FORBIDDEN)
    decide(founded, people.clerk, HitState.CONFIRMED)
    save_setup(founded, people.cfo, Setup("华精财函", "王会计", "021-58001234"))
    with pytest.raises(NotCancellable, match="暂停期间的扣款") as refused:
        disputes.issue_disputes(founded, people.clerk, ["YC-2026-0001"])
    assert "书面要求" in refused.value.hint
    with pytest.raises(NotCancellable):
        disputes.preview_dispute(founded, people.clerk, ["YC-2026-0001"], LetterKind.BANK_DISPUTE)
    assert decide(founded, people.clerk, HitState.RECOVERED, 2, "已退回") is HitState.RECOVERED


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
    path.write_text(f"币种：人民币\n{HEAD}\n{FORBIDDEN}", encoding="utf-8")
    seen = preview(founded, people.clerk, path)
    with pytest.raises(BadInput, match="USD 账户，流水的币种是 CNY"):
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


def test_that_a_last_day_ends_what_is_still_being_cancelled(  # E1.4 R13
    founded, people, ask, bring, clock
):
    ask(ends_on=date(2026, 3, 10))
    clock.move_to(clock.now() + timedelta(days=20))
    assert bring(FORBIDDEN.replace("2026-03-20", "2026-03-10")).alarms == ()
    assert len(bring(FORBIDDEN.replace("2026-03-20", "2026-03-11")).alarms) == 1
    [hit] = hit_lines(founded, people.clerk)
    assert (hit.ban, hit.ended_on) == (Ban.ENDED, date(2026, 3, 11))


def test_that_the_earlier_of_last_day_and_the_bank_s_day_counts(  # E1.4 R13
    founded, people, ask, bring, clock
):
    confirm(founded, people, ask(ends_on=date(2026, 3, 10)))
    clock.move_to(clock.now() + timedelta(days=20))
    assert len(bring(FORBIDDEN.replace("2026-03-20", "2026-03-12")).alarms) == 1


def test_that_the_bank_s_day_itself_is_the_first_without_a_debit(bring, cancelled):  # E1.4
    assert len(bring(FORBIDDEN.replace("2026-03-20", "2026-03-16")).alarms) == 1
