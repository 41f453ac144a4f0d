"""The register of agreements as a file: the rows and columns that a window shows, in its order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.access.guard import Actor, acting
from app.access.rights import Right
from app.agreements.fields import BUSINESS_LABELS
from app.agreements.queries import AgreementLine, agreement_lines
from app.agreements.states import AGREEMENT_LABELS
from app.audit.trail import Event
from app.core.errors import NotFound
from app.documents.columns import Column, Kind, TableSheet, Value
from app.documents.table_export import export_csv, export_xlsx
from app.storage.work import Database

Progress = Callable[[int, int], None]
_SUBJECT: Final = "agreements:list"
_OPEN_END: Final = "长期"


@dataclass(frozen=True, slots=True)
class _Field:
    """A column of the file and how a row fills it."""

    column: Column
    value: Callable[[AgreementLine], Value]


# By the key that the register's column has in a window; an account goes with its bank.
_FIELDS: Final[dict[str, tuple[_Field, ...]]] = {
    "state": (_Field(Column("状态"), lambda r: AGREEMENT_LABELS[r.state]),),
    "number": (_Field(Column("协议编号", width=16), lambda r: r.number),),
    "payee": (_Field(Column("收款单位", width=32), lambda r: r.payee),),
    "business": (
        _Field(Column("业务种类", width=12), lambda r: BUSINESS_LABELS.get(r.business, r.business)),
    ),
    "next": (_Field(Column("下次扣款日", Kind.DATE), lambda r: r.next_on),),
    "amount": (_Field(Column("约定金额", Kind.MONEY), lambda r: r.amount),),
    "limit": (_Field(Column("单笔上限", Kind.MONEY), lambda r: r.single_limit),),
    "last": (
        _Field(Column("最近扣款", Kind.DATE), lambda r: r.last_on),
        _Field(Column("最近扣款金额", Kind.MONEY), lambda r: r.last_amount),
    ),
    "account": (
        _Field(Column("付款银行", width=20), lambda r: r.branch or r.bank),
        _Field(Column("付款账号", width=26), lambda r: r.account),
    ),
    # A text where there is none, so that nobody takes the gap for something forgotten.
    "ends": (
        _Field(
            Column("失效日", width=12), lambda r: r.ends_on.isoformat() if r.ends_on else _OPEN_END
        ),
    ),
    "bank_no": (_Field(Column("银行协议号", width=24), lambda r: r.bank_no),),
    "pboc_no": (_Field(Column("人行协议号", width=24), lambda r: r.pboc_no),),
    "customer": (_Field(Column("客户服务号", width=18), lambda r: r.customer_no),),
    "contract": (_Field(Column("合同号", width=18), lambda r: r.contract_no),),
}
COLUMNS: Final = tuple(_FIELDS)


def export_agreements(
    db: Database,
    actor: Actor,
    target: Path,
    numbers: Sequence[str],
    columns: Sequence[str],
    progress: Progress,
    cancelled: Callable[[], bool],
) -> int:
    """Write these agreements with these columns, as CSV or workbook by the name's ending.

    Gives how many rows; progress(done, total). The trail tells when it began and that it is done.
    Raises NotFound, Denied, ExportCancelled, ExportFailed.
    """
    told = {"file": target.name, "count": len(numbers)}
    with acting(db, actor, Right.AGREEMENT_EXPORT) as act:
        act.done(Event("agreement.export_begun", _SUBJECT, after=told))
    fields = _fields(columns)
    sheet = TableSheet("自动扣款协议", tuple(field.column for field in fields))
    lines = {line.number: line for line in agreement_lines(db, actor)}
    gone = [number for number in numbers if number not in lines]
    if gone:
        raise NotFound(f"没有自动扣款协议“{gone[0]}”。")

    def rows() -> Iterator[Sequence[Value]]:
        for number in numbers:
            yield [field.value(lines[number]) for field in fields]

    write = export_csv if target.suffix.lower() == ".csv" else export_xlsx
    count = write(target, sheet, rows(), lambda done: progress(done, len(numbers)), cancelled)
    with acting(db, actor, Right.AGREEMENT_EXPORT) as act:
        act.done(Event("agreement.exported", _SUBJECT, after={**told, "count": count}))
    return count


def _fields(columns: Sequence[str]) -> list[_Field]:
    """The file's columns; the first amount is followed by the currency of all of them."""
    fields = [field for key in columns for field in _FIELDS[key]]
    sums = [place for place, one in enumerate(fields) if one.column.kind is Kind.MONEY]
    if sums:
        fields.insert(sums[0] + 1, _Field(Column("币种", width=8), _currency))
    return fields


def _currency(line: AgreementLine) -> str:
    amounts = (line.amount, line.single_limit, line.last_amount)
    return next((one.currency for one in amounts if one is not None), "")
