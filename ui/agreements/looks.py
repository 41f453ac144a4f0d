"""How agreements look: states, columns, and the facts of one."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from app.agreements.fields import BUSINESS_LABELS, KIND_LABELS, Kind
from app.agreements.queries import AgreementDetail, AgreementLine, DebitLine, matches
from app.agreements.rhythm import RHYTHM_LABELS
from app.agreements.states import AGREEMENT_LABELS, AgreementState
from app.core.clock import local_text
from app.core.money import Money
from ui.payments.looks import money_text
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.key_values import KeyValue

AGREEMENT_LOOKS: Final[dict[AgreementState, tuple[str, Tone]]] = {
    AgreementState.PENDING: ("time-line", Tone.ACCENT),
    AgreementState.ACTIVE: ("checkbox-circle-line", Tone.OK),
    AgreementState.SUSPENDED: ("pause-circle-line", Tone.PAUSED),
    AgreementState.CANCELLING: ("restart-line", Tone.WARN),
    AgreementState.CANCELLED: ("forbid-line", Tone.MUTED),
    AgreementState.EXPIRED: ("time-line", Tone.MUTED),
}
# So near that somebody should look at it today.
_SOON: Final = 3


def tr(text: str) -> str:
    return QCoreApplication.translate("agreements", text)


def look_of(row: object) -> tuple[str, Tone] | None:
    """Icon and tone of an agreement's state; None for any other row."""
    return AGREEMENT_LOOKS[row.state] if isinstance(row, AgreementLine) else None


def agreement_columns() -> tuple[Column[AgreementLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: AGREEMENT_LABELS[r.state],
            tone=lambda r: AGREEMENT_LOOKS[r.state][1],
            sort_value=lambda r: AGREEMENT_LABELS[r.state],
            chars=15,
        ),
        Column(
            "number", tr("协议编号"), lambda r: r.number, sort_value=lambda r: r.number, chars=14
        ),
        Column("payee", tr("收款单位"), lambda r: r.payee, sort_value=lambda r: r.payee, chars=24),
        Column("business", tr("业务种类"), _business, sort_value=_business, chars=10),
        Column(
            "next",
            tr("下次扣款日"),
            next_text,
            tone=_next_tone,
            sort_value=lambda r: r.next_on.isoformat() if r.next_on else "9999",
            chars=24,
        ),
        Column(
            "amount",
            tr("约定金额"),
            lambda r: _money(r.amount),
            align=Align.RIGHT,
            sort_value=lambda r: r.amount.minor if r.amount else -1,
        ),
        Column(
            "limit",
            tr("单笔上限"),
            lambda r: _money(r.single_limit),
            align=Align.RIGHT,
            sort_value=lambda r: r.single_limit.minor if r.single_limit else -1,
        ),
        Column(
            "last",
            tr("最近扣款"),
            lambda r: _day(r.last_on),
            sort_value=lambda r: _day(r.last_on),
            chars=11,
        ),
        Column(
            "account",
            tr("付款账户"),
            lambda r: f"{r.bank} {r.account}",
            sort_value=lambda r: f"{r.bank} {r.account}",
            chars=28,
        ),
        Column(
            "ends",
            tr("失效日"),
            lambda r: _day(r.ends_on) or tr("长期"),
            sort_value=lambda r: _day(r.ends_on) or "9999",
            chars=11,
        ),
        Column("bank_no", tr("银行协议号"), lambda r: r.bank_no, chars=18),
        Column("pboc_no", tr("人行协议号"), lambda r: r.pboc_no, chars=18),
        Column("customer", tr("客户服务号"), lambda r: r.customer_no, chars=14),
        Column("contract", tr("合同号"), lambda r: r.contract_no, chars=16),
    )


def debit_columns() -> tuple[Column[DebitLine], ...]:
    return (
        Column("on", tr("扣款日"), lambda r: r.debited_on.isoformat(), chars=11),
        Column("amount", tr("金额"), lambda r: money_text(r.amount), align=Align.RIGHT),
        Column("reference", tr("银行流水号"), lambda r: r.reference, chars=18),
        Column("remark", tr("说明"), lambda r: r.remark, chars=18),
        Column("by", tr("登记人"), lambda r: r.recorded_by, chars=14),
    )


def card(detail: AgreementDetail) -> list[KeyValue]:
    """核对卡: what must be right before anything is cancelled."""
    line, fields = detail.line, detail.fields
    tone = AGREEMENT_LOOKS[line.state][1]
    facts = [
        KeyValue("state", tr("状态"), AGREEMENT_LABELS[line.state], tone, bold=True),
        KeyValue("next", tr("下次扣款日"), next_text(line), _next_tone(line), bold=True),
        KeyValue("number", tr("协议编号"), line.number, bold=True),
        KeyValue("payee", tr("收款单位"), line.payee, bold=True),
        KeyValue("bank_no", tr("银行协议号"), line.bank_no),
        KeyValue("pboc_no", tr("人行协议号"), line.pboc_no),
        KeyValue("kind", tr("协议类型"), KIND_LABELS[Kind(fields.kind)]),
        KeyValue("business", tr("业务种类"), _business(line)),
        KeyValue("customer_no", tr("客户服务号"), fields.customer_no),
        KeyValue("payer", tr("付款账户"), f"{detail.account_name} {line.account}"),
        KeyValue("payer_bank", tr("付款开户行"), line.branch or tr("未登记开户行")),
        KeyValue("payee_account", tr("收款账号"), fields.payee_account),
        KeyValue(
            "payee_bank", tr("收款开户行"), f"{fields.payee_bank} {fields.payee_cnaps}".strip()
        ),
        KeyValue("rhythm", tr("扣款周期"), RHYTHM_LABELS[line.rhythm]),
        KeyValue("amount", tr("约定金额"), _money(fields.amount) or tr("不固定")),
        KeyValue("single", tr("单笔上限"), _money(fields.single_limit)),
        KeyValue("daily", tr("日累计上限"), _limit(fields.daily_limit, fields.daily_count)),
        KeyValue("monthly", tr("月累计上限"), _limit(fields.monthly_limit, fields.monthly_count)),
        KeyValue("signed", tr("签约日"), _day(fields.signed_on)),
        KeyValue("valid", tr("有效期"), f"{line.starts_on} – {_day(line.ends_on) or tr('长期')}"),
        KeyValue("contract", tr("合同号"), fields.contract_no),
        KeyValue("notice", tr("提前通知"), _days(fields.notice_days)),
        KeyValue("late", tr("逾期日费率"), fields.late_rate),
        KeyValue("breach", tr("违约条款"), fields.breach),
        KeyValue("keeper", tr("经办部门"), fields.keeper),
        KeyValue("note", tr("签约说明"), fields.note),
        KeyValue("made", tr("登记"), f"{detail.made_by}　{local_text(detail.made_at)}"),
    ]
    if detail.state_why:
        why = f"{detail.state_why}（{detail.state_by}）"
        facts.insert(1, KeyValue("why", tr("最近变更原因"), why))
    return facts


def next_text(line: AgreementLine) -> str:
    """The next debit day and how far it is off."""
    if line.next_on is None or line.days_left is None:
        return tr("—")
    away = (
        tr("今天") if line.days_left == 0 else tr("还有 %1 天").replace("%1", str(line.days_left))
    )
    return f"{line.next_on}（{away}）"


def matching(line: AgreementLine, values: Mapping[str, Any]) -> bool:
    """Whether the agreement fits what stands in the filter bar."""
    if not matches(line, str(values.get("text", ""))):
        return False
    if "account" in values and line.account not in values["account"]:
        return False
    if "business" in values and line.business not in values["business"]:
        return False
    first, last = values.get("next", (None, None))
    if (first or last) and line.next_on is None:
        return False
    day = line.next_on
    return day is None or ((first is None or day >= first) and (last is None or day <= last))


def _next_tone(line: AgreementLine) -> Tone:
    near = line.days_left is not None and line.days_left <= _SOON
    return Tone.WARN if near else Tone.NORMAL


def _business(line: AgreementLine) -> str:
    return BUSINESS_LABELS.get(line.business, line.business)


def _limit(amount: Money | None, count: int | None) -> str:
    parts = [_money(amount), "" if count is None else tr("%1 笔").replace("%1", str(count))]
    return "，".join(filter(None, parts))


def _days(count: int | None) -> str:
    return "" if count is None else tr("%1 天").replace("%1", str(count))


def _money(amount: Money | None) -> str:
    return "" if amount is None else money_text(amount)


def _day(day: object) -> str:
    return "" if day is None else str(day)
