"""A sound company, and hands that plant faults in its database and its files."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta

from app.core.clock import FixedClock
from app.incidents.selfcheck import Outside, selfcheck
from app.storage.backup import create_backup
from app.storage.engine import connect, parse_url
from app.storage.work import Database
from tests.support.demo_company import TODAY

GIGA = 1024**3
# What the demo company has wrong with it on purpose.
_MENDED = (
    "UPDATE channel SET up = 1, state_note = ''",
    "UPDATE letter_setup SET smtp_host = ''",
)


class Machine:
    """The demo company's file, mended and backed up; a home of its own; nothing wrong with it."""

    def __init__(self, demo, folder):
        self.path = folder / "company.sqlite3"
        shutil.copyfile(demo, self.path)
        self.home = folder / "home"
        self.backups = self.home / "backups"
        self.backups.mkdir(parents=True)
        (self.home / "logs").mkdir()
        self.clock = FixedClock(TODAY + timedelta(minutes=5))
        self.db = Database(connect(parse_url(str(self.path))), self.clock, "财务一号机")
        self.outside = Outside(
            home=self.home,
            backups=self.backups,
            log=self.home / "logs" / "tingfu.log",
            printers=lambda: ["HP LaserJet"],
            memory=lambda: (4 * GIGA, 8 * GIGA),
            mounts=list,
            mail_seconds=5.0,
        )
        self.tamper(*_MENDED)

    def back_up(self):
        return create_backup(self.db, self.backups / "tingfu-1.tfbak").path

    def set(self, **changes):
        self.outside = replace(self.outside, **changes)

    def checks(self, *, thorough=True):
        found = selfcheck(self.db, thorough=thorough, outside=self.outside)
        return {one.name: one for one in found}

    def broken(self, *, thorough=True):
        return {name: one for name, one in self.checks(thorough=thorough).items() if not one.ok}

    def tamper(self, *statements):
        """Change rows behind the program's back: without foreign keys and write guards."""
        with closing(sqlite3.connect(self.path)) as raw:
            raw.execute("PRAGMA foreign_keys=OFF")
            guards = raw.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                " AND name NOT LIKE 'guard_payment_total%'"
            ).fetchall()
            for name, _ in guards:
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                done = raw.execute(statement)
                assert done.rowcount != 0, statement
            for _, sql in guards:
                raw.execute(sql)
            raw.commit()

    def one(self, query):
        with closing(sqlite3.connect(self.path)) as raw:
            return raw.execute(query).fetchone()[0]

    def damage_page_of(self, needle):
        """Overwrite the middle of the page that holds the text, as a failing disk does."""
        self.db.close()
        with closing(sqlite3.connect(self.path)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = raw.execute("PRAGMA page_size").fetchone()[0]
        content = bytearray(self.path.read_bytes())
        page = content.index(needle.encode()) // size
        assert page > 0
        content[page * size : page * size + size // 2] = b"\xa5" * (size // 2)
        self.path.write_bytes(content)

    def age(self, file, days):
        """Let a file look as if it had been written so many days ago."""
        stamp = (self.clock.now() - timedelta(days=days)).timestamp()
        os.utime(file, (stamp, stamp))

    def close(self):
        with suppress(Exception):
            self.db.close()
