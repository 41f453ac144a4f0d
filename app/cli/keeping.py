"""init, demo, generate, check, audit and backup."""

import argparse
import sys
from collections.abc import Callable

from app.cli.run import Answer
from app.cli.session import database_address, opened, password, signed_in
from app.core import paths


def init(options: argparse.Namespace) -> Answer:
    """A new database with its company and administrator."""
    from app.access.founding import Found
    from app.accounts.first_run import found_company
    from app.storage.upgrade import open_database

    secret = password(f"{options.admin} 的初始密码：")
    db = open_database(database_address(options), create=True)
    try:
        found_company(
            db,
            Found(
                company=options.company,
                dataset=options.dataset,
                drill=options.drill,
                admin_username=options.admin,
                admin_name=options.admin,
                admin_password=secret,
            ),
        )
    finally:
        db.close()
    where = database_address(options)
    return Answer(
        {"company": options.company, "admin": options.admin, "database": where},
        f"已建立 {options.company} 的数据库：{where}",
    )


def build_demo(options: argparse.Namespace) -> Answer:
    """The demo company's database, without a window."""
    from app.demo.build import ensure_demo

    where = ensure_demo(options.db or str(paths.demo_database()), reset=options.reset)
    return Answer({"database": where}, f"演示公司已就绪：{where}")


def generate(options: argparse.Namespace) -> Answer:
    """A large deterministic data set with its ground truth."""
    from app.demo.generate import generate as make

    made = make(
        database_address(options),
        payments=options.payments,
        lines=options.lines,
        seed=options.seed,
        password=password("演练用户的密码："),
    )
    return Answer(
        {
            "payments": made.payments,
            "lines": made.lines,
            "stopped": made.stopped,
            "truth": str(made.truth),
        },
        f"已生成 {made.payments} 笔付款（{made.stopped} 笔停付），对照文件：{made.truth}",
    )


def check(options: argparse.Namespace) -> Answer:
    """What should run daily."""
    from app.incidents.daily import daily_check
    from app.incidents.selfcheck import system_facts

    with opened(options) as db:
        notices = daily_check(db, system_facts(db))
    return Answer(
        {
            "ok": not notices,
            "notices": [{"kind": n.kind, "text": n.text, "subject": n.subject} for n in notices],
        },
        "\n".join(n.text for n in notices) or "没有需要处理的事项。",
        attention=bool(notices),
    )


def audit_verify(options: argparse.Namespace) -> Answer:
    """Whether the trail is whole and unchanged, or a package what its index says."""
    if options.package is not None:
        from app.cli.incidents import verify_package

        return verify_package(options)
    from app.audit.anchor import verify_here
    from app.audit.proofs import check_proof, read_proof

    with opened(options) as db:
        proven = read_proof(options.proof) if options.proof else None
        verdict = verify_here(db, paths.home())
        unproven = None if proven is None else check_proof(db, proven)
    broken = verdict.first_broken or unproven
    ok = verdict.ok and unproven is None
    agrees = "" if proven is None else f"第 {proven.seq} 条与证明一致。"
    said = (
        f"操作日志完整，共 {verdict.entries} 条。{agrees}"
        if ok
        else f"验证未通过：第 {broken.entry if broken else '?'} 条，{broken.why if broken else ''}"
    )
    return Answer(
        {
            "ok": ok,
            "entries": verdict.entries,
            "first_broken": None if broken is None else {"entry": broken.entry, "why": broken.why},
            "detail": verdict.detail,
        },
        f"{said}{verdict.detail}",
        attention=not ok,
    )


def audit_export(options: argparse.Namespace) -> Answer:
    """The trail as a file that can be verified alone."""
    from app.access.keeping import export_trail

    with signed_in(options) as (db, actor):
        entries = export_trail(db, actor, options.file)
    return Answer(
        {"entries": entries, "file": str(options.file)}, f"已导出 {entries} 条到 {options.file}。"
    )


def backup_create(options: argparse.Namespace) -> Answer:
    """A backup file of the whole database."""
    from app.access.keeping import make_backup

    with signed_in(options) as (db, actor):
        info = make_backup(db, actor, options.file, _progress(options))
    return Answer(
        {"file": str(info.path), "bytes": info.bytes, "entries": info.entries},
        f"已备份到 {info.path}（{info.bytes:,} 字节，{info.entries} 条操作日志）。",
    )


def backup_verify(options: argparse.Namespace) -> Answer:
    """Proves a backup by restoring it aside."""
    from app.access.keeping import trail_fault
    from app.storage.proof import verify_backup

    proof = verify_backup(options.file, trail_fault)
    return Answer(
        {"ok": proof.ok, "entries": proof.entries, "detail": proof.detail},
        proof.detail,
        attention=not proof.ok,
    )


def backup_restore(options: argparse.Namespace) -> Answer:
    """A backup put into a new database, or in place of one whose administrator agrees."""
    from app.access.guard import acting
    from app.access.rights import Right
    from app.audit.anchor import forget
    from app.audit.trail import SYSTEM_ACTOR, Event, record
    from app.storage.restore import restore_backup
    from app.storage.upgrade import open_database

    where = database_address(options)
    by = SYSTEM_ACTOR
    if options.replace:
        with signed_in(options) as (db, actor):
            with acting(db, actor, Right.BACKUP_RESTORE) as act:
                act.done(
                    Event("backup.restoring", "backup:file", after={"file": options.file.name})
                )
            by = actor.label
    info = restore_backup(options.file, where, replace=options.replace)
    db = open_database(where)
    try:
        # What this machine saw of the replaced trail says nothing about the restored one.
        forget(db, paths.home())
        with db.write() as uow:
            record(
                uow,
                by,
                Event(
                    "backup.restored",
                    "backup:file",
                    after={"file": options.file.name, "entries": info.entries},
                ),
            )
            uow.commit()
    finally:
        db.close()
    aside = f"，原数据另存为 {info.kept_aside}" if info.kept_aside else ""
    return Answer(
        {
            "database": where,
            "entries": info.entries,
            "migrated": info.migrated,
            "kept_aside": str(info.kept_aside) if info.kept_aside else None,
        },
        f"已恢复到 {where}{aside}。",
    )


def _progress(options: argparse.Namespace) -> Callable[[int, int], None] | None:
    if options.json or not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        print(f"\r{done * 100 // max(total, 1)} %", end="", file=sys.stderr)

    return show
