"""Running one command: refusals become exit code 2, what needs attention exit code 1."""

import argparse
import json
import logging
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.cli.session import shown_address
from app.core import logs, paths
from app.core.errors import Refused

DONE, ATTENTION, REFUSED = 0, 1, 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: the JSON document, the same for people, and whether to look closer."""

    document: Mapping[str, Any]
    text: str
    attention: bool = False


Command = Callable[[argparse.Namespace], Answer]


def run_command(options: argparse.Namespace) -> int:
    """Run the command and print its answer; returns the exit code."""
    logs.set_up(paths.log_file())
    try:
        answer = _command(options)(options)
    except Refused as refusal:
        return _refuse(options, refusal.code, refusal.message, _hint(options, refusal))
    except KeyboardInterrupt:
        return _refuse(options, "CLI-002", "已中断。", "")
    except Exception:  # noqa: BLE001 - logged whole, shown by its number
        number = uuid.uuid4().hex[:8]
        _log.exception("error %s in command %s", number, options.command)
        return _refuse(
            options,
            "BUG",
            f"程序内部错误，编号 {number}。",
            f"请把日志 {paths.log_file()} 发给技术支持。",
        )
    if options.json:
        print(json.dumps(answer.document, ensure_ascii=False, indent=1))
    else:
        print(answer.text)
    return ATTENTION if answer.attention else DONE


def _command(options: argparse.Namespace) -> Command:
    from app.cli import (
        calendar,
        incidents,
        journal,
        keeping,
        payments,
        reconciliation,
        selfcheck,
        statements,
    )

    commands: Final[dict[tuple[str, str | None], Command]] = {
        ("init", None): keeping.init,
        ("demo", None): keeping.build_demo,
        ("generate", None): keeping.generate,
        ("check", None): keeping.check,
        ("selfcheck", None): selfcheck.run,
        ("audit", "verify"): keeping.audit_verify,
        ("audit", "export"): keeping.audit_export,
        ("incident", "report"): incidents.report,
        ("incident", "package"): incidents.package,
        ("incident", "diagnostics"): incidents.diagnostics,
        ("backup", "create"): keeping.backup_create,
        ("backup", "verify"): keeping.backup_verify,
        ("backup", "restore"): keeping.backup_restore,
        ("calendar", "show"): calendar.show,
        ("calendar", "import"): calendar.bring,
        ("calendar", "template"): calendar.template,
        ("journal", "inspect"): journal.inspect,
        ("journal", "import"): journal.bring,
        ("journal", "imports"): journal.imports,
        ("journal", "undo"): journal.take_back,
        ("journal", "template"): journal.template,
        ("reconcile", None): reconciliation.run,
        ("statement", "inspect"): statements.inspect,
        ("statement", "import"): statements.bring,
        ("statement", "imports"): statements.imports,
        ("statement", "undo"): statements.undo,
        ("payments", "import"): payments.bring,
        ("payments", "list"): payments.listing,
        ("payments", "diagnose"): payments.diagnose,
    }
    return commands[options.command, getattr(options, "act", None)]


def _hint(options: argparse.Namespace, refusal: Refused) -> str:
    """What to do next; where that is a restore, the whole command."""
    from app.storage.errors import DatabaseDamaged
    from app.storage.restore import TargetNotEmpty

    if isinstance(refusal, TargetNotEmpty):
        file, where = _quoted(str(options.file)), _quoted(shown_address(options))
        user = options.user or "系统管理员的用户名"
        return (
            f"恢复到新的数据库：main.py --db 新数据库.sqlite3 backup restore {file}\n"
            "确需替换已有数据（原数据另存）："
            f"main.py --db {where} --as {user} backup restore {file} --replace"
        )
    if isinstance(refusal, DatabaseDamaged):
        return (
            "请勿继续录入。请先备份现有文件，再把最近一次验证通过的备份恢复到新的数据库："
            "main.py --db 新数据库.sqlite3 backup restore 备份文件.tfbak"
        )
    return refusal.hint


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _refuse(options: argparse.Namespace, code: str, message: str, hint: str) -> int:
    if options.json:
        error = {"error": {"code": code, "message": message, "hint": hint}}
        print(json.dumps(error, ensure_ascii=False, indent=1))
    else:
        print(f"{message}\n{hint}".strip(), file=sys.stderr)
    return REFUSED
