"""Letters by mail: written down before they leave, never sent twice, unknown when unknown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access.errors import Denied
from app.access.model import Company
from app.agreements import cancelling, letter_view, notices, sending
from app.agreements.letter_view import SlotState
from app.agreements.sending import Mail
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.errors import BadInput
from app.documents.preview import page_text
from app.letters.dispatching import RecordDispatch
from app.letters.errors import AlreadySent, BadLetter, BadMail
from app.letters.model import Dispatch, Outgoing
from app.letters.post import Handed, hand_over
from app.letters.setup import save_setup
from app.letters.states import Carrier, MailState
from app.storage.backup import create_backup
from app.storage.restore import restore_backup
from tests.integration.letters.conftest import SETUP

TO = "lijie@icbc.example"


@pytest.fixture
def send(founded, people, server, form):
    """Send the bank's letter: `send(again=True)`; pauses end at once."""

    def go(who=None, post=hand_over, to=TO, **changes):
        draft = sending.letter_mail(founded, people.clerk, form[1][0])
        mail = Mail(draft.about, to, draft.subject, draft.body)
        return sending.send(
            founded, who or people.clerk, replace(mail, **changes), server, lambda _: None, post
        )

    return go


def slot(db, people):
    return letter_view.letter_slots(db, people.clerk)[0]


def rows(db, kind):
    with db.read() as work:
        return list(work.session.scalars(select(kind)))


def test_that_the_bank_gets_the_letter_and_the_form(founded, people, form, box, send):  # D5.2
    assert send().state is MailState.SENT
    [message] = box.messages
    assert message["To"] == TO
    assert message["Subject"] == "关于终止自动扣款授权的函（华精财函〔2026〕1号）"
    assert "王会计" in message.get_body().get_content()
    names = [one.get_filename() for one in message.iter_attachments()]
    assert names == ["华精财函〔2026〕1号.pdf", "取消自动扣款申请单 QK-2026-0001.pdf"]
    letter, sheet = [one.get_content() for one in message.iter_attachments()]
    assert letter == letter_view.letter_file(founded, people.clerk, form[1][0])[1]
    assert "取消自动扣款申请单" in page_text(sheet, 0)


def test_that_what_was_sent_is_on_record(founded, people, form, send):  # D5.2
    send()
    found = slot(founded, people)
    assert (found.state, found.sent_on, found.sent[0].recipient) == (
        SlotState.WAITING,
        date(2026, 3, 2),
        TO,
    )
    assert [(one.state, one.tries) for one in found.mails] == [(MailState.SENT, 1)]


def test_that_nothing_is_sent_twice(founded, people, box, send):  # D5.2
    send()
    with pytest.raises(AlreadySent, match="不再重复发送"):
        send()
    with pytest.raises(AlreadySent):
        send(again=True)
    assert len(box.raw) == 1


def test_that_what_failed_may_be_sent_again_with_the_same_id(founded, people, box, send):
    box.recipient_says = "550 5.1.1 no such mailbox"
    assert send().state is MailState.FAILED
    assert slot(founded, people).state is SlotState.READY
    box.recipient_says = "250 OK"
    assert send().state is MailState.SENT
    [row] = rows(founded, Outgoing)
    assert (row.state, row.tries) == (MailState.SENT, 2)
    assert box.messages[0]["Message-ID"] == row.message_id


def test_that_what_may_go_better_later_is_tried_three_times(  # D5.2
    founded, people, form, server
):
    tried, waited = [], []

    def busy(*_):
        tried.append(1)
        return Handed(MailState.FAILED, "451 busy", retry=True)

    draft = sending.letter_mail(founded, people.clerk, form[1][0])
    mail = Mail(draft.about, TO, draft.subject, draft.body)
    sending.send(founded, people.clerk, mail, server, waited.append, busy)
    assert (len(tried), waited) == (3, [2.0, 5.0])


def test_that_an_unknown_fate_is_shown_and_not_sent_again_by_itself(  # D5.2
    founded, people, box, send
):
    box.cut = "content"
    assert send().state is MailState.UNKNOWN
    assert slot(founded, people).state is SlotState.UNKNOWN
    assert rows(founded, Dispatch) == []
    box.cut = ""
    with pytest.raises(AlreadySent, match="是否送达不明"):
        send()
    assert send(again=True).state is MailState.SENT
    first, second = box.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_that_asking_the_recipient_ends_the_doubt(founded, people, form, box, send):  # D5.2
    box.cut = "content"
    send()
    with pytest.raises(BadMail, match="依据"):
        sending.settle_mail(founded, people.clerk, form[1][0], TO, " ")
    sending.settle_mail(founded, people.clerk, form[1][0], TO, "李柜员来电确认收到")
    assert slot(founded, people).state is SlotState.WAITING
    with pytest.raises(BadMail):
        sending.settle_mail(founded, people.clerk, form[1][0], TO, "再次")


def test_that_a_program_that_died_while_sending_leaves_an_unknown_fate(  # D5.2
    founded, people, form, box, send, clock
):
    class Killed(BaseException):
        pass

    def dies(*_):
        raise Killed

    def never_back(*_):
        # The second transaction never came: what the first one wrote is all there is.
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.letters.mailing._finish", never_back)
        with pytest.raises(Killed):
            send(post=dies)
    with pytest.raises(AlreadySent, match="正在发送"):
        send()
    clock.move_to(clock.now() + timedelta(minutes=11))
    assert slot(founded, people).state is SlotState.UNKNOWN
    with pytest.raises(AlreadySent, match="不明"):
        send()
    assert send(again=True).state is MailState.SENT


def test_that_a_stop_between_two_tries_keeps_the_failure(founded, people, form, server):
    class StoppedError(Exception):
        pass

    def stop(_):
        raise StoppedError

    def busy(*_):
        return Handed(MailState.FAILED, "451 busy", retry=True)

    draft = sending.letter_mail(founded, people.clerk, form[1][0])
    mail = Mail(draft.about, TO, draft.subject, draft.body)
    with pytest.raises(StoppedError):
        sending.send(founded, people.clerk, mail, server, stop, busy)
    [row] = rows(founded, Outgoing)
    assert (row.state, row.said) == (MailState.FAILED, "451 busy")


@pytest.mark.parametrize(
    "address", ["", "李柜员", "a@b", "a b@icbc.example", "a@icbc.example,b@x.y"]
)
def test_that_an_address_that_is_none_is_refused(founded, send, box, address):
    with pytest.raises(BadInput):
        send(to=address)
    assert (rows(founded, Outgoing), box.raw) == ([], [])


def test_that_the_address_is_known_next_time(founded, people, form, send):  # D5.2
    send()
    assert sending.letter_mail(founded, people.clerk, form[1][0]).recipient == TO


def test_that_mail_without_a_server_says_what_to_set(founded, people, form, send, box):
    save_setup(founded, people.cfo, replace(SETUP, smtp_host="", version=1))
    with pytest.raises(BadMail, match="尚未设置"):
        send()
    assert rows(founded, Outgoing) == []


def test_that_invented_letters_reach_nobody_outside(founded, people, form, send, box):  # D1.1
    with founded.write() as uow:
        uow.session.get_one(Company, 1).drill = True
        record(uow, SYSTEM_ACTOR, Event("test.made", "drill"))
        uow.commit()
    assert send().state is MailState.SENT
    save_setup(founded, people.cfo, replace(SETUP, smtp_host="smtp.icbc.example", version=1))
    with pytest.raises(BadMail, match="演练"):
        send(to="other@icbc.example")


def test_that_only_who_manages_agreements_sends(founded, people, send, box):  # D1.3
    with pytest.raises(Denied):
        send(who=people.auditor)
    assert box.raw == []


def test_that_departments_get_the_form(founded, people, form, server, box):  # D4.5
    draft = sending.form_mail(founded, people.clerk, form[0])
    mail = Mail(form[0], "caigou@huadong.example", draft.subject, draft.body)
    sending.send(founded, people.clerk, mail, server, lambda _: None)
    [message] = box.messages
    names = [one.get_filename() for one in message.iter_attachments()]
    assert names == ["取消自动扣款申请单 QK-2026-0001.pdf"]


def by_hand(number, **changes):
    command = RecordDispatch(number, Carrier.COURIER, date(2026, 3, 2), "李柜员", "SF1001")
    return replace(command, **changes)


def test_that_the_bank_s_days_count_from_when_it_has_the_letter(  # D5.5, domain.md §2.6
    founded, people, form, clock
):
    clock.move_to(clock.now() + timedelta(days=7))
    sending.record_dispatch(founded, people.clerk, by_hand(form[1][0], sent_on=date(2026, 3, 9)))
    found = letter_view.letter_slots(founded, people.clerk)[0]
    assert found.due_on == date(2026, 3, 16)
    with founded.read() as work:
        expected = work.session.scalar(select(cancelling.CancellationItem.expected_on))
    # Ten working days after Monday the 9th.
    assert expected == date(2026, 3, 23)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"recipient": " "}, "接收人"),
        ({"tracking_no": ""}, "快递单号"),
        ({"sent_on": date(2026, 3, 3)}, "晚于今天"),
        ({"sent_on": date(2026, 3, 1)}, "早于函件日期"),
        ({"carrier": Carrier.PHONE}, "不能以电话"),
    ],
)
def test_that_a_dispatch_without_proof_is_refused(founded, people, form, changes, said):  # D5.6
    with pytest.raises(BadInput, match=said):
        sending.record_dispatch(founded, people.clerk, by_hand(form[1][0], **changes))
    assert rows(founded, Dispatch) == []


def test_that_nobody_chases_what_was_not_sent_nor_sends_what_was_voided(  # D5.5
    founded, people, form
):
    number = form[1][0]
    with pytest.raises(BadLetter, match="还没有发出"):
        sending.record_dispatch(
            founded, people.clerk, by_hand(number, chase=True, carrier=Carrier.PHONE)
        )
    notices.void_letter(founded, people.clerk, number, "有误")
    with pytest.raises(BadLetter, match="已作废"):
        sending.record_dispatch(founded, people.clerk, by_hand(number))


def test_that_what_went_out_is_not_voided(founded, people, form):  # D5.6
    sending.record_dispatch(founded, people.clerk, by_hand(form[1][0]))
    with pytest.raises(BadLetter, match="已经发出"):
        notices.void_letter(founded, people.clerk, form[1][0], "有误")


def test_that_what_may_have_gone_out_is_not_voided(founded, people, form, box, send):  # D5.6
    box.cut = "content"
    send()
    with pytest.raises(BadLetter, match="已经发出"):
        notices.void_letter(founded, people.clerk, form[1][0], "有误")


def test_that_a_subject_is_one_line(founded, people, form, box, send):
    send(subject="终止函\r\nBcc: all@x.example")
    [message] = box.messages
    assert message["Subject"] == "终止函 Bcc: all@x.example"
    assert message["Bcc"] is None


def test_that_a_letter_without_an_answer_is_chased_until_there_is_one(  # D5.5
    founded, people, form, clock
):
    number = form[1][0]
    sending.record_dispatch(founded, people.clerk, by_hand(number))

    def later(days):
        clock.move_to(clock.now() + timedelta(days=days))
        found = slot(founded, people)
        return found.state, found.chases, found.chase_wanted

    assert later(7) == (SlotState.WAITING, (0, 0), False)
    assert later(1) == (SlotState.LATE, (0, 1), True)
    sending.record_dispatch(
        founded,
        people.clerk,
        by_hand(number, chase=True, carrier=Carrier.PHONE, sent_on=date(2026, 3, 10)),
    )
    # A reminder does not move the clock: the next one is due five working days after the first.
    assert later(0) == (SlotState.LATE, (1, 1), False)
    assert later(7) == (SlotState.LATE, (1, 2), True)


def test_that_a_restored_backup_holds_the_letters_as_they_were_issued(  # F1.4 D5.4
    founded, people, form, open_url, new_database_url, tmp_path
):
    before = [letter_view.letter_file(founded, people.clerk, number) for number in form[1]]
    create_backup(founded, tmp_path / "a.tfbak")
    target = new_database_url()
    restore_backup(tmp_path / "a.tfbak", target)
    db = open_url(target)
    assert [letter_view.letter_file(db, people.clerk, number) for number in form[1]] == before
