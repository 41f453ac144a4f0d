"""The schema comes from migrations alone, and is what the models say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.storage.migrate import configuration, migrate, run_down, writer
from app.storage.models_index import all_tables
from app.storage.schema import HEAD, OURS, SchemaState, state
from app.storage.upgrade import open_database


def test_head_equals_the_models(database):  # F1.2
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []


def test_the_revisions_named_in_the_program_are_those_of_the_scripts(database):  # F1.2
    with database.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection))
        known = [script.revision for script in scripts.walk_revisions()]
    assert known[::-1] == list(OURS.revisions)
    assert scripts.get_current_head() == HEAD


def test_down_and_up_again_with_rows_leaves_the_newest_schema(people, founded):  # F1.2
    engine = founded.engine
    with writer(engine) as connection:
        run_down(connection, "base")
        connection.commit()
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert state(engine) is SchemaState.NEW
    migrate(engine)
    assert state(engine) is SchemaState.CURRENT


def test_a_new_database_starts_with_the_newest_schema(empty_database_url, clock):  # F1.2
    db = open_database(empty_database_url, clock, create=True)
    try:
        assert state(db.engine) is SchemaState.CURRENT
    finally:
        db.close()
