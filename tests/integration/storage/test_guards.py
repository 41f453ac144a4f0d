"""The database itself refuses to change what must stay as it was written."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.access.model import ApprovalDecision, ApprovalRequest
from app.payments.model import BankCheck, DiagnosisRun, FindingRow
from tests.support.rows import save

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WRITTEN_ONCE = (
    "audit_entry",
    "approval_decision",
    "finding",
    "diagnosis_run",
    "bank_check",
)


@pytest.fixture
def filled(founded, people, make_payment):
    """A row in each guarded table."""
    payment = make_payment()
    request = save(
        founded,
        "request:1",
        ApprovalRequest(
            kind="RESUME",
            subject_id=payment.id,
            subject_no=payment.number,
            title="恢复付款",
            levels=["CHECKER"],
            state="OPEN",
            makers=[people.clerk.user_id],
            opened_by=people.clerk.user_id,
            opened_at=AT,
        ),
    )
    run = save(
        founded,
        "run:1",
        DiagnosisRun(at=AT, by_name="clerk 陈经办", program_version="0.1.0", payments=1),
    )
    save(
        founded,
        "rows:1",
        ApprovalDecision(
            request_id=request.id,
            position=0,
            level="CHECKER",
            user_id=people.checker.user_id,
            decision="APPROVED",
            remark="",
            version=1,
            at=AT,
        ),
        FindingRow(
            run_id=run.id,
            payment_id=payment.id,
            rank=1,
            rule="BALANCE",
            reason="INSUFFICIENT_FUNDS",
            severity="BLOCKING",
            summary="余额不足",
            evidence={},
            actions=[],
        ),
        BankCheck(
            payment_id=payment.id,
            attempt=1,
            result="UNPAID",
            asked_at=AT,
            bank_person="工行 李经理",
            evidence="电话录音 12 号",
            recorded_by="clerk 陈经办",
            recorded_at=AT,
        ),
    )
    return founded


def attempt(db, statement):
    """The message with which the database refuses."""
    with pytest.raises(DatabaseError) as refused, db.engine.begin() as connection:
        connection.execute(text(statement))
    return str(refused.value.orig)


def rows(db, table):
    with db.engine.connect() as connection:
        return connection.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all()


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_no_update_of_what_was_written_once(filled, table):  # C4.5
    before = rows(filled, table)
    assert before
    column = "at" if table == "audit_entry" else "id"
    message = attempt(filled, f"UPDATE {table} SET {column} = {column}")
    assert f"{table}: UPDATE is refused" in message
    assert rows(filled, table) == before


@pytest.mark.parametrize("table", [*WRITTEN_ONCE, "role_grant", "audit_head"])
def test_no_delete_of_what_is_kept(filled, table):  # C4.5
    before = rows(filled, table)
    assert before
    assert f"{table}: DELETE is refused" in attempt(filled, f"DELETE FROM {table}")
    assert rows(filled, table) == before


@pytest.mark.parametrize("table", [*WRITTEN_ONCE, "role_grant", "audit_head"])
def test_no_truncate_of_what_is_kept(filled, table):  # C4.5
    # SQLite has no such statement and says so; PostgreSQL has, and the guard stands before it.
    before = rows(filled, table)
    wanted = "syntax error" if filled.dialect == "sqlite" else f"{table}: TRUNCATE is refused"
    assert wanted in attempt(filled, f"TRUNCATE {table} CASCADE")
    assert rows(filled, table) == before


def test_the_head_of_the_trail_moves_forward_only(founded):  # C4.5
    before = rows(founded, "audit_head")
    message = attempt(founded, "UPDATE audit_head SET seq = seq - 1")
    assert "audit_head: the trail can only grow" in message
    assert rows(founded, "audit_head") == before


def test_the_head_of_the_trail_cannot_be_exchanged(founded):  # C4.5
    assert "can only grow" in attempt(founded, "UPDATE audit_head SET id = 2")


def test_a_post_may_still_be_ended(founded, people):
    with founded.engine.begin() as connection:
        changed = connection.execute(text("UPDATE role_grant SET ended_by = 'admin'"))
    assert changed.rowcount == 8  # admin and six people, the clerk with two posts
