"""What a clerk is told to do next: which steps, in which order, and whose they are."""

import pytest

from app.core.codes import StopReason
from app.payments.diagnosis.actions import REASON_ACTIONS

LONGEST_LABEL = 12


def labels(reason):
    return [step.label for step in REASON_ACTIONS[reason]]


def test_no_reason_is_without_its_steps():  # A1.1 B1.2
    assert set(REASON_ACTIONS) == set(StopReason)


@pytest.mark.parametrize("reason", StopReason)
def test_a_label_fits_its_button_and_is_told_once(reason):  # A1.1
    assert all(0 < len(label) <= LONGEST_LABEL for label in labels(reason))
    assert len(set(labels(reason))) == len(labels(reason))


def test_one_code_never_means_steps_of_different_people():  # A1.1
    steps = {step for steps in REASON_ACTIONS.values() for step in steps}
    posts = {}
    for step in steps:
        posts.setdefault(step.action, set()).add(step.who)
    assert {action: who for action, who in posts.items() if len(who) > 1} == {}


def test_a_fault_of_the_software_is_backed_up_before_it_is_mended():  # A1.3 A1.4
    for reason in (StopReason.SYSTEM_FAULT, StopReason.UPGRADE_INCOMPLETE):
        assert labels(reason)[0] == "先备份数据"
        assert labels(reason)[-1] == "联系技术支持"


def test_missing_money_is_moved_or_paid_in_or_talked_over_with_the_bank():  # A2.4
    steps = labels(StopReason.INSUFFICIENT_FUNDS)
    assert steps[:2] == ["内部资金调拨", "追加存入"]
    assert "联系银行" in steps


def test_a_lost_right_is_the_administrators_to_give_back():  # A3.3
    first = REASON_ACTIONS[StopReason.PERMISSION_CHANGED][0]
    assert (first.label, first.who) == ("核对并恢复权限", "系统管理员")


def test_a_silent_bank_is_asked_before_any_other_way_is_tried():  # A4.3 A4.4
    steps = labels(StopReason.BANK_INTERFACE)
    assert steps[0] == "登记银行核实结果"
    assert steps[-3:] == ["测试通道", "切换备用渠道", "推迟付款"]


def test_new_payee_data_is_called_back_by_another_person():  # C3.5
    for reason in (
        StopReason.PAYEE_ACCOUNT_INVALID,
        StopReason.NAME_MISMATCH,
        StopReason.RETURNED,
    ):
        who = {step.label: step.who for step in REASON_ACTIONS[reason]}
        assert (who["变更收款信息"], who["回拨核实"]) == ("经办", "复核")


def test_no_step_advises_to_split_or_to_send_again():  # A4.1 B4.5
    words = "".join(step.label for steps in REASON_ACTIONS.values() for step in steps)
    assert "拆" not in words
    assert "重发" not in words
