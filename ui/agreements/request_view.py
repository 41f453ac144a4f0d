"""What an approver reads of a request to cancel."""

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QWidget

from app.access.approvals import KIND_LABELS
from app.agreements.cancel_view import CancelForm, CancelItemLine
from app.core.clock import local_text
from app.letters.states import CARRIER_LABELS, PARTY_LABELS, Carrier, Party
from ui.agreements.looks import tr
from ui.resume.pieces import approval_entries, note, section, short_table
from ui.theme import Tone
from ui.widgets.columns import Column
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.timeline import Timeline


def cancel_sections(form: CancelForm, body: QWidget) -> Iterator[QWidget]:
    """The request, each agreement with what its end brings, and whom it tells."""
    facts = KeyValues("inbox.detail.facts", parent=body)
    facts.set_lines(
        [
            KeyValue("kind", tr("事项"), KIND_LABELS[form.approval.kind], bold=True),
            KeyValue("form", tr("申请单号"), form.number, bold=True),
            KeyValue("reason", tr("取消原因"), form.reason),
            KeyValue("wished", tr("期望终止日"), str(form.wished_on)),
            KeyValue("asked", tr("申请"), f"{form.requested_by}　{local_text(form.requested_at)}"),
        ]
    )
    yield facts
    items = short_table(
        "inbox.detail.items",
        tr("取消的协议"),
        (
            Column("number", tr("协议编号"), lambda r: r.number, chars=14),
            Column("payee", tr("收款单位"), lambda r: r.payee, chars=22),
            Column("amount", tr("金额"), _checked("amount"), chars=18),
            Column("expected", tr("预计终止日"), lambda r: str(r.expected_on or "—"), chars=11),
            Column("term", tr("推算依据"), lambda r: r.term.text if r.term else "—", chars=24),
            Column(
                "tasks", tr("转人工"), lambda r: tr("%1 期").replace("%1", str(r.tasks)), chars=7
            ),
        ),
        form.items,
        body,
        ("payee", "amount", "term"),
    )
    yield section(tr("取消的协议"), items, body)
    warnings = [text for item in form.items for text in _warnings(item, form)]
    if warnings:
        yield section(
            tr("风险提示"),
            note("inbox.detail.risks", "\n".join(warnings), body, Tone.WARN),
            body,
        )
    told = "\n".join(_notice(one) for one in form.notices) or "—"
    yield section(tr("将通知"), note("inbox.detail.notices", told, body), body)
    steps = Timeline("inbox.detail.steps", body)
    steps.set_entries(approval_entries(form.approval))
    steps.setMinimumHeight(steps.fontMetrics().height() * (4 * len(form.approval.steps) + 3))
    yield section(tr("审批经过"), steps, body)


def _checked(code: str) -> Callable[[CancelItemLine], str]:
    return lambda item: next(
        (str(one["value"]) for one in item.verified if one["code"] == code), ""
    )


def _warnings(item: CancelItemLine, form: CancelForm) -> Iterator[str]:
    gap = item.impact["in_flight"]
    if gap:
        text = tr("%1：终止前还会扣款 %2 次（%3），已不能撤回。").replace("%1", item.number)
        yield text.replace("%2", str(len(gap))).replace("%3", "、".join(gap))
    notice = item.impact["notice_until"]
    if notice and notice > form.wished_on.isoformat():
        text = tr("%1：合同要求提前通知，最早可于 %2 终止。")
        yield text.replace("%1", item.number).replace("%2", notice)
    if item.impact["breach"]:
        yield f"{item.number}：{item.impact['breach']}"
    others = [n for n in item.impact["shared"] if n not in {one.number for one in form.items}]
    if others:
        text = tr("%1：同账户或同收款方还有协议 %2，不在本次取消之列。")
        yield text.replace("%1", item.number).replace("%2", "、".join(others))


def _notice(one: dict[str, str]) -> str:
    party = PARTY_LABELS.get(Party(one["party"])) if one["party"] in set(Party) else tr("部门")
    carrier = CARRIER_LABELS.get(Carrier(one["carrier"])) if one["carrier"] in set(Carrier) else ""
    return f"{party}　{one['name']}　{carrier or tr('系统内通知')}"
