"""What people do about agreements, for the process that kills itself: see arena.live."""

from dataclasses import replace
from datetime import date
from functools import cache

from sqlalchemy import select

from app.access.approvals import ApprovalKind, Decision, RequestState, Verdict
from app.access.model import ApprovalRequest
from app.accounts.model import BankAccount
from app.agreements import (
    cancelling,
    confirming,
    notices,
    prospects,
    proving,
    sending,
    service,
    takeovers,
)
from app.agreements.attaching import (
    AddPaper,
    PaperKind,
    WithdrawPaper,
    add_paper,
    withdraw_paper,
)
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.confirming import RecordConfirmation, Scan
from app.agreements.fields import AgreementFields
from app.agreements.letter_view import SlotState, letter_slots
from app.agreements.model import Agreement, AgreementPaper, Cancellation, CancellationItem
from app.agreements.sending import Mail
from app.agreements.states import Answer, CancelState
from app.agreements.takeover_rules import TO_PAY
from app.agreements.takeover_view import begin_payment, task_lines
from app.agreements.takeovers import PayTask
from app.core.money import Money
from app.letters import signing
from app.letters.dispatching import RecordDispatch
from app.letters.post import Handed, Server
from app.letters.states import Carrier, MailState, Party
from app.payments import editing
from app.statements.importing import preview, take_in
from tests.support.certificates import PASSPHRASE, make_p12

PAYEES = ("上海临江供电有限公司", "上海临江水务有限公司", "上海临江燃气有限公司")


def register(desk):
    with desk.db.read() as work:
        account = work.session.scalar(select(BankAccount.number))
    service.register(
        desk.db,
        desk.who["clerk"],
        AgreementFields(
            account_number=account,
            payee_name=desk.rng.choice(PAYEES),
            starts_on=date(2026, 1, 1),
            bank_no=f"SQ{desk.rng.randrange(10**9):09d}",
            amount=Money(desk.rng.randrange(1, 10**7)),
            first_debit_on=date(2026, 1, desk.rng.randrange(1, 28)),
        ),
    )


def ask_cancel(desk):
    with desk.db.read() as work:
        rows = work.session.scalars(select(Agreement).where(Agreement.state == "ACTIVE")).all()
        if not rows:
            return
        row = desk.rng.choice(rows)
        ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
    command = RequestCancel(
        (CancelRow(row.number, row.version, ticks),),
        "改为人工付款",
        date(2026, 3, 31),
        "clerk",
        typed=row.number,
    )
    cancelling.request(desk.db, desk.who["clerk"], command)


def decide_cancel(desk):
    with desk.db.read() as work:
        row = work.session.scalar(
            select(ApprovalRequest).where(
                ApprovalRequest.kind == ApprovalKind.CANCELLATION,
                ApprovalRequest.state == RequestState.OPEN,
            )
        )
    if row:
        decision = desk.rng.choice((Decision.APPROVE,) * 4 + (Decision.RETURN,))
        verdict = Verdict(row.id, decision, "已阅", row.version)
        cancelling.decide(desk.db, desk.who["supervisor"], verdict)


def issue(desk):
    with desk.db.read() as work:
        forms = work.session.scalars(
            select(Cancellation.number).where(Cancellation.state == CancelState.APPROVED)
        ).all()
    if forms:
        notices.issue_letters(desk.db, desk.who["clerk"], desk.rng.choice(forms))


def slot(desk, *states):
    found = [one for one in letter_slots(desk.db, desk.who["clerk"]) if one.state in states]
    return desk.rng.choice(found) if found else None


def dispatch(desk):
    one = slot(desk, SlotState.READY)
    if one:
        sent_on = desk.db.clock.now().astimezone(desk.db.tz).date()
        command = RecordDispatch(one.number, Carrier.COUNTER, sent_on, "李柜员")
        sending.record_dispatch(desk.db, desk.who["clerk"], command)


def mail(desk):
    one = slot(desk, SlotState.READY, SlotState.UNKNOWN)
    if one is None:
        return
    state = desk.rng.choice((MailState.SENT, MailState.SENT, MailState.FAILED, MailState.UNKNOWN))
    draft = sending.letter_mail(desk.db, desk.who["clerk"], one.number)
    again = one.state is SlotState.UNKNOWN
    sending.send(
        desk.db,
        desk.who["clerk"],
        Mail(draft.about, "a@bank.example", draft.subject, draft.body, again),
        Server("127.0.0.1", 25, "NONE"),
        lambda _: None,
        # The server lies outside the machine.
        lambda *_: Handed(state, "答复"),
    )


def void(desk):
    one = slot(desk, SlotState.READY)
    if one and desk.rng.random() < 0.3:
        notices.void_letter(desk.db, desk.who["clerk"], one.number, "有误")


@cache
def p12():
    return make_p12("ec")


def sign(desk):
    found = [
        one
        for one in letter_slots(desk.db, desk.who["clerk"])
        if one.number and one.signature is None
    ]
    if found:
        who = desk.who["supervisor"]
        key = signing.open_credential(desk.db, who, p12(), PASSPHRASE)
        signing.sign_letter(desk.db, who, desk.rng.choice(found).number, key)


def answer(desk):
    with desk.db.read() as work:
        items = work.session.scalars(
            select(CancellationItem).where(CancellationItem.state == "DECIDED")
        ).all()
        if not items:
            return
        number = work.session.get_one(Agreement, desk.rng.choice(items).agreement_id).number
    said = desk.rng.choice((Answer.TERMINATED, Answer.PENDING, Answer.REFUSED))
    command = RecordConfirmation(
        number,
        desk.rng.choice(list(Party)),
        said,
        date(2026, 3, 2),
        Carrier.COUNTER,
        "李柜员",
        "回执",
        effective_on=date(2026, 3, 3),
        scan=Scan("回执.pdf", str(desk.rng.random()).encode()),
    )
    confirming.record_confirmation(desk.db, desk.who["clerk"], command)


def pay_by_hand(desk):
    """A task is paid, or its draft is voided again."""
    clerk = desk.who["clerk"]
    lines = task_lines(desk.db, clerk)
    drafts = [one.payment for one in lines if one.payment and one.payment.status == "DRAFT"]
    if drafts and desk.rng.random() < 0.3:
        number = desk.rng.choice(drafts).number
        with desk.db.read() as work:
            version = editing.find_payment(work, number).version
        editing.void_payment(desk.db, clerk, number, "录错", version)
        return
    open_ones = [one for one in lines if one.state in TO_PAY and not one.unpayable]
    if open_ones:
        line = desk.rng.choice(open_ones)
        begun = begin_payment(desk.db, clerk, line.id).fields
        fields = replace(begun, amount=Money(100), payee_account="31050161393600000123")
        takeovers.pay_task(desk.db, clerk, PayTask(line.id, fields, line.version))


def prove(desk):
    with desk.db.read() as work:
        form = work.session.scalar(
            select(Cancellation.number).where(Cancellation.state == CancelState.APPROVED)
        )
    if form:
        proving.issue_proof(desk.db, desk.who["clerk"], form)


def statement(desk):
    with desk.db.read() as work:
        account = work.session.scalar(select(BankAccount.number))
    path = desk.folder / "流水.csv"
    rows = [
        f"2026-03-{desk.rng.randrange(4, 28):02d},{desk.rng.randrange(1, 9_000)}.00,"
        f"{desk.rng.choice(PAYEES)},代扣"
        for _ in range(4)
    ]
    path.write_text("交易日期,支出,对方户名,摘要\n" + "\n".join(rows), encoding="utf-8")
    clerk = desk.who["clerk"]
    take_in(desk.db, clerk, preview(desk.db, clerk, path), account)


def suspend(desk):
    """Suspend one that debits, or let one that does not debit again."""
    with desk.db.read() as work:
        rows = work.session.scalars(
            select(Agreement).where(Agreement.state.in_(["ACTIVE", "SUSPENDED"]))
        ).all()
    if not rows:
        return
    row = desk.rng.choice(rows)
    if row.state == "ACTIVE":
        service.suspend(desk.db, desk.who["clerk"], row.number, "争议", row.version)
    else:
        service.reinstate(desk.db, desk.who["supervisor"], row.number, "已对清", row.version)


def attach(desk):
    """Add a paper to an agreement, or withdraw one."""
    with desk.db.read() as work:
        numbers = work.session.scalars(select(Agreement.number)).all()
        papers = work.session.scalars(select(AgreementPaper.id)).all()
    if papers and desk.rng.random() < 0.3:
        withdraw_paper(desk.db, desk.who["clerk"], WithdrawPaper(desk.rng.choice(papers), "传错"))
    elif numbers:
        file = Scan("协议.pdf", f"%PDF-{desk.rng.random()}".encode())
        add_paper(
            desk.db, desk.who["clerk"], AddPaper(desk.rng.choice(numbers), PaperKind.TEXT, file)
        )


ACTS = (
    register,
    suspend,
    attach,
    ask_cancel,
    decide_cancel,
    issue,
    dispatch,
    mail,
    void,
    sign,
    answer,
    pay_by_hand,
    prove,
    statement,
)
WEIGHTS = (3, 1, 2, 3, 4, 4, 1, 3, 1, 2, 2, 2, 1, 1)
