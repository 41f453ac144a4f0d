"""The approval chain: refused, without anybody who could decide, or waiting too long."""

from datetime import timedelta

import pytest

from app.access.approvals import RequestState
from app.access.rights import Role
from app.core.codes import StopReason
from app.payments.diagnosis.rule import Severity
from app.payments.states import Stage

RULES = ("approval.missing", "approval.refused", "approval.nobody", "approval.stuck")
WAITING = [Stage.PENDING_REVIEW, Stage.PENDING_APPROVAL]


@pytest.fixture
def waiting(healthy):
    """A payment before 财务主管 since some time."""

    def build(*, hours=1.0, stage=Stage.PENDING_APPROVAL, **approval):
        given = {
            "state": RequestState.OPEN,
            "level": Role.SUPERVISOR,
            "opened_at": healthy().now - timedelta(hours=hours),
            "closed_at": None,
            "available": ("王主管", "林总监"),
        }
        return healthy(stage=stage, approval={**given, **approval})

    return build


@pytest.mark.parametrize("code", RULES)
def test_an_approved_payment_and_one_that_waits_its_time_are_not_named(
    healthy, waiting, findings_of, code
):  # B1.4
    assert findings_of(code, healthy()) == []
    assert findings_of(code, waiting()) == []


@pytest.mark.parametrize(
    ("stage", "state", "verb"),
    [
        (Stage.SENT_BACK, RequestState.RETURNED, "退回"),
        (Stage.REJECTED, RequestState.REJECTED, "驳回"),
    ],
)
def test_a_refusal_names_who_when_and_why(healthy, only, stage, state, verb):  # B1.2 B1.4
    facts = healthy(
        stage=stage, approval={"state": state, "last_decider": "王主管", "remark": "合同未盖章"}
    )
    found = only("approval.refused", facts)
    assert (found.reason, found.severity) == (StopReason.APPROVAL_BROKEN, Severity.BLOCKING)
    assert found.summary == f"审批被 王主管 {verb}：合同未盖章。"
    assert found.evidence == {"审批人": "王主管", "意见": "合同未盖章", "时间": "2026-03-02 10:00"}


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.SENT_BACK, Stage.REJECTED}))
def test_an_old_refusal_does_not_speak_once_the_payment_went_on(
    healthy, findings_of, stage
):  # B1.4
    facts = healthy(stage=stage, approval={"state": RequestState.RETURNED})
    assert findings_of("approval.refused", facts) == []


@pytest.mark.parametrize("stage", WAITING)
def test_a_chain_without_anybody_who_may_decide_stops(waiting, findings_of, only, stage):  # B1.4
    facts = waiting(stage=stage, available=(), hours=100)
    found = only("approval.nobody", facts)
    assert (found.reason, found.severity) == (StopReason.APPROVAL_BROKEN, Severity.BLOCKING)
    assert found.evidence == {"待审批级别": "财务主管", "提交时间": "2026-02-26 06:00"}
    assert findings_of("approval.stuck", facts) == []


@pytest.mark.parametrize(
    ("hours", "found"), [(24, False), (24 + 1 / 3600, True), (23.99, False), (49.5, True)]
)
def test_an_approval_is_stuck_once_a_day_has_passed(waiting, findings_of, hours, found):  # B1.4
    assert bool(findings_of("approval.stuck", waiting(hours=hours))) is found


def test_a_stuck_approval_tells_for_whom_it_waits(waiting, only):  # B1.4
    found = only("approval.stuck", waiting(hours=49.5))
    assert (found.reason, found.severity) == (StopReason.APPROVAL_BROKEN, Severity.WARNING)
    assert found.summary == "审批已等待 49 小时，超过 24 小时。"
    assert found.evidence == {
        "待审批级别": "财务主管",
        "可办理人": "王主管、林总监",
        "提交时间": "2026-02-28 08:30",
    }


@pytest.mark.parametrize("stage", sorted(set(Stage) - set(WAITING)))
def test_nothing_waits_outside_of_review_and_approval(waiting, findings_of, stage):  # B1.4
    assert findings_of("approval.nobody", waiting(stage=stage, available=())) == []
    assert findings_of("approval.stuck", waiting(stage=stage, hours=100)) == []


@pytest.mark.parametrize("stage", WAITING)
def test_what_waits_without_a_request_is_named_once(healthy, findings_of, only, stage):  # B1.4
    facts = healthy(stage=stage, approval=None)
    found = only("approval.missing", facts)
    assert (found.reason, found.severity) == (StopReason.APPROVAL_BROKEN, Severity.BLOCKING)
    label = {Stage.PENDING_REVIEW: "待复核", Stage.PENDING_APPROVAL: "待审批"}[stage]
    assert found.summary == f"审批断链：本笔为“{label}”，但没有进行中的审批。"
    assert found.evidence == {"状态": label, "最近一次审批": "无"}
    assert [code for code in RULES if findings_of(code, facts)] == ["approval.missing"]


@pytest.mark.parametrize("state", sorted(set(RequestState) - {RequestState.OPEN}))
def test_a_closed_request_is_nobodys_to_decide(waiting, findings_of, only, state):  # B1.4
    facts = waiting(state=state, hours=100)
    assert only("approval.missing", facts).severity is Severity.BLOCKING
    assert [code for code in RULES if findings_of(code, facts)] == ["approval.missing"]


def test_a_voided_request_is_shown_as_the_last_one(waiting, only):  # B1.4
    assert only("approval.missing", waiting(state=RequestState.VOIDED)).evidence == {
        "状态": "待审批",
        "最近一次审批": "已失效",
    }


def test_a_draft_is_only_told_that_it_was_not_handed_in(healthy, only):  # B1.4
    found = only("approval.missing", healthy(stage=Stage.DRAFT, approval=None))
    assert (found.reason, found.severity) == (StopReason.APPROVAL_BROKEN, Severity.NOTICE)
    assert found.evidence == {"制单时间": "2026-03-02 09:00", "经办人": "陈经办"}


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.DRAFT, *WAITING}))
def test_a_payment_on_its_way_needs_no_open_request(healthy, findings_of, stage):  # B1.4
    assert findings_of("approval.missing", healthy(stage=stage, approval=None)) == []
