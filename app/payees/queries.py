"""Looking payees up while somebody types."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.payees.model import Payee, PayeeAccount
from app.storage.work import Database, ReadWork

MOST: Final = 12


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account of a payee. confirmed: called back on a known number, or paid before."""

    number: str
    bank: str
    cnaps: str
    city: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class KnownPayee:
    """A registered payee; confirmed accounts come first."""

    id: int
    name: str
    kind: str
    accounts: tuple[KnownAccount, ...]


def search_payees(db: Database, actor: Actor, text: str, limit: int = MOST) -> list[KnownPayee]:
    """Payees whose name or pinyin holds the text, by name; none for an empty text. Raises Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        name, letters = text.strip(), text.lower().replace(" ", "")
        if not name:
            return []
        rows = work.session.scalars(
            select(Payee)
            .where(
                Payee.active,
                or_(
                    Payee.name.contains(name, autoescape=True),
                    Payee.pinyin.startswith(letters, autoescape=True),
                    Payee.initials.contains(letters, autoescape=True),
                ),
            )
            .order_by(Payee.name)
            .limit(limit)
        ).all()
        return _with_accounts(work, rows)


def _with_accounts(work: ReadWork, payees: Sequence[Payee]) -> list[KnownPayee]:
    found: dict[int, list[KnownAccount]] = defaultdict(list)
    rows = work.session.scalars(
        select(PayeeAccount)
        .where(PayeeAccount.payee_id.in_([payee.id for payee in payees]))
        .order_by(PayeeAccount.confirmed.desc(), PayeeAccount.since.desc())
    )
    for row in rows:
        found[row.payee_id].append(
            KnownAccount(row.number, row.bank, row.cnaps, row.city, row.confirmed)
        )
    return [KnownPayee(one.id, one.name, one.kind, tuple(found[one.id])) for one in payees]
