"""How lines, items, matches and alarms look."""

from typing import Final, TypeVar

from PySide6.QtCore import QCoreApplication

from app.reconciliation.items import Sureness
from app.reconciliation.overview import OUR_LABELS, AlarmRow, BankRow, OurRow, PairRow
from app.reconciliation.sheets import SheetLine
from app.reconciliation.states import (
    KIND_LABELS,
    SHEET_LABELS,
    SURENESS_LABELS,
    SheetState,
)
from ui.theme import Tone
from ui.widgets.columns import Align, Column

R = TypeVar("R", BankRow, OurRow)
SURE_LOOKS: Final[dict[Sureness, tuple[str, Tone]]] = {
    Sureness.SURE: ("checkbox-circle-line", Tone.OK),
    Sureness.LIKELY: ("question-line", Tone.WARN),
    Sureness.WEAK: ("alert-line", Tone.STOP),
}
SHEET_LOOKS: Final[dict[SheetState, tuple[str, Tone]]] = {
    SheetState.PREPARED: ("user-search-line", Tone.WARN),
    SheetState.SENT_BACK: ("reply-line", Tone.STOP),
    SheetState.REVIEWED: ("checkbox-circle-line", Tone.OK),
    SheetState.VOIDED: ("close-circle-line", Tone.MUTED),
}


def tr(text: str) -> str:
    return QCoreApplication.translate("reconciliation", text)


def pair_look(row: object) -> tuple[str, Tone] | None:
    """Icon and tone of how sure a match is; None for any other row."""
    return SURE_LOOKS[row.pairing.sureness] if isinstance(row, PairRow) else None


def sheet_look(row: object) -> tuple[str, Tone] | None:
    return SHEET_LOOKS[row.state] if isinstance(row, SheetLine) else None


def _day_and_amount(_: type[R]) -> tuple[Column[R], Column[R]]:
    """What a line and an item of ours have in common."""
    return (
        Column(
            "on",
            tr("日期"),
            lambda r: f"{r.item.on:%m-%d}",
            sort_value=lambda r: r.item.on,
            chars=6,
        ),
        Column(
            "amount",
            tr("金额"),
            lambda r: r.money.display(),
            Align.RIGHT,
            sort_value=lambda r: r.money.minor,
            tone=lambda r: Tone.STOP if r.money.minor < 0 else Tone.OK,
            chars=14,
        ),
    )


def bank_columns() -> tuple[Column[BankRow], ...]:
    return (
        *_day_and_amount(BankRow),
        Column(
            "name",
            tr("对方户名"),
            lambda r: r.item.name or "—",
            sort_value=lambda r: r.item.name,
            tooltip=lambda r: f"{r.item.name}\n{r.item.payee_account}",
            chars=18,
        ),
        Column(
            "text",
            tr("摘要"),
            lambda r: r.item.text,
            sort_value=lambda r: r.item.text,
            tooltip=lambda r: r.item.text,
            chars=14,
        ),
        Column(
            "booking",
            tr("账务建议"),
            lambda r: r.booking.subject if r.booking else "",
            sort_value=lambda r: r.booking.subject if r.booking else "",
            tooltip=lambda r: r.booking.text if r.booking else "",
            chars=10,
        ),
        Column(
            "reference",
            tr("流水号"),
            lambda r: r.item.reference,
            sort_value=lambda r: r.item.reference,
            chars=14,
            hidden=True,
        ),
    )


def our_columns() -> tuple[Column[OurRow], ...]:
    return (
        *_day_and_amount(OurRow),
        Column(
            "name",
            tr("收付款单位、摘要"),
            lambda r: r.item.name or "—",
            sort_value=lambda r: r.item.name,
            tooltip=lambda r: r.item.name,
            chars=18,
        ),
        Column(
            "number",
            tr("单号"),
            lambda r: r.item.label or r.item.key,
            sort_value=lambda r: r.item.label or r.item.key,
            chars=20,
        ),
        Column(
            "kind",
            tr("来源"),
            lambda r: OUR_LABELS[r.item.kind],
            sort_value=lambda r: OUR_LABELS[r.item.kind],
            chars=8,
        ),
    )


def pair_columns() -> tuple[Column[PairRow], ...]:
    """Of proposals and of kept matches."""
    return (
        Column(
            "sure",
            tr("把握"),
            lambda r: SURENESS_LABELS[r.pairing.sureness],
            tone=lambda r: SURE_LOOKS[r.pairing.sureness][1],
            sort_value=lambda r: list(Sureness).index(r.pairing.sureness),
            chars=9,
        ),
        Column("on", tr("日期"), lambda r: f"{r.on:%m-%d}", sort_value=lambda r: r.on, chars=6),
        Column(
            "amount",
            tr("银行金额"),
            lambda r: r.money.display(),
            Align.RIGHT,
            sort_value=lambda r: r.money.minor,
            chars=13,
        ),
        Column(
            "ours",
            tr("企业金额"),
            lambda r: r.ours_money.display() if r.ours else "—",
            Align.RIGHT,
            sort_value=lambda r: r.ours_money.minor,
            tone=lambda r: Tone.STOP if r.gap.minor else Tone.NORMAL,
            chars=13,
        ),
        Column(
            "name",
            tr("对方"),
            lambda r: r.party or "—",
            sort_value=lambda r: r.party,
            chars=16,
        ),
        Column(
            "count",
            tr("笔数"),
            lambda r: f"{len(r.lines)}:{len(r.ours)}",
            Align.CENTRE,
            sort_value=lambda r: len(r.lines) + len(r.ours),
            chars=5,
        ),
        Column(
            "kind",
            tr("方式"),
            lambda r: KIND_LABELS[r.pairing.kind],
            sort_value=lambda r: KIND_LABELS[r.pairing.kind],
            chars=9,
        ),
        Column(
            "why",
            tr("依据"),
            lambda r: "；".join(r.pairing.why),
            sort_value=lambda r: "；".join(r.pairing.why),
            tooltip=lambda r: "\n".join(r.pairing.why),
            chars=24,
        ),
        Column(
            "by",
            tr("勾对人"),
            lambda r: r.pairing.made_by or (tr("系统") if r.pairing.id else ""),
            sort_value=lambda r: r.pairing.made_by,
            chars=8,
        ),
    )


def alarm_columns() -> tuple[Column[AlarmRow], ...]:
    return (
        Column(
            "label",
            tr("异常"),
            lambda r: r.label,
            tone=lambda _: Tone.STOP,
            sort_value=lambda r: r.label,
            chars=16,
        ),
        Column("on", tr("日期"), lambda r: f"{r.on:%m-%d}", sort_value=lambda r: r.on, chars=6),
        Column(
            "amount",
            tr("金额"),
            lambda r: r.money.display(),
            Align.RIGHT,
            sort_value=lambda r: r.money.minor,
            chars=13,
        ),
        Column("said", tr("流水和单据"), lambda r: r.said, tooltip=lambda r: r.said, chars=28),
        Column("next", tr("下一步"), lambda r: r.next_act, tooltip=lambda r: r.next_act, chars=26),
    )


def sheet_columns() -> tuple[Column[SheetLine], ...]:
    from app.core.money import Money

    return (
        Column(
            "state",
            tr("状态"),
            lambda r: SHEET_LABELS[r.state],
            tone=lambda r: SHEET_LOOKS[r.state][1],
            sort_value=lambda r: list(SheetState).index(r.state),
            chars=10,
        ),
        Column("number", tr("编号"), lambda r: r.number, sort_value=lambda r: r.number, chars=14),
        Column("on", tr("截止日"), lambda r: str(r.on), sort_value=lambda r: r.on, chars=11),
        Column(
            "account", tr("账号"), lambda r: r.account, sort_value=lambda r: r.account, chars=22
        ),
        Column(
            "book",
            tr("日记账余额"),
            lambda r: Money(r.book, r.currency).display(),
            Align.RIGHT,
            sort_value=lambda r: r.book,
            chars=16,
        ),
        Column(
            "bank",
            tr("对账单余额"),
            lambda r: Money(r.bank, r.currency).display(),
            Align.RIGHT,
            sort_value=lambda r: r.bank,
            chars=16,
        ),
        Column(
            "prepared",
            tr("编制人"),
            lambda r: r.prepared_by,
            sort_value=lambda r: r.prepared_by,
            chars=9,
        ),
        Column(
            "reviewed",
            tr("复核人"),
            lambda r: r.reviewed_by or "—",
            sort_value=lambda r: r.reviewed_by,
            chars=9,
        ),
        Column(
            "edition",
            tr("版次"),
            lambda r: str(r.edition),
            Align.RIGHT,
            sort_value=lambda r: r.edition,
            chars=5,
        ),
    )
