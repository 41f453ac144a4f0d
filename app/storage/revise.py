"""For developers: writes the next migration from what the models say.

python -m app.storage.revise "message"        the next revision
python -m app.storage.revise --rebuild-first  the first revision again, before it is released
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import MetaData

from app.storage.engine import connect, parse_url
from app.storage.migrate import configuration, migrate, writer
from app.storage.models_index import all_tables
from app.storage.schema import OURS, Schema

FIRST = ("0001", "foundation")


def revise(message: str, revision: str, schema: Schema) -> Path:
    """The new script: what brings the schema so far to what the models say."""
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(parse_url(str(Path(folder, "empty.sqlite3"))))
        if schema.revisions:
            migrate(engine, schema=schema)
        with writer(engine) as connection:
            made = command.revision(
                configuration(connection, schema, _models()),
                message=message,
                autogenerate=True,
                rev_id=revision,
            )
        engine.dispose()
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


def _models() -> MetaData:
    metadata = all_tables()
    for table in metadata.tables.values():
        for constraint in table.foreign_key_constraints:
            # Autogenerate leaves such a constraint out on PostgreSQL without a word.
            constraint.use_alter = False
    return metadata


def _tidy(script: Path) -> None:
    for arguments in (("check", "--fix", "--quiet"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(script)], check=True)  # noqa: S603


def main(arguments: list[str]) -> int:
    if arguments == ["--rebuild-first"]:
        revision, message = FIRST
        if len(OURS.revisions) > 1:
            sys.stderr.write("0001 is not the newest revision any more\n")
            return 2
        Path(OURS.scripts, "versions", f"{revision}_{message}.py").unlink(missing_ok=True)
        script = revise(message, revision, Schema((), OURS.scripts))
    elif len(arguments) == 1 and not arguments[0].startswith("-"):
        revision = f"{len(OURS.revisions) + 1:04d}"
        script = revise(arguments[0], revision, OURS)
    else:
        sys.stderr.write(__doc__ or "")
        return 2
    _tidy(script)
    sys.stdout.write(f"{script.name}: check it by hand; schema.OURS must name {revision!r}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
