"""Everything somebody reads before deciding on a request."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.access.approvals import KIND_LABELS
from app.core.clock import local_text
from app.payees.changes import FIELDS
from app.payments.decision_view import DecisionView
from app.payments.records import ChangeLine, PaymentDetail, ResumeForm
from ui.payments.causes_view import CauseCard
from ui.payments.looks import money_text
from ui.resume.pieces import (
    approval_entries,
    change_table,
    note,
    passage_table,
    release_table,
    section,
    short_table,
    tr,
)
from ui.resume.stored_checks import check_columns, waiver_lines
from ui.theme import Tone
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.timeline import Timeline


class RequestDetail(QScrollArea):
    """A column of sections that scrolls, made anew for each request."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("申请内容"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def show_view(self, view: DecisionView) -> None:
        """Show a request about payments."""
        self.show_parts(lambda body: _sections(view, body))

    def show_parts(self, build: Callable[[QWidget], Iterable[QWidget]]) -> None:
        """Show the sections that are built on the given body."""
        body, column = self._body()
        for part in build(body):
            column.addWidget(part)
        self._adopt(body, column)

    def show_change(self, change: ChangeLine) -> None:
        """Show a payee's change that waits for its call-back."""
        body, column = self._body()
        facts = KeyValues("inbox.detail.facts", parent=body)
        facts.set_lines(_change_facts(change))
        column.addWidget(facts)
        rows = [
            {"field": title, "before": change.before[key], "after": change.after[key]}
            for key, title in FIELDS.items()
        ]
        table = change_table("inbox.detail.changes", rows, body)
        column.addWidget(section(tr("变更前后对照"), table, body))
        self._adopt(body, column)

    def clear(self) -> None:
        """Show nothing."""
        self.setWidget(QWidget(self))

    def _body(self) -> tuple[QWidget, QVBoxLayout]:
        body = QWidget(self)
        column = QVBoxLayout(body)
        line = self.fontMetrics().height()
        column.setContentsMargins(line // 2, 0, line // 2, 0)
        column.setSpacing(line * 2 // 3)
        return body, column

    def _adopt(self, body: QWidget, column: QVBoxLayout) -> None:
        column.addStretch(1)
        self.setWidget(body)


def _sections(view: DecisionView, body: QWidget) -> Iterator[QWidget]:
    facts = KeyValues("inbox.detail.facts", parent=body)
    facts.set_lines(list(_facts(view)))
    yield facts
    if view.hold is not None:
        table = release_table("inbox.detail.releases", view.releases, body)
        yield section(tr("解除后将放行的付款"), table, body)
    if view.form is not None:
        yield from _form_sections(view.form, view, body)
    elif view.payment is not None:
        yield from _payment_sections(view.payment, body)
    steps = Timeline("inbox.detail.steps", body)
    steps.set_entries(approval_entries(view.approval))
    steps.setMinimumHeight(steps.fontMetrics().height() * (4 * len(view.approval.steps) + 3))
    yield section(tr("审批经过"), steps, body)


def _facts(view: DecisionView) -> Iterator[KeyValue]:
    yield KeyValue("kind", tr("事项"), KIND_LABELS[view.approval.kind], bold=True)
    if view.payment is not None:
        yield from _payment_facts(view.payment)
    if view.form is not None:
        form = view.form
        yield KeyValue("form", tr("审批单号"), form.number)
        yield KeyValue("reason", tr("恢复理由"), form.reason)
        yield KeyValue("measures", tr("整改措施"), form.measures)
        yield KeyValue("rule", tr("规则变更"), form.rule_change)
        yield KeyValue("planned", tr("恢复后付款日"), form.planned_on.isoformat())
    if view.hold is not None:
        hold = view.hold
        yield KeyValue("hold", tr("暂停令"), f"{hold.number}　{hold.state_label}")
        yield KeyValue("scope", tr("范围"), hold.scope_text)
        yield KeyValue("why", tr("暂停原因"), f"{hold.reason_label}　{hold.text}", Tone.STOP)
        yield KeyValue("by", tr("设置人"), f"{hold.placed_by}　{local_text(hold.placed_at)}")
    asked = f"{view.approval.opened_by}　{local_text(view.approval.opened_at)}"
    yield KeyValue("asked", tr("申请"), asked)


def _payment_facts(detail: PaymentDetail) -> Iterator[KeyValue]:
    fields, line = detail.fields, detail.line
    yield KeyValue("number", tr("指令号"), line.number)
    yield KeyValue("amount", tr("金额"), money_text(line.amount), bold=True)
    yield KeyValue("payee", tr("收款方"), f"{fields.payee_name}　{fields.payee_account}")
    yield KeyValue("bank", tr("开户行"), f"{fields.payee_bank}　{fields.payee_cnaps}")
    yield KeyValue("payer", tr("付款账户"), f"{detail.payer_name}　{fields.account_number}")
    yield KeyValue("due", tr("计划付款日"), fields.due_on.isoformat())
    orders = (fields.order_no, fields.contract_no, fields.invoice_no)
    yield KeyValue("order", tr("订单/合同/发票"), "　".join(filter(None, orders)))
    yield KeyValue("purpose", tr("用途"), fields.purpose)
    yield KeyValue("maker", tr("经办"), line.made_by)
    yield KeyValue("editor", tr("最后修改"), detail.edited_by)


def _form_sections(form: ResumeForm, view: DecisionView, body: QWidget) -> Iterator[QWidget]:
    checks = short_table(
        "inbox.detail.checks",
        tr("核对清单"),
        check_columns(),
        form.verification,
        body,
        ("ours", "source"),
    )
    yield section(tr("核对清单"), checks, body)
    causes = form.diagnosis.causes if form.diagnosis else ()
    box = QWidget(body)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    for cause in causes:
        column.addWidget(CauseCard("inbox.detail", cause, 1, box))
    if not causes:
        column.addWidget(note("inbox.detail.no_causes", tr("没有发现任何原因。"), box, Tone.OK))
    yield section(tr("申请时的诊断结论"), box, body)
    yield section(tr("变更前后对照"), _changes(form, body), body)
    if form.waivers:
        text = "\n".join(waiver_lines(form.waivers, form.waived))
        yield section(tr("申请豁免"), note("inbox.detail.waivers", text, body, Tone.WARN), body)
    tested = passage_table("inbox.detail.passages", view.passages, body)
    yield section(tr("现在的付款测试（不动用资金）"), tested, body)


def _changes(form: ResumeForm, body: QWidget) -> QWidget:
    if form.changes:
        return change_table("inbox.detail.changes", form.changes, body)
    return note("inbox.detail.unchanged", tr("没有修改付款内容。"), body, Tone.MUTED)


def _payment_sections(detail: PaymentDetail, body: QWidget) -> Iterator[QWidget]:
    causes = detail.diagnoses[0].causes if detail.diagnoses else ()
    box = QWidget(body)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    for cause in causes:
        column.addWidget(CauseCard("inbox.detail", cause, 1, box))
    if causes:
        yield section(tr("最近一次诊断"), box, body)
    for attempt in detail.attempts[:1]:
        text = f"{attempt.code} {attempt.text}".strip() or tr("银行尚未答复")
        said = note("inbox.detail.attempt", f"{local_text(attempt.written_at)}　{text}", body)
        yield section(tr("最近一次提交银行"), said, body)


def _change_facts(change: ChangeLine) -> list[KeyValue]:
    return [
        KeyValue("number", tr("变更单号"), change.number, bold=True),
        KeyValue("payee", tr("收款方"), change.payee),
        KeyValue("payment", tr("付款指令"), change.payment_no),
        KeyValue("state", tr("状态"), change.state_label),
        KeyValue("reason", tr("变更原因"), change.reason),
        KeyValue("asked", tr("申请"), f"{change.asked_by}　{local_text(change.asked_at)}"),
        KeyValue("phone", tr("登记电话"), change.known_phone or tr("未登记"), bold=True),
        KeyValue("called", tr("回拨电话"), change.called_number),
        KeyValue("spoke", tr("接听人"), change.spoke_with),
        KeyValue("decided", tr("核实人"), change.decided_by),
        KeyValue("remark", tr("情况说明"), change.remark),
    ]
