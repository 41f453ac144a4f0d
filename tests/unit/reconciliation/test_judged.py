"""The matcher on a company's year that its author did not make (benchmarks/judge_set.py)."""

import pytest

from app.reconciliation.matching import match
from benchmarks.judge_plan import OWN_NUMBERS
from benchmarks.judge_set import Evidence, make
from benchmarks.judging import Judge

OWN = {number: account for account, number in OWN_NUMBERS.items()}


def judged(seed, evidence=None):
    made = make(2000, seed, evidence)
    return Judge(made).score(match(made.lines, made.ours, OWN).matches)


@pytest.mark.parametrize("seed", [5, 23])
def test_what_is_matched_by_itself_is_right_and_nearly_everything_is(seed):  # E1.2
    score = judged(seed)
    assert score.sure.precision >= 0.999, score.wrong
    assert score.recall(1) >= 0.98


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(references=False),
        Evidence(references=False, accounts=False),
        Evidence(accounts=False, names=False),
        Evidence(references=False, texts=False, accounts=False, names=False),
    ],
)
def test_less_evidence_makes_fewer_matches_not_wrong_ones(evidence):
    full, less = judged(5), judged(5, evidence)
    assert less.sure.said - less.sure.right <= 2
    assert less.sure.said < full.sure.said


def test_the_same_seed_is_the_same_year():
    assert make(500, 3).lines == make(500, 3).lines
    assert make(500, 3).lines != make(500, 4).lines
