"""camt.052, 053 and 054: ISO 20022 statements of any version, by the names of their elements."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
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
    words,
)
from app.statements.preamble import minor as declared
from app.statements.proof import TOTAL_FIELD, prove

_HOLDERS: Final = ("Stmt", "Rpt", "Ntfctn")
_OPENING: Final = ("OPBD", "PRCD", "OPAV")
_CLOSING: Final = ("CLBD", "ITBD")
_PENDING: Final = frozenset({"PDNG", "INFO", "FUTR"})
_VERSION = re.compile(r"camt\.05[234]\.\d{3}\.\d{2}")
_KINDS: Final = {"Stmt": "camt.053", "Rpt": "camt.052", "Ntfctn": "camt.054"}


def is_camt(head: str) -> bool:
    """Whether the beginning of an XML text is one of these messages."""
    return any(
        word in head for word in ("BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn")
    )


def read_camt(name: str, content: bytes, currency: str = "CNY") -> StatementFile:
    """Every statement of the message. Raises NotAStatement; a DOCTYPE was refused before.

    currency: where the message names none.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, load_dtd=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotAStatement(
            f"文件“{name}”的 XML 不完整或已损坏（第 {error.lineno} 行）。", "请重新下载该对账单。"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAStatement(f"文件“{name}”含有 DOCTYPE，可能夹带恶意内容。", "请核实文件来源。")
    held = [one for one in root.iter() if _tag(one) in _HOLDERS]
    if not held:
        raise NotAStatement(f"文件“{name}”是 XML，但不是 camt.052、053 或 054 对账单。")
    problems: list[Problem] = []
    skipped: list[Skipped] = []
    statements = tuple(prove(_statement(one, currency, problems, skipped)) for one in held)
    problems.extend(_strays(root))
    if not any(one.lines for one in statements) and not problems:
        problems.append(Problem(None, "文件", "对账单中没有任何交易，请核对查询期间。"))
    version = _VERSION.search(str(root.tag))
    return StatementFile(
        name,
        version[0] if version else _KINDS[_tag(held[0])],
        statements,
        next(filter(None, (_bank(one) for one in held)), ""),
        str(root.getroottree().docinfo.encoding or "UTF-8"),
        tuple(problems),
        tuple(skipped),
    )


def _strays(root: Any) -> Iterator[Problem]:
    for one in root.iter():
        if _tag(one) == "Ntry" and _tag(one.getparent()) not in _HOLDERS:
            text = "该笔交易不在任何对账单之下，没有读取。"
            yield Problem(int(one.sourceline or 0), "Ntry", text)


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _child(node: Any, *path: str) -> Any:
    """The first element down that path, whatever its namespace; None where there is none."""
    for step in path:
        if node is None:
            return None
        node = next((one for one in node if _tag(one) == step), None)
    return node


def _children(node: Any, name: str) -> list[Any]:
    return [] if node is None else [one for one in node if _tag(one) == name]


def _text(node: Any, *path: str) -> str:
    found = _child(node, *path)
    return "" if found is None else words(found.text or "")


def _any(node: Any, name: str) -> str:
    """The first text of that name anywhere below."""
    if node is None:
        return ""
    found = (words(one.text or "") for one in node.iter() if _tag(one) == name)
    return next(filter(None, found), "")


def _bank(node: Any) -> str:
    servicer = _child(node, "Acct", "Svcr", "FinInstnId")
    return _text(servicer, "Nm") or _any(servicer, "BICFI") or _any(servicer, "BIC")


def _statement(
    node: Any, currency: str, problems: list[Problem], skipped: list[Skipped]
) -> Statement:
    entries = _children(node, "Ntry")
    said = _currency(node, entries)
    currency = said or currency
    lines = [line for one in entries for line in _lines(one, currency, problems, skipped)]
    days = [line.on for line in lines]
    period = _child(node, "FrToDt")
    account = _child(node, "Acct")
    return Statement(
        tuple(lines),
        currency,
        _text(account, "Id", "IBAN") or _text(account, "Id", "Othr", "Id") or _any(account, "Id"),
        _text(account, "Ownr", "Nm") or _text(account, "Nm"),
        _balance(node, _OPENING, currency, problems),
        _balance(node, _CLOSING, currency, problems),
        _declared_day(_any(period, "FrDtTm") or _any(period, "FrDt")) or min(days, default=None),
        _declared_day(_any(period, "ToDtTm") or _any(period, "ToDt")) or max(days, default=None),
        tuple(_controls(node, currency, entries, problems)),
        currency_said=bool(said),
    )


def _currency(node: Any, entries: Sequence[Any]) -> str:
    """The currency that the statement names; "" where it names none."""
    said = _text(node, "Acct", "Ccy")
    for one in (*_children(node, "Bal"), *entries):
        if not said:
            amount = _child(one, "Amt")
            said = "" if amount is None else str(amount.get("Ccy") or "")
    code = said.upper()
    if code and code not in MINOR_DIGITS:
        raise NotAStatement(f"不认识的币种代码“{code}”。")
    return code


def _balance(node: Any, kinds: Sequence[str], currency: str, problems: list[Problem]) -> int | None:
    for kind in kinds:
        for one in _children(node, "Bal"):
            if _any(_child(one, "Tp"), "Cd") == kind or _any(_child(one, "Tp"), "Prtry") == kind:
                minor = declared(_text(one, "Amt"), currency)
                if minor is None:
                    said = f"余额 {kind}“{_text(one, 'Amt')}”无法识别，没有采用。"
                    problems.append(Problem(int(one.sourceline or 0), "Bal", said))
                    return None
                return -minor if _text(one, "CdtDbtInd") == "DBIT" else minor
    return None


def _lines(
    entry: Any, currency: str, problems: list[Problem], skipped: list[Skipped]
) -> Iterator[StatementLine]:
    row = int(entry.sourceline or 0)
    status = _status(entry)
    if status in _PENDING:
        skipped.append(Skipped(row, f"尚未记账（{status}）"))
        return
    try:
        yield from _of_entry(entry, row, currency)
    except BadInput as error:
        problems.append(Problem(row, "Ntry", f"{error.message}{error.hint}"))
    except ValueError as error:
        problems.append(Problem(row, "Ntry", f"日期或金额无法识别：{error}"))


def _status(entry: Any) -> str:
    return _text(entry, "Sts") or _text(entry, "Sts", "Cd") or _text(entry, "Sts", "Prtry")


def _of_entry(entry: Any, row: int, currency: str) -> Iterator[StatementLine]:
    amount = _child(entry, "Amt")
    if amount is None:
        raise BadInput("该笔没有金额（Amt）。")
    if str(amount.get("Ccy") or currency) != currency:
        raise BadInput(f"该笔币种为 {amount.get('Ccy')}，与账户币种 {currency} 不同。")
    total = Money.parse(words(amount.text or ""), currency).minor
    # The entry's own indicator says the side, of a reversal as well.
    out = _text(entry, "CdtDbtInd") == "DBIT"
    if _text(entry, "CdtDbtInd") not in {"DBIT", "CRDT"}:
        raise BadInput("该笔没有借贷标志（CdtDbtInd）。")
    parts = _parts(entry, total, currency)
    if not parts:
        details = [
            one for ntry in _children(entry, "NtryDtls") for one in _children(ntry, "TxDtls")
        ]
        yield _line(entry, details[0] if details else None, row, -total if out else total)
        return
    for detail, minor in parts:
        place = int(detail.sourceline or row)
        yield _line(entry, detail, place, -minor if out else minor)


def _parts(entry: Any, total: int, currency: str) -> list[tuple[Any, int]]:
    """The transactions of a batch: each with a reference of its own, together the entry."""
    details = [one for ntry in _children(entry, "NtryDtls") for one in _children(ntry, "TxDtls")]
    if len(details) < 2:  # noqa: PLR2004 - one detail is the entry itself
        return []
    found: list[tuple[Any, int]] = []
    references: set[tuple[str, ...]] = set()
    for one in details:
        amount = _child(one, "Amt")
        if amount is None:
            amount = _child(one, "AmtDtls", "TxAmt", "Amt")
        if amount is None or str(amount.get("Ccy") or currency) != currency:
            return []
        references.add(tuple(_references(one)))
        side = _text(one, "CdtDbtInd") or _text(entry, "CdtDbtInd")
        minor = Money.parse(words(amount.text or ""), currency).minor
        found.append((one, minor if side == _text(entry, "CdtDbtInd") else -minor))
    own = len(references) == len(details) and () not in references
    return found if own and sum(minor for _, minor in found) == total else []


def _references(detail: Any) -> list[str]:
    refs = _child(detail, "Refs")
    if refs is None:
        return []
    names = ("EndToEndId", "AcctSvcrRef", "TxId", "InstrId", "MsgId", "PmtInfId", "ClrSysRef")
    found = (_text(refs, name) for name in names)
    return [one for one in found if one and one != "NOTPROVIDED"]


def _line(entry: Any, detail: Any, row: int, minor: int) -> StatementLine:
    booked = _any(_child(entry, "BookgDt"), "DtTm") or _any(_child(entry, "BookgDt"), "Dt")
    value = _any(_child(entry, "ValDt"), "DtTm") or _any(_child(entry, "ValDt"), "Dt")
    if not (booked or value):
        raise BadInput("该笔没有记账日期（BookgDt）。")
    instant = datetime.fromisoformat(booked or value)
    other, agent = ("Cdtr", "CdtrAgt") if minor < 0 else ("Dbtr", "DbtrAgt")
    parties = _child(detail, "RltdPties")
    account = _child(parties, f"{other}Acct")
    bank = _child(detail, "RltdAgts", agent, "FinInstnId")
    references = [] if detail is None else _references(detail)
    own = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    said = [words(one.text or "") for one in _all(detail, "Ustrd")]
    return StatementLine(
        row,
        instant.date(),
        minor,
        None,
        (_text(parties, other, "Nm") or _text(parties, other, "Pty", "Nm"))[:200],
        (_text(account, "Id", "IBAN") or _any(_child(account, "Id"), "Id"))[:60],
        _text(bank, "Nm") or _any(bank, "BICFI") or _any(bank, "BIC"),
        _text(entry, "BkTxCd", "Prtry", "Cd") or _family(entry),
        " ".join(dict.fromkeys(filter(None, said))),
        " ".join(
            filter(
                None,
                (_text(entry, "AddtlNtryInf"), _text(detail, "AddtlTxInf"), _any(detail, "Ref")),
            )
        ),
        (references[0] if references else own)[:80],
        instant.time().replace(tzinfo=None) if "T" in booked and instant.time() != time() else None,
        _day(value),
    )


def _all(node: Any, name: str) -> list[Any]:
    return [] if node is None else [one for one in node.iter() if _tag(one) == name]


def _family(entry: Any) -> str:
    domain = _child(entry, "BkTxCd", "Domn")
    parts = (_text(domain, "Cd"), _any(_child(domain, "Fmly"), "Cd"), _any(domain, "SubFmlyCd"))
    return "-".join(filter(None, parts))


def _day(text: str) -> date | None:
    return datetime.fromisoformat(text).date() if text else None


def _declared_day(text: str) -> date | None:
    """A day of the head; None where it is none, as the lines tell theirs."""
    try:
        return _day(text)
    except ValueError:
        return None


def _controls(
    node: Any, currency: str, entries: Sequence[Any], problems: list[Problem]
) -> Iterator[Control]:
    """What the message says of itself; counts are of entries, so they are held against those."""
    summary = _child(node, "TxsSummry")
    if summary is None:
        return
    said = _text(summary, "TtlNtries", "NbOfNtries")
    if said.isdecimal() and said.lstrip("0") != str(len(entries)).lstrip("0"):
        text = f"文件所列总笔数 {said[:12]}，实际读到 {len(entries)} 笔。"
        problems.append(Problem(int(summary.sourceline or 0), TOTAL_FIELD, text))
    # Whether the sums count what is not yet booked, banks differ in.
    if any(_status(one) in _PENDING for one in entries):
        return
    yield Control(
        Totals(
            total_in=declared(_text(summary, "TtlCdtNtries", "Sum"), currency),
            total_out=declared(_text(summary, "TtlDbtNtries", "Sum"), currency),
        ),
        None,
    )
