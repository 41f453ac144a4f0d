"""The letters of a cancellation on their way: by mail from here, by other ways by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.access.founding import company_card
from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.model import Agreement, Cancellation, CancellationItem
from app.agreements.notices import approved_form
from app.agreements.papers import cancel_sheet
from app.agreements.prospects import bank_done_on, days_of
from app.agreements.refunding import wants_money
from app.agreements.states import ItemState
from app.audit.trail import Event
from app.documents.forms import date_text
from app.letters import dispatching, mailing
from app.letters.addresses import Reach, reach_of, remember
from app.letters.dispatching import RecordDispatch, dispatches_of
from app.letters.errors import BadLetter, BadMail
from app.letters.issuing import find_letter, letter_events
from app.letters.mailing import Attached, Pause, Post, SendMail
from app.letters.model import Letter
from app.letters.post import Handed, Server, hand_over
from app.letters.setup import contact_of, setup_of
from app.letters.signing import file_to_give
from app.letters.states import DISPUTES, LetterKind
from app.storage.work import Database, ReadWork, UnitOfWork

INTERNAL = "INTERNAL"


@dataclass(frozen=True, slots=True)
class MailDraft:
    """A mail before somebody sends it. files: the names of what goes along."""

    about: str
    addressee: str
    recipient: str
    subject: str
    body: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as somebody wants it sent. about: a letter's number, or a form's for departments.

    again: although it may have arrived; first: only where nothing of the letter went out yet.
    """

    about: str
    recipient: str
    subject: str
    body: str
    again: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a mail carries, and to whom. form_no: the 申请单 that goes along, or ""."""

    form_no: str
    covers: tuple[str, ...]
    files: tuple[Attached, ...]
    party: str
    name: str


def letter_mail(db: Database, actor: Actor, number: str) -> MailDraft:
    """The mail that goes with a letter, as far as it is known. Raises NotFound, SetupMissing."""
    [draft] = letter_mails(db, actor, [number])
    return draft


def letter_mails(db: Database, actor: Actor, numbers: Sequence[str]) -> list[MailDraft]:
    """The same for many letters, in their order. Raises NotFound, SetupMissing."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        return [_letter_draft(work, find_letter(work, number)) for number in numbers]


def form_mail(db: Database, actor: Actor, form_no: str) -> MailDraft:
    """The mail that tells departments of a request. Raises NotFound, SetupMissing."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        form = approved_form(work, form_no)
        told = "、".join(one["name"] for one in form.notices if one["party"] == INTERNAL)
        known = reach_of(work, INTERNAL, told)
        said = (
            f"取消自动扣款申请单 {form_no} 已批准，期望终止日 {date_text(form.wished_on)}。"
            "终止后由我方主动付款，请相关部门核对付款安排；银行书面确认前仍可能发生扣款。"
        )
        body = _body(work, told or "各部门", said)
        subject = f"取消自动扣款通知（{form_no}）"
        return MailDraft(form_no, told, known.email, subject, body, (_form_file(form_no),))


def mail_server(db: Database, actor: Actor) -> Server:
    """The server that mail goes through, without its password. Raises BadMail, Denied."""
    with reading(db, actor, Right.AGREEMENT_MANAGE) as work:
        setup = setup_of(work)
        if not setup.smtp_host or not setup.sender:
            raise BadMail("尚未设置发件服务器和发件邮箱。", mailing.WHERE_TO_SET)
        return Server(setup.smtp_host, setup.smtp_port, setup.smtp_security, setup.smtp_user)


def send(
    db: Database,
    actor: Actor,
    mail: Mail,
    server: Server,
    pause: Pause,
    post: Post = hand_over,
) -> Handed:
    """Send a letter, or tell departments; the address is remembered.

    Raises AlreadySent, BadMail, BadLetter for what does not count or asks for nothing any more,
    BadInput, NotFound, NotCancellable, Denied.
    """
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        paper = _paper(act.uow, mail.about)
        remember(act.uow, paper.party, paper.name, Reach(email=mail.recipient))
        act.done(
            Event(
                "letter.address_kept",
                f"correspondent:{paper.name}",
                after={"party": paper.party, "email": mail.recipient.strip()},
            )
        )
    files = paper.files
    if paper.form_no:
        sheet = cancel_sheet(db, actor, paper.form_no)
        files = (*files, Attached(_form_file(paper.form_no), sheet.data))
    command = SendMail(
        mail.about,
        mail.recipient,
        mail.subject,
        mail.body,
        files,
        paper.covers,
        mail.again,
        mail.first,
    )
    return mailing.send_mail(db, actor, command, server, pause, letter_out, post)


def record_dispatch(db: Database, actor: Actor, command: RecordDispatch) -> None:
    """Keep how a letter went out, or that it was asked about. Raises BadInput, BadLetter."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        letter = dispatching.dispatch(act, command)
        if not command.chase:
            letter_out(act.uow, letter)
        what = "letter.chased" if command.chase else "letter.dispatched"
        told = {
            "carrier": command.carrier,
            "on": command.sent_on.isoformat(),
            "recipient": command.recipient.strip(),
            "tracking_no": command.tracking_no.strip(),
        }
        act.done(*letter_events(what, letter, told, command.remark.strip()))


def settle_mail(db: Database, actor: Actor, about: str, recipient: str, evidence: str) -> None:
    """Keep that a mail of unknown fate did arrive. Raises BadMail."""
    mailing.settle_unknown(db, actor, about, recipient, evidence, letter_out)


def letter_out(uow: UnitOfWork, letter: Letter) -> None:
    """From the day on which the bank has it, its working days count (domain.md §2.6)."""
    if letter.kind != LetterKind.BANK_END:
        return
    first = next((one for one in dispatches_of(uow, letter) if not one.chase), None)
    if first is None:
        return
    rows = uow.session.scalars(
        select(CancellationItem)
        .join(Cancellation, Cancellation.id == CancellationItem.cancellation_id)
        .join(Agreement, Agreement.id == CancellationItem.agreement_id)
        .where(
            Cancellation.number == letter.subject,
            CancellationItem.state == ItemState.DECIDED,
            Agreement.number.in_(list(letter.covers)),
        )
    )
    for item in rows:
        agreement = uow.session.get_one(Agreement, item.agreement_id)
        account = uow.session.get_one(BankAccount, agreement.account_id)
        term = days_of(uow, account.bank)
        item.expected_on = bank_done_on(uow, account.bank, first.sent_on)
        item.bank_days, item.own_days = term.days, term.own


def _letter_draft(work: ReadWork, letter: Letter) -> MailDraft:
    known = reach_of(work, letter.party or INTERNAL, letter.addressee)
    title = letter.title.removesuffix(letter.number).strip()
    asked = "请查收附件，办理后将回执盖章，原件寄回或扫描件回复本邮件。"
    body = _body(work, letter.addressee, f"现将《{title}》（{letter.number}）发送贵单位，{asked}")
    files = [_letter_file(letter)]
    if letter.kind == LetterKind.BANK_END:
        files.append(_form_file(letter.subject))
    subject = f"{title}（{letter.number}）"
    return MailDraft(letter.number, letter.addressee, known.email, subject, body, tuple(files))


def _paper(work: ReadWork, about: str) -> _Paper:
    form = work.session.scalar(select(Cancellation).where(Cancellation.number == about))
    if form is not None:
        approved_form(work, about)
        told = "、".join(one["name"] for one in form.notices if one["party"] == INTERNAL)
        return _Paper(about, _numbers(work, form), (), INTERNAL, told)
    letter = find_letter(work, about)
    if letter.kind in DISPUTES and not wants_money(work, letter):
        said = f"{letter.number} 所列扣款都已追回或排除，不再发送。"
        raise BadLetter(said, "请在“扣款监控”中核对。")
    files = (Attached(_letter_file(letter), file_to_give(work, letter)),)
    form_no = letter.subject if letter.kind == LetterKind.BANK_END else ""
    return _Paper(form_no, tuple(letter.covers), files, letter.party or INTERNAL, letter.addressee)


def _numbers(work: ReadWork, form: Cancellation) -> tuple[str, ...]:
    rows = work.session.scalars(
        select(Agreement.number)
        .join(CancellationItem, CancellationItem.agreement_id == Agreement.id)
        .where(CancellationItem.cancellation_id == form.id)
        .order_by(CancellationItem.id)
    )
    return tuple(rows)


def _body(work: ReadWork, whom: str, said: str) -> str:
    setup, card = contact_of(work), company_card(work)
    company = "" if card is None else card.name
    reach = "　".join(filter(None, (setup.contact, setup.phone, setup.email)))
    return f"{whom}：\n\n您好！{said}\n\n联系人：{reach}\n\n{company}\n{date_text(work.today)}\n"


def _letter_file(letter: Letter) -> str:
    return f"{letter.number}.pdf"


def _form_file(form_no: str) -> str:
    return f"取消自动扣款申请单 {form_no}.pdf"
