"""OFX and QFX: statements for accounting programs, as SGML or XML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Final

from app.core.errors import Problem
from app.core.money import MINOR_DIGITS
from app.payments.intake.values import Unfit
from app.statements import figures
from app.statements.parsed import NotAStatement, Places, Statement, StatementFile, StatementLine
from app.statements.parsed import words as plain
from app.statements.preamble import minor
from app.statements.proof import prove

_BODY = re.compile(r"<OFX>", re.IGNORECASE)
# What stands behind a tag, up to the next one; SGML closes no tag that holds a value.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.]*)>")
_DATE = re.compile(r"(\d{8})(?:\d{4,6})?(?:\.\d+)?\s*(?:\[.*)?")
_STATEMENTS: Final = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS"})
_OWN: Final = frozenset({"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"})
_OTHER: Final = frozenset({"BANKACCTTO", "CCACCTTO"})
_GROUPS: Final = _OWN | _OTHER | {"LEDGERBAL", "AVAILBAL", "PAYEE", "CURRENCY", "ORIGCURRENCY"}
_LINE: Final = "STMTTRN"


@dataclass(slots=True)
class _Entry:
    row: int
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Account:
    values: dict[str, str] = field(default_factory=dict)
    entries: list[_Entry] = field(default_factory=list)


def is_ofx(head: str) -> bool:
    """Whether the beginning of a text is OFX."""
    return "OFXHEADER" in head or bool(_BODY.search(head))


def read_ofx(name: str, text: str, encoding: str, currency: str = "CNY") -> StatementFile:
    """Every account of the file; a transaction that can't be read is named. Raises NotAStatement.

    currency: where the file names none.
    """
    if not _BODY.search(text):
        raise NotAStatement(f"文件“{name}”是 OFX，但没有内容。", "请重新下载该文件。")
    problems: list[Problem] = []
    bank, accounts = _accounts(text, problems)
    if not accounts:
        raise NotAStatement(f"文件“{name}”中没有账户对账单。")
    statements = [prove(_statement(one, currency, problems)) for one in accounts]
    if not any(one.lines for one in statements) and not problems:
        problems.append(Problem(None, "文件", "对账单中没有任何交易，请核对查询期间。"))
    kind = "QFX" if re.search(r"<INTU\.", text, re.IGNORECASE) else "OFX"
    return StatementFile(name, kind, tuple(statements), bank, encoding, tuple(problems))


def _values(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Each tag with its place, "/" where it closes, and the value behind it."""
    held: re.Match[str] | None = None
    for found in _TAG.finditer(text):
        if held is not None:
            yield held.start(), held[1], held[2].upper(), text[held.end() : found.start()]
        held = found
    if held is not None:
        yield held.start(), held[1], held[2].upper(), text[held.end() :]


def _accounts(text: str, problems: list[Problem]) -> tuple[str, list[_Account]]:
    """The bank's name and the accounts, with their values by group and tag: LEDGERBAL.BALAMT."""
    places = Places(text)
    bank, group = "", ""
    accounts: list[_Account] = []
    entry: _Entry | None = None
    for place, closes, tag, said in _values(text):
        value = plain(unescape(said))
        if tag in _GROUPS:
            group = "" if closes else tag
        elif closes:
            entry = None if tag == _LINE else entry
        elif tag in _STATEMENTS:
            accounts.append(_Account())
            entry, group = None, ""
        elif tag == _LINE and not accounts:
            problems.append(Problem(places.row(place), _LINE, "该笔交易不在任何账户之下。"))
        elif tag == _LINE:
            entry, group = _Entry(places.row(place)), ""
            accounts[-1].entries.append(entry)
        elif tag == "ORG":
            bank = bank or value
        elif value and accounts:
            values = accounts[-1].values if entry is None else entry.values
            values.setdefault(f"{group}.{tag}" if group else tag, value)
    return bank, accounts


def _statement(account: _Account, currency: str, problems: list[Problem]) -> Statement:
    values = account.values
    currency = values.get("CURDEF", currency).upper()
    if currency not in MINOR_DIGITS:
        raise NotAStatement(f"不认识的币种代码“{currency}”。")
    lines = []
    for one in account.entries:
        try:
            lines.append(_line(one, currency))
        except Unfit as error:
            problems.append(Problem(one.row, _LINE, str(error)))
    number = next((values[f"{own}.ACCTID"] for own in _OWN if f"{own}.ACCTID" in values), "")
    days = [line.on for line in lines]
    return Statement(
        tuple(lines),
        currency,
        "".join(number.split()),
        "",
        None,
        minor(values.get("LEDGERBAL.BALAMT", ""), currency),
        _day_or_none(values.get("DTSTART", "")) or min(days, default=None),
        _day_or_none(values.get("DTEND", "")) or max(days, default=None),
        currency_said="CURDEF" in values,
    )


def _line(entry: _Entry, currency: str) -> StatementLine:
    def value(*tags: str) -> str:
        return next((entry.values[tag] for tag in tags if tag in entry.values), "")

    foreign = value("CURRENCY.CURSYM").upper()
    if foreign and foreign != currency:
        raise Unfit(f"该笔币种为 {foreign}，与账户币种 {currency} 不同")
    amount = figures.figure(value("TRNAMT"), currency)
    if amount is None:
        raise Unfit("该笔没有金额（TRNAMT）")
    return StatementLine(
        entry.row,
        _day(value("DTPOSTED", "DTUSER", "DTAVAIL")),
        amount,
        None,
        value("NAME", "PAYEE.NAME")[:200],
        "".join(value("BANKACCTTO.ACCTID", "CCACCTTO.ACCTID").split())[:60],
        value("BANKACCTTO.BANKID"),
        value("TRNTYPE"),
        "",
        value("MEMO"),
        value("FITID", "REFNUM", "CHECKNUM")[:80],
        None,
        _day_or_none(value("DTAVAIL")),
    )


def _day(text: str) -> date:
    """The day as the bank wrote it, in its own zone: that is the day it booked."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise Unfit(f"日期“{text[:40]}”无法识别")
    return figures.moment(found[1])[0]


def _day_or_none(text: str) -> date | None:
    try:
        return _day(text)
    except Unfit:
        return None
