"""The sections of one payment: what each shows of the record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.access.approvals import KIND_LABELS, STATE_LABELS
from app.core.clock import local_text
from app.core.names import normalise_name
from app.payments.answers import CHECK_LABELS, CheckResult
from app.payments.attempts import ATTEMPT_LABELS
from app.payments.records import ApprovalLine, ChangeLine, PaymentDetail, StepLine
from app.payments.states import STATUS_LABELS, AttemptState
from ui.payments.looks import STATUS_LOOKS, account_text, kind_text, money_text
from ui.theme import Tone
from ui.widgets.key_values import KeyValue
from ui.widgets.timeline import Entry

ChannelName = Callable[[str], str]


def basic_lines(detail: PaymentDetail, channel: ChannelName) -> list[KeyValue]:
    """基本."""
    line, fields = detail.line, detail.fields
    urgent = _tr("加急") if fields.urgent else _tr("普通")
    edited = f"{detail.edited_by} {local_text(detail.edited_at)}" if detail.edited_by else ""
    return [
        KeyValue(
            "status", _tr("状态"), STATUS_LABELS[line.status], STATUS_LOOKS[line.status][1], True
        ),
        KeyValue("number", _tr("指令号"), line.number),
        KeyValue("amount", _tr("金额"), money_text(line.amount), bold=True),
        KeyValue("capitals", _tr("大写"), _capitals(detail)),
        KeyValue("account", _tr("付款账户"), account_text(fields.account_number)),
        KeyValue("payer", _tr("付款户名"), f"{detail.payer_name}　{detail.payer_branch}"),
        KeyValue("due", _tr("计划付款日"), line.due_on.isoformat()),
        KeyValue("channel", _tr("渠道"), f"{channel(fields.channel)}　{urgent}"),
        KeyValue("purpose", _tr("用途"), fields.purpose),
        KeyValue("summary", _tr("摘要"), fields.summary),
        KeyValue("order", _tr("订单号"), fields.order_no),
        KeyValue("contract", _tr("合同号"), fields.contract_no),
        KeyValue("invoice", _tr("发票号"), fields.invoice_no),
        KeyValue("ref", _tr("业务参考号"), fields.client_ref or ""),
        KeyValue("made", _tr("经办"), f"{line.made_by} {local_text(line.made_at)}"),
        KeyValue("edited", _tr("最后修改"), edited),
        KeyValue("stopped", _tr("停付时间"), local_text(detail.stopped_at)),
        KeyValue("next", _tr("下次执行"), local_text(line.next_execution_at)),
    ]


def payee_lines(detail: PaymentDetail) -> list[KeyValue]:
    """收款方."""
    fields = detail.fields
    return [
        KeyValue("name", _tr("收款户名"), fields.payee_name, bold=True),
        KeyValue("number", _tr("收款账号"), account_text(fields.payee_account)),
        KeyValue("bank", _tr("开户行"), fields.payee_bank),
        KeyValue("cnaps", _tr("联行号"), fields.payee_cnaps),
        KeyValue("city", _tr("省市"), fields.payee_city),
        KeyValue("kind", _tr("类型"), kind_text(fields.payee_kind)),
        KeyValue("phone", _tr("预留电话"), detail.payee_phone),
    ]


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of the instruction beside the same of its document; same None: not given there."""

    key: str
    label: str
    ours: str
    theirs: str
    same: bool | None


def compare(detail: PaymentDetail) -> list[Compared]:
    """The instruction beside its source document; empty when there is none."""
    document, fields = detail.document, detail.fields
    if document is None:
        return []
    same_name = normalise_name(fields.payee_name) == normalise_name(document.payee_name)
    due = document.due_on
    return [
        Compared("name", _tr("收款方"), fields.payee_name, document.payee_name, same_name),
        Compared(
            "account",
            _tr("收款账号"),
            fields.payee_account,
            document.payee_account,
            fields.payee_account == document.payee_account if document.payee_account else None,
        ),
        Compared(
            "amount",
            _tr("金额"),
            money_text(fields.amount),
            money_text(document.amount),
            fields.amount == document.amount,
        ),
        Compared(
            "due",
            _tr("付款日"),
            fields.due_on.isoformat(),
            due.isoformat() if due else "",
            None if due is None else fields.due_on == due,
        ),
    ]


def approval_entries(approvals: Sequence[ApprovalLine]) -> list[Entry]:
    """审批: each request with its steps, the newest first."""
    found: list[Entry] = []
    for one in approvals:
        head = f"{KIND_LABELS[one.kind]} · {STATE_LABELS[one.state]}"
        found.append(
            Entry(
                local_text(one.opened_at),
                one.opened_by,
                head,
                one.closed_why,
                "user-search-line",
                Tone.ACCENT,
            )
        )
        found += [_step(step) for step in one.steps]
    return found


def bank_entries(detail: PaymentDetail, channel: ChannelName) -> list[Entry]:
    """银行: attempts with the bank's answers, and what the bank said when asked."""
    dated = [
        (
            one.written_at,
            Entry(
                local_text(one.written_at),
                one.by,
                _tr("第 %1 次提交 · %2")
                .replace("%1", str(one.ordinal))
                .replace("%2", ATTEMPT_LABELS[one.state]),
                _joined(
                    channel(one.channel),
                    one.code,
                    one.text,
                    one.reference and _tr("回单号 ") + one.reference,
                    _tr("答复于 ") + local_text(one.answered_at) if one.answered_at else "",
                ),
                "send-plane-line",
                _ATTEMPT_TONES.get(one.state, Tone.ACCENT),
            ),
        )
        for one in detail.attempts
    ] + [
        (
            one.asked_at,
            Entry(
                local_text(one.asked_at),
                one.recorded_by,
                _tr("向银行核实 · ") + CHECK_LABELS[CheckResult(one.result)],
                _joined(_tr("银行经办 ") + one.bank_person, one.evidence),
                "bank-line",
                Tone.ACCENT,
            ),
        )
        for one in detail.checks
    ]
    return [entry for _, entry in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def change_entries(changes: Sequence[ChangeLine]) -> list[Entry]:
    """变更: requests to change the payee's data."""
    return [
        Entry(
            local_text(one.asked_at),
            one.asked_by,
            _tr("收款信息变更 %1 · %2").replace("%1", one.number).replace("%2", one.state_label),
            _joined(
                "；".join(
                    f"{key}：{one.before.get(key, '')} → {value}"
                    for key, value in one.after.items()
                ),
                one.reason,
                one.called_number and _tr("回拨 ") + f"{one.called_number} {one.spoke_with}",
                one.decided_by and _tr("核实人 ") + one.decided_by,
                one.remark,
            ),
            "edit-line",
            Tone.ACCENT,
        )
        for one in changes
    ]


def _step(step: StepLine) -> Entry:
    if not step.decided:
        return Entry("", "", _tr("待 %1 审批").replace("%1", step.level), "", "time-line")
    who = step.name + (
        _tr("（代 %1）").replace("%1", step.on_behalf_of) if step.on_behalf_of else ""
    )
    return Entry(
        local_text(step.at), who, f"{step.level} · {step.decision}", step.remark, "check-line"
    )


def _capitals(detail: PaymentDetail) -> str:
    amount = detail.fields.amount
    if amount.currency != "CNY":
        return ""
    from app.core.capitals import to_capitals

    return to_capitals(amount)


def _joined(*parts: str | None) -> str:
    return "　".join(part for part in parts if part and part.strip())


_ATTEMPT_TONES = {
    AttemptState.SUCCEEDED: Tone.OK,
    AttemptState.FAILED: Tone.STOP,
    AttemptState.RETURNED: Tone.STOP,
    AttemptState.UNKNOWN: Tone.UNKNOWN,
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)
