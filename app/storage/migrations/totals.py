"""Triggers by which the database itself keeps count and sum of payments by shown status.

The tabs of a million payments then cost a dozen rows to read, whichever way a payment changed.
"""

from typing import Final

from sqlalchemy import Connection

# Rows that follow from others: never copied, since copying the others makes them again.
DERIVED: Final = frozenset({"payment_total"})

_ADD: Final = (
    "INSERT INTO payment_total (status, currency, payments, amount_minor) "
    "VALUES (NEW.status, NEW.currency, 1, NEW.amount_minor) "
    "ON CONFLICT (status, currency) DO UPDATE SET payments = payment_total.payments + 1, "
    "amount_minor = payment_total.amount_minor + excluded.amount_minor;"
)
_TAKE: Final = (
    "UPDATE payment_total SET payments = payments - 1, "
    "amount_minor = amount_minor - OLD.amount_minor "
    "WHERE status = OLD.status AND currency = OLD.currency;"
)
_STEPS: Final = {"INSERT": _ADD, "UPDATE": _TAKE + " " + _ADD, "DELETE": _TAKE}
_CHANGED: Final = (
    "NEW.status <> OLD.status OR NEW.currency <> OLD.currency "
    "OR NEW.amount_minor <> OLD.amount_minor"
)


def install(connection: Connection) -> None:
    """Put the triggers on the payments, replacing those of an earlier time."""
    remove(connection)
    for act, steps in _STEPS.items():
        name = _name(act)
        when = f"WHEN ({_CHANGED}) " if act == "UPDATE" else ""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} AFTER {act} ON payment {when}BEGIN {steps} END"
            )
        else:
            connection.exec_driver_sql(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$BEGIN {steps} RETURN NULL; END$$"
            )
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} AFTER {act} ON payment FOR EACH ROW {when}"
                f"EXECUTE FUNCTION {name}()"
            )


def remove(connection: Connection) -> None:
    """Take the triggers off again: for migrations down only."""
    for act in _STEPS:
        name = _name(act)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON payment")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")


def names() -> set[str]:
    """The triggers that `install` puts on the payments."""
    return {_name(act) for act in _STEPS}


def _name(act: str) -> str:
    return f"guard_payment_total_{act.lower()}"
