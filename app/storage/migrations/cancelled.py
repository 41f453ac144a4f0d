"""A trigger by which the database itself refuses an agreement as cancelled that no bank confirmed.

design.md, invariant 5: cancelled means confirmed by the bank. It looks at changes only: a restore
brings agreements back before their confirmations, and no act enters one as cancelled.
"""

from typing import Final

from sqlalchemy import Connection

_CONFIRMED: Final = (
    "EXISTS (SELECT 1 FROM confirmation c WHERE c.agreement_id = NEW.id "
    "AND c.party = 'BANK' AND c.outcome = 'TERMINATED' AND c.evidence <> '')"
)
_MESSAGE: Final = "agreement: cancelled is refused, no bank has confirmed it"
NAME: Final = "guard_agreement_cancelled_update"


def install(connection: Connection) -> None:
    """Put the trigger on the agreements, replacing that of an earlier time."""
    remove(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON agreement "
            f"WHEN NEW.state = 'CANCELLED' AND NOT {_CONFIRMED} "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN IF NOT {_CONFIRMED} THEN "
        f"RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = '23514'; END IF; RETURN NEW; END$$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON agreement FOR EACH ROW "
        f"WHEN (NEW.state = 'CANCELLED') EXECUTE FUNCTION {NAME}()"
    )


def remove(connection: Connection) -> None:
    """Take the trigger off again: for migrations down only."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {NAME}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {NAME} ON agreement")
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {NAME}()")
