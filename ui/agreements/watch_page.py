"""扣款监控: what was debited after the end or in a suspension, from alarm to the money's return."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.agreements import disputes
from app.agreements.letter_view import print_file
from app.agreements.states import RefundAnswer
from app.agreements.watch.deciding import DecideHit, HitLine, decide_hit, hit_lines
from app.agreements.watch.rules import BAN_LABELS, CONFIDENCE_LABELS, Ban, Confidence
from app.agreements.watch.states import HIT_LABELS, HIT_MOVES, HitState
from app.core.clock import local_text
from app.incidents.case_view import IncidentLine, incident_lines, incident_of
from app.letters.states import PARTY_LABELS, LetterKind
from app.statements.importing import TakenIn
from ui.agreements.looks import tr
from ui.context import Context
from ui.incidents.dialogs import OpenDialog
from ui.letters.looks import ANSWER_LOOKS, refund_text
from ui.payments.looks import LookDelegate, money_text
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.register_page import RegisterPage
from ui.payments.running import start_act
from ui.resume.sheet_dialog import SheetDialog
from ui.statements.imports_dialog import ImportsDialog
from ui.statements.starting import ask_statement, start_import, taken_text
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.columns import Align, Column
from ui.widgets.filter_fields import TextFilter
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab

HIT_LOOKS: Final[dict[HitState, tuple[str, Tone]]] = {
    HitState.NEW: ("alarm-warning-line", Tone.STOP),
    HitState.CONFIRMED: ("refund-2-line", Tone.WARN),
    HitState.EXCLUDED: ("close-circle-line", Tone.MUTED),
    HitState.RECOVERED: ("checkbox-circle-line", Tone.OK),
}
_TONES: Final = {
    Confidence.SURE: Tone.STOP,
    Confidence.LIKELY: Tone.WARN,
    Confidence.WEAK: Tone.MUTED,
}


class WatchPage(RegisterPage[HitLine]):
    """The hits by state; the evidence of the chosen one at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "watch", Right.AGREEMENT_MANAGE, parent)
        self._incidents: dict[str, str] = {}
        self._make_buttons()
        table: SimpleTable[HitLine] = SimpleTable(
            "watch_table", self.tr("异常扣款"), _columns(), lambda r: r.number
        )
        table.setItemDelegateForColumn(0, LookDelegate(table, _look_of))
        self.facts = KeyValues("watch_facts", parent=self)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.addWidget(self.facts)
        column.addStretch(1)
        side.setMinimumWidth(self.fontMetrics().height() * 21)
        fields = (TextFilter("text", self.tr("查找"), self.tr("编号、协议、收款单位、户名、摘要")),)
        self.assemble(table, fields, side)

    @override
    def rows_now(self) -> Sequence[HitLine]:
        db, actor = self._context.db, self._context.actor
        self._incidents = incident_of(db, actor)
        return hit_lines(db, actor)

    @override
    def tab_list(self, rows: Sequence[HitLine]) -> list[StatusTab]:
        return self.state_tabs(rows, HIT_LABELS, HIT_LOOKS, self.tr("%1 笔"))

    @override
    def tab_of(self, row: HitLine) -> str:
        return row.state

    @override
    def fits(self, row: HitLine, values: Any) -> bool:
        wanted = "".join(str(values.get("text", "")).split()).casefold()
        said = (row.number, row.agreement, row.payee, row.name, row.text, row.account)
        return not wanted or any(wanted in one.casefold().replace(" ", "") for one in said)

    @override
    def is_wanted(self, row: HitLine, wanted: str) -> bool:
        return wanted in {row.number, row.agreement}

    @override
    def say_empty(self) -> tuple[str, str]:
        text = self.tr(
            "没有发现终止或暂停后的扣款。导入银行流水后，系统逐笔核对已取消、已失效、已暂停的协议。"
        )
        return text, self.tr("导入银行流水…")

    @override
    def act_on_empty(self) -> None:
        self.ask_file()

    @override
    def show_chosen(self, row: HitLine | None, rows: Sequence[HitLine]) -> None:
        if row is not None:
            self.facts.set_lines([*_facts(row), self._incident_fact(row)])
        for name in ("import", "imports"):
            self.offer(name, "", right=Right.STATEMENT_IMPORT)
        self.offer("confirm", self._why_not(row, HitState.CONFIRMED))
        self.offer("exclude", self._why_not(row, HitState.EXCLUDED), right=Right.CANCEL_APPROVE)
        why = self._why_no_letter(rows)
        self.offer("preview", why, free=True)
        self.offer("dispute", why)
        asked = row is not None and bool(row.pursuit.letters)
        why = "" if asked else self.tr("请先选择一笔已生成追回函的扣款。")
        self.offer("letters", why, free=True)
        self.offer("incident", self._why_no_incident(rows), right=Right.INCIDENT_HANDLE)
        self.offer("recovered", self._why_not(row, HitState.RECOVERED))
        self.stand_out("import" if row is None else _next(row))

    def ask_file(self) -> QFileDialog:
        """Ask for a statement."""
        return ask_statement(self, "watch_ask", self.open_file)

    def open_file(self, path: str, password: str | None = None) -> None:
        """Look at a statement, then ask whether to take it in."""
        start_import(self._context, self, path, self._taken, failed=self._failed, password=password)

    def show_imports(self) -> None:
        """Open the list of what came in."""
        ImportsDialog(self._context, self).open()

    def _make_buttons(self) -> None:
        self.button("import", self.tr("导入银行流水…"), self.ask_file)
        self.button("imports", self.tr("导入记录…"), self.show_imports)
        self.button("confirm", self.tr("确认异常…"), self.one(self._confirm))
        self.button("exclude", self.tr("排除（误报）…"), self.one(self._exclude))
        self.button("preview", self.tr("预览追回函…"), self.many(self._preview))
        self.button("dispute", self.tr("生成追回函"), self.many(self._dispute))
        self.button("letters", self.tr("查看函件"), self.one(self._go_to_letters))
        self.button("incident", self.tr("转应急事件…"), self.many(self._incident))
        self.button("recovered", self.tr("登记追回…"), self.one(self._recovered))
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")

    def _why_not(self, row: HitLine | None, target: HitState) -> str:
        if row is None:
            return self.tr("请先选择一笔扣款。")
        if target not in HIT_MOVES[row.state]:
            text = self.tr("该笔当前为“%1”，不能办理。")
            return text.replace("%1", HIT_LABELS[row.state])
        return ""

    def _why_no_incident(self, rows: Sequence[HitLine]) -> str:
        if not rows:
            return self.tr("请先选择一笔或几笔扣款。")
        for row in rows:
            if row.number in self._incidents:
                text = self.tr("%1 已在应急事件 %2 中。").replace("%1", row.number)
                return text.replace("%2", self._incidents[row.number])
            if row.state in {HitState.EXCLUDED, HitState.RECOVERED}:
                return self._why_not(row, HitState.RECOVERED)
        return ""

    def _incident_fact(self, row: HitLine) -> KeyValue:
        return KeyValue("incident", tr("应急事件"), self._incidents.get(row.number, ""))

    def _incident(self, rows: Sequence[HitLine]) -> None:
        db, actor = self._context.db, self._context.actor
        hits = [row.number for row in rows]

        def show(incidents: list[IncidentLine]) -> None:
            dialog = OpenDialog(self._context, hits, incidents, self)
            dialog.opened.connect(self._incident_opened)
            dialog.open()

        self._context.tasks.start(
            lambda _: incident_lines(db, actor), show, self._failed, owner=self
        )

    def _incident_opened(self, number: str) -> None:
        said = self.tr("已转入应急事件 %1，请到“应急事件”接手处理。").replace("%1", number)
        self.banner.show_message(Severity.OK, said)

    def _why_no_letter(self, rows: Sequence[HitLine]) -> str:
        confirmed = [row for row in rows if row.state is HitState.CONFIRMED]
        if not confirmed:
            return self.tr("请先选择并确认异常扣款。")
        if any(row.ban is Ban.SUSPENDED for row in confirmed):
            return self.tr("追回函只用于终止后的扣款。") + disputes.BY_HAND
        return ""

    def _confirm(self, row: HitLine) -> None:
        text = self.tr("确认 %1 是终止后的扣款？确认后可以致函银行和收款单位追回。")
        if row.ban is Ban.SUSPENDED:
            text = self.tr("确认 %1 是暂停期间的扣款？确认后请书面要求退回，办完后登记追回。")
        self._decide(row, HitState.CONFIRMED, text, self.tr("确认异常"))

    def _exclude(self, row: HitLine) -> None:
        text = self.tr("排除 %1？请写明核实的情况，如双方另有约定、系我方付款。")
        self._decide(row, HitState.EXCLUDED, text, self.tr("排除"))

    def _recovered(self, row: HitLine) -> None:
        text = self.tr("登记 %1 的款项已退回？请写明退回日期和流水号。")
        self._decide(row, HitState.RECOVERED, text, self.tr("登记追回"))

    def _decide(self, row: HitLine, state: HitState, text: str, yes: str) -> None:
        def act(remark: str) -> object:
            command = DecideHit(row.number, state, remark, row.version)
            return decide_hit(self._context.db, self._context.actor, command)

        dialog = ReasonDialog(
            self._context,
            yes,
            text.replace("%1", row.number),
            act,
            yes=yes,
            danger=state is HitState.EXCLUDED,
            parent=self,
        )
        said = self.tr("%1 已登记为“%2”。").replace("%1", row.number)
        said = said.replace("%2", HIT_LABELS[state])
        dialog.succeeded.connect(lambda: self.banner.show_message(Severity.OK, said))
        dialog.open()

    def _go_to_letters(self, row: HitLine) -> None:
        self._context.navigate.emit("letters", row.number)

    def _preview(self, rows: Sequence[HitLine]) -> None:
        db, actor = self._context.db, self._context.actor
        numbers = [row.number for row in rows if row.state is HitState.CONFIRMED]
        self._sheet(
            self.tr("预览追回函（银行）"),
            lambda: disputes.preview_dispute(db, actor, numbers, LetterKind.BANK_DISPUTE),
        )

    def _dispute(self, rows: Sequence[HitLine]) -> None:
        db, actor = self._context.db, self._context.actor
        numbers = [row.number for row in rows if row.state is HitState.CONFIRMED]
        start_act(
            self._context,
            self,
            lambda _: disputes.issue_disputes(db, actor, numbers),
            self._disputed,
            self._failed,
        )

    def _disputed(self, numbers: list[str]) -> None:
        db, actor = self._context.db, self._context.actor
        names = "、".join(numbers)
        said = self.tr("已生成追回函 %1，请在“函件”中发送。").replace("%1", names)
        self.banner.show_message(Severity.OK, said)
        self._sheet(names, lambda: print_file(db, actor, numbers))

    def _sheet(self, title: str, make: Any) -> None:
        SheetDialog(self._context, title, make, self).open()

    def _taken(self, found: TakenIn) -> None:
        self.banner.show_message(*taken_text(found))


def _look_of(row: object) -> tuple[str, Tone] | None:
    return HIT_LOOKS[row.state] if isinstance(row, HitLine) else None


def _next(row: HitLine) -> str:
    """What comes next for a debit: its button stands out."""
    if row.state is HitState.NEW:
        return "confirm"
    if row.state is not HitState.CONFIRMED:
        return ""
    if not row.pursuit.letters:
        return "dispute"
    said = row.pursuit.refunds
    back = any(one.answer is RefundAnswer.REFUNDED for one in said)
    return "recovered" if back else "letters"


def _columns() -> tuple[Column[HitLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: HIT_LABELS[r.state],
            tone=lambda r: HIT_LOOKS[r.state][1],
            sort_value=lambda r: list(HitState).index(r.state),
            chars=18,
        ),
        Column(
            "sure",
            tr("把握"),
            lambda r: CONFIDENCE_LABELS[r.confidence],
            tone=lambda r: _TONES[r.confidence],
            sort_value=lambda r: list(Confidence).index(r.confidence),
            chars=8,
        ),
        Column(
            "on",
            tr("扣款日"),
            lambda r: str(r.debited_on),
            sort_value=lambda r: r.debited_on,
            chars=11,
        ),
        Column(
            "amount",
            tr("金额"),
            lambda r: money_text(r.amount),
            align=Align.RIGHT,
            sort_value=lambda r: r.amount.minor,
            chars=14,
        ),
        Column("payee", tr("收款单位"), lambda r: r.payee, sort_value=lambda r: r.payee, chars=24),
        Column("agreement", tr("协议"), lambda r: r.agreement, chars=14),
        Column("ended", tr("终止、暂停"), _ended, chars=17),
        Column("account", tr("付款账号"), lambda r: r.account, chars=21),
        Column("number", tr("编号"), lambda r: r.number, chars=14),
        Column("text", tr("银行摘要"), lambda r: r.text, chars=30),
    )


def _ended(row: HitLine) -> str:
    return f"{row.ended_on or '—'} {BAN_LABELS[row.ban]}"


def _facts(row: HitLine) -> list[KeyValue]:
    tone = HIT_LOOKS[row.state][1]
    return [
        KeyValue("state", tr("状态"), HIT_LABELS[row.state], tone, bold=True),
        KeyValue(
            "sure", tr("把握"), CONFIDENCE_LABELS[row.confidence], _TONES[row.confidence], bold=True
        ),
        KeyValue("why", tr("依据"), "\n".join(row.marks)),
        KeyValue("amount", tr("金额"), money_text(row.amount), bold=True),
        KeyValue("on", tr("扣款日"), str(row.debited_on), bold=True),
        KeyValue("ended", tr("协议"), f"{row.agreement}　{row.since}"),
        KeyValue("payee", tr("收款单位"), row.payee),
        KeyValue("name", tr("对方户名"), row.name),
        KeyValue("payee_account", tr("对方账号"), row.payee_account),
        KeyValue("text", tr("银行摘要"), row.text),
        KeyValue("account", tr("付款账户"), f"{row.bank}　{row.account}"),
        KeyValue("letters", tr("追回函"), "\n".join(row.pursuit.letters)),
        KeyValue("answers", tr("对方答复"), _answers(row), _answer_tone(row), bold=True),
        KeyValue("booking", tr("建议分录"), row.booking),
        KeyValue("remark", tr("处理说明"), row.remark),
        KeyValue("by", tr("处理"), f"{row.decided_by}　{local_text(row.decided_at)}".strip()),
    ]


def _answers(row: HitLine) -> str:
    """What bank and payee said, the newest first."""
    return "\n".join(
        f"{PARTY_LABELS[one.party]} {one.answered_on}：{refund_text(one)}"
        for one in reversed(row.pursuit.refunds)
    )


def _answer_tone(row: HitLine) -> Tone:
    """The newest word decides; nothing said is nothing to see."""
    said = row.pursuit.refunds
    return ANSWER_LOOKS[said[-1].answer][1] if said else Tone.NORMAL
