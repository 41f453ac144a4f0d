"""What a person fills in of a debit agreement, and what is wrong with it: values only."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from app.agreements.rhythm import RHYTHM_LABELS, Rhythm
from app.core.cnaps import is_valid
from app.core.codes import clean_account
from app.core.errors import BadInput, Problem
from app.core.money import Money


class Kind(StrEnum):
    CREDIT = "CREDIT"
    DEBIT = "DEBIT"
    QUERY = "QUERY"


KIND_LABELS: Final[dict[Kind, str]] = {
    Kind.DEBIT: "授权支付",
    Kind.CREDIT: "贷记",
    Kind.QUERY: "查询",
}
# 业务种类 as the agreement systems of the banks number them (domain.md §2.6).
BUSINESS_LABELS: Final[dict[str, str]] = {
    "00100": "电费",
    "00200": "水暖费",
    "00300": "煤气费",
    "00400": "电话费",
    "00500": "通讯费",
    "00600": "保险费",
    "00700": "房屋管理费",
    "01100": "企业管理费用",
    "09001": "其他",
}
# In the order of the form; the importer and the summary of changes name them so, too.
FIELD_LABELS: Final[dict[str, str]] = {
    "number": "协议编号",
    "bank_no": "银行协议号",
    "pboc_no": "人行协议号",
    "kind": "协议类型",
    "account_number": "付款账号",
    "payee_name": "收款单位",
    "payee_account": "收款账号",
    "payee_bank": "收款开户行",
    "payee_cnaps": "收款行号",
    "customer_no": "客户服务号",
    "business": "业务种类",
    "amount": "约定金额",
    "single_limit": "单笔上限",
    "daily_limit": "日累计上限",
    "monthly_limit": "月累计上限",
    "daily_count": "日笔数上限",
    "monthly_count": "月笔数上限",
    "rhythm": "扣款周期",
    "first_debit_on": "首次扣款日",
    "signed_on": "签约日",
    "starts_on": "生效日",
    "ends_on": "失效日",
    "contract_no": "合同号",
    "notice_days": "提前通知天数",
    "late_rate": "逾期日费率",
    "breach": "违约条款",
    "keeper": "经办部门",
    "note": "签约说明",
}
_LONGEST: Final[dict[str, int]] = {
    "number": 30,
    "bank_no": 60,
    "pboc_no": 60,
    "payee_name": 60,
    "payee_bank": 120,
    "customer_no": 60,
    "contract_no": 60,
    "keeper": 60,
}
_MOST_LATE_RATE: Final = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class AgreementFields:
    """One agreement as it is filled in; "" and None mean unknown.

    number: "" takes the next of our own series. late_rate: per day, as a decimal text ("0.0005").
    """

    account_number: str
    payee_name: str
    starts_on: date
    business: str = "09001"
    kind: str = Kind.DEBIT
    number: str = ""
    bank_no: str = ""
    pboc_no: str = ""
    payee_account: str = ""
    payee_bank: str = ""
    payee_cnaps: str = ""
    customer_no: str = ""
    currency: str = "CNY"
    amount: Money | None = None
    single_limit: Money | None = None
    daily_limit: Money | None = None
    monthly_limit: Money | None = None
    daily_count: int | None = None
    monthly_count: int | None = None
    rhythm: str = Rhythm.MONTHLY
    first_debit_on: date | None = None
    signed_on: date | None = None
    ends_on: date | None = None
    contract_no: str = ""
    notice_days: int | None = None
    late_rate: str = ""
    breach: str = ""
    keeper: str = ""
    note: str = ""


def checked(fields: AgreementFields) -> tuple[AgreementFields, tuple[Problem, ...]]:
    """The fields, trimmed, and everything that is wrong with them; row None."""
    texts: dict[str, Any] = {
        name: value.strip() for name, value in by_name(fields).items() if isinstance(value, str)
    }
    trimmed = replace(fields, **texts)
    problems = tuple(
        Problem(None, FIELD_LABELS[name], text) for name, text in _wrong(trimmed) if text
    )
    return trimmed, problems


def by_name(fields: AgreementFields) -> dict[str, Any]:
    """The fields by name, amounts as Money."""
    return {name: getattr(fields, name) for name in AgreementFields.__dataclass_fields__}


def as_values(fields: AgreementFields) -> dict[str, Any]:
    """The fields as the trail keeps them."""
    values = asdict(fields)
    for name, value in by_name(fields).items():
        if isinstance(value, Money):
            values[name] = value.decimal()
        elif isinstance(value, date):
            values[name] = value.isoformat()
    return values


def _wrong(fields: AgreementFields) -> Iterator[tuple[str, str]]:
    yield "payee_name", "" if fields.payee_name else "不能为空，请填写收款单位全称。"
    yield "account_number", _refusal(clean_account, fields.account_number)
    if fields.payee_account:
        yield "payee_account", _refusal(clean_account, fields.payee_account)
    if fields.payee_cnaps and not is_valid(fields.payee_cnaps):
        yield "payee_cnaps", f"“{fields.payee_cnaps}”不是有效的 12 位行号，请核对。"
    for name, longest in _LONGEST.items():
        if len(getattr(fields, name)) > longest:
            yield name, f"超过 {longest} 个字，请缩短。"
    yield from _wrong_choices(fields)
    yield from _wrong_figures(fields)
    yield from _wrong_days(fields)


def _wrong_choices(fields: AgreementFields) -> Iterator[tuple[str, str]]:
    for name, allowed in (
        ("kind", KIND_LABELS),
        ("business", BUSINESS_LABELS),
        ("rhythm", RHYTHM_LABELS),
    ):
        value = getattr(fields, name)
        if value not in allowed:
            yield name, f"“{value}”无法识别，请填写：{'、'.join(allowed.values())}。"


def _wrong_figures(fields: AgreementFields) -> Iterator[tuple[str, str]]:
    for name in ("amount", "single_limit", "daily_limit", "monthly_limit"):
        money = getattr(fields, name)
        if money is not None and money.minor <= 0:
            yield name, "必须大于零；没有约定的请留空。"
        if money is not None and money.currency != fields.currency:
            yield name, f"币种应为 {fields.currency}。"
    for name in ("daily_count", "monthly_count", "notice_days"):
        count = getattr(fields, name)
        if count is not None and count < (0 if name == "notice_days" else 1):
            yield name, "不能为负数；没有约定的请留空。"
    limits = [m for m in (fields.single_limit, fields.daily_limit, fields.monthly_limit) if m]
    same = all(limit.currency == fields.currency for limit in limits)
    if same and any(limits[at] > limits[at + 1] for at in range(len(limits) - 1)):
        yield "single_limit", "上限应为：单笔不超过日累计，日累计不超过月累计，请核对。"
    if fields.late_rate:
        yield "late_rate", _late_rate(fields.late_rate)


def _wrong_days(fields: AgreementFields) -> Iterator[tuple[str, str]]:
    if fields.ends_on is not None and fields.ends_on < fields.starts_on:
        yield "ends_on", f"早于生效日 {fields.starts_on}，请核对。"
    if fields.signed_on is not None and fields.signed_on > fields.starts_on:
        yield "signed_on", f"晚于生效日 {fields.starts_on}，请核对。"
    if fields.first_debit_on is not None and fields.first_debit_on < fields.starts_on:
        yield "first_debit_on", f"早于生效日 {fields.starts_on}，请核对。"


def _late_rate(text: str) -> str:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return f"“{text}”不是数字，请填写每日费率，例如 0.0005（万分之五）。"
    if not rate.is_finite() or not 0 <= rate <= _MOST_LATE_RATE:
        return f"“{text}”应在 0 至 {_MOST_LATE_RATE} 之间（每日），例如 0.0005（万分之五）。"
    return ""


def _refusal(check: Callable[[str], object], text: str) -> str:
    try:
        check(text)
    except BadInput as wrong:
        return wrong.message
    return ""
