"""Acts done one after another until the process kills itself at a chosen point of one of them."""

import multiprocessing
import os
import signal
from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy import event, select

from app.access import drafts
from app.access.approvals import ApprovalKind, Decision, RequestState, Verdict
from app.access.guard import Actor
from app.access.model import ApprovalRequest, User
from app.accounts import service as accounts
from app.accounts.model import BankAccount
from app.core.codes import HoldCause
from app.core.errors import Refused
from app.core.money import Money
from app.payees.changes import AskChange, ChangeState, ConfirmChange, ask
from app.payees.contacts import ContactSource, RegisterContact, register_contact
from app.payees.model import Payee, PayeeChange
from app.payments import (
    answers,
    corrections,
    diagnosing,
    dry_runs,
    editing,
    gate,
    holds,
    importing,
    resume_request,
    resuming,
    sending,
)
from app.payments.diagnosis.facts import SystemFacts
from app.payments.editing import PaymentFields
from app.payments.model import Attempt, Hold, Payment
from app.payments.payee_cure import confirm_change
from app.payments.states import STOPPED_STATUSES, HoldScope, HoldState, Stage, Status
from app.payments.verification import Tick, items
from app.storage.engine import connect, parse_url
from app.storage.work import Database

SOUND = SystemFacts()
PAYEES = ("上海华峰机械有限公司", "杭州明远材料有限公司", "苏州远达电子有限公司")
WAIVED = ("duplicate.same", "permissions.lost", "payee.changed")
PHONE = "021-50001234"
HEADER = "收款单位,收款账号,开户行,金额,付款日期,付款账号\n"


@dataclass(frozen=True)
class Desk:
    """What an act works with."""

    db: Database
    who: dict[str, Actor]
    rng: Random
    folder: object

    def one(self, *conditions):
        with self.db.read() as work:
            rows = work.session.scalars(select(Payment).where(*conditions)).all()
        return self.rng.choice(rows) if rows else None


def create(desk):
    with desk.db.read() as work:
        account = work.session.scalar(select(BankAccount.number))
    editing.create(
        desk.db,
        desk.who["clerk"],
        PaymentFields(
            account_number=account,
            payee_name=desk.rng.choice(PAYEES),
            payee_account=f"3105016139360000{desk.rng.randrange(10_000):04d}",
            amount=Money(desk.rng.randrange(1, 9_000_000)),
            due_on=date(2026, 3, 2),
            channel="EBANK",
            payee_bank="建设银行张江支行",
            invoice_no=f"FP-{desk.rng.randrange(10**9)}",
        ),
    )


def bring(desk):
    with desk.db.read() as work:
        account = work.session.scalar(select(BankAccount.number))
    path = desk.folder / "付款.csv"
    rows = [
        f"{desk.rng.choice(PAYEES)},3105016139360000{n:04d},建行,{desk.rng.randrange(1, 90_000)},"
        f"2026-03-02,{account}\n"
        for n in range(5)
    ]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    importing.take_in(desk.db, desk.who["clerk"], importing.look(desk.db, desk.who["clerk"], path))


def edit(desk):
    payment = desk.one(Payment.stage.in_((Stage.DRAFT, Stage.READY, Stage.PENDING_REVIEW)))
    if payment:
        with desk.db.read() as work:
            fields = editing.fields_of(work, payment)
        from dataclasses import replace

        fresh = replace(fields, amount=Money(desk.rng.randrange(1, 9_000_000)))
        editing.edit(desk.db, desk.who["clerk"], payment.number, fresh, "改", payment.version)


def submit(desk):
    payment = desk.one(Payment.status == Status.DRAFT)
    if payment:
        editing.submit(desk.db, desk.who["clerk"], payment.number, payment.version)


def void(desk):
    payment = desk.one(Payment.status == Status.DRAFT)
    if payment and desk.rng.random() < 0.3:
        editing.void_payment(desk.db, desk.who["clerk"], payment.number, "作废", payment.version)


def stop(desk):
    payment = desk.one(Payment.status.in_((Status.DRAFT, Status.READY)))
    if payment:
        holds.place(
            desk.db,
            desk.who["checker"],
            holds.PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.OTHER, "待查"),
        )


def pause(desk):
    payment = desk.one(Payment.id > 0)
    scope = desk.rng.choice([HoldScope.PAYEE, HoldScope.COMPANY])
    if payment and desk.rng.random() < 0.1:
        holds.place(
            desk.db,
            desk.who["supervisor"],
            holds.PlaceHold(scope, str(payment.payee_id), HoldCause.OTHER, "盘点"),
        )


def ask_lift(desk):
    with desk.db.read() as work:
        hold = work.session.scalar(
            select(Hold).where(Hold.state == HoldState.OPEN, Hold.scope != HoldScope.PAYMENT)
        )
    if hold:
        holds.request_lift(desk.db, desk.who["clerk"], hold.number, "已查清", hold.version)


def decide(desk):
    """Decide on whatever waits, with whoever may."""
    with desk.db.read() as work:
        rows = work.session.scalars(
            select(ApprovalRequest).where(ApprovalRequest.state == RequestState.OPEN)
        ).all()
    if not rows:
        return
    row = desk.rng.choice(rows)
    decision = Decision.APPROVE if desk.rng.random() < 0.85 else Decision.RETURN
    verdict = Verdict(row.id, decision, "意见", row.version)
    acts = {
        ApprovalKind.PAYMENT: lambda who: editing.decide(desk.db, who, verdict),
        ApprovalKind.RESUME: lambda who: resuming.decide(desk.db, who, verdict, SOUND),
        ApprovalKind.HOLD_LIFT: lambda who: holds.decide_lift(desk.db, who, verdict),
        ApprovalKind.RESULT_CORRECTION: lambda who: corrections.decide_correction(
            desk.db, who, verdict
        ),
    }
    first = 1 if row.kind == ApprovalKind.RESULT_CORRECTION else 0
    who = ("checker", "supervisor", "cfo", "gm")[min(row.position + first, 3)]
    if row.kind == ApprovalKind.HOLD_LIFT:
        who = "gm"
    acts[ApprovalKind(row.kind)](desk.who[who])


def diagnose(desk):
    payment = desk.one(Payment.id > 0)
    if payment:
        diagnosing.run(desk.db, desk.who["clerk"], SOUND, [payment.number])


def ask_resume(desk):
    payment = desk.one(Payment.status.in_((*STOPPED_STATUSES, Status.FAILED, Status.RETURNED)))
    if not payment:
        return
    with desk.db.read() as work:
        row = editing.find_payment(work, payment.number)
        facts = dry_runs.facts_of(work, row, SOUND)
    found = [passage for passage in gate.walk(facts, {}) if not passage.ok]
    resuming.request(
        desk.db,
        desk.who["clerk"],
        resume_request.RequestResume(
            payment.number,
            payment.version,
            tuple(Tick(item.code, item.ours, True) for item in items(facts)),
            "已查清",
            "已核对",
            date(2026, 3, 2),
            waivers={p.code: "不同批次，已交接" for p in found if p.code in WAIVED},
        ),
        SOUND,
    )


def send(desk):
    payment = desk.one(Payment.status == Status.READY)
    if payment:
        sending.write_attempt(desk.db, desk.who["clerk"], payment.number, payment.version, SOUND)


def answer(desk):
    payment = desk.one(Payment.stage.in_((Stage.SUBMITTED, Stage.BANK_PROCESSING)))
    if payment:
        code, text = desk.rng.choice([("7", "处理成功"), ("6", "账号户名不符"), ("", "通讯超时")])
        answers.record_answer(
            desk.db, desk.who["clerk"], answers.BankAnswer(payment.number, code, text)
        )


def check(desk):
    payment = desk.one(Payment.stage == Stage.UNKNOWN)
    if payment:
        result = desk.rng.choice(list(answers.CheckResult))
        answers.record_check(
            desk.db,
            desk.who["clerk"],
            answers.RecordCheck(payment.number, result, "李经理", desk.db.clock.now(), "回单"),
        )


def late(desk):
    """The bank says of a failed try that it was debited after all; only while it is the only one."""
    with desk.db.read() as work:
        rows = work.session.scalars(select(Attempt).where(Attempt.state == "FAILED")).all()
        alone = [
            row
            for row in rows
            if not work.session.scalar(
                select(Attempt.id).where(
                    Attempt.payment_id == row.payment_id, Attempt.state != "FAILED"
                )
            )
        ]
        if not alone or desk.rng.random() < 0.7:
            return
        row = desk.rng.choice(alone)
        number = work.session.get_one(Payment, row.payment_id).number
    answers.record_check(
        desk.db,
        desk.who["clerk"],
        answers.RecordCheck(
            number, answers.CheckResult.DEBITED, "李经理", desk.db.clock.now(), "回单", row.ordinal
        ),
    )


def correct(desk):
    payment = desk.one(Payment.stage == Stage.EXECUTED)
    if payment and desk.rng.random() < 0.3:
        corrections.request_correction(desk.db, desk.who["clerk"], payment.number, "银行证明")


def ask_payee(desk):
    payment = desk.one(Payment.status.in_(STOPPED_STATUSES))
    if payment:
        _with_phone(desk, payment.payee_id)
        before = {
            "name": payment.payee_name,
            "account": payment.payee_account,
            "bank": payment.payee_bank,
            "cnaps": payment.payee_cnaps,
        }
        after = {**before, "account": f"3305016139360000{desk.rng.randrange(10_000):04d}"}
        ask(
            desk.db,
            desk.who["clerk"],
            AskChange(payment.payee_id, before, after, "换户", payment.number),
        )


def _with_phone(desk, payee_id):
    """A call-back takes a number that was known before the change was asked for."""
    with desk.db.read() as work:
        payee = work.session.get_one(Payee, payee_id)
    if payee.phone:
        return
    source = ContactSource.CONTRACT
    command = RegisterContact(payee_id, PHONE, "刘会计", source, "合同第 12 条", payee.version)
    register_contact(desk.db, desk.who["supervisor"], command)


def confirm_payee(desk):
    with desk.db.read() as work:
        change = work.session.scalar(
            select(PayeeChange).where(PayeeChange.state == ChangeState.ASKED)
        )
    if change:
        confirm_change(
            desk.db,
            desk.who["checker"],
            ConfirmChange(change.number, PHONE, "刘会计", desk.rng.random() < 0.8, "核实"),
        )


def balance(desk):
    with desk.db.read() as work:
        account = work.session.scalar(select(BankAccount.number))
    accounts.record_balance(
        desk.db,
        desk.who["clerk"],
        accounts.RecordBalance(
            account, Money(desk.rng.randrange(10**9)), Money(0), desk.db.clock.now(), "网银"
        ),
    )


def draft(desk):
    payment = desk.one(Payment.id > 0)
    if payment:
        drafts.save_draft(
            desk.db,
            desk.who["clerk"],
            "resume",
            payment.number,
            desk.rng.choice(["verify", "cure", "request"]),
            {"n": desk.rng.randrange(9)},
        )


ACTS = (
    create,
    bring,
    edit,
    submit,
    void,
    stop,
    pause,
    ask_lift,
    decide,
    diagnose,
    ask_resume,
    send,
    answer,
    check,
    late,
    correct,
    ask_payee,
    confirm_payee,
    balance,
    draft,
)
# The later steps of the way come up more often, since they need the earlier ones.
WEIGHTS = (2, 1, 1, 3, 1, 1, 1, 3, 12, 2, 3, 8, 6, 2, 1, 1, 1, 1, 1, 1)


def live(url, actors, clock, seed, target, points, folder, acts=ACTS, weights=WEIGHTS):
    """Act, and die in the middle of the target act after so many of its points.

    A point lies before and after each statement and before each commit.
    """
    rng = Random(seed)
    db = Database(connect(parse_url(url)), clock, "财务一号机")
    desk = Desk(db, actors, rng, folder)
    left = _Countdown(db, points)
    while True:
        [act] = rng.choices((*acts, target), (*weights, sum(weights)))
        left.running = act is target
        try:
            act(desk)
        except Refused:
            # A refusal is an answer; the next act goes on.
            continue


def die_in(target, points, seed, url, actors, clock, folder, acts=ACTS, weights=WEIGHTS):
    """Live in a process of its own until it kills itself in the middle of that act."""
    worker = multiprocessing.get_context("fork").Process(
        target=live, args=(url, actors, clock, seed, target, points, folder, acts, weights)
    )
    worker.start()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL, f"died by itself in {target.__name__}"


def carry_on(db, actors, seed, rounds, folder, acts=ACTS, weights=WEIGHTS):
    """Act on undisturbed, as the company does on the day after."""
    rng = Random(seed)
    desk = Desk(db, actors, rng, folder)
    for _ in range(rounds):
        [act] = rng.choices(acts, weights)
        try:
            act(desk)
        except Refused:
            continue


class _Countdown:
    """Counts the points of the target act, and kills the process at the last of them."""

    def __init__(self, db, points):
        self.running = False
        self._left = points
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(db.engine, name, self._point)

    def _point(self, *_args):
        if not self.running:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def actors_of(db):
    """The people of the company by user name, each with their newest sign-in."""
    from app.access.model import SignIn

    with db.read() as work:
        users = work.session.scalars(select(User)).all()
        found = {}
        for user in users:
            sign_in = work.session.scalar(
                select(SignIn.id).where(SignIn.user_id == user.id).order_by(SignIn.id.desc())
            )
            if sign_in:
                found[user.username] = Actor(user.id, sign_in, user.username, user.name)
    return found
