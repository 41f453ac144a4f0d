"""The order of the five steps."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.incidents.flow import Standing, advice, locked, may_skip, missing, next_step
from app.incidents.states import Severity, Step, StepState

OPEN = dict.fromkeys(Step, StepState.OPEN)
NEW = Standing(severity=Severity.P2, steps=OPEN, owned=False, caused=False, backups=0)
CAUSED = replace(NEW, owned=True, caused=True, steps={**OPEN, Step.CAUSE: StepState.DONE})
LATER = [Step.CHECK, Step.VENDOR, Step.BANK, Step.ARCHIVE]

names = st.lists(st.sampled_from(["甲", "乙"]), max_size=2).map(tuple)
standings = st.builds(
    Standing,
    severity=st.sampled_from(Severity),
    steps=st.fixed_dictionaries({step: st.sampled_from(StepState) for step in Step}),
    owned=st.booleans(),
    caused=st.booleans(),
    backups=st.integers(0, 2),
    unchecked=names,
    account_faults=names,
    software_faults=names,
    unknown=names,
    tasks=names,
    vendor_talks=st.integers(0, 1),
    bank_talks=st.integers(0, 1),
    reviewed=st.booleans(),
    reported=st.booleans(),
    resolved=st.booleans(),
    bank_checks=st.integers(0, 1),
)


@given(standings, st.sampled_from(LATER))
def test_that_nothing_is_done_before_the_cause_is_known(at, step):  # B1.1
    before = replace(at, caused=False)
    assert locked(step, before)
    assert missing(step, before)
    assert may_skip(step, before)


@given(standings)
def test_that_the_vendor_waits_for_a_backup(at):  # A1.4
    bare = replace(at, owned=True, caused=True, backups=0)
    assert "备份" in locked(Step.VENDOR, bare)
    assert not locked(Step.VENDOR, replace(bare, backups=1))


@given(standings)
def test_that_an_unknown_result_keeps_the_bank_step_open(at):  # B4.2
    at = replace(at, owned=True, caused=True, unknown=("FK-1",))
    assert any("FK-1" in one for one in missing(Step.BANK, at))
    assert may_skip(Step.BANK, at)
    assert may_skip(Step.CHECK, at)


@given(standings)
def test_that_what_comes_next_is_still_open(at):  # B6.1
    step = next_step(at)
    if step is None:
        assert StepState.OPEN not in at.steps.values()
    else:
        assert at.steps[step] is StepState.OPEN
    assert advice(at)


@given(standings, st.sampled_from(Step))
def test_that_a_step_is_finished_or_named_what_is_missing(at, step):
    left = missing(step, at)
    assert all(left)
    if not left:
        assert not locked(step, at)


def test_that_sound_accounts_and_sick_software_lead_to_the_vendor():  # B3.1
    at = replace(CAUSED, software_faults=("程序日志中的错误",))
    at = replace(at, steps={**at.steps, Step.CHECK: StepState.DONE})
    assert next_step(at) is Step.VENDOR
    assert "账户无碍而软件检查有 1 项异常" in advice(at)


def test_that_a_sick_account_or_an_unknown_result_leads_to_the_bank_first():  # B4.1
    done = {**CAUSED.steps, Step.CHECK: StepState.DONE}
    for changes in ({"account_faults": ("冻结",)}, {"unknown": ("FK-1",)}):
        at = replace(CAUSED, steps=done, software_faults=("日志",), **changes)
        assert next_step(at) is Step.BANK


@pytest.mark.parametrize(
    ("severity", "resolved", "allowed"),
    [
        (Severity.P3, True, True),
        (Severity.P3, False, False),
        (Severity.P2, True, False),
        (Severity.P1, True, False),
    ],
)
def test_that_only_a_small_incident_ends_without_a_report(severity, resolved, allowed):  # B5.4
    at = replace(CAUSED, severity=severity, resolved=resolved)
    assert (may_skip(Step.ARCHIVE, at) == "") is allowed
    assert may_skip(Step.CAUSE, at)


def test_that_the_archive_wants_conclusion_review_and_report():  # B5.1 B5.3
    assert len(missing(Step.ARCHIVE, CAUSED)) == 3
    done = replace(CAUSED, resolved=True, reviewed=True, reported=True)
    assert missing(Step.ARCHIVE, done) == ()
