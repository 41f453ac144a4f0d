"""What a try of the demo company sent, as the trail keeps it."""

from collections.abc import Mapping
from typing import Any

from app.core.money import Money
from app.payments.editing import PaymentFields, as_values


def values_of(row: Mapping[str, Any], account_number: str) -> dict[str, Any]:
    """The content of a payment that is not stored yet: its columns, and the account that pays."""
    own = {name: row[name] for name in PaymentFields.__dataclass_fields__ if name in row}
    return as_values(
        PaymentFields(
            account_number=account_number,
            amount=Money(row["amount_minor"], row.get("currency", "CNY")),
            **own,
        )
    )
