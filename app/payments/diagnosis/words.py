"""How evidence is worded: figures and times as a clerk reads them."""

from datetime import datetime

from app.core.clock import local_text
from app.core.money import Money
from app.payments.diagnosis.facts import Facts


def yuan(money: Money) -> str:
    """The figure with 元, or with its currency code."""
    return f"{money.display()} {'元' if money.currency == 'CNY' else money.currency}"


def when(at: datetime | None, facts: Facts) -> str:
    """The instant in the company's zone; "未知" where there is none."""
    return local_text(at, facts.tz) or "未知"
