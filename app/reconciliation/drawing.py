"""Drawing up a 余额调节表 from the rows as they are: balances, open items, where to look."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from app.access.model import Company
from app.accounts.model import BankAccount
from app.core.errors import BadInput
from app.reconciliation.balancing import (
    Figures,
    Member,
    OpenItem,
    hints,
    open_members,
    sums_of,
)
from app.reconciliation.coverage import Balance, bank_balance, book_balance, start_of
from app.reconciliation.keys import carried_key, journal_key, line_key
from app.reconciliation.leftovers import kind_of
from app.reconciliation.model import CarriedItem, JournalLine, MatchGroup, MatchMember
from app.reconciliation.states import CarriedSide, GroupState, Part, Side
from app.statements.model import BankLine
from app.storage.work import ReadWork


@dataclass(frozen=True, slots=True)
class Given:
    """Balances that a person states, in minor units; None: as the files tell."""

    bank: int | None = None
    book: int | None = None


NOTHING_GIVEN: Final = Given()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table as it is now."""

    company: str
    bank: str
    account: str
    currency: str
    on: date
    start: date
    given: Given
    figures: Figures
    items: tuple[OpenItem, ...]
    hints: tuple[str, ...]


def draw(work: ReadWork, account: BankAccount, on: date, given: Given) -> Drawn:
    """The table of an account at the end of a day.

    Raises BadInput where statement or journal is missing, or a balance is known from neither file
    nor person.
    """
    start = start_of(work, account.id)
    if start is None or start > on:
        raise BadInput(
            f"{account.number} 到 {on} 还没有同时导入银行流水和日记账。",
            "请先在“对账”导入该账户的银行流水和银行存款日记账。",
        )
    bank, book = bank_balance(work, account.id, on), book_balance(work, account.id, on)
    items = _items(work, account.id, start, on)
    figures = Figures(
        _known(bank, given.bank, "银行对账单"), _known(book, given.book, "日记账"), sums_of(items)
    )
    where = hints(
        figures, items, _opening_gap(work, account.id, start), (bank.covered, book.covered), on
    )
    return Drawn(
        work.session.scalars(select(Company.name)).one(),
        account.bank,
        account.number,
        account.currency,
        on,
        start,
        given,
        figures,
        tuple(items),
        tuple(where),
    )


def _known(found: Balance, given: int | None, what: str) -> int:
    minor = found.minor if given is None else given
    if minor is None:
        raise BadInput(
            f"导入的{what}没有可以证明的余额。", f"请按{what}原件手工填写余额，或导入带余额的文件。"
        )
    return minor


def _opening_gap(work: ReadWork, account_id: int, start: date) -> int | None:
    """The books' balance less the bank's before the first common day, less what was carried."""
    before = date.fromordinal(start.toordinal() - 1)
    bank, book = bank_balance(work, account_id, before), book_balance(work, account_id, before)
    if bank.minor is None or book.minor is None:
        return None
    carried = work.session.scalars(
        select(CarriedItem).where(
            CarriedItem.account_id == account_id, CarriedItem.withdrawn_at.is_(None)
        )
    )
    signed = (
        one.amount_minor if one.side == CarriedSide.BANK else -one.amount_minor for one in carried
    )
    return book.minor - bank.minor + sum(signed)


def _items(work: ReadWork, account_id: int, start: date, on: date) -> list[OpenItem]:
    """Everything that one side had booked by that day and the other had not."""
    found = [
        *_free_lines(work, account_id, start, on),
        *_free_journal(work, account_id, start, on),
        *_free_carried(work, account_id, on),
        *_half_settled(work, account_id, on),
    ]
    return sorted(found, key=lambda one: (one.kind, one.on, one.key))


def _free_lines(work: ReadWork, account_id: int, start: date, on: date) -> list[OpenItem]:
    matched = select(MatchMember.line_id).where(
        MatchMember.account_id == account_id,
        MatchMember.side == Side.BOOKS,
        MatchMember.live,
        MatchMember.line_id.is_not(None),
    )
    rows = work.session.scalars(
        select(BankLine).where(
            BankLine.account_id == account_id,
            BankLine.booked_on >= start,
            BankLine.booked_on <= on,
            BankLine.amount_minor != 0,
            BankLine.id.not_in(matched),
        )
    )
    return [_of_line(row) for row in rows]


def _free_journal(work: ReadWork, account_id: int, start: date, on: date) -> list[OpenItem]:
    matched = select(MatchMember.journal_id).where(
        MatchMember.account_id == account_id,
        MatchMember.side == Side.BOOKS,
        MatchMember.live,
        MatchMember.journal_id.is_not(None),
    )
    rows = work.session.scalars(
        select(JournalLine).where(
            JournalLine.account_id == account_id,
            JournalLine.booked_on >= start,
            JournalLine.booked_on <= on,
            JournalLine.amount_minor != 0,
            JournalLine.id.not_in(matched),
        )
    )
    return [_of_journal(row) for row in rows]


def _free_carried(work: ReadWork, account_id: int, on: date) -> list[OpenItem]:
    matched = select(MatchMember.carried_id).where(
        MatchMember.side == Side.BOOKS, MatchMember.live, MatchMember.carried_id.is_not(None)
    )
    rows = work.session.scalars(
        select(CarriedItem).where(
            CarriedItem.account_id == account_id,
            CarriedItem.withdrawn_at.is_(None),
            CarriedItem.booked_on <= on,
            CarriedItem.id.not_in(matched),
        )
    )
    return [_of_carried(row) for row in rows]


def _half_settled(work: ReadWork, account_id: int, on: date) -> list[OpenItem]:
    """What of the matches was open on that day: what the other side booked only later."""
    later = select(MatchMember.match_id).where(
        MatchMember.account_id == account_id,
        MatchMember.side == Side.BOOKS,
        MatchMember.live,
        MatchMember.booked_on > on,
    )
    rows = work.session.scalars(
        select(MatchMember)
        .join(MatchGroup, MatchGroup.id == MatchMember.match_id)
        .where(MatchMember.match_id.in_(later), MatchGroup.state == GroupState.LIVE)
        .order_by(MatchMember.id)
    )
    groups: dict[int, list[Member]] = {}
    behind: dict[str, MatchMember] = {}
    for row in rows:
        one = Member(row.item, row.part == Part.BANK, row.booked_on, row.amount_minor)
        groups.setdefault(row.match_id, []).append(one)
        behind[row.item] = row
    return [_of_member(work, behind[one.key]) for one in open_members(groups.values(), on)]


def _of_member(work: ReadWork, row: MatchMember) -> OpenItem:
    if row.line_id is not None:
        return _of_line(work.session.get_one(BankLine, row.line_id))
    if row.journal_id is not None:
        return _of_journal(work.session.get_one(JournalLine, row.journal_id))
    return _of_carried(work.session.get_one(CarriedItem, row.carried_id))


def _of_line(row: BankLine) -> OpenItem:
    return OpenItem(
        kind_of(bank=True, minor=row.amount_minor),
        line_key(row.id),
        row.booked_on,
        row.amount_minor,
        row.name,
        row.text,
        row.reference,
    )


def _of_journal(row: JournalLine) -> OpenItem:
    return OpenItem(
        kind_of(bank=False, minor=row.amount_minor),
        journal_key(row.id),
        row.booked_on,
        row.amount_minor,
        row.name,
        row.text,
        row.voucher,
    )


def _of_carried(row: CarriedItem) -> OpenItem:
    return OpenItem(
        kind_of(bank=row.side == CarriedSide.BANK, minor=row.amount_minor),
        carried_key(row.id),
        row.booked_on,
        row.amount_minor,
        row.name,
        row.text,
        row.reference,
    )
