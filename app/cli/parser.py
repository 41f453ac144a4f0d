"""The words of the command line (design.md: a contract that scripts rely on)."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from app.core.version import VERSION

_LAYOUT: Final = "从窗口导出的列对应，用于表头不认识的文件"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; wrong words end the program with exit code 2 and say how it is called."""
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="标准输出只打印一个 JSON 文档",
    )
    common.add_argument(
        "--db",
        default=argparse.SUPPRESS,
        metavar="URL",
        help="数据库：SQLite 文件路径或 postgresql:// 地址",
    )
    common.add_argument(
        "--as",
        dest="user",
        default=argparse.SUPPRESS,
        metavar="USER",
        help="以该用户办理；密码取自环境变量 TINGFU_PASSWORD，否则询问",
    )
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="停付管家：查清付款为何停止，改正、重新授权并恢复。",
        epilog="退出码：0 完成；1 完成但有事项需要处理；2 被拒绝或输入有误。",
    )
    parser.set_defaults(json=False, db=None, user=None)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--db", metavar="URL", help="数据库：SQLite 文件路径或 postgresql:// 地址")
    parser.add_argument("--as", dest="user", metavar="USER", help="以该用户办理")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    demo = commands.add_parser("demo", parents=[common], help="打开演示公司的窗口")
    demo.add_argument("--reset", action="store_true", help="重新建立演示公司")
    demo.add_argument("--build-only", action="store_true", help="只建立数据，不打开窗口")

    init = commands.add_parser("init", parents=[common], help="建立新数据库")
    init.add_argument("--company", required=True, metavar="NAME")
    init.add_argument("--admin", required=True, metavar="USER")
    init.add_argument("--dataset", default="", help="账套名称，缺省为公司名称")
    init.add_argument("--drill", action="store_true", help="演练账套")

    _payments(commands, common)
    _statement(commands, common)
    _journal(commands, common)
    _calendar(commands, common)
    reconcile = commands.add_parser("reconcile", parents=[common], help="流水与付款、日记账对账")
    reconcile.add_argument("--account", required=True, metavar="NO")
    for name, target in (("--from", "since"), ("--to", "until")):
        reconcile.add_argument(
            name, dest=target, type=date.fromisoformat, required=True, metavar="D"
        )
    reconcile.add_argument("--workbook", type=Path, metavar="OUT.xlsx", help="写出对账工作簿")
    reconcile.add_argument("--look-only", action="store_true", help="只看，不保存勾对")

    _checks(commands, common)

    audit = commands.add_parser("audit", parents=[common], help="操作日志")
    acts = audit.add_subparsers(dest="act", required=True, metavar="verify|export")
    verify = acts.add_parser("verify", parents=[common], help="验证操作日志未被改动")
    verify.add_argument("--proof", default="", metavar="TEXT", help="取消操作证明上二维码的文字")
    verify.add_argument("--package", type=Path, metavar="FILE.zip", help="验证应急事件的证据包")
    export = acts.add_parser("export", parents=[common], help="导出操作日志")
    export.add_argument("file", type=Path, metavar="OUT")

    _incidents(commands, common)

    backup = commands.add_parser("backup", parents=[common], help="备份与恢复")
    acts = backup.add_subparsers(dest="act", required=True, metavar="create|verify|restore")
    create = acts.add_parser("create", parents=[common], help="备份数据")
    create.add_argument("file", type=Path, metavar="DEST")
    verify = acts.add_parser("verify", parents=[common], help="在旁边恢复以验证备份")
    verify.add_argument("file", type=Path, metavar="FILE")
    restore = acts.add_parser(
        "restore",
        parents=[common],
        help="恢复备份到 --db 指明的新数据库，或用 --replace 替换已有的",
        description="恢复到新的数据库：main.py --db 新数据库.sqlite3 backup restore FILE。"
        "替换已有的数据库（原数据另存）：再加 --as 系统管理员的用户名 和 --replace。",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="替换已有数据（原数据另存）")

    generate = commands.add_parser("generate", parents=[common], help="生成大批量演练数据")
    generate.add_argument("--payments", type=int, required=True, metavar="N")
    generate.add_argument("--lines", type=int, default=0, metavar="N")
    generate.add_argument("--seed", type=int, default=1, metavar="S")
    return parser


def _incidents(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
) -> None:
    incident = commands.add_parser("incident", parents=[common], help="应急事件")
    acts = incident.add_subparsers(dest="act", required=True, metavar="report|package|diagnostics")
    for name, what, out in (
        ("report", "写出已批准的处理报告", "OUT.pdf"),
        ("package", "写出证据包", "OUT.zip"),
    ):
        one = acts.add_parser(name, parents=[common], help=what)
        one.add_argument("number", metavar="NO")
        one.add_argument("file", type=Path, metavar=out)
        one.add_argument("--edition", type=int, default=0, metavar="N", help="哪一版，默认最新")
    package = acts.add_parser(
        "diagnostics",
        parents=[common],
        help="写出给软件供应商的诊断包",
        description="日志、错误报告、版本、自诊断、工单和设置；账号、名称、密码、电话等均已隐去。",
    )
    package.add_argument("number", metavar="NO")
    package.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help="写到哪个文件")


def _checks(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
) -> None:
    commands.add_parser("check", parents=[common], help="每日检查")
    selfcheck = commands.add_parser(
        "selfcheck",
        parents=[common],
        help="自诊断",
        description="逐项检查数据库、数据、程序、备份和外部连接。用 --as 登录的，结果存档并编号。",
    )
    selfcheck.add_argument("--quick", action="store_true", help="只做快速检查")
    selfcheck.add_argument("--pdf", type=Path, metavar="OUT.pdf", help="写出自诊断报告")


def _payments(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
) -> None:
    payments = commands.add_parser("payments", parents=[common], help="付款指令")
    acts = payments.add_subparsers(dest="act", required=True, metavar="import|list|diagnose")
    bring = acts.add_parser("import", parents=[common], help="导入付款文件")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--account", default="", metavar="NO", help="文件没有付款账号时使用")
    bring.add_argument(
        "--due", type=date.fromisoformat, metavar="DATE", help="文件没有付款日期时使用"
    )
    bring.add_argument("--all-or-nothing", action="store_true", help="有问题行时全部不导入")
    listing = acts.add_parser("list", parents=[common], help="列出付款指令")
    listing.add_argument(
        "--status", action="append", default=[], metavar="S", help="状态代码或名称，可重复"
    )
    listing.add_argument("--text", default="", metavar="T", help="收款方（含拼音）或编号")
    listing.add_argument("--limit", type=int, default=0, metavar="N", help="最多列出多少笔")
    diagnose = acts.add_parser("diagnose", parents=[common], help="诊断停付原因")
    diagnose.add_argument("number", metavar="NO")


def _statement(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
) -> None:
    statement = commands.add_parser("statement", parents=[common], help="银行流水")
    acts = statement.add_subparsers(
        dest="act", required=True, metavar="inspect|import|imports|undo"
    )
    inspect = acts.add_parser(
        "inspect",
        parents=[common],
        help="识别并读取流水，不需要数据库",
        description="文件有密码的，放在环境变量 TINGFU_FILE_PASSWORD 中，或按提示输入。",
    )
    inspect.add_argument("file", type=Path, metavar="FILE")
    inspect.add_argument("--currency", default="CNY", metavar="CODE", help="文件没有写明的币种")
    inspect.add_argument("--layout", type=Path, metavar="LAYOUT.json", help=_LAYOUT)
    bring = acts.add_parser("import", parents=[common], help="导入流水")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--account", default="", metavar="NO", help="文件没有写明账号时使用")
    bring.add_argument("--layout", type=Path, metavar="LAYOUT.json", help=_LAYOUT)
    _undoing(acts, common)


def _undoing(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    """What was imported, and taking one import back: of statements and of journals alike."""
    listing = acts.add_parser("imports", parents=[common], help="列出导入记录，最近的在前")
    listing.add_argument("--account", default="", metavar="NO", help="只列出该账户的")
    undo = acts.add_parser("undo", parents=[common], help="撤销一次导入，之后可重新导入同一文件")
    undo.add_argument("id", type=int, metavar="ID", help="imports 列出的编号")
    undo.add_argument("--reason", required=True, metavar="TEXT", help="撤销原因，记入操作日志")


def _journal(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
) -> None:
    journal = commands.add_parser("journal", parents=[common], help="银行存款日记账")
    acts = journal.add_subparsers(
        dest="act", required=True, metavar="inspect|import|imports|undo|template"
    )
    inspect = acts.add_parser(
        "inspect",
        parents=[common],
        help="识别并读取日记账，不需要数据库",
        description="文件有密码的，放在环境变量 TINGFU_FILE_PASSWORD 中，或按提示输入。",
    )
    inspect.add_argument("file", type=Path, metavar="FILE")
    inspect.add_argument("--currency", default="CNY", metavar="CODE", help="文件没有写明的币种")
    bring = acts.add_parser("import", parents=[common], help="导入日记账")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--account", default="", metavar="NO", help="只导入该账户；文件未写明时使用")
    bring.add_argument("--subject", default="", metavar="TEXT", help="文件有几个科目时，导入哪一个")
    _undoing(acts, common)
    template = acts.add_parser("template", parents=[common], help="生成可填写的模板")
    template.add_argument("file", type=Path, metavar="OUT", help=".xlsx")


def _calendar(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
) -> None:
    calendar = commands.add_parser("calendar", parents=[common], help="工作日历")
    acts = calendar.add_subparsers(dest="act", required=True, metavar="show|import|template")
    show = acts.add_parser("show", parents=[common], help="各年度从何得知；某一年的节假日安排")
    show.add_argument("--year", type=int, metavar="Y", help="按月列出该年度")
    bring = acts.add_parser("import", parents=[common], help="导入某一年度的节假日安排")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--year", type=int, required=True, metavar="Y", help="安排的年度")
    bring.add_argument("--preview", action="store_true", help="只看会改动什么，不保存")
    template = acts.add_parser("template", parents=[common], help="生成可填写的模板")
    template.add_argument("file", type=Path, metavar="OUT", help=".xlsx 或 .csv")
    template.add_argument("--year", type=int, required=True, metavar="Y", help="模板的年度")
