"""OFX and QFX: statements for accounting programs, as SGML or XML."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

from app.core.errors import BadInput, Problem
from app.core.money import MINOR_DIGITS, Money
from app.statements.parsed import NotAStatement, Statement, StatementFile, StatementLine
from app.statements.proof import prove

_HEADER: Final = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\n"
    "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
)
_BODY = re.compile(r"<OFX>", re.IGNORECASE)
_ROW = re.compile(r"<STMTTRN>.*?<DTPOSTED>\s*(\d{8})|<STMTTRN>", re.IGNORECASE | re.DOTALL)


# The row of a transaction, and its day as it is written.
_Place = tuple[int, str | None]


def is_ofx(head: str) -> bool:
    """Whether the beginning of a text is OFX."""
    return "OFXHEADER" in head or bool(_BODY.search(head))


def read_ofx(name: str, text: str, encoding: str) -> StatementFile:
    """Every account of the file. Raises NotAStatement."""
    import warnings

    from ofxparse import OfxParser, OfxParserException

    body = _BODY.search(text)
    if body is None:
        raise NotAStatement(f"文件“{name}”是 OFX，但没有内容。", "请重新下载该文件。")
    content = _HEADER + text[body.start() :]
    try:
        with warnings.catch_warnings():
            # The reader's own use of its HTML parser, of no matter here.
            warnings.simplefilter("ignore")
            found = OfxParser.parse(BytesIO(content.encode()), fail_fast=False)
    except (OfxParserException, ValueError, AttributeError, TypeError, ArithmeticError) as error:
        raise NotAStatement(f"文件“{name}”的 OFX 内容已损坏：{error}") from error
    rows = [(text.count("\n", 0, one.start()) + 1, one[1]) for one in _ROW.finditer(text)]
    problems: list[Problem] = []
    statements = []
    place = 0
    for account in found.accounts:
        if account.statement is None:
            continue
        count = len(account.statement.transactions)
        bad = len(getattr(account.statement, "discarded_entries", ()))
        here = rows[place : place + count + bad]
        place += count + bad
        # Only where none was dropped do rows and transactions stand side by side.
        known = here if not bad and len(here) == count else [(0, None)] * count
        statements.append(prove(_statement(account, known, problems)))
    lost = len(rows) - sum(len(one.lines) for one in statements)
    if lost:
        text_ = f"文件中有 {len(rows)} 笔交易，其中 {lost} 笔的日期或金额无法识别。"
        problems.append(Problem(None, "STMTTRN", text_))
    if not statements:
        raise NotAStatement(f"文件“{name}”中没有账户对账单。")
    if not any(one.lines for one in statements) and not problems:
        problems.append(Problem(None, "文件", "对账单中没有任何交易，请核对查询期间。"))
    kind = "QFX" if re.search(r"<INTU\.", text, re.IGNORECASE) else "OFX"
    bank = str(getattr(found.accounts[0].institution, "organization", "") or "")
    return StatementFile(name, kind, tuple(statements), bank, encoding, tuple(problems))


def _statement(account: Any, rows: Sequence[_Place], problems: list[Problem]) -> Statement:
    held = account.statement
    currency = str(held.currency or "CNY").upper()
    if currency not in MINOR_DIGITS:
        raise NotAStatement(f"不认识的币种代码“{currency}”。")
    lines = []
    for one, (row, day) in zip(held.transactions, rows, strict=True):
        try:
            lines.append(_line(one, row, day, currency))
        except BadInput as error:
            problems.append(Problem(row, "STMTTRN", f"{error.message}{error.hint}"))
    balance = getattr(held, "balance", None)
    closing = None
    if balance is not None:
        closing = Money.parse(format(balance, "f"), currency).minor
    return Statement(
        tuple(lines),
        currency,
        str(account.number or ""),
        "",
        None,
        closing,
        _day(held.start_date) or min((line.on for line in lines), default=None),
        _day(held.end_date) or max((line.on for line in lines), default=None),
    )


def _line(one: Any, row: int, day: str | None, currency: str) -> StatementLine:
    """The day is the bank's own, as it is written: the reader turns it into that of UTC."""
    return StatementLine(
        row,
        date.fromisoformat(day) if day else one.date.date(),
        Money.parse(format(one.amount, "f"), currency).minor,
        None,
        " ".join(str(one.payee or "").split())[:200],
        "",
        "",
        str(one.type or ""),
        "",
        " ".join(str(one.memo or "").split()),
        str(one.id or one.checknum or "")[:80],
    )


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else None
