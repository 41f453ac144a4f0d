"""Limits and risk thresholds with their defaults: settings, never constants in a rule.

Sources: domain.md §5.1 (R01 … R16) and §2.7; §4.5 for the late fee; S…: our own (F4.1, F4.2).
"""

from dataclasses import dataclass
from datetime import time
from typing import Final

from app.core.errors import BadInput
from app.core.money import Money

_MINUTE_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Threshold:
    """kind: "money" (yuan, decimal string), "days", "hours", "minutes", "percent", "count",
    "permyriad" (万分之) or "time" (of the day, HH:MM).
    """

    code: str
    title: str
    kind: str
    default: str


_ALL: Final = (
    Threshold("R01.large", "大额单笔（提示）", "money", "500000"),
    Threshold("R01.report", "大额交易报告线", "money", "2000000"),
    Threshold("R02.history", "金额异常：至少需要的历史笔数", "count", "6"),
    Threshold("R02.median", "金额异常：超过中位数的倍数", "count", "3"),
    Threshold("R04.first", "新收款方大额", "money", "100000"),
    Threshold("R06.window", "重复付款：比较天数", "days", "30"),
    Threshold("R10.window", "收款账户变更：冷静天数", "days", "30"),
    Threshold("R11.round", "整数金额且无发票", "money", "50000"),
    Threshold("R12.private", "公转私", "money", "50000"),
    Threshold("R14.unknown", "状态不明：超过分钟数", "count", "30"),
    Threshold("R16.fresh", "权限变更后多少小时内付款", "hours", "24"),
    Threshold("A01.pending", "审批停留：超过小时数", "hours", "24"),
    Threshold("A02.balance", "余额登记后多少天视为过期", "days", "3"),
    Threshold("C01.certificate", "证书到期提前提醒天数", "days", "30"),
    Threshold("L01.late", "逾期费用估算：每日费率（合同另有约定的从其约定）", "permyriad", "5"),
    Threshold("S00.opens", "应急时限：工作时间开始", "time", "09:00"),
    Threshold("S00.closes", "应急时限：工作时间结束", "time", "18:00"),
    Threshold("S11.respond", "P1 重大事件：应在多少工作分钟内接手", "minutes", "30"),
    Threshold("S12.cause", "P1 重大事件：应在多少工作分钟内定因", "minutes", "120"),
    Threshold("S13.resolve", "P1 重大事件：应在多少工作分钟内解决", "minutes", "540"),
    Threshold("S21.respond", "P2 较大事件：应在多少工作分钟内接手", "minutes", "120"),
    Threshold("S22.cause", "P2 较大事件：应在多少工作分钟内定因", "minutes", "540"),
    Threshold("S23.resolve", "P2 较大事件：应在多少工作分钟内解决", "minutes", "1620"),
    Threshold("S31.respond", "P3 一般事件：应在多少工作分钟内接手", "minutes", "540"),
    Threshold("S32.cause", "P3 一般事件：应在多少工作分钟内定因", "minutes", "1620"),
    Threshold("S33.resolve", "P3 一般事件：应在多少工作分钟内解决", "minutes", "5400"),
    Threshold("S41.first", "超时上报财务主管：用时达到时限的", "percent", "100"),
    Threshold("S42.second", "超时上报财务总监：用时达到时限的", "percent", "150"),
    Threshold("S43.third", "超时上报总经理：用时达到时限的", "percent", "200"),
)
THRESHOLDS: Final[dict[str, Threshold]] = {one.code: one for one in _ALL}


def defaults() -> dict[str, str]:
    """Every threshold at its shipped value."""
    return {one.code: one.default for one in _ALL}


def check_value(code: str, value: str) -> str:
    """The value in its stored form. Raises BadInput for an unknown code or a senseless value."""
    threshold = THRESHOLDS.get(code)
    if threshold is None:
        raise BadInput(f"没有规则参数“{code}”。")
    if threshold.kind == "money":
        money = Money.parse(value)
        if money.minor <= 0:
            raise BadInput(f"“{threshold.title}”须大于零。")
        return money.decimal()
    if threshold.kind == "time":
        return _time(threshold.title, value)
    if not value.strip().isdecimal() or int(value) == 0:
        raise BadInput(f"“{threshold.title}”须为大于零的整数。")
    return str(int(value))


def _time(title: str, value: str) -> str:
    hour, _, minute = value.strip().replace("：", ":").partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == _MINUTE_DIGITS):
        raise BadInput(f"“{title}”须为时间，例如 09:00。")
    try:
        return time(int(hour), int(minute)).strftime("%H:%M")
    except ValueError:
        raise BadInput(f"“{title}”须为时间，例如 09:00。") from None
