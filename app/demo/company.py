"""The demo company itself: its people, accounts, payees, and the state of its money and channels."""

import csv
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from sqlalchemy import select

from app.access.founding import Found, found_in
from app.access.model import RoleGrant, User
from app.access.people import add_grant, new_user
from app.access.rights import Role
from app.accounts.model import Channel, MaintenanceWindow
from app.accounts.rules import AccountKind
from app.accounts.service import AddAccount, add_default_channels, new_account
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.cnaps import bank_codes
from app.core.money import Money
from app.core.names import normalise_name, pinyin_full, pinyin_initials
from app.core.shipped import data_file
from app.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from app.demo.days import Days
from app.demo.sheet import Sheet
from app.payees.model import Payee, PayeeAccount
from app.storage.work import UnitOfWork

COMPANY: Final = "华东精工制造有限公司"
DATASET: Final = "演示账套"
BUILDING: Final = "演示账套（建立中）"
ICBC, CCB, CMB, ABC = (
    "1001234509200678901",
    "31050161393600000186",
    "121908765410203",
    "03392600040012345",
)
_ROLES: Final[dict[str, tuple[Role, ...]]] = {
    "clerk": (Role.MAKER, Role.CASHIER),
    "checker": (Role.ACCOUNTANT, Role.CHECKER),
    "supervisor": (Role.SUPERVISOR,),
    "cfo": (Role.CFO,),
    "gm": (Role.GM,),
    "auditor": (Role.AUDITOR,),
    "maker2": (Role.MAKER,),
    "hejing": (Role.MAKER,),
    "wugang": (Role.MAKER,),
    "zhengkai": (Role.MAKER,),
}
# Makers whose rights, account or sign-in changed after they had made payments.
LEFT, DISABLED, LOCKED = "wugang", "zhengkai", "hejing"
_OTHERS: Final = {"maker2": "张磊", LOCKED: "何静", LEFT: "吴刚", DISABLED: "郑凯"}
_LEFT_AGO, _DISABLED_AGO = 12, 9


@dataclass
class Firm:
    """Ids of what was founded, by username, account number and payee name."""

    users: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    payees: dict[str, "KnownPayee"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownPayee:
    """A payee of the shipped list; typical: yuan of an ordinary payment."""

    id: int
    name: str
    kind: str
    account: str
    bank: str
    cnaps: str
    city: str
    goods: str
    typical: int
    phone: str = ""
    contact: str = ""


def found_demo(uow: UnitOfWork, days: Days) -> Firm:
    """The company with its people, accounts and channels, as on its first day."""
    admin = next(one for one in DEMO_ACCOUNTS if one.username == "admin")
    found_in(
        uow, Found(COMPANY, BUILDING, True, admin.username, admin.name, DEMO_PASSWORD, _CREDIT_CODE)
    )
    add_default_channels(uow)
    firm = Firm()
    for command in _accounts():
        firm.accounts[command.number] = new_account(uow, command).id
        record(
            uow,
            SYSTEM_ACTOR,
            Event("account.added", f"account:{command.number}", after={"branch": command.branch}),
        )
    _people(uow, firm)
    _change_people(uow, firm, days)
    _set_channels(uow, days)
    return firm


def put_payees(sheet: Sheet, firm: Firm, since: datetime) -> None:
    """The shipped payees, each with one account that was called back."""
    banks = {code.code: code for code in bank_codes()}
    for row in _shipped_payees():
        bank = banks[row["cnaps"]]
        payee_id = sheet.add(
            Payee,
            **search_columns(row["name"]),
            kind=row["kind"],
            phone=row["phone"],
            contact=row["contact"],
            created_at=since,
        )
        sheet.add(
            PayeeAccount,
            payee_id=payee_id,
            number=row["account"],
            bank=bank.name,
            cnaps=bank.code,
            city=bank.city,
            confirmed=True,
            since=since,
        )
        firm.payees[row["name"]] = KnownPayee(
            payee_id,
            row["name"],
            row["kind"],
            row["account"],
            bank.name,
            bank.code,
            bank.city,
            row["goods"],
            int(row["typical"]),
            row["phone"],
            row["contact"],
        )


def search_columns(name: str) -> dict[str, str]:
    """A payee's name in all its searchable forms."""
    return {
        "name": name,
        "normal_name": normalise_name(name),
        "pinyin": pinyin_full(name),
        "initials": pinyin_initials(name),
    }


@cache
def _shipped_payees() -> tuple[dict[str, str], ...]:
    with data_file("demo_payees.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


_CREDIT_CODE: Final = "91310115MA1H7DEM5N"


def _accounts() -> tuple[AddAccount, ...]:
    kinds = AccountKind
    lines = (
        (ICBC, "中国工商银行", "中国工商银行上海张江支行", kinds.BASIC, "102290090011", "500000"),
        (CCB, "中国建设银行", "中国建设银行上海浦东分行", kinds.GENERAL, "105290090023", "20000"),
        (CMB, "招商银行", "招商银行上海陆家嘴支行", kinds.GENERAL, "308290090031", "200000"),
        (ABC, "中国农业银行", "中国农业银行上海金桥支行", kinds.SPECIAL, "103290090049", "0"),
    )
    limits = {CCB: ("500000", "1000000"), CMB: ("1000000", None)}
    channels = {ICBC: "HVPS", CCB: "BEPS", CMB: "BEPS", ABC: "EBANK"}
    return tuple(
        AddAccount(
            number=number,
            name=COMPANY,
            bank=bank,
            branch=branch,
            kind=kind,
            cnaps=cnaps,
            reserve=Money.parse(reserve),
            single_limit=_yuan(limits.get(number, (None, None))[0]),
            daily_limit=_yuan(limits.get(number, (None, None))[1]),
            default_channel=channels[number],
        )
        for number, bank, branch, kind, cnaps, reserve in lines
    )


def _yuan(text: str | None) -> Money | None:
    return None if text is None else Money.parse(text)


def _people(uow: UnitOfWork, firm: Firm) -> None:
    names = {one.username: one.name for one in DEMO_ACCOUNTS} | _OTHERS
    for username, roles in _ROLES.items():
        user = new_user(uow, username, names[username], DEMO_PASSWORD)
        for role in roles:
            add_grant(uow, user, role, uow.today, None, "admin 刘洋", "演示公司建账")
        record(
            uow,
            "admin 刘洋",
            Event("user.added", f"user:{username}", after={"name": user.name, "roles": [*roles]}),
        )
    for user in uow.session.scalars(select(User)):
        firm.users[user.username] = user.id
        firm.labels[user.username] = user.label


def _change_people(uow: UnitOfWork, firm: Firm, days: Days) -> None:
    """One maker changed posts, one left the company, one is locked out today."""
    for grant in uow.session.scalars(
        select(RoleGrant).where(RoleGrant.user_id == firm.users[LEFT])
    ):
        grant.ended_at = days.at(days.ago(_LEFT_AGO), 17, 30)
        grant.ended_by = firm.labels["admin"]
        grant.end_cause = "调往采购部，不再经办付款"
    uow.session.get_one(User, firm.users[DISABLED]).active = False
    locked = uow.session.get_one(User, firm.users[LOCKED])
    locked.failed_count = 12
    locked.locked_until = days.at(days.today, 0) + timedelta(days=1)
    uow.session.flush()


def people_events(firm: Firm, days: Days) -> list[tuple[datetime, str, Event]]:
    """What the trail says of those changes."""
    admin = firm.labels["admin"]
    return [
        (
            days.at(days.ago(_LEFT_AGO), 17, 30),
            admin,
            Event(
                "right.changed",
                f"user:{LEFT}",
                before={"roles": [Role.MAKER]},
                after={"roles": []},
                reason="调往采购部，不再经办付款",
            ),
        ),
        (
            days.at(days.ago(_DISABLED_AGO), 9, 5),
            admin,
            Event(
                "user.disabled",
                f"user:{DISABLED}",
                before={"active": True},
                after={"active": False},
                reason="离职",
            ),
        ),
    ]


def _set_channels(uow: UnitOfWork, days: Days) -> None:
    channels = {row.code: row for row in uow.session.scalars(select(Channel))}
    down = channels["DIRECT"]
    down.up, down.state_note = False, "前置机与银行通讯中断，工行、招行均无回执，已报修"
    down.state_since = days.at(days.ago(1), 10, 20)
    for code, ahead in (("EBANK", 12), ("HVPS", 300), ("BEPS", 300), ("IBPS", 300)):
        channels[code].certificate_until = days.today + timedelta(days=ahead)
    tomorrow = days.today + timedelta(days=1)
    uow.session.add(
        MaintenanceWindow(
            channel_code="BEPS",
            starts_at=days.at(tomorrow, 23, 0),
            ends_at=days.at(tomorrow, 23, 0) + timedelta(hours=6),
            note="人民银行小额系统例行升级",
        )
    )
    uow.session.flush()
