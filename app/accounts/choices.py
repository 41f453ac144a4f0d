"""What a person chooses from: the accounts that pay, and the ways to the bank."""

from dataclasses import dataclass

from sqlalchemy import select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.accounts.model import BankAccount, Channel
from app.accounts.rules import ACCOUNT_STATUS_LABELS, AccountStatus
from app.storage.work import Database


@dataclass(frozen=True, slots=True)
class AccountChoice:
    number: str
    name: str
    bank: str
    branch: str
    currency: str
    default_channel: str
    status: AccountStatus

    @property
    def label(self) -> str:
        """Bank and whole number; the status where it is not normal."""
        usual = self.status is AccountStatus.NORMAL
        return f"{self.bank} {self.number}" + (
            "" if usual else f"（{ACCOUNT_STATUS_LABELS[self.status]}）"
        )


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    code: str
    name: str
    up: bool

    @property
    def label(self) -> str:
        return self.name if self.up else f"{self.name}（中断）"


@dataclass(frozen=True, slots=True)
class PayingChoices:
    accounts: tuple[AccountChoice, ...]
    channels: tuple[ChannelChoice, ...]

    def channel_name(self, code: str) -> str:
        """The channel as people call it; its code when nobody registered it."""
        return next((one.name for one in self.channels if one.code == code), code)


def paying_choices(db: Database, actor: Actor) -> PayingChoices:
    """Every account by bank and number, every channel by priority. Raises Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        accounts = work.session.scalars(
            select(BankAccount).order_by(BankAccount.bank, BankAccount.number)
        )
        channels = work.session.scalars(select(Channel).order_by(Channel.priority, Channel.code))
        return PayingChoices(
            tuple(
                AccountChoice(
                    row.number,
                    row.name,
                    row.bank,
                    row.branch,
                    row.currency,
                    row.default_channel,
                    AccountStatus(row.status),
                )
                for row in accounts
            ),
            tuple(ChannelChoice(row.code, row.name, row.up) for row in channels),
        )
