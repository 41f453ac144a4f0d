"""Values of the schema that need no database."""

import subprocess
import sys

from app.storage.schema import HEAD, OURS, Schema


def test_the_head_is_the_last_revision():
    assert Schema(("0001", "0002")).head == "0002"
    assert OURS.revisions[-1] == HEAD


def test_revisions_are_numbered_in_order():
    assert list(OURS.revisions) == [f"{n:04d}" for n in range(1, len(OURS.revisions) + 1)]


def test_the_usual_start_imports_nothing_of_migrations():
    # Alembic takes a tenth of a second that every start would pay.
    code = "import app.storage.upgrade, sys; print('alembic' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
