"""incident report, package and diagnostics, and what a package proves."""

import argparse

from app.cli.run import Answer
from app.cli.session import opened, signed_in


def report(options: argparse.Namespace) -> Answer:
    """Write an approved report as PDF."""
    from app.documents.atomic import save
    from app.incidents.closing.reporting import report_file

    with signed_in(options) as (db, actor):
        data = report_file(db, actor, options.number, options.edition)
    save(options.file, data)
    told = {"incident": options.number, "file": str(options.file), "bytes": len(data)}
    return Answer(told, f"处理报告已写入 {options.file}。")


def package(options: argparse.Namespace) -> Answer:
    """Write the evidence package of an approved report."""
    from app.incidents.closing.packing import write_package

    with signed_in(options) as (db, actor):
        count = write_package(db, actor, options.number, options.file, options.edition)
    told = {"incident": options.number, "file": str(options.file), "files": count}
    return Answer(told, f"证据包已写入 {options.file}，共 {count} 个文件。")


def diagnostics(options: argparse.Namespace) -> Answer:
    """Write the redacted package for the vendor."""
    from app.incidents.vendor.diagnostics import gather, write_diagnostics

    with signed_in(options) as (db, actor):
        parts = gather(db, actor, options.number)
        made = write_diagnostics(db, actor, options.number, parts, options.out)
    return Answer(
        {
            "incident": options.number,
            "file": str(options.out),
            "sha256": made.sha256,
            "bytes": made.bytes,
            "files": [{"path": one.path, "size": one.size} for one in parts],
        },
        f"诊断包已写入 {options.out}，共 {made.files} 个文件，SHA-256 {made.sha256}。",
    )


def verify_package(options: argparse.Namespace) -> Answer:
    """Hold a package against its index, and the index against the trail where --db is given."""
    from app.incidents.closing.packing import verify_package as check

    if options.db:
        with opened(options) as db:
            found = check(options.package, db)
    else:
        found = check(options.package)
    said = [f"{name}：{why}" for name, why in found.broken]
    if found.ok and found.sealed:
        said.append(f"{found.files} 个文件与索引一致，索引与操作日志第 {found.entry} 条一致。")
    elif found.ok:
        said.append(f"{found.files} 个文件与索引一致；没有指定 --db，未核对操作日志中的封存记录。")
    return Answer(
        {
            "ok": found.ok,
            "package": str(options.package),
            "incident": found.incident,
            "edition": found.edition,
            "files": found.files,
            "broken": [{"file": name, "why": why} for name, why in found.broken],
            "sealed": found.sealed,
            "entry": found.entry,
        },
        "\n".join(said),
        attention=not found.ok,
    )
