"""A company with any number of payments, the same for the same seed on the same day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Table, func, inspect, select

from app.access.founding import Found, found_in
from app.access.model import ApprovalDecision, ApprovalRequest, Company, User
from app.access.people import add_grant, new_user
from app.access.rights import Role
from app.accounts.model import AccountBalance
from app.accounts.rules import AccountKind
from app.accounts.service import AddAccount, add_default_channels, new_account
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.clock import Clock, business_date
from app.core.cnaps import bank_codes
from app.core.errors import BadInput, Refused
from app.core.money import Money
from app.demo.days import Days
from app.demo.many_payees import ManyPayee, how_many, many_payees
from app.demo.many_payments import Cast, Mill
from app.demo.sheet import Sheet, settle_ids
from app.demo.truth import TruthFile, truth_path
from app.payees.model import Payee, PayeeAccount
from app.payments.model import Attempt, HoldCover, Payment
from app.storage.upgrade import open_database
from app.storage.work import Database, UnitOfWork

COMPANY: Final = "演练集团有限公司"
_CHUNK: Final = 20_000
_USERS: Final = (
    ("clerk", "李经办", (Role.MAKER, Role.CASHIER)),
    ("checker", "王复核", (Role.ACCOUNTANT, Role.CHECKER)),
    ("supervisor", "陈主管", (Role.SUPERVISOR,)),
    ("cfo", "赵总监", (Role.CFO,)),
    ("auditor", "孙内审", (Role.AUDITOR,)),
)
# Their indexes are made once at the end: ten times faster than keeping them row by row.
_LARGE: Final = (Payment, Attempt, HoldCover, ApprovalRequest, ApprovalDecision)
_ACCOUNTS: Final = 6


class NotEmpty(Refused):
    code = "DEMO-003"
    remedy = "请为生成的数据另选一个空的或还不存在的数据库；该数据库未作任何改动。"


@dataclass(frozen=True, slots=True)
class Generated:
    """What was made. stopped: payments under an open hold; truth: the file that tells the answers."""

    payments: int
    lines: int
    stopped: int
    truth: Path


def generate(
    url: str, *, payments: int, lines: int, seed: int, password: str, clock: Clock | None = None
) -> Generated:
    """Fill an empty or not yet existing database, all or nothing, and tell the truth beside it.

    Users: admin, clerk, checker, supervisor, cfo, auditor, all with that password. Bank statement
    lines stand in the truth file only, each with its payment, until statements can be imported.
    Raises NotEmpty, BadInput, WeakPassword.
    """
    if payments < 1 or lines < 0:
        raise BadInput("付款笔数须大于零，流水行数不能为负数。")
    db = open_database(url, clock, create=True)
    try:
        _refuse_filled(db, url)
        days = Days(business_date(db.clock.now(), db.tz), db.tz)
        chance = Random(seed)  # noqa: S311 - test data, which must be the same again
        with TruthFile(truth_path(url), seed, lines) as truth, db.write() as uow:
            cast = _found(uow, password, days, payments, chance)
            stopped = _fill(uow, cast, days, chance, payments, truth)
            after = {"payments": payments, "lines": lines, "seed": seed}
            record(uow, SYSTEM_ACTOR, Event("data.generated", "company:1", after=after))
            truth.complete(payments)
            uow.commit()
        return Generated(payments, lines, stopped, truth.path)
    finally:
        db.close()


def _refuse_filled(db: Database, url: str) -> None:
    with db.read() as work:
        company = work.session.scalar(select(Company.name))
        rows = work.session.scalar(select(func.count()).select_from(User)) or 0
    if company is not None or rows:
        raise NotEmpty(f"该数据库里已有“{company or url}”的数据，不能再生成。")


def _found(uow: UnitOfWork, password: str, days: Days, payments: int, chance: Random) -> Cast:
    now, first = uow.now, days.at(days.past[0], 8)
    # The posts must be older than the payments that were made by them.
    uow.now = first
    found_in(
        uow, Found(COMPANY, f"大数据量演练（{payments} 笔）", True, "admin", "管理员", password)
    )
    add_default_channels(uow)
    for username, name, roles in _USERS:
        user = new_user(uow, username, name, password)
        for role in roles:
            add_grant(uow, user, role, uow.today, None, SYSTEM_ACTOR, "生成演练数据")
    shown_at = days.at(days.today, 0)
    accounts = tuple(_account(uow, number, payments, shown_at) for number in range(_ACCOUNTS))
    users = {user.username: user for user in uow.session.scalars(select(User))}
    uow.now = now
    return Cast(
        {name: user.id for name, user in users.items()},
        {name: user.label for name, user in users.items()},
        accounts,
        list(many_payees(how_many(payments), chance)),
    )


def _account(uow: UnitOfWork, number: int, payments: int, shown_at: datetime) -> tuple[int, str]:
    bank = [code for code in bank_codes() if code.kind == "sample"][number]
    account = new_account(
        uow,
        AddAccount(
            number=f"6222{number:02d}0200112233{number:03d}",
            name=COMPANY,
            bank=bank.bank,
            branch=bank.name,
            kind=AccountKind.BASIC if number == 0 else AccountKind.GENERAL,
            cnaps=bank.code,
            default_channel="HVPS",
        ),
    )
    uow.session.add(
        AccountBalance(
            account_id=account.id,
            # Later than what was executed, which else would count as still in transit.
            as_of=shown_at,
            book_minor=Money.parse("50000000").minor + payments * 100_000,
            source="生成",
            recorded_by=SYSTEM_ACTOR,
            recorded_at=shown_at,
        )
    )
    uow.session.flush()
    return account.id, account.number


def _fill(
    uow: UnitOfWork, cast: Cast, days: Days, chance: Random, payments: int, truth: TruthFile
) -> int:
    """Write everything in pieces; returns how many payments a hold lies over."""
    connection = uow.session.connection()
    sheet = Sheet()
    for payee in cast.payees:
        _put_payee(sheet, payee, days)
    sheet.write(connection)
    mill = Mill(sheet, cast, days, chance, payments)
    stopped = 0
    with _without_indexes(connection):
        for place in range(payments):
            made = mill.make(place)
            stopped += bool(made.reasons)
            truth.tell(made)
            if (place + 1) % _CHUNK == 0:
                sheet.write(connection)
        mill.numbers.keep(sheet)
        sheet.write(connection)
    settle_ids(connection)
    return stopped


def _put_payee(sheet: Sheet, payee: ManyPayee, days: Days) -> None:
    since = days.at(days.past[0], 8)
    payee_id = sheet.add(
        Payee,
        name=payee.name,
        normal_name=payee.normal_name,
        pinyin=payee.pinyin,
        initials=payee.initials,
        kind=payee.kind,
        phone=payee.phone,
        contact="财务部",
        created_at=since,
    )
    sheet.add(
        PayeeAccount,
        payee_id=payee_id,
        number=payee.account,
        bank=payee.bank.name,
        cnaps=payee.bank.code,
        city=payee.bank.city,
        confirmed=True,
        since=since,
    )


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Take the large tables' indexes off while they are filled, and put all of them back."""
    indexes: list[Any] = []
    for model in _LARGE:
        there = {index["name"] for index in inspect(connection).get_indexes(model.__tablename__)}
        table = model.__table__
        assert isinstance(table, Table)
        indexes += [index for index in table.indexes if index.name in there]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)
