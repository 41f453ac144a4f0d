"""The order of the five steps: what is locked, what is missing, what comes next. Pure.

Source: requirements B1.1 (nothing is done before the cause), B3.1 (accounts sound, software not:
to the vendor), A1.4 (no repair without a backup), B6.1 (the order).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.incidents.states import STEP_LABELS, Severity, Step, StepState

PASS, FAIL, NOT_APPLICABLE = "PASS", "FAIL", "NA"
RESULT_LABELS: Final[dict[str, str]] = {PASS: "正常", FAIL: "异常", NOT_APPLICABLE: "不适用"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a response came.

    caused: a cause is set, or 待查 with evidence. account_faults, software_faults: items of the
    checklist that failed. unchecked: items without a result. unknown: payments whose result nobody
    knows. tasks: open ones. vendor_talks (with tickets sent), bank_talks, bank_checks: how many were recorded.
    """

    severity: Severity
    steps: Mapping[Step, StepState]
    owned: bool
    caused: bool
    backups: int
    unchecked: tuple[str, ...] = ()
    account_faults: tuple[str, ...] = ()
    software_faults: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    vendor_talks: int = 0
    bank_talks: int = 0
    reviewed: bool = False
    reported: bool = False
    resolved: bool = False
    bank_checks: int = 0


def locked(step: Step, at: Standing) -> str:
    """Why nothing can be done in that step yet, with the cure; "" where it is open."""
    if not at.owned:
        return "尚无人负责，请先点“接手”。"
    if step is not Step.CAUSE and not at.caused:
        return "请先定因；暂时查不清的，选“待查”并附上证据。"
    if step is Step.VENDOR and not at.backups:
        return "修复前须先做“故障快照备份”。"
    return ""


def missing(step: Step, at: Standing) -> tuple[str, ...]:
    """What still has to be done before that step is done; empty where it can be finished."""
    why = locked(step, at)
    if why:
        return (why,)
    match step:
        case Step.CAUSE:
            return () if at.caused else ("请设定原因，或设为“待查”并附上证据。",)
        case Step.CHECK:
            return tuple(f"“{title}”还没有检查结果。" for title in at.unchecked)
        case Step.VENDOR:
            return (
                () if at.vendor_talks else ("请提交技术支持工单，或登记与软件供应商的联系记录。",)
            )
        case Step.BANK:
            return _of_bank(at)
        case Step.ARCHIVE:
            return tuple(_of_archive(at))


def may_skip(step: Step, at: Standing) -> str:
    """Why that step can't be skipped; "" where it can, with a reason.

    Without a report only P3 一般 is closed.
    """
    if step is Step.CAUSE or (step is Step.ARCHIVE and at.severity is not Severity.P3):
        exception = "，一般（P3）事件除外" if step is Step.ARCHIVE else ""
        return f"“{STEP_LABELS[step]}”不能跳过{exception}。"
    if not at.owned or not at.caused:
        return locked(step, at)
    if step is Step.BANK and (at.unknown or at.tasks):
        return "；".join(_of_bank(at))
    if step is Step.ARCHIVE and not at.resolved:
        return "事件尚未解决，请填写处理结论。"
    if step is Step.CHECK and at.unknown:
        return f"{'、'.join(at.unknown)} 状态不明，不能跳过检查。"
    return ""


def next_step(at: Standing) -> Step | None:
    """The step that comes next; None when all are done or skipped.

    Where the software is at fault and the accounts are sound, the vendor comes first; where a
    result is unknown or an account is at fault, the bank does (B3.1, B4.1).
    """
    left = [step for step in Step if at.steps.get(step, StepState.OPEN) is StepState.OPEN]
    if Step.BANK in left and Step.VENDOR in left and left[0] is Step.VENDOR and bank_first(at):
        return Step.BANK
    return left[0] if left else None


def bank_first(at: Standing) -> bool:
    """Whether the bank has to be asked before the vendor."""
    return bool(at.unknown or at.account_faults)


def advice(at: Standing) -> str:
    """What to do next and why, in one sentence."""
    step = next_step(at)
    if not at.owned:
        return "尚无人负责：请先接手，时限已开始计时。"
    if step is None:
        return "五个步骤均已办结，可以关闭。" if at.resolved else "五个步骤均已办结。"
    return _urgent(step, at) or _USUAL[step]


def _urgent(step: Step, at: Standing) -> str:
    if step is Step.BANK and at.unknown:
        return f"{len(at.unknown)} 笔付款状态不明：先向银行核实，核实前不能重新提交。"
    if step is Step.BANK and at.account_faults:
        return f"账户检查有 {len(at.account_faults)} 项异常：先联系银行。"
    if step is Step.VENDOR and at.software_faults:
        sound = "" if at.account_faults else "账户无碍而"
        faults = len(at.software_faults)
        return f"{sound}软件检查有 {faults} 项异常：备份后立即联系软件供应商。"
    return ""


_USUAL: Final[dict[Step, str]] = {
    Step.CAUSE: "先定因，不盲目操作：查看诊断结果和停付前后的变更，再设定原因。",
    Step.CHECK: "逐项检查账户与软件状态，能自动检查的点“运行检查”。",
    Step.VENDOR: "软件检查没有异常：不需要联系供应商的，注明理由后跳过。",
    Step.BANK: "不需要联系银行的，注明理由后跳过。",
    Step.ARCHIVE: "填写结论并解决事件，做复盘，编制处理报告并归档。",
}


def _of_bank(at: Standing) -> tuple[str, ...]:
    found = [f"{number} 状态不明，请登记向银行核实的结果。" for number in at.unknown]
    found += [f"子任务“{title}”还没有办完。" for title in at.tasks]
    if not (found or at.bank_talks or at.bank_checks):
        found.append("请登记与银行的联系记录或核实结果。")
    return tuple(found)


def _of_archive(at: Standing) -> list[str]:
    found = []
    if not at.resolved:
        found.append("事件尚未解决，请填写处理结论。")
    if not at.reviewed:
        found.append("还没有填写复盘。")
    if not at.reported:
        found.append("处理报告还没有批准。")
    return found
