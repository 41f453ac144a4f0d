"""Runs migrations on the connection that the caller hands over, inside the caller's transaction."""

from typing import Any, Literal

from alembic import context

from app.storage.base import Instant, JsonText


def _render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    # A migration must mean the same when our own column types have changed since.
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, JsonText):
        return "sa.Text()"
    return False


def _run() -> None:
    attributes = context.config.attributes
    context.configure(
        connection=attributes["connection"],
        target_metadata=attributes.get("metadata"),
        render_as_batch=True,
        compare_type=True,
        render_item=_render_item,
        # Ours is on SQLite too, since the engine says BEGIN itself.
        transactional_ddl=True,
    )
    context.run_migrations()


_run()
