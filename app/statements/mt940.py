"""MT940 and MT942: SWIFT's statements as text, one message after another in a file."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.core.errors import BadInput, Problem
from app.core.money import MINOR_DIGITS, Money
from app.statements.parsed import (
    Control,
    NotAStatement,
    Skipped,
    Statement,
    StatementFile,
    StatementLine,
    Totals,
)
from app.statements.proof import prove

_TAG = re.compile(r"^:(\d\d[A-Z]?):", re.MULTILINE)
_OPENS = re.compile(r"^(?:\{1:[^}]*\}.*?)?\s*:20:", re.MULTILINE)
_IS = re.compile(r"^:(?:25[P]?|28C?|6[01][FM]?|34F):", re.MULTILINE)
_LINE = re.compile(r"^:61:", re.MULTILINE)
_NONE: Final = frozenset({"", "NONREF", "N", "NOREF"})
_NAME = re.compile(r"\?3[23]([^?]*)")
_ACCOUNT = re.compile(r"\?(?:31|38)([^?]*)")
_TEXT = re.compile(r"\?2\d([^?]*)")
_SUB = re.compile(r"\?\d\d")


def is_swift(text: str) -> bool:
    """Whether a text is such a message: its tags stand at the beginnings of lines."""
    return bool(_OPENS.search(text)) and bool(_IS.search(text))


def read_swift(name: str, text: str, encoding: str) -> StatementFile:
    """Every statement of the file. Raises NotAStatement when none can be read."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = [found.start(0) for found in re.finditer(r"^:20:", text, re.MULTILINE)]
    if not starts:
        raise NotAStatement(f"文件“{name}”不是 MT940 对账单：没有 :20: 开头的报文。")
    ends = [*starts[1:], len(text)]
    kinds: set[str] = set()
    statements: list[Statement] = []
    problems: list[Problem] = []
    skipped: list[Skipped] = []
    for start, end in zip(starts, ends, strict=True):
        before = text.count("\n", 0, start)
        block = text[start:end]
        kinds.add("MT942" if re.search(r"^:(34F|90[DC]|13D?):", block, re.MULTILINE) else "MT940")
        try:
            statements.append(_statement(block, before, problems))
        except BadInput as refusal:
            problems.append(Problem(before + 1, "报文", refusal.message))
    if not statements:
        raise NotAStatement(f"文件“{name}”中没有可以读取的报文：{problems[0].message}")
    if text[: starts[0]].strip():
        skipped.append(Skipped(1, "报文之前的内容"))
    if not any(one.lines for one in statements) and not problems:
        problems.append(Problem(None, "文件", "对账单中没有任何交易，请核对查询期间。"))
    return StatementFile(
        name,
        "/".join(sorted(kinds)),
        tuple(prove(one) for one in _joined(statements)),
        "",
        encoding,
        tuple(problems),
        tuple(skipped),
    )


def _joined(statements: list[Statement]) -> Iterator[Statement]:
    """Pages of one statement as one: each goes on where the one before ended."""
    held: Statement | None = None
    for one in statements:
        same = (
            held is not None
            and (held.number, held.currency) == (one.number, one.currency)
            and held.closing is not None
            and held.closing == one.opening
        )
        if held is not None and same:
            held = replace(
                held,
                lines=(*held.lines, *one.lines),
                closing=one.closing,
                until=one.until or held.until,
                controls=(*held.controls, *one.controls),
            )
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


def _statement(block: str, before: int, problems: list[Problem]) -> Statement:
    """One message; a :61: that can't be read is named, the others are kept."""
    parsed = _parsed(block)
    rows = [before + block.count("\n", 0, found.start()) + 1 for found in _LINE.finditer(block)]
    found = parsed.transactions if parsed is not None else []
    if parsed is None or len(found) != len(rows):
        parsed, found, rows = _one_by_one(block, before, problems)
    data = parsed.data
    currency = _currency(data, found)
    lines = tuple(_line(one.data, row, currency) for one, row in zip(found, rows, strict=True))
    opening, closing = _balance(data, "opening"), _balance(data, "closing")
    number = re.sub(r"\s", "", str(data.get("account_identification", "")))
    days = [line.on for line in lines]
    return Statement(
        lines,
        currency,
        number.rpartition("/")[2],
        "",
        None if opening is None else _minor(opening.amount.amount, currency),
        None if closing is None else _minor(closing.amount.amount, currency),
        _day(opening) or min(days, default=None),
        _day(closing) or max(days, default=None),
        tuple(_controls(block, currency)),
    )


def _parsed(block: str) -> Any:
    import logging

    import mt940

    # What it can't read is told by us, with its row.
    log = logging.getLogger("mt940")
    if log.propagate:
        log.addHandler(logging.NullHandler())
        log.propagate = False
    found = mt940.models.Transactions()
    try:
        found.parse(block.rstrip().rstrip("-}").rstrip() + "\n")
    except (ValueError, RuntimeError, ArithmeticError, KeyError, AttributeError, TypeError):
        return None
    return found


def _one_by_one(
    block: str, before: int, problems: list[Problem]
) -> tuple[Any, list[Any], list[int]]:
    """Each :61: alone with the message's head, so that one bad line costs itself only."""
    places = [found.start() for found in _LINE.finditer(block)]
    tail = re.search(r"^:6[24][FM]?:", block, re.MULTILINE)
    end = tail.start() if tail else len(block)
    head = block[: places[0]] if places else block[:end]
    foot = block[end:]
    whole = _parsed(head + foot)
    if whole is None:
        raise BadInput("报文头或余额（:60F:、:62F:）无法识别。")
    found, rows = [], []
    for start, stop in zip(places, [*places[1:], end], strict=True):
        row = before + block.count("\n", 0, start) + 1
        alone = _parsed(head + block[start:stop] + foot)
        if alone is None or len(alone.transactions) != 1 or "amount" not in alone[0].data:
            said = block[start:].partition("\n")[0][:60]
            problems.append(Problem(row, ":61:", f"“{said}”无法识别，请核对日期、借贷标志和金额。"))
            continue
        found.append(alone.transactions[0])
        rows.append(row)
    return whole, found, rows


def _currency(data: dict[str, Any], found: list[Any]) -> str:
    for key in ("final_opening_balance", "intermediate_opening_balance", "final_closing_balance"):
        if data.get(key) is not None:
            return _known(str(data[key].amount.currency))
    return _known(str(found[0].data.get("currency") or "CNY")) if found else "CNY"


def _known(code: str) -> str:
    if code not in MINOR_DIGITS:
        raise BadInput(f"不认识的币种代码“{code}”。")
    return code


def _balance(data: dict[str, Any], which: str) -> Any:
    return data.get(f"final_{which}_balance") or data.get(f"intermediate_{which}_balance")


def _day(balance: Any) -> date | None:
    return (
        None if balance is None else date(balance.date.year, balance.date.month, balance.date.day)
    )


def _minor(amount: Decimal, currency: str) -> int:
    return Money.parse(format(amount, "f"), currency).minor


def _line(data: dict[str, Any], row: int, currency: str) -> StatementLine:
    on = data.get("entry_date") or data["date"]
    status = str(data.get("status") or "C")
    # R turns the side round: a reversal of a credit takes money out.
    out = status.endswith("D") != status.startswith("R")
    amount = abs(_minor(data["amount"].amount, currency))
    details = str(data.get("transaction_details") or "")
    said = _structured(data, details)
    references = (str(data.get(key) or "") for key in ("bank_reference", "customer_reference"))
    return StatementLine(
        row,
        date(on.year, on.month, on.day),
        -amount if out else amount,
        None,
        said["name"][:200],
        said["account"][:60],
        said["bank"],
        str(data.get("posting_text") or data.get("id") or ""),
        said["purpose"],
        " ".join(str(data.get("extra_details") or "").split()),
        next((one for one in references if one not in _NONE), "")[:80],
        None,
        date(data["date"].year, data["date"].month, data["date"].day),
    )


def _structured(data: dict[str, Any], details: str) -> dict[str, str]:
    """Who and why: out of ?20 … ?38 where :86: is so written, else the text as it is."""
    flat = "".join(details.split("\n"))
    name = str(data.get("applicant_name") or "") or "".join(_NAME.findall(flat))
    account = "".join(_ACCOUNT.findall(flat))
    purpose = str(data.get("purpose") or "") or "".join(_TEXT.findall(flat))
    if not purpose and not _SUB.search(flat):
        purpose = " ".join(details.split())
    return {
        "name": " ".join(name.split()),
        "account": "".join((str(data.get("applicant_iban") or "") or account).split()),
        "bank": " ".join(str(data.get("applicant_bin") or "").split()),
        "purpose": " ".join(purpose.split()),
    }


def _controls(block: str, currency: str) -> Iterator[Control]:
    """:90D: and :90C: of an MT942: how many and how much."""
    totals = Totals()
    for side, count, amount in re.findall(r"^:90([DC]):(\d+)[A-Z]{3}([\d,]+)", block, re.MULTILINE):
        minor = Money.parse(amount.replace(",", "."), currency).minor
        if side == "D":
            totals = replace(totals, count_out=int(count), total_out=minor)
        else:
            totals = replace(totals, count_in=int(count), total_in=minor)
    if totals != Totals():
        yield Control(totals, None)
