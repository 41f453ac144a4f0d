"""What the bank answered last, in its own code and words."""

import pytest

from app.core.codes import StopReason
from app.payments.diagnosis.rule import Severity, all_rules
from app.payments.states import Stage

TOLD = [Stage.FAILED, Stage.RETURNED]
# domain.md §2.4
WORDS = {
    "可用余额不足": StopReason.INSUFFICIENT_FUNDS,
    "账户已冻结": StopReason.ACCOUNT_FROZEN,
    "全额止付": StopReason.ACCOUNT_BLOCKED,
    "密码挂失": StopReason.ACCOUNT_LOSS_REPORTED,
    "账户已关户": StopReason.ACCOUNT_CLOSED,
    "长期不动户": StopReason.ACCOUNT_DORMANT,
    "无此账户": StopReason.PAYEE_ACCOUNT_INVALID,
    "账号户名不符": StopReason.NAME_MISMATCH,
    "超日累计限额": StopReason.LIMIT_EXCEEDED,
    "未与银行签约": StopReason.CERT_OR_CONTRACT,
    "重复业务": StopReason.DUPLICATE,
    "协议号不存在": StopReason.AGREEMENT_INVALID,
}


@pytest.mark.parametrize("code", ["bank_answer.refused", "bank_answer.review"])
def test_a_payment_without_an_answer_is_not_named(healthy, findings_of, code):  # B4.2
    assert findings_of(code, healthy()) == []
    assert findings_of(code, healthy(stage=Stage.FAILED)) == []


@pytest.mark.parametrize("words", WORDS)
def test_the_words_of_a_refusal_name_its_reason(healthy, only, words):  # B4.2
    facts = healthy(stage=Stage.FAILED, bank_code="6", bank_text=words)
    found = only("bank_answer.refused", facts)
    assert (found.reason, found.severity) == (WORDS[words], Severity.BLOCKING)
    assert found.summary == f"银行拒绝：{words}。"


def test_a_refusal_shows_code_words_meaning_and_the_first_step(healthy, only):  # B4.2
    facts = healthy(stage=Stage.FAILED, bank_code="6", bank_text="账号户名不符")
    assert only("bank_answer.refused", facts).evidence == {
        "银行": "中国工商银行",
        "返回码": "6",
        "银行说明": "账号户名不符",
        "含义": "账号与户名不符",
        "首先要做": "核对收款方全称",
    }


def test_a_refusal_without_a_known_reason_is_told_as_it_came(healthy, only):  # B4.2
    facts = healthy(stage=Stage.FAILED, bank_code="6", bank_text="ERR-77")
    found = only("bank_answer.refused", facts)
    assert found.reason is StopReason.OTHER
    assert found.summary == "银行拒绝：ERR-77。"


def test_a_code_alone_is_told_by_its_meaning(healthy, only):  # B4.2
    found = only("bank_answer.refused", healthy(stage=Stage.FAILED, bank_code="8"))
    assert found.reason is StopReason.APPROVAL_BROKEN
    assert found.summary == "银行拒绝：被拒绝授权。"


def test_a_returned_payment_is_told_as_returned(healthy, only):  # B4.2
    facts = healthy(stage=Stage.RETURNED, bank="招商银行", bank_code="FIN-B")
    found = only("bank_answer.refused", facts)
    assert (found.reason, found.severity) == (StopReason.RETURNED, Severity.BLOCKING)
    assert found.summary == "银行退回：退票。"


def test_a_return_for_an_unknown_cause_stays_a_return(healthy, only):  # B4.2
    facts = healthy(stage=Stage.RETURNED, bank_text="对方行无法入账")
    assert only("bank_answer.refused", facts).reason is StopReason.RETURNED


@pytest.mark.parametrize("stage", sorted(set(Stage) - set(TOLD)))
def test_an_old_refusal_does_not_speak_in_another_stage(healthy, findings_of, stage):  # B4.2
    facts = healthy(stage=stage, bank_code="6", bank_text="余额不足")
    assert findings_of("bank_answer.refused", facts) == []


def test_an_old_refusal_does_not_close_the_gate_of_resuming():  # B4.2
    assert {r.gate for r in all_rules() if r.code.startswith("bank_answer.")} == {False}


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.BANK_PROCESSING])
@pytest.mark.parametrize(("code", "text"), [("86", ""), ("", "等待电话核实"), ("", "反洗钱审查中")])
def test_a_review_by_the_bank_is_told_while_it_lasts(healthy, only, stage, code, text):  # B4.5
    found = only("bank_answer.review", healthy(stage=stage, bank_code=code, bank_text=text))
    assert (found.reason, found.severity) == (StopReason.AML_REVIEW, Severity.WARNING)
    assert found.evidence["银行说明"] == text
    assert "材料" in found.evidence["首先要做"]


@pytest.mark.parametrize(
    ("stage", "code"),
    [(Stage.SUBMITTED, "9"), (Stage.SUBMITTED, ""), (Stage.EXECUTED, "86"), (Stage.READY, "86")],
)
def test_other_answers_are_no_review(healthy, findings_of, stage, code):  # B4.5
    assert findings_of("bank_answer.review", healthy(stage=stage, bank_code=code)) == []
