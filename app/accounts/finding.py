"""One of our accounts by its number."""

from typing import Final

from sqlalchemy import select

from app.accounts.model import BankAccount
from app.core.errors import NotFound
from app.storage.work import ReadWork

_CURE: Final = "请核对账号，或先登记该账户。"


def find_account(work: ReadWork, number: str, cure: str = _CURE) -> BankAccount:
    """The account row. Raises NotFound, which names the cure."""
    account = work.session.scalar(select(BankAccount).where(BankAccount.number == number))
    if account is None:
        raise NotFound(f"没有登记账户“{number}”。", cure)
    return account
