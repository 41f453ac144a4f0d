"""MT940 and MT942: SWIFT's statements as text, one message after another in a file."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from app.core.errors import BadInput, Problem
from app.core.money import MINOR_DIGITS, Money
from app.statements.parsed import (
    Control,
    NotAStatement,
    Places,
    Skipped,
    Statement,
    StatementFile,
    StatementLine,
    Totals,
    seen,
    words,
)
from app.statements.preamble import minor as declared
from app.statements.proof import prove

_OPENS = re.compile(r"^(?:\{1:[^}]*\}.*?)?\s*:20:", re.MULTILINE)
_IS = re.compile(r"^:(?:25[P]?|28C?|6[01][FM]?|34F):", re.MULTILINE)
_LINE = re.compile(r"^:61:", re.MULTILINE)
_FIELD = re.compile(r"^:\d\d[A-Z]?:", re.MULTILINE)
_EDGE = re.compile(r"^(?::(\d\d)[A-Z]?:|-\}|-$)", re.MULTILINE)
_BODY: Final = frozenset({"61", "62", "64", "65", "86"})
_CODE = re.compile(r"^:(?:6\d[FM]?:[CD]\d{6}|34F:|90[DC]:\d+)([A-Z]{3})", re.MULTILINE)
_LOG: Final = "mt940.tags"
_NONE: Final = frozenset({"", "NONREF", "N", "NOREF"})
_NAME = re.compile(r"\?3[23]([^?]*)")
_ACCOUNT = re.compile(r"\?(?:31|38)([^?]*)")
_TEXT = re.compile(r"\?2\d([^?]*)")
_SUB = re.compile(r"\?\d\d")


def is_swift(text: str) -> bool:
    """Whether a text is such a message: its tags stand at the beginnings of lines."""
    return bool(_OPENS.search(text)) and bool(_IS.search(text))


def read_swift(name: str, text: str, encoding: str, currency: str = "CNY") -> StatementFile:
    """Every statement of the file; currency: where it names none.

    Raises NotAStatement when none can be read.
    """
    text = seen(text.replace("\r\n", "\n").replace("\r", "\n"))
    places = Places(text)
    starts = _messages(text)
    if not starts:
        raise NotAStatement(f"文件“{name}”不是 MT940 对账单：没有 :20: 开头的报文。")
    kinds: set[str] = set()
    statements: list[Statement] = []
    problems: list[Problem] = []
    skipped: list[Skipped] = []
    for start, end in _spans(starts, len(text)):
        before = places.row(start) - 1
        block = text[start:end]
        kinds.add("MT942" if re.search(r"^:(34F|90[DC]|13D?):", block, re.MULTILINE) else "MT940")
        try:
            statements.append(_statement(block, before, currency, problems))
        except BadInput as refusal:
            lost = len(_LINE.findall(block))
            said = f"{refusal.message}其中 {lost} 笔交易没有读取。"
            problems.append(Problem(before + 1, "报文", said))
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


def _messages(text: str) -> list[int]:
    """Where each message begins: at :20:, or where that is missing, at the first field of a head."""
    starts: list[int] = []
    ended = True
    for found in _EDGE.finditer(text):
        tag = found[1]
        if tag is None:
            ended = True
        elif tag == "20" or (ended and tag not in _BODY):
            starts.append(found.start())
            ended = False
        elif not starts:
            # Lines before any head: read as far as they can be.
            starts.append(found.start())
            ended = False
    return starts


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


def _statement(block: str, before: int, currency: str, problems: list[Problem]) -> Statement:
    """One message; what can't be read of it is named, the rest is kept."""
    places = Places(block)
    rows = [before + places.row(found.start()) for found in _LINE.finditer(block)]
    parsed = _parsed(block)
    found = parsed.transactions if parsed is not None else []
    if parsed is None or len(found) != len(rows) or any("amount" not in one.data for one in found):
        parsed, found, rows = _one_by_one(block, before, places, problems)
    data = parsed.data
    said = _currency(data, block)
    currency = said or currency
    lines = _lines(found, rows, currency, problems)
    opening, closing = _balance(data, "opening"), _balance(data, "closing")
    number = re.sub(r"\s", "", str(data.get("account_identification") or ""))
    days = [line.on for line in lines]
    return Statement(
        tuple(lines),
        currency,
        number.rpartition("/")[2],
        "",
        None if opening is None else _minor(opening.amount.amount, currency),
        None if closing is None else _minor(closing.amount.amount, currency),
        _day(opening) or min(days, default=None),
        _day(closing) or max(days, default=None),
        tuple(_controls(block, currency)),
        currency_said=bool(said),
    )


def _lines(
    found: list[Any], rows: list[int], currency: str, problems: list[Problem]
) -> list[StatementLine]:
    lines = []
    for one, row in zip(found, rows, strict=True):
        try:
            lines.append(_line(one.data, row, currency))
        except BadInput as refusal:
            problems.append(Problem(row, ":61:", f"{refusal.message}{refusal.hint}"))
    return lines


def _parsed(block: str) -> Any:
    """What the library reads; None where it can't. It would log what the customer wrote."""
    import mt940

    logging.getLogger(_LOG).setLevel(logging.CRITICAL + 1)
    found = mt940.models.Transactions(options=mt940.Options.all())
    try:
        found.parse(block.rstrip().rstrip("-}").rstrip() + "\n")
    except (ValueError, RuntimeError, ArithmeticError, LookupError, AttributeError, TypeError):
        return None
    return found


def _one_by_one(
    block: str, before: int, places: Places, problems: list[Problem]
) -> tuple[Any, list[Any], list[int]]:
    """Each :61: alone with the message's head, so that one bad line costs itself only."""
    starts = [found.start() for found in _LINE.finditer(block)]
    tail = next(
        (
            found.start()
            for found in re.finditer(r"^:6[24][FM]?:", block, re.MULTILINE)
            if not starts or found.start() > starts[-1]
        ),
        len(block),
    )
    head = _sound(block, 0, starts[0] if starts else tail, before, places, problems)
    foot = _sound(block, tail, len(block), before, places, problems)
    whole = _parsed(head + foot)
    if whole is None:
        raise BadInput("报文头无法识别。")
    found, rows = [], []
    for start, stop in _spans(starts, tail):
        row = before + places.row(start)
        alone = _parsed(head + block[start:stop].rstrip() + "\n" + foot)
        if alone is None or len(alone.transactions) != 1 or "amount" not in alone[0].data:
            said = block[start:stop].partition("\n")[0][:60]
            problems.append(Problem(row, ":61:", f"“{said}”无法识别，请核对日期、借贷标志和金额。"))
            continue
        found.append(alone.transactions[0])
        rows.append(row)
    return whole, found, rows


def _spans(starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    return pairwise([*starts, end])


def _sound(
    block: str, start: int, end: int, before: int, places: Places, problems: list[Problem]
) -> str:
    """The fields of this part that can be read; the others are named."""
    starts = [found.start() for found in _FIELD.finditer(block, start, end)]
    kept = []
    for one, stop in _spans(starts, end):
        said = block[one:stop].rstrip().rstrip("-}").rstrip()
        if _parsed(said if said.startswith(":20:") else f":20:X\n{said}") is None:
            text = f"“{said.partition(chr(10))[0][:60]}”无法识别，没有采用。"
            problems.append(Problem(before + places.row(one), said[: said.find(":", 1) + 1], text))
        else:
            kept.append(said + "\n")
    return "".join(kept)


def _currency(data: dict[str, Any], block: str) -> str:
    """The currency that the message names; "" where it names none."""
    for key in (
        "final_opening_balance",
        "intermediate_opening_balance",
        "final_closing_balance",
        "intermediate_closing_balance",
    ):
        if data.get(key) is not None:
            return _known(str(data[key].amount.currency))
    code = _CODE.search(block)
    return _known(code[1]) if code else ""


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
    status = str(data.get("status") or "C").upper()
    # R turns the side round: a reversal of a credit takes money out.
    out = status.endswith("D") != status.startswith("R")
    amount = abs(_minor(data["amount"].amount, currency))
    details = str(data.get("transaction_details") or "")
    said = _structured(data, details)
    held = (words(str(data.get(key) or "")) for key in ("bank_reference", "customer_reference"))
    references = [one for one in held if one not in _NONE]
    # The customer's own reference stays in sight beside the bank's.
    remark = (words(str(data.get("extra_details") or "")), *references[1:])
    return StatementLine(
        row,
        date(on.year, on.month, on.day),
        -amount if out else amount,
        None,
        said["name"][:200],
        said["account"][:60],
        said["bank"],
        words(str(data.get("posting_text") or data.get("id") or "")),
        said["purpose"],
        " ".join(dict.fromkeys(filter(None, remark))),
        references[0][:80] if references else "",
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
        minor = declared(amount.replace(",", ".").rstrip("."), currency)
        if side == "D":
            totals = replace(totals, count_out=int(count[:9]), total_out=minor)
        else:
            totals = replace(totals, count_in=int(count[:9]), total_in=minor)
    if totals != Totals():
        yield Control(totals, None)
