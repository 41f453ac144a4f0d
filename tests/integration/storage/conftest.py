"""Schemas of a program that is newer than ours, so that ours is the older one."""

import shutil

import pytest

from app.storage.schema import OURS, Schema

# Rebuilds a table that others refer to and that holds rows, and moves values.
WELL = """\
with op.batch_alter_table("app_user", schema=None) as batch:
        batch.add_column(sa.Column("desk", sa.String(length=40), nullable=True))
        batch.alter_column("name", existing_type=sa.String(length=40), type_=sa.String(length=60))
    op.execute("UPDATE app_user SET desk = username")
    with op.batch_alter_table("audit_entry", schema=None) as batch:
        batch.alter_column("act", existing_type=sa.String(length=60), type_=sa.String(length=90))"""
WELL_DOWN = """\
with op.batch_alter_table("audit_entry", schema=None) as batch:
        batch.alter_column("act", existing_type=sa.String(length=90), type_=sa.String(length=60))
    with op.batch_alter_table("app_user", schema=None) as batch:
        batch.alter_column("name", existing_type=sa.String(length=60), type_=sa.String(length=40))
        batch.drop_column("desk")"""
# Changes rows and the schema before it fails.
FAILING = WELL + '\n    op.execute("SELECT no_such_column FROM app_user")'

SCRIPT = '''\
"""The next revision."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"


def upgrade():
    {up}


def downgrade():
    {down_body}
'''


@pytest.fixture
def newer_schema(tmp_path):
    """Makes a schema with one more revision: `newer_schema()` or `newer_schema(FAILING)`."""

    def make(body=WELL, down_body=WELL_DOWN):
        folder = tmp_path / "scripts"
        shutil.copytree(OURS.scripts, folder, ignore=shutil.ignore_patterns("__pycache__"))
        revision = f"{len(OURS.revisions) + 1:04d}"
        text = SCRIPT.format(revision=revision, down=OURS.head, up=body, down_body=down_body)
        (folder / "versions" / f"{revision}_next.py").write_text(text, encoding="utf-8")
        return Schema((*OURS.revisions, revision), folder)

    return make


@pytest.fixture
def failing_schema(newer_schema):
    """A schema whose migration changes rows and the schema, then fails."""
    return newer_schema(FAILING)
