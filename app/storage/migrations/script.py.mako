"""${message}."""

# ruff: noqa: PLR0915, INP001, N999 - as autogenerate writes it

import sqlalchemy as sa
from alembic import op
% if down_revision is None:

from app.storage.migrations import guards
% endif

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
% if down_revision is None:
    guards.install(op.get_bind(), guards.FOUNDATION)
% endif


def downgrade() -> None:
% if down_revision is None:
    guards.remove(op.get_bind(), guards.FOUNDATION)
% endif
    ${downgrades if downgrades else "pass"}
