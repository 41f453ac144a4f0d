"""The funds view as a table: what each account holds, what leaves it, what is missing (A2.3)."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.accounts.rules import ACCOUNT_STATUS_LABELS, AccountStatus
from app.core.clock import local_text
from app.core.money import Money
from app.payments.funds import DUE_DAYS, FundsLine
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleTable


class FundsTable(SimpleTable[FundsLine]):
    """One row per account, those that lack money first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("home.funds", _tr("资金情况"), _columns(), _number, parent=parent)


def _columns() -> list[Column[FundsLine]]:
    due = _tr("%1 天内应付").replace("%1", str(DUE_DAYS))
    return [
        Column("account", _tr("账户"), lambda x: f"{x.bank} *{x.number[-4:]}", chars=19),
        Column(
            "status",
            _tr("状态"),
            lambda x: ACCOUNT_STATUS_LABELS[x.status],
            tone=lambda x: Tone.NORMAL if x.status is AccountStatus.NORMAL else Tone.STOP,
            chars=6,
        ),
        Column("currency", _tr("币种"), lambda x: x.due.currency, chars=4),
        _amount("book", _tr("账面余额"), lambda x: x.funds.book),
        _amount("frozen", _tr("冻结"), lambda x: x.funds.frozen, 10),
        _amount("transit", _tr("在途"), lambda x: x.funds.in_transit, 10),
        _amount("available", _tr("可用余额"), lambda x: x.funds.available),
        Column("due_count", _tr("笔数"), lambda x: f"{x.due_count:,}", Align.RIGHT, chars=5),
        Column("due", due, lambda x: x.due.display(), Align.RIGHT, chars=12),
        Column(
            "gap",
            _tr("缺口"),
            _gap_text,
            Align.RIGHT,
            sort_value=lambda x: x.gap.minor,
            tone=_gap_tone,
            tooltip=lambda x: _tr("保留余额 %1").replace("%1", x.reserve.display()),
            chars=12,
        ),
        Column("as_of", _tr("余额时间"), _as_of, chars=15),
    ]


def _amount(
    key: str, title: str, value: Callable[[FundsLine], Money], chars: int = 12
) -> Column[FundsLine]:
    def text(line: FundsLine) -> str:
        money: Money = value(line)
        return money.display() if line.known or key == "transit" else "—"

    return Column(key, title, text, Align.RIGHT, sort_value=lambda x: value(x).minor, chars=chars)


def _gap_text(line: FundsLine) -> str:
    if not line.known:
        return _tr("余额未登记")
    return line.gap.display() if line.gap.minor else _tr("足够")


def _gap_tone(line: FundsLine) -> Tone:
    if not line.known:
        return Tone.WARN
    return Tone.STOP if line.gap.minor else Tone.OK


def _as_of(line: FundsLine) -> str:
    return local_text(line.funds.as_of) or _tr("未登记")


def _number(line: FundsLine) -> str:
    return line.number


def _tr(text: str) -> str:
    return QCoreApplication.translate("funds", text)
