"""The register of payees: found by name, made when first paid."""

from sqlalchemy import select

from app.core.names import normalise_name, pinyin_full, pinyin_initials
from app.payees.model import Payee, PayeeAccount
from app.storage.work import ReadWork, UnitOfWork

_PINYIN_WIDTH = 400
_INITIALS_WIDTH = 120


def find_payee(work: ReadWork, name: str) -> Payee | None:
    """The payee of that name, brackets, width and spaces aside."""
    return work.session.scalar(select(Payee).where(Payee.normal_name == normalise_name(name)))


def payee_for(uow: UnitOfWork, name: str, kind: str = "COMPANY") -> Payee:
    """The payee of that name, newly registered when it was never paid before."""
    found = find_payee(uow, name)
    if found is not None:
        return found
    payee = new_payee(name, kind)
    payee.created_at = uow.now
    uow.session.add(payee)
    uow.session.flush()
    return payee


def new_payee(name: str, kind: str) -> Payee:
    """A payee row with its search columns; not yet added."""
    return Payee(
        name=name.strip(),
        normal_name=normalise_name(name),
        pinyin=pinyin_full(name)[:_PINYIN_WIDTH],
        initials=pinyin_initials(name)[:_INITIALS_WIDTH],
        kind=kind,
    )


def know_account(
    uow: UnitOfWork, payee: Payee, number: str, bank: str, cnaps: str, confirmed: bool
) -> PayeeAccount:
    """The payee's account of that number, registered when it is new.

    Confirming ends a doubt; to know an account without confirming it changes nothing of either.
    """
    row = known_account(uow, payee.id, number)
    if row is None:
        row = PayeeAccount(payee_id=payee.id, number=number, since=uow.now)
        uow.session.add(row)
    row.bank, row.cnaps = bank or row.bank or "", cnaps or row.cnaps or ""
    if confirmed:
        row.confirmed, row.doubted_at = True, None
    uow.session.flush()
    return row


def doubt_account(uow: UnitOfWork, payee_id: int, number: str) -> None:
    """Take back that an account is confirmed: it must be called back before it counts again."""
    row = known_account(uow, payee_id, number)
    if row is None:
        row = PayeeAccount(payee_id=payee_id, number=number, since=uow.now)
        uow.session.add(row)
    row.confirmed, row.doubted_at = False, uow.now
    uow.session.flush()


def known_account(work: ReadWork, payee_id: int, number: str) -> PayeeAccount | None:
    """The payee's account of that number, if it is known."""
    return work.session.scalar(
        select(PayeeAccount).where(PayeeAccount.payee_id == payee_id, PayeeAccount.number == number)
    )
