"""What was typed is kept for its author, and for nobody else."""

from datetime import timedelta

import pytest

from app.access.drafts import (
    delete_filter,
    discard_draft,
    drafts_of,
    drop_draft,
    filters_of,
    load_draft,
    save_draft,
    save_filter,
)
from app.access.errors import SignedOut
from app.access.guard import acting
from app.access.rights import Right
from app.access.sign_in import sign_out
from app.audit.trail import Event
from app.core.errors import BadInput

TYPED = {"金额": "1,234.50", "原因": ["余额不足", "单据"]}


def test_a_draft_comes_back_as_it_was_typed(founded, people, clock):
    save_draft(founded, people.clerk, "resume", "FK-1", "reasons", TYPED)
    draft = load_draft(founded, people.clerk, "resume", "FK-1")
    assert (draft.step, draft.data, draft.saved_at) == ("reasons", TYPED, clock.now())


def test_the_newest_state_replaces_the_older(founded, people, clock):
    save_draft(founded, people.clerk, "resume", "FK-1", "reasons", TYPED)
    save_draft(founded, people.clerk, "resume", "FK-2", "reasons", {})
    clock.move_to(clock.now() + timedelta(minutes=1))
    save_draft(founded, people.clerk, "resume", "FK-1", "evidence", {"x": 1})
    assert [(d.subject_no, d.step) for d in drafts_of(founded, people.clerk)] == [
        ("FK-1", "evidence"),
        ("FK-2", "reasons"),
    ]


def test_a_draft_belongs_to_its_author(founded, people):
    save_draft(founded, people.clerk, "resume", "FK-1", "reasons", TYPED)
    assert drafts_of(founded, people.cfo) == []
    discard_draft(founded, people.cfo, "resume", "FK-1")
    assert load_draft(founded, people.clerk, "resume", "FK-1") is not None


def test_a_draft_is_dropped_by_its_author_or_with_the_act_that_submits_it(founded, people):
    for number in ("FK-1", "FK-2"):
        save_draft(founded, people.clerk, "resume", number, "reasons", TYPED)
    discard_draft(founded, people.clerk, "resume", "FK-1")
    with acting(founded, people.clerk, Right.RESUME_REQUEST) as act:
        drop_draft(act.uow, act.person.user_id, "resume", "FK-2")
        act.done(Event("resume.requested", "payment:FK-2"))
    assert drafts_of(founded, people.clerk) == []


def test_a_draft_survives_when_the_act_that_submits_it_does_not(founded, people):
    save_draft(founded, people.clerk, "resume", "FK-1", "reasons", TYPED)
    with acting(founded, people.clerk, Right.RESUME_REQUEST) as act:
        drop_draft(act.uow, act.person.user_id, "resume", "FK-1")
    assert load_draft(founded, people.clerk, "resume", "FK-1") is not None


def test_what_was_typed_does_not_stand_in_the_trail(founded, people, trail_of):  # C4.5
    save_draft(founded, people.clerk, "resume", "FK-1", "reasons", TYPED)
    assert [entry.after for entry in trail_of("draft.saved")] == [{"step": "reasons"}]


def test_after_signing_out_no_draft_is_saved(founded, people):  # C1.1
    sign_out(founded, people.clerk)
    with pytest.raises(SignedOut):
        save_draft(founded, people.clerk, "resume", "FK-1", "reasons", TYPED)


def test_filters_are_kept_by_list_and_name(founded, people):
    save_filter(founded, people.clerk, "payments", " 本周停付 ", {"status": ["STOPPED"]})
    save_filter(founded, people.clerk, "payments", "大额", {"from": "50000.00"})
    save_filter(founded, people.clerk, "holds", "大额", {})
    save_filter(founded, people.clerk, "payments", "本周停付", {"status": ["HELD"]})
    assert dict(filters_of(founded, people.clerk, "payments")) == {
        "大额": {"from": "50000.00"},
        "本周停付": {"status": ["HELD"]},
    }
    assert filters_of(founded, people.cfo, "payments") == []
    delete_filter(founded, people.clerk, "payments", "大额")
    assert [name for name, _ in filters_of(founded, people.clerk, "payments")] == ["本周停付"]
    assert [name for name, _ in filters_of(founded, people.clerk, "holds")] == ["大额"]


def test_a_filter_needs_a_name(founded, people):
    with pytest.raises(BadInput, match="名字"):
        save_filter(founded, people.clerk, "payments", "  ", {})
