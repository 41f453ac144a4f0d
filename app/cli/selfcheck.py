"""selfcheck: every check, with what it means and what to do; kept where somebody signs in."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.access.founding import CompanyCard, company_card
from app.cli.run import Answer
from app.cli.session import opened, signed_in
from app.core.clock import iso
from app.core.errors import Refused
from app.core.version import VERSION
from app.incidents.selfcheck import Diagnosed, RunLine, diagnose, selfcheck, step_titles
from app.incidents.selfcheck.checks import Check
from app.incidents.selfcheck.papers import as_text, sheet_of
from app.storage.work import Database

_NOBODY = "命令行（未登录）"


def run(options: argparse.Namespace) -> Answer:
    """Self-diagnosis of software, database, data, machine, backups and channels."""
    thorough, progress = not options.quick, _progress(options)
    if options.user:
        with signed_in(options) as (db, actor):
            made = diagnose(db, actor, thorough=thorough, progress=progress)
            return _answer(options, db, made)
    with opened(options) as db:
        checks = tuple(selfcheck(db, thorough=thorough, progress=progress))
        line = RunLine("", db.clock.now(), _NOBODY, db.machine, VERSION, thorough, checks)
        return _answer(options, db, Diagnosed(line, None))


def _answer(options: argparse.Namespace, db: Database, made: Diagnosed) -> Answer:
    line = made.line
    troubles = [] if made.trouble is None else [f"结果没有存档：{made.trouble.message}"]
    if options.pdf:
        troubles += _written(options.pdf, db, line)
    return Answer(
        {
            "ok": line.ok,
            "number": line.number or None,
            "at": iso(line.made_at),
            "thorough": line.thorough,
            "checks": [_told(one) for one in line.checks],
            "pdf": str(options.pdf) if options.pdf else None,
            "troubles": troubles,
        },
        "\n".join([as_text(line), *troubles]),
        attention=not line.ok or bool(troubles),
    )


def _told(one: Check) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "group": one.group,
        "ok": one.ok,
        "state": one.state,
        "detail": one.detail,
        "cure": one.cure,
        "meaning": one.meaning,
        "seconds": round(one.seconds, 3),
    }


def _written(target: Path, db: Database, line: RunLine) -> list[str]:
    """Write the report; what kept it from being written must not hide what was found."""
    from app.documents.atomic import save

    try:
        save(target, sheet_of(line, _card(db), line.made_by, line.made_at).data)
    except Refused as refusal:
        return [f"报告没有写出：{refusal.message}{refusal.hint}"]
    return []


def _card(db: Database) -> CompanyCard | None:
    try:
        with db.read() as work:
            return company_card(work)
    except Refused:
        # The checks have said why the database can't be read: the report goes without a name.
        return None


def _progress(options: argparse.Namespace) -> Callable[[int, int], None] | None:
    if options.json or not sys.stderr.isatty():
        return None
    titles = step_titles()

    def show(done: int, total: int) -> None:
        print(f"\r\033[K{done + 1}/{total} {titles[done]}", end="", file=sys.stderr)
        if done + 1 == total:
            print("\r\033[K", end="", file=sys.stderr)

    return show
