"""Reasons, bank answers, account numbers and credit codes (domain.md §2.2, 2.4, 7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.codes import (
    HOLD_CAUSE_LABELS,
    REASON_CLASS,
    REASON_LABELS,
    AnswerOutcome,
    HoldCause,
    ReasonClass,
    StopReason,
    classify_answer,
    clean_account,
    valid_uscc,
)
from app.core.errors import BadInput

GLOSSARY = [
    "SYSTEM_FAULT",
    "INSUFFICIENT_FUNDS",
    "PERMISSION_CHANGED",
    "BANK_INTERFACE",
    "MANUAL_PAUSE",
    "AUTO_LOCKED",
    "APPROVAL_BROKEN",
    "ACCOUNT_FROZEN",
    "ACCOUNT_BLOCKED",
    "ACCOUNT_CLOSED",
    "ACCOUNT_DORMANT",
    "ACCOUNT_LOSS_REPORTED",
    "PAYEE_ACCOUNT_INVALID",
    "NAME_MISMATCH",
    "LIMIT_EXCEEDED",
    "AML_REVIEW",
    "RISK_RULE",
    "DUPLICATE",
    "RETURNED",
    "CERT_OR_CONTRACT",
    "AGREEMENT_INVALID",
    "UPGRADE_INCOMPLETE",
    "OTHER",
]
FAULTS = {
    "SYSTEM_FAULT",
    "UPGRADE_INCOMPLETE",
    "BANK_INTERFACE",
    "AUTO_LOCKED",
    "CERT_OR_CONTRACT",
}
# bank → outcome → codes, by the banks' manuals
ANSWERS = {
    "ICBC": {
        "SUCCEEDED": "7",
        "FAILED": "6 8 11",
        "PENDING": "0 1 2 3 4 5 9 10 86",
        "UNKNOWN": "95 98",
    },
    "CMB": {
        "SUCCEEDED": "FIN-S",
        "FAILED": "FIN-F FIN-R FIN-D FIN-C",
        "RETURNED": "FIN-B FIN-T",
        "PENDING": "AUT NTE BNK OPR",
        "UNKNOWN": "WCF FIN-U FIN",
    },
    "CITIC": {
        "SUCCEEDED": "AAAAAAA",
        "PENDING": "AAAAAAB AAAAAAC AAAAAAE CCCCCCC",
        "UNKNOWN": "BBBBBBB EEEEEEE UNKNOWN",
    },
    "CIB": {
        "SUCCEEDED": "103",
        "FAILED": "6 100 101 102",
        "PENDING": "0 1 2 4 5",
        "UNKNOWN": "3 104",
    },
    "YONYOU": {"SUCCEEDED": "3 7", "FAILED": "2 4", "PENDING": "0 1 5", "UNKNOWN": "6"},
    "KINGDEE": {"SUCCEEDED": "交易成功", "FAILED": "交易失败", "UNKNOWN": "交易未确认"},
}
CASES = [
    (bank, code, outcome)
    for bank, outcomes in ANSWERS.items()
    for outcome, codes in outcomes.items()
    for code in codes.split()
]
TEXTS = [
    ("余额不足", "INSUFFICIENT_FUNDS"),
    ("可用余额不足", "INSUFFICIENT_FUNDS"),
    ("金额不足", "INSUFFICIENT_FUNDS"),
    ("账户已冻结", "ACCOUNT_FROZEN"),
    ("被冻结无法入账", "ACCOUNT_FROZEN"),
    ("账户止付", "ACCOUNT_BLOCKED"),
    ("全额止付", "ACCOUNT_BLOCKED"),
    ("账户被临时锁定", "ACCOUNT_BLOCKED"),
    ("已挂失", "ACCOUNT_LOSS_REPORTED"),
    ("密码挂失", "ACCOUNT_LOSS_REPORTED"),
    ("已销户", "ACCOUNT_CLOSED"),
    ("已清户", "ACCOUNT_CLOSED"),
    ("账户已关户", "ACCOUNT_CLOSED"),
    ("久悬", "ACCOUNT_DORMANT"),
    ("长期不动户", "ACCOUNT_DORMANT"),
    ("睡眠户", "ACCOUNT_DORMANT"),
    ("账号不存在", "PAYEE_ACCOUNT_INVALID"),
    ("无此账户", "PAYEE_ACCOUNT_INVALID"),
    ("账号错误", "PAYEE_ACCOUNT_INVALID"),
    ("账号户名不符", "NAME_MISMATCH"),
    ("户名错", "NAME_MISMATCH"),
    ("超单笔限额", "LIMIT_EXCEEDED"),
    ("超日累计限额", "LIMIT_EXCEEDED"),
    ("超过规定金额", "LIMIT_EXCEEDED"),
    ("账户状态错误", "OTHER"),
    ("签名或证书错误", "CERT_OR_CONTRACT"),
    ("未与银行签约", "CERT_OR_CONTRACT"),
    ("重复业务", "DUPLICATE"),
    ("重复提示付款", "DUPLICATE"),
    ("企业审批否决", "APPROVAL_BROKEN"),
    ("企业审批过期", "APPROVAL_BROKEN"),
    ("企业审批撤销", "APPROVAL_BROKEN"),
    ("协议号不存在", "AGREEMENT_INVALID"),
    ("协议未生效", "AGREEMENT_INVALID"),
    ("协议已撤销", "AGREEMENT_INVALID"),
    ("超过事先规定限额", "AGREEMENT_INVALID"),
]


def test_the_reasons_are_those_of_the_glossary():  # B1.2
    assert [reason.value for reason in StopReason] == GLOSSARY


def test_every_reason_and_cause_has_a_label_of_its_own():  # B1.2
    assert set(REASON_LABELS) == set(StopReason)
    assert len(set(REASON_LABELS.values())) == len(StopReason)
    assert list(HOLD_CAUSE_LABELS) == list(HoldCause)


@pytest.mark.parametrize("reason", StopReason)
def test_a_reason_is_a_pause_a_fault_or_a_stop(reason):  # B1.2
    expected = ReasonClass.FAULT if reason in FAULTS else ReasonClass.STOP
    if reason == "MANUAL_PAUSE":
        expected = ReasonClass.PAUSE
    assert REASON_CLASS[reason] is expected


def test_the_causes_of_a_hold_are_those_of_the_requirement():  # A5.3
    labels = [*HOLD_CAUSE_LABELS.values()]
    assert labels == ["疑似错误", "审核未通过", "商业争议", "风控", "其他"]


@pytest.mark.parametrize(("bank", "code", "outcome"), CASES)
def test_each_code_of_a_bank_has_its_outcome(bank, code, outcome):  # B4.2
    assert classify_answer(bank, code, "").outcome == outcome


@pytest.mark.parametrize("bank", ["中国工商银行", "工商银行上海市分行", "icbc", " ICBC "])
def test_a_bank_is_known_by_its_usual_names(bank):  # B4.2
    assert classify_answer(bank, " 7 ", "").outcome is AnswerOutcome.SUCCEEDED


@pytest.mark.parametrize(("text", "reason"), TEXTS)
def test_a_refusal_in_words_tells_reason_and_first_action(text, reason):  # B4.4
    for told in (text, f"交易失败：{text}。"):
        meaning = classify_answer("农业银行", "", told)
        assert (meaning.outcome, meaning.reason) == (AnswerOutcome.FAILED, StopReason(reason))
        assert meaning.first_action


@pytest.mark.parametrize("text", ["通讯失败", "交易超时", "系统忙，请勿提交重复业务"])
def test_lost_contact_is_unknown_and_never_a_failure(text):  # A4.1
    meaning = classify_answer("", "", text)
    assert (meaning.outcome, meaning.reason) == (
        AnswerOutcome.UNKNOWN,
        StopReason.BANK_INTERFACE,
    )
    assert "不重发" in meaning.first_action


@pytest.mark.parametrize("text", ["退票", "已退汇"])
def test_a_return_is_told_by_words(text):  # B4.2
    meaning = classify_answer("", "", text)
    assert (meaning.outcome, meaning.reason) == (AnswerOutcome.RETURNED, StopReason.RETURNED)


@pytest.mark.parametrize("text", ["反洗钱审查", "合规审查中", "等待电话核实"])
def test_a_review_by_the_bank_is_pending(text):  # B4.5
    meaning = classify_answer("", "", text)
    assert (meaning.outcome, meaning.reason) == (AnswerOutcome.PENDING, StopReason.AML_REVIEW)


def test_what_is_cleared_can_only_be_returned():  # B4.2
    meaning = classify_answer("", "", "业务已清算不能撤销")
    assert meaning.outcome is AnswerOutcome.UNKNOWN
    assert meaning.first_action == "走退汇"


@pytest.mark.parametrize(
    ("bank", "code", "text"),
    [
        *(("工商银行", "ZZ99", "请稍后再试"), ("工商银行", "103", ""), ("兴业银行", "7", "")),
        *(("农业银行", "7", ""), ("", "7", ""), ("CIBC", "103", ""), ("", "", "")),
        *(("", "", "交易处理中，请勿重复提交"), ("工商银行", "E1", "重复业务")),
    ],
)
def test_an_answer_that_no_table_knows_is_unknown(bank, code, text):  # A4.1
    meaning = classify_answer(bank, code, text)
    assert meaning.outcome is AnswerOutcome.UNKNOWN
    assert meaning.first_action == "向银行查询，不重发"


def test_the_text_beside_an_unknown_code_names_the_reason_but_not_the_outcome():  # A4.1
    meaning = classify_answer("工商银行", "E1", "余额不足")
    assert meaning.outcome is AnswerOutcome.UNKNOWN
    assert meaning.reason is StopReason.INSUFFICIENT_FUNDS


def test_the_text_beside_a_failure_names_its_reason():  # B4.4
    meaning = classify_answer("工商银行", "6", "超过事先规定限额")
    assert meaning.outcome is AnswerOutcome.FAILED
    assert meaning.reason is StopReason.AGREEMENT_INVALID


def test_words_never_give_a_success_a_reason_to_stop():  # B4.2
    meaning = classify_answer("招商银行", "FIN-S", "成功，未超过限额")
    assert (meaning.outcome, meaning.reason) == (AnswerOutcome.SUCCEEDED, None)


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=10))
def test_every_answer_but_a_success_has_a_first_action(bank, code, text):  # B4.4
    meaning = classify_answer(bank, code, text)
    assert meaning.outcome is AnswerOutcome.SUCCEEDED or meaning.first_action


@pytest.mark.parametrize(("bank", "code", "outcome"), CASES)
def test_every_code_but_a_success_has_a_first_action(bank, code, outcome):  # B4.4
    assert (classify_answer(bank, code, "").first_action == "") is (outcome == "SUCCEEDED")


@pytest.mark.parametrize(
    "written",
    [
        "6222021234567890123",
        "6222 0212 3456 7890 123",
        "62220212-3456—7890123",
        "６222021234567890123",
    ],
)
def test_an_account_is_its_digits(written):  # C3.4
    assert clean_account(written) == "6222021234567890123"


@pytest.mark.parametrize("length", [8, 35])
def test_an_account_has_eight_to_thirty_five_digits(length):  # C3.4
    assert clean_account("1" * length) == "1" * length


@pytest.mark.parametrize(
    "written", ["", " - ", "1" * 7, "1" * 36, "6222****0123", "NL91ABNA0417164300", "٦٢٢٢٠٢١٢٣٤"]
)
def test_other_account_numbers_are_refused(written):  # C3.4
    with pytest.raises(BadInput):
        clean_account(written)


def test_a_credit_code_carries_its_check_digit():  # C3.4
    assert valid_uscc("91310000607371000G")
    assert not valid_uscc("913100006073710000")
    assert not valid_uscc("91310000607371000")
    assert not valid_uscc("")
