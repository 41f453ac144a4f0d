"""Triggers by which the database itself refuses to change what must stay as it was written."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection


class Act(StrEnum):
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    TRUNCATE = "TRUNCATE"


# Refuses an UPDATE only where the number would go down.
HEAD_TABLE: Final = "audit_head"
_WRITTEN_ONCE: Final = (Act.UPDATE, Act.DELETE, Act.TRUNCATE)
_KEPT: Final = (Act.DELETE, Act.TRUNCATE)

# What the first migration protects. Later tables get a mapping of their own, so that the first
# migration stays what it was.
FOUNDATION: Final[Mapping[str, tuple[Act, ...]]] = {
    "audit_entry": _WRITTEN_ONCE,
    HEAD_TABLE: _WRITTEN_ONCE,
    "approval_decision": _WRITTEN_ONCE,
    "finding": _WRITTEN_ONCE,
    "diagnosis_run": _WRITTEN_ONCE,
    "bank_check": _WRITTEN_ONCE,
    "payment_editor": _WRITTEN_ONCE,
    "payee_contact": _WRITTEN_ONCE,
    "confirmation": _WRITTEN_ONCE,
    "agreement_paper": _WRITTEN_ONCE,
    "paper_withdrawal": _WRITTEN_ONCE,
    "suspension": _KEPT,
    "stored_file": _WRITTEN_ONCE,
    "letter_template": _WRITTEN_ONCE,
    "letter": _WRITTEN_ONCE,
    "letter_void": _WRITTEN_ONCE,
    "letter_signature": _WRITTEN_ONCE,
    "dispatch": _WRITTEN_ONCE,
    "outgoing": _KEPT,
    "watch_hit": _KEPT,
    "disputed_hit": _WRITTEN_ONCE,
    "refund": _WRITTEN_ONCE,
    "takeover": _KEPT,
    "bank_term": _KEPT,
    "recheck": _KEPT,
    "incident": _KEPT,
    "incident_subject": _KEPT,
    "incident_entry": _WRITTEN_ONCE,
    "incident_step": _KEPT,
    "incident_check": _WRITTEN_ONCE,
    "incident_task": _KEPT,
    "incident_backup": _WRITTEN_ONCE,
    "incident_evidence": _WRITTEN_ONCE,
    "evidence_withdrawal": _WRITTEN_ONCE,
    "incident_talk": _WRITTEN_ONCE,
    "directory_contact": _KEPT,
    "response_plan": _WRITTEN_ONCE,
    "incident_wait": _WRITTEN_ONCE,
    "briefing": _WRITTEN_ONCE,
    "incident_review": _KEPT,
    "incident_measure": _KEPT,
    "incident_report": _WRITTEN_ONCE,
    "support_ticket": _WRITTEN_ONCE,
    "self_diagnosis": _WRITTEN_ONCE,
    "bank_line": _WRITTEN_ONCE,
    "statement_import": _WRITTEN_ONCE,
    "journal_import": _KEPT,
    "match_group": _KEPT,
    "match_member": _WRITTEN_ONCE,
    "match_rule": _KEPT,
    "carried_item": _KEPT,
    "balance_sheet": _WRITTEN_ONCE,
    "statement_layout": _KEPT,
    "role_grant": _KEPT,
}

# What an import said of itself stays; that it was undone is written down once, and then its lines
# may go.
_SAID: Final = [
    "id",
    "account_id",
    "file_name",
    "file_hash",
    "format",
    "bank",
    "since",
    "until",
    "opening_minor",
    "closing_minor",
    "proof",
    "lines",
    "imported",
    "known_from",
    "problems",
    "imported_by",
    "imported_at",
]
_UNDONE: Final = ("undone_at", "undone_by", "undone_why")
_MEMBER: Final = (
    "match_id",
    "side",
    "account_id",
    "part",
    "item",
    "booked_on",
    "amount_minor",
)
_TABLE: Final = (
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
_BRIEFED: Final = (
    "number",
    "incident_id",
    "department",
    "recipient_id",
    "recipient",
    "way",
    "text",
    "payments",
    "new_date",
    "sent_by",
    "sent_at",
)
# Where a guard lets an act pass: a condition on the row.
_ALLOWED: Final[Mapping[tuple[str, Act], str]] = {
    ("audit_head", Act.UPDATE): "NEW.seq >= OLD.seq AND NEW.id = OLD.id",
    ("statement_import", Act.UPDATE): " AND ".join(
        [
            *(f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in _SAID),
            *(f"OLD.{one} IS NULL AND NEW.{one} IS NOT NULL" for one in _UNDONE),
        ]
    ),
    # It may end, and the row behind it may go with its import; what it says stays.
    ("match_member", Act.UPDATE): " AND ".join(
        f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in _MEMBER
    ),
    # A reviewed 余额调节表 may still be voided; what was reviewed and by whom stays.
    ("balance_sheet", Act.UPDATE): (
        "OLD.state NOT IN ('REVIEWED', 'VOIDED') "
        "OR (OLD.state = 'REVIEWED' AND NEW.state = 'VOIDED' AND "
        + " AND ".join(f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in _TABLE)
        + ")"
    ),
    # The day of the next question moves by asking only, never by a word about it.
    ("incident_wait", Act.UPDATE): (
        "OLD.ended_at IS NULL AND NEW.made_at = OLD.made_at AND NEW.why = OLD.why "
        "AND (NEW.next_on = OLD.next_on OR NEW.asked = OLD.asked + 1)"
    ),
    # What was said stays; that it was taken note of is written once.
    ("briefing", Act.UPDATE): " AND ".join(
        [
            *(f"NEW.{one} IS NOT DISTINCT FROM OLD.{one}" for one in _BRIEFED),
            "OLD.taken_at IS NULL",
        ]
    ),
    # An approved or replaced report stays as it was signed.
    ("incident_report", Act.UPDATE): "OLD.state NOT IN ('APPROVED', 'REPLACED')",
    # A ticket that was sent stays as the vendor has it.
    ("support_ticket", Act.UPDATE): "OLD.state = 'DRAFT'",
    # Only with its whole import, and never from under a match or a reviewed 余额调节表.
    ("bank_line", Act.DELETE): (
        "EXISTS (SELECT 1 FROM statement_import i "
        "WHERE i.id = OLD.import_id AND i.undone_at IS NOT NULL) "
        "AND NOT EXISTS (SELECT 1 FROM match_member m WHERE m.line_id = OLD.id AND m.live) "
        "AND NOT EXISTS (SELECT 1 FROM balance_sheet s WHERE s.account_id = OLD.account_id "
        "AND s.state = 'REVIEWED' AND s.as_of >= OLD.booked_on)"
    ),
}


def install(connection: Connection, guarded: Mapping[str, tuple[Act, ...]]) -> None:
    """Put the triggers on the tables, replacing those of an earlier time."""
    remove(connection, guarded)
    statements = _sqlite if connection.dialect.name == "sqlite" else _postgres
    for table, acts in guarded.items():
        for act in acts:
            for statement in statements(table, act):
                connection.exec_driver_sql(statement)


def remove(connection: Connection, guarded: Mapping[str, tuple[Act, ...]]) -> None:
    """Take the triggers off again: for migrations down only."""
    for table, acts in guarded.items():
        for act in acts:
            name = _name(table, act)
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            else:
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")


def names(guarded: Mapping[str, tuple[Act, ...]], dialect: str) -> set[str]:
    """The triggers that `install` puts on the tables."""
    without = {Act.TRUNCATE} if dialect == "sqlite" else set()
    return {
        _name(table, act) for table, acts in guarded.items() for act in acts if act not in without
    }


def _name(table: str, act: Act) -> str:
    return f"guard_{table}_{act.lower()}"


def _message(table: str, act: Act) -> str:
    if table == HEAD_TABLE and act is Act.UPDATE:
        return "audit_head: the trail can only grow"
    return f"{table}: {act} is refused, this record is kept as it was written"


def _sqlite(table: str, act: Act) -> Iterator[str]:
    if act is Act.TRUNCATE:
        return  # SQLite has none: its DELETE without a condition fires the row trigger
    allowed = _ALLOWED.get((table, act), "")
    # SQLite before 3.39 knows the comparison by its own name only.
    allowed = allowed.replace("IS NOT DISTINCT FROM", "IS")
    when = f"WHEN NOT ({allowed}) " if allowed else ""
    yield (
        f"CREATE TRIGGER {_name(table, act)} BEFORE {act} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{_message(table, act)}'); END"
    )


def _postgres(table: str, act: Act) -> Iterator[str]:
    name = _name(table, act)
    allowed = _ALLOWED.get((table, act), "")
    kept = "NEW" if act is Act.UPDATE else "OLD"
    let_pass = f"IF {allowed} THEN RETURN {kept}; END IF; " if allowed else ""
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {let_pass}"
        f"RAISE EXCEPTION '{_message(table, act)}' USING ERRCODE = '23514'; END$$"
    )
    each = "STATEMENT" if act is Act.TRUNCATE else "ROW"
    yield (
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
    )
