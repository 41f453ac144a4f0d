"""Every act that the program writes to the trail has a Chinese name."""

import ast
import re
from pathlib import Path

import pytest

from app.audit.queries import ACT_LABELS, KIND_LABELS, act_label

APP = Path(__file__).resolve().parents[3] / "app"
CODE = re.compile(rf"(?:{'|'.join(KIND_LABELS)})\.[a-z_]+")
# What the trail is required to be able to say, whether or not a module says it yet.
REQUIRED = [
    "payment.imported",
    "payment.submitted",
    "payment.edited",
    "payment.voided",
    "hold.placed",
    "hold.lift_requested",
    "hold.lifted",
    "hold.expired",
    "diagnosis.run",
    "resume.requested",
    "resume.approved",
    "resume.returned",
    "resume.rejected",
    "resume.gate_refused",
    "resume.done",
    "resume.voided",
    "payee.change_asked",
    "payee.changed",
    "payee.change_refused",
    "rule.changed",
    "attempt.written",
    "attempt.answered",
    "bank_check.recorded",
    "balance.recorded",
    "restriction.recorded",
    "restriction.lifted",
    "channel.changed",
    "dry_run.made",
    "backup.created",
    "backup.restored",
    "audit.verified",
    "document.issued",
]


def acts_in(source):
    """The act codes of a module's events; where one comes from a variable, all that look like
    one in the module.
    """
    tree = ast.parse(source)
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Event"
    ]
    for call in calls:
        first = call.args[0]
        named = {n.value for n in ast.walk(first) if isinstance(n, ast.Constant)}
        if named:
            yield from named
        else:
            texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
            yield from {t for t in texts if isinstance(t, str) and CODE.fullmatch(t)}


@pytest.fixture(scope="module")
def written():
    found = {}
    for path in APP.rglob("*.py"):
        for act in acts_in(path.read_text(encoding="utf-8")):
            found.setdefault(act, path.relative_to(APP).as_posix())
    return found


def test_each_act_that_the_program_writes_has_a_label(written):  # C4.5
    assert len(written) > 30
    assert {act: where for act, where in written.items() if act not in ACT_LABELS} == {}


@pytest.mark.parametrize("act", REQUIRED)
def test_each_act_that_is_required_has_a_label(act):  # C4.5
    assert act in ACT_LABELS


def test_labels_are_chinese_and_tell_acts_apart():  # C4.5
    labels = list(ACT_LABELS.values())
    assert all(any("\u4e00" <= c <= "\u9fff" for c in label) for label in labels)
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_each_label_belongs_to_a_matter_that_has_one():
    assert {act.partition(".")[0] for act in ACT_LABELS} <= set(KIND_LABELS)


def test_an_act_of_a_newer_program_is_named_by_its_matter():
    assert act_label("hold.frozen_by_court") == "暂停付款（hold.frozen_by_court）"


def test_an_act_of_an_unknown_matter_is_shown_by_its_code():
    assert act_label("moon.landed") == "moon.landed"


def test_the_reading_of_the_source_sees_codes_behind_variables():
    source = 'act = "hold.lifted" if ok else "hold.lift_step"\nEvent(act, "hold:1")'
    assert set(acts_in(source)) == {"hold.lifted", "hold.lift_step"}
