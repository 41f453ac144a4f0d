"""Turns the rows of a list of agreements into fields; every row is an agreement, a problem or skipped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from app.agreements.fields import (
    BUSINESS_LABELS,
    FIELD_LABELS,
    KIND_LABELS,
    AgreementFields,
    Kind,
    checked,
)
from app.agreements.rhythm import RHYTHM_LABELS, Rhythm
from app.core.errors import BadInput, Problem
from app.payments.intake import values
from app.payments.intake.drafts import Skipped
from app.payments.intake.values import Unfit
from app.tabular.header import Header, aliases_in, find_header, normal
from app.tabular.model import Row, Table

REQUIRED: Final = ("account_number", "payee_name", "starts_on")
BLANK: Final = "空行"
TOTAL: Final = "合计行或说明"
EXAMPLE: Final = "示例行；如为真实协议，请删除“示例”二字后重新导入"
_AMOUNTS: Final = ("amount", "single_limit", "daily_limit", "monthly_limit")
_NUMBERED: Final = ("number", "bank_no", "pboc_no", "customer_no", "contract_no")
_OTHER: Final = "09001"


class MissingColumns(BadInput):
    code = "AGR-006"
    remedy = "请补上这些栏目，或下载自动扣款协议导入模板填写。"


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A sound row. row: 1-based, as the spreadsheet shows it."""

    row: int
    fields: AgreementFields


@dataclass(frozen=True, slots=True)
class AgreementIntake:
    """Every row after the header is in exactly one of rows, problems and skipped.

    unmapped: headings that nothing was read from.
    """

    rows: tuple[AgreementRow, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    unmapped: tuple[str, ...]


def read(table: Table) -> AgreementIntake:
    """The agreements in a table. Raises NoHeader, WrongUnit, MissingColumns."""
    header = find_header(table, field_of, REQUIRED)
    missing = [FIELD_LABELS[name] for name in REQUIRED if name not in header.columns]
    if missing:
        raise MissingColumns(f"表格缺少必需的栏目：{'、'.join(missing)}。")
    rows: list[AgreementRow] = []
    problems: list[Problem] = list(table.problems)
    skipped: list[Skipped] = []
    for row in table.rows:
        if row.number <= header.row:
            continue
        why = _why_skipped(row, header)
        if why:
            skipped.append(Skipped(row.number, why))
            continue
        fields, wrong = _Cells(row, header).read()
        if wrong:
            problems.extend(wrong)
        elif fields is not None:
            rows.append(AgreementRow(row.number, fields))
    if not (rows or problems):
        problems.append(Problem(None, "文件", "只有表头，没有协议；请填写后重新导入。"))
    used = set(header.columns.values())
    unmapped = [text for at, text in enumerate(header.headings) if text and at not in used]
    return AgreementIntake(tuple(rows), tuple(problems), tuple(skipped), tuple(unmapped))


def field_of(heading: str) -> tuple[str, int] | None:
    """The field that a heading names, with the rank of that name; None when unknown."""
    return aliases_in("agreement_aliases.csv").get(normal(heading))


def _why_skipped(row: Row, header: Header) -> str:
    filled = [cell.strip() for cell in row.cells if cell and not cell.isspace()]
    if not filled:
        return BLANK
    if filled[0].startswith("示例"):
        return EXAMPLE
    nothing = all(values.says_nothing(row.cell(header.columns[name])) for name in REQUIRED)
    return TOTAL if nothing else ""


class _Cells:
    """Reads one row; every unfit cell becomes a Problem."""

    def __init__(self, row: Row, header: Header) -> None:
        self._row = row
        self._columns = header.columns
        self._problems: list[Problem] = []

    def read(self) -> tuple[AgreementFields | None, Sequence[Problem]]:
        currency = self._cell("currency", values.currency, "") or "CNY"
        given: dict[str, Any] = {
            "currency": currency,
            "kind": self._cell("kind", partial(_chosen, KIND_LABELS), Kind.DEBIT),
            "business": self._cell("business", partial(_chosen, BUSINESS_LABELS), _OTHER),
            "rhythm": self._cell("rhythm", partial(_chosen, RHYTHM_LABELS), _rhythm_without(self)),
        }
        for name in ("account_number", "payee_account"):
            given[name] = self._cell(name, partial(values.account, lossy=self._is_lossy(name)), "")
        for name in ("payee_name", "payee_bank", "payee_cnaps", "late_rate", "breach", "keeper"):
            given[name] = self._cell(name, values.clean, "")
        given["note"] = self._cell("note", values.clean, "")
        for name in _NUMBERED:
            given[name] = self._cell(name, partial(self._kept, name), "")
        for name in _AMOUNTS:
            given[name] = self._cell(name, partial(values.amount, currency=currency), None)
        for name in ("daily_count", "monthly_count", "notice_days"):
            given[name] = self._cell(name, _count, None)
        for name in ("first_debit_on", "signed_on", "starts_on", "ends_on"):
            given[name] = self._cell(name, values.day, None)
        if given["starts_on"] is None and not self._problems:
            self._add("starts_on", "为空，请填写。")
        if self._problems:
            return None, self._problems
        fields, wrong = checked(AgreementFields(**given))
        return fields, [Problem(self._row.number, one.field, one.message) for one in wrong]

    def has(self, name: str) -> bool:
        """Whether the row fills that field."""
        column = self._columns.get(name)
        return column is not None and not values.says_nothing(self._row.cell(column))

    def _cell(self, name: str, reader: Callable[[str], Any], nothing: Any) -> Any:
        if not self.has(name):
            return nothing
        try:
            return reader(self._row.cell(self._columns[name]))
        except Unfit as finding:
            self._add(name, f"{str(finding).rstrip('。')}。")
            return nothing

    def _kept(self, name: str, text: str) -> str:
        if self._is_lossy(name):
            raise Unfit(values.LOSSY.format(FIELD_LABELS[name]))
        return values.clean(text)

    def _is_lossy(self, name: str) -> bool:
        return self._columns.get(name) in self._row.lossy

    def _add(self, name: str, message: str) -> None:
        self._problems.append(Problem(self._row.number, FIELD_LABELS.get(name, name), message))


def _rhythm_without(cells: _Cells) -> Rhythm:
    """What goes for a blank rhythm: by the month where a debit day is given, else not known."""
    return Rhythm.MONTHLY if cells.has("first_debit_on") else Rhythm.IRREGULAR


def _chosen(labels: Mapping[Any, str], text: str) -> str:
    """The code of a label or a code itself. Raises Unfit."""
    plain = values.clean(text)
    for code, label in labels.items():
        if plain.upper() == str(code) or plain == label:
            return str(code)
    raise Unfit(f"“{plain}”无法识别，请填写：{'、'.join(labels.values())}")


def _count(text: str) -> int:
    plain = values.clean(text).removesuffix("天").removesuffix("笔").removesuffix(".0").strip()
    if not (plain.isascii() and plain.isdigit()):
        raise Unfit(f"“{plain}”不是整数，请填写数字")
    return int(plain)
