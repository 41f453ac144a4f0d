"""数据约定: what must hold of the rows whatever happened, each promise as a check of its own."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from app.agreements import invariants as agreements
from app.incidents import invariants as incidents
from app.incidents.selfcheck.checks import Asked, Found, Group, Look, Step, bad, good
from app.payments import invariants as payments
from app.reconciliation import invariants as reconciliation
from app.storage.work import ReadWork

_SHOWN: Final = 5
# Files are looked at one for all, and faster, by the check 存档文件.
_ELSEWHERE: Final = frozenset({"A4", "A7"})
_ANY: Final = "请勿继续办理所列事项，保存本次自诊断结果并联系技术支持。"
_STOP: Final = "请勿提交所列付款，"
# By promise: what it is for, and what to do where it is broken.
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "stopped": (
        "该停的付款必须显示为停付，不该停的不能被误停。",
        f"{_STOP}在付款详情中逐笔核对暂停令；改动数据的原因查明前，联系技术支持更正状态。",
    ),
    "resting": (
        "已执行、已作废、已交银行的付款，列表上的状态必须与实际阶段一致。",
        "请以付款详情和银行回单为准，联系技术支持更正状态。",
    ),
    "covers": (
        "暂停令已解除或到期的，不能再停着付款；付款已结束的，不再受暂停令约束。",
        "请在“暂停令台账”中核对所列暂停令，联系技术支持更正。",
    ),
    "live": (
        "同一笔应付同时最多只有一次在途的提交，否则可能重复付款。",
        f"{_STOP}立即联系银行核实每次提交的结果，要求拦截重复的一笔。",
    ),
    "undecided": (
        "还没有确定结果的提交，其付款必须停在等待银行结果的阶段。",
        f"{_STOP}先向银行核实所列付款的结果并登记。",
    ),
    "at_bank": (
        "显示为已交银行的付款，必须有提交记录可查。",
        f"{_STOP}请向银行查询是否收到，并联系技术支持。",
    ),
    "obligation": (
        "提交记录必须对应它要付的那一笔应付，否则查不出重复付款。",
        f"{_STOP}核对收款方、发票号和金额后联系技术支持更正。",
    ),
    "once": (
        "一笔付款只能成功一次，成功两次就是重复付款。",
        "请立即联系银行和收款方核实，确属重复的，追回多付的款项，并登记应急事件。",
    ),
    "own": (
        "经办人不能审批自己经办的事项（不相容岗位分离）。",
        "请通知内审，由其他有权限的人重新审核所列事项。",
    ),
    "levels": (
        "每一级审批都要有，而且由不同的人办理。",
        "请通知内审，对所列事项补做审批；尚未付出的先停止付款。",
    ),
    "ready": (
        "待执行的付款必须经过审批，否则就是绕过了审批。",
        f"{_STOP}停止付款并重新提交审批，通知内审查明原因。",
    ),
    "resumed": (
        "恢复付款的申请与它的审批必须同时结束、结论一致。",
        "请勿恢复所列付款，重新提交恢复申请；并联系技术支持。",
    ),
    "one_form": (
        "一笔付款同时最多一份恢复申请在审批。",
        "请驳回多余的恢复申请，只保留一份。",
    ),
    "totals": (
        "付款列表上方各分类的笔数与合计，必须等于逐笔相加。",
        "请暂以逐笔明细为准，不要引用合计数；联系技术支持重新计算合计。",
    ),
    "company": (
        "全公司暂停令必须覆盖全公司。",
        "请解除所列暂停令后重新下达全公司暂停，并联系技术支持。",
    ),
    "A1": (
        "显示为已取消的协议，必须有银行确认和依据，否则仍可能被扣款。",
        "请立即向银行核实所列协议是否真正终止，取得书面确认后登记。",
    ),
    "A2": (
        "取消处理中的协议都要有进行中的申请，否则没有人在跟进。",
        "请对所列协议重新提交取消申请，并联系银行确认办理情况。",
    ),
    "A3": (
        "函件编号连续、不重复，否则函件可能被删除或伪造。",
        "请通知内审，对照函件登记和寄送记录查明缺号、重号的原因。",
    ),
    "A5": (
        "已发送的邮件都要有送达记录，否则无法证明通知过对方。",
        "请在“函件”中核对所列函件，补登记送达。",
    ),
    "A6": (
        "已签章的函件必须是在原件上签的，原件不能变。",
        "请勿使用所列函件，作废后重新生成并签章。",
    ),
    "A8": (
        "已暂停的协议都要记有起始日，否则查不出暂停期间的扣款。",
        "请联系技术支持补记起始日，并核对该期间的银行流水。",
    ),
    "A9": (
        "一项人工付款任务只能有一笔有效付款，否则可能重复付款。",
        "请作废多余的付款；已付出的，联系收款方退回。",
    ),
    "I1": (
        "应急事件须先定因，再办后面的步骤，防止盲目操作。",
        "请在“应急事件”中核对所列事件，重新办理缺少的步骤；并联系技术支持。",
    ),
    "I2": (
        "解决和关闭须由两人办理，并写明结论。",
        "请通知内审，由另一位主管重新审核所列事件。",
    ),
    "I3": (
        "关闭的事件不能还有暂停令、子任务或等待没有了结，否则没有人再跟进。",
        "请核对所列事件的暂停令和子任务，另建事件继续跟进；并联系技术支持。",
    ),
    "I4": (
        "事件所列的付款和暂停令必须能查到。",
        "请勿关闭所列事项的事件，保存本次自诊断结果并联系技术支持。",
    ),
    "I5": (
        "与银行、供应商的每次联系都要留在事件经过中，供审计查证。",
        "请通知内审，对照通话和邮件核对所列记录；并联系技术支持。",
    ),
    "I6": (
        "证据只能撤回，不能删除；编号中断说明证据可能被删。",
        "请通知内审，用最近的备份核对所列事件的证据。",
    ),
    "I7": (
        "批准的处理报告由三人办理，索引的校验值记在操作日志中。",
        "请勿使用所列报告，通知内审，重新编制、复核、批准。",
    ),
    "matches_whole": (
        "勾对中的每笔流水和单据，有效与否必须与勾对一致。",
        "请撤销所列勾对后重新勾对；撤销不了的，联系技术支持。",
    ),
    "books_even": (
        "流水与日记账的勾对，两边金额必须相等。",
        "请撤销所列勾对，核对金额后重新勾对。",
    ),
    "sheets_frozen": (
        "编好的余额调节表不能改动；已复核的必须两人办理、差额为零。",
        "请勿使用所列余额调节表，通知内审，作废后重新编制并复核。",
    ),
}


def _asked_of(look: Callable[[ReadWork], Sequence[str]], cure: str) -> Look:
    def ask(asked: Asked) -> Found:
        with asked.db.read() as work:
            broken = look(work)
        if not broken:
            return good("符合。")
        more = f" 等 {len(broken)} 项" if len(broken) > _SHOWN else ""
        return bad(f"不符：{'、'.join(broken[:_SHOWN])}{more}。", cure)

    return ask


def _steps() -> Iterator[Step]:
    for matter in (payments, agreements, reconciliation, incidents):
        for code, title, look in matter.PROMISES:
            if code not in _ELSEWHERE:
                meaning, cure = _WORDS.get(code, (f"{title}。", _ANY))
                yield Step(f"data.{code}", title, Group.PROMISES, meaning, _asked_of(look, cure))


STEPS: Final = tuple(_steps())
