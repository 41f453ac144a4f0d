"""A trigger by which the database itself keeps a reviewed 余额调节表 as it was reviewed.

It may still be voided; its figures, its content and who signed it never change.
"""

from typing import Final

from sqlalchemy import Connection

_NAME: Final = "guard_balance_sheet_frozen"
_MESSAGE: Final = "balance_sheet: UPDATE is refused, it was reviewed and is frozen"
_FIXED: Final = (
    "number",
    "account_id",
    "as_of",
    "edition",
    "bank_minor",
    "book_minor",
    "difference_minor",
    "content",
    "content_hash",
    "prepared_by",
    "prepared_at",
    "reviewed_by",
    "reviewed_at",
)
_CHANGED: Final = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FIXED)
_REFUSED: Final = (
    "OLD.state IN ('REVIEWED', 'VOIDED') "
    f"AND (NEW.state <> 'VOIDED' OR OLD.state = 'VOIDED' OR {_CHANGED})"
)


def install(connection: Connection) -> None:
    """Put the trigger on the tables drawn up, replacing that of an earlier time."""
    remove(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {_NAME} BEFORE UPDATE ON balance_sheet WHEN {_REFUSED} "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {_NAME}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = '23514'; END$$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {_NAME} BEFORE UPDATE ON balance_sheet FOR EACH ROW "
        f"WHEN ({_REFUSED}) EXECUTE FUNCTION {_NAME}()"
    )


def remove(connection: Connection) -> None:
    """Take the trigger off again: for migrations down only."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_NAME}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_NAME} ON balance_sheet")
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {_NAME}()")
