"""追回函 are followed like every letter: sent, chased, answered, and over once the money is back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError

from app.access.errors import Denied
from app.agreements import disputes, letter_view, notices, refunding, sending
from app.agreements.confirming import Scan, scan_of
from app.agreements.errors import NoConfirmation
from app.agreements.letter_view import SlotState
from app.agreements.overview import debit_counts
from app.agreements.refunding import RecordRefund
from app.agreements.sending import Mail
from app.agreements.states import RefundAnswer
from app.agreements.watch.deciding import hit_lines
from app.agreements.watch.states import HitState
from app.core.errors import NotFound
from app.incidents.daily import daily_check
from app.letters.dispatching import RecordDispatch
from app.letters.errors import BadLetter, LetterKnown
from app.letters.setup import Security, Setup, save_setup
from app.letters.states import Carrier, LetterKind, MailState, Party
from app.payments.diagnosis.facts import SystemFacts
from tests.integration.statements.conftest import FORBIDDEN, decide
from tests.support.mail import Box, serve

HIT = "YC-2026-0001"
BANK, PAYEES = "华精财函〔2026〕1号", "华精财函〔2026〕2号"


@pytest.fixture
def disputed(founded, people, confirmed):
    """The numbers of the letters about one debit: the bank's and the payee's."""
    return disputes.issue_disputes(founded, people.clerk, [confirmed])


@pytest.fixture
def slot(founded, people):
    def find(number=BANK):
        found = letter_view.letter_slots(founded, people.clerk)
        return next((one for one in found if one.number == number), None)

    return find


@pytest.fixture
def hand_over(founded, people, disputed):
    """Give a letter out by hand: `hand_over(BANK)`."""

    def go(number=BANK, **changes):
        command = RecordDispatch(number, Carrier.COUNTER, date(2026, 3, 2), "李柜员")
        sending.record_dispatch(founded, people.clerk, replace(command, **changes))

    return go


@pytest.fixture
def answer(founded, people):
    def say(said=RefundAnswer.REFUNDED, who=None, **changes):
        command = RecordRefund(
            BANK, said, date(2026, 3, 2), Carrier.FAX, "李柜员", "回执传真件", "H-7"
        )
        return refunding.record_refund(founded, who or people.clerk, replace(command, **changes))

    return say


def told(db, *kinds):
    return [one for one in daily_check(db, SystemFacts()) if one.kind in kinds]


def test_that_letters_about_money_stand_among_the_others(founded, people, disputed):  # D5.2 E1.4
    first, second = letter_view.letter_slots(founded, people.clerk)[:2]
    assert [(one.kind, one.party, one.state) for one in (first, second)] == [
        (LetterKind.BANK_DISPUTE, Party.BANK, SlotState.READY),
        (LetterKind.SUPPLIER_DISPUTE, Party.SUPPLIER, SlotState.READY),
    ]
    assert (first.number, first.hits, first.subject) == (BANK, (HIT,), HIT)
    assert [one.subject for one in told(founded, "letter_unsent")] == [BANK, PAYEES]


def test_that_it_is_chased_every_five_working_days(  # D5.5
    founded, people, clock, hand_over, slot
):
    hand_over()
    assert (slot().state, slot().due_on) == (SlotState.WAITING, date(2026, 3, 9))
    clock.move_to(clock.now() + timedelta(days=8))
    assert (slot().state, slot().chases, slot().chase_wanted) == (SlotState.LATE, (0, 1), True)
    assert [one.subject for one in told(founded, "letter_late")] == [BANK]
    assert debit_counts(founded, people.clerk).late == 1
    hand_over(chase=True, carrier=Carrier.PHONE, sent_on=date(2026, 3, 10))
    assert told(founded, "letter_late") == []
    clock.move_to(clock.now() + timedelta(days=7))
    assert slot().chases == (1, 2)
    assert [one.subject for one in told(founded, "letter_late")] == [BANK]


@pytest.fixture
def mail(founded, people, disputed):
    """Send a letter to a real server: `mail(BANK)`."""
    box = Box()
    controller, server = serve(box)
    save_setup(
        founded,
        people.cfo,
        Setup(
            "华精财函",
            "王会计",
            "021-58001234",
            smtp_host="127.0.0.1",
            smtp_security=Security.NONE,
            sender="cw@huadong.example",
            version=1,
        ),
    )

    def go(number=BANK):
        draft = sending.letter_mail(founded, people.clerk, number)
        one = Mail(number, "lijie@icbc.example", draft.subject, draft.body)
        return sending.send(founded, people.clerk, one, server, lambda _: None)

    go.box = box
    yield go
    controller.stop()


def test_that_it_goes_by_mail_with_the_letter_attached(founded, people, mail, slot):  # D5.2
    assert mail().state is MailState.SENT
    [message] = mail.box.messages
    assert message["Subject"] == f"关于退回终止后扣款的函（{BANK}）"
    [attached] = message.iter_attachments()
    assert attached.get_content() == letter_view.letter_file(founded, people.clerk, BANK)[1]
    assert (slot().state, slot().sent[0].carrier) == (SlotState.WAITING, Carrier.MAIL)


def test_that_an_unknown_fate_is_told(founded, mail, slot):  # D5.2
    mail.box.cut = "content"
    mail()
    assert slot().state is SlotState.UNKNOWN
    assert [one.subject for one in told(founded, "letter_unknown")] == [BANK]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": " "}, "答复人或依据"),
        ({"evidence": ""}, "答复人或依据"),
        ({"answered_on": date(2026, 3, 3)}, "晚于今天"),
        ({"answered_on": date(2026, 3, 1)}, "早于函件日期"),
        ({"said": RefundAnswer.AGREED}, "预计退回日"),
        ({"said": RefundAnswer.AGREED, "promised_on": date(2026, 3, 1)}, "早于答复日期"),
    ],
)
def test_that_an_answer_without_proof_is_refused(disputed, answer, slot, changes, said):  # D5.6
    with pytest.raises(NoConfirmation, match=said):
        answer(**changes)
    assert slot().answers == ()


def test_that_the_word_that_it_is_back_does_not_make_it_so(  # D5.5 E1.4
    founded, people, disputed, answer, slot
):
    scan = Scan("回执.pdf", b"%PDF-1.4 scanned")
    assert answer(scan=scan) is RefundAnswer.REFUNDED
    assert (slot().state, slot(PAYEES).state) == (SlotState.ANSWERED, SlotState.READY)
    [hit] = hit_lines(founded, people.clerk)
    assert (hit.state, hit.pursuit.letters) == (HitState.CONFIRMED, (BANK, PAYEES))
    [line] = hit.pursuit.refunds
    assert (line.party, line.answer, line.receipt_no, line.person, line.file_name) == (
        Party.BANK,
        RefundAnswer.REFUNDED,
        "H-7",
        "李柜员",
        "回执.pdf",
    )
    assert scan_of(founded, people.auditor, line.file_hash) == scan.data
    with pytest.raises(NotFound):
        scan_of(founded, people.auditor, "0" * 64)
    assert [one.subject for one in told(founded, "forbidden_debit")] == [HIT]


def test_that_a_promise_is_asked_about_once_its_day_is_over(  # D5.5
    founded, clock, hand_over, answer, slot
):
    hand_over()
    answer(RefundAnswer.AGREED, promised_on=date(2026, 3, 20))
    clock.move_to(clock.now() + timedelta(days=18))
    assert (slot().state, slot().due_on) == (SlotState.ANSWERED, date(2026, 3, 20))
    clock.move_to(clock.now() + timedelta(days=1))
    assert (slot().state, slot().chase_wanted) == (SlotState.LATE, True)
    [notice] = told(founded, "letter_late")
    assert "应于 2026-03-20 前退回款项" in notice.text
    answer(RefundAnswer.REFUSED, answered_on=date(2026, 3, 21))
    assert slot().state is SlotState.ANSWERED
    assert [one.answer for one in slot().answers] == [RefundAnswer.AGREED, RefundAnswer.REFUSED]


@pytest.mark.parametrize("state", [HitState.RECOVERED, HitState.EXCLUDED])
def test_that_a_debit_that_is_settled_ends_the_chasing(  # D5.5 E1.4
    founded, people, clock, hand_over, mail, slot, state
):
    hand_over()
    clock.move_to(clock.now() + timedelta(days=8))
    decide(founded, people.supervisor if state is HitState.EXCLUDED else people.clerk, state, 2)
    assert {slot().state, slot(PAYEES).state} == {SlotState.CLOSED}
    assert told(founded, "letter_late", "letter_unsent") == []
    assert debit_counts(founded, people.clerk).letters == 1  # the payee's, about the end itself
    with pytest.raises(BadLetter, match="已追回或排除"):
        mail(PAYEES)
    assert mail.box.raw == []


def test_that_an_alarm_taken_up_again_is_chased_again(founded, people, disputed, slot):  # D5.5
    decide(founded, people.supervisor, HitState.EXCLUDED, 2)
    decide(founded, people.clerk, HitState.CONFIRMED, 3)
    assert slot().state is SlotState.READY


def test_that_a_letter_is_over_when_all_its_debits_are(  # D5.5
    founded, people, confirmed, bring, slot
):
    bring(FORBIDDEN.replace("LS1", "LS2").replace("03-20", "03-21"))
    second = replace_hit(founded, people)
    disputes.issue_disputes(founded, people.clerk, [confirmed, second])
    assert slot().hits == (HIT, second)
    decide(founded, people.clerk, HitState.RECOVERED, 2)
    assert slot().state is SlotState.READY


def replace_hit(db, people):
    """Confirm the second hit; its number."""
    from app.agreements.watch.deciding import DecideHit, decide_hit

    second = "YC-2026-0002"
    decide_hit(db, people.clerk, DecideHit(second, HitState.CONFIRMED, "核实", 1))
    return second


def test_that_a_debit_is_asked_for_once_whatever_it_is_chosen_with(  # D5.2
    founded, people, clock, disputed, bring
):
    clock.move_to(clock.now() + timedelta(minutes=1))
    bring(FORBIDDEN.replace("LS1", "LS2").replace("03-20", "03-21"))
    second = replace_hit(founded, people)
    assert len(disputes.issue_disputes(founded, people.clerk, [HIT, second])) == 2
    found = letter_view.letter_slots(founded, people.clerk)
    assert [one.hits for one in found if one.disputes] == [(second,), (second,), (HIT,), (HIT,)]
    with pytest.raises(LetterKnown, match="4号"):
        disputes.issue_disputes(founded, people.clerk, [HIT, second])


def test_that_a_voided_letter_alone_is_made_anew(founded, people, disputed, slot):  # D5.6
    notices.void_letter(founded, people.clerk, PAYEES, "户名有误")
    assert slot(PAYEES) is None
    [again] = disputes.issue_disputes(founded, people.clerk, [HIT])
    assert again == "华精财函〔2026〕3号"
    assert slot(again).kind is LetterKind.SUPPLIER_DISPUTE


def test_that_what_was_answered_is_not_voided_nor_what_is_void_answered(  # D5.6
    founded, people, disputed, answer
):
    answer()
    with pytest.raises(BadLetter, match="已有答复"):
        notices.void_letter(founded, people.clerk, BANK, "有误")
    notices.void_letter(founded, people.clerk, PAYEES, "有误")
    with pytest.raises(BadLetter, match="已作废"):
        answer(number=PAYEES)


def test_that_a_letter_about_an_end_has_no_answer_about_money(  # D5.5
    founded, people, asked, answer
):
    save_setup(founded, people.cfo, Setup("华精财函", "王会计", "021-58001234"))
    notices.issue_letters(founded, people.clerk, "QK-2026-0001")
    with pytest.raises(BadLetter, match="不是追回函"):
        answer()


def test_that_only_who_manages_agreements_records_an_answer(people, disputed, answer):  # D1.3
    for who in (people.auditor, people.supervisor, people.admin):
        with pytest.raises(Denied):
            answer(who=who)


@pytest.mark.parametrize("table", ["refund", "disputed_hit"])
def test_that_answers_stay_as_they_were_written(founded, disputed, answer, table):  # D5.6
    answer()
    for act in (f"UPDATE {table} SET letter_id = letter_id", f"DELETE FROM {table}"):
        with founded.write() as uow, pytest.raises(DatabaseError):
            uow.session.execute(text(act))


def test_that_the_trail_tells_of_the_answer(founded, disputed, answer, cancelled):
    answer(RefundAnswer.AGREED, promised_on=date(2026, 3, 20))
    with founded.read() as work:
        rows = work.session.execute(
            text("SELECT subject, reason FROM audit_entry WHERE act = 'letter.refund_answered'")
        ).all()
    assert [tuple(one) for one in rows] == [(f"agreement:{cancelled}", "回执传真件")]


def queries(db, people):
    """How many statements it takes to list the letters."""
    seen = []

    def count(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        letter_view.letter_slots(db, people.clerk)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(seen)


def test_that_more_letters_need_no_more_queries(  # F3.1
    founded, people, disputed, hand_over, answer, bring
):
    hand_over()
    answer()
    notices.issue_letters(founded, people.clerk, "QK-2026-0001")
    before = queries(founded, people)
    for day in (22, 23, 24):
        bring(FORBIDDEN.replace("LS1", f"LS{day}").replace("03-20", f"03-{day}"))
    hits = [one for one in hit_lines(founded, people.clerk) if one.state is HitState.NEW]
    from app.agreements.watch.deciding import DecideHit, decide_hit

    for hit in hits:
        decide_hit(founded, people.clerk, DecideHit(hit.number, HitState.CONFIRMED, "核实", 1))
        for number in disputes.issue_disputes(founded, people.clerk, [hit.number]):
            hand_over(number)
    assert len(hits) == 3
    assert queries(founded, people) == before
