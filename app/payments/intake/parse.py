"""Turns the rows of a payment list into drafts; nothing in the file is lost unsaid."""

import hashlib
from collections.abc import Sequence
from typing import Final

from app.core.errors import BadInput, Problem
from app.payments.intake.aliases import DEFAULTABLE, LABELS, REQUIRED, Field
from app.payments.intake.cells import Cells
from app.payments.intake.drafts import Defaults, Intake, PaymentDraft, Skipped
from app.payments.intake.mapping import HeaderMap, labels
from app.payments.intake.rows import why_skipped
from app.tabular.header import normal
from app.tabular.model import Row, Table

_NO_DEFAULTS: Final = Defaults()


class MissingColumns(BadInput):
    code = "INT-003"
    remedy = "请在导入窗口为缺少的栏目指定对应的列，或使用付款导入模板。"


def apply(table: Table, mapping: HeaderMap, *, defaults: Defaults = _NO_DEFAULTS) -> Intake:
    """Drafts, problems and skipped rows; each row after the header is in exactly one of them.

    Raises MissingColumns when a required column is neither mapped nor given as a default.
    """
    _check_columns(mapping, defaults)
    return _Reading(table, mapping, defaults).result()


def _check_columns(mapping: HeaderMap, defaults: Defaults) -> None:
    given = {Field.PAYER_ACCOUNT: defaults.payer_account, Field.DUE_ON: defaults.due_on}
    missing = [
        field
        for field in (*REQUIRED, *DEFAULTABLE)
        if field not in mapping.columns and not given.get(field)
    ]
    if missing:
        raise MissingColumns(f"表格缺少必需的栏目：{labels(missing)}。")


class _Reading:
    """One pass over the rows of a table."""

    def __init__(self, table: Table, mapping: HeaderMap, defaults: Defaults) -> None:
        self._mapping = mapping
        self._defaults = defaults
        self._rows = [row for row in table.rows if row.number > mapping.header_row]
        self._header = _header(table.rows, mapping.header_row)
        self._drafts: list[PaymentDraft] = []
        self._problems: list[Problem] = list(table.problems)
        self._skipped: list[Skipped] = []
        self._seen: dict[str, int] = {}
        self._references: dict[str, int] = {}

    def result(self) -> Intake:
        for row in self._rows:
            self._read(row)
        if not (self._drafts or self._problems):
            self._problems.append(
                Problem(None, "文件", "只有表头，没有付款明细；请填写明细后重新导入。")
            )
        return Intake(tuple(self._drafts), tuple(self._problems), tuple(self._skipped))

    def _read(self, row: Row) -> None:
        reason = why_skipped(row, self._mapping, self._header)
        if reason is not None:
            self._skipped.append(Skipped(row.number, reason))
            return
        outcome = Cells(row, self._mapping, self._defaults).draft(self._fingerprint)
        if isinstance(outcome, PaymentDraft):
            self._keep(outcome)
        else:
            self._problems.extend(outcome)

    def _keep(self, draft: PaymentDraft) -> None:
        reference = draft.client_ref
        first = self._references.setdefault(reference, draft.row) if reference else draft.row
        if first == draft.row:
            self._drafts.append(draft)
            return
        text = f"业务参考号“{reference}”与第 {first} 行重复，请改为不同的参考号。"
        self._problems.append(Problem(draft.row, LABELS[Field.CLIENT_REF], text))

    def _fingerprint(self, content: str) -> str:
        """A hash of the content and of how often it came before in this file."""
        digest = hashlib.sha256(content.encode()).hexdigest()
        before = self._seen.get(digest, 0)
        self._seen[digest] = before + 1
        if not before:
            return digest
        return hashlib.sha256(f"{digest}#{before}".encode()).hexdigest()


def _header(rows: Sequence[Row], number: int) -> tuple[str, ...]:
    found = next((row for row in rows if row.number == number), None)
    return tuple(normal(cell) for cell in found.cells) if found else ()
