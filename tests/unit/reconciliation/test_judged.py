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
    full = [judged(seed) for seed in range(4)]
    less = [judged(seed, evidence) for seed in range(4)]
    said = sum(one.sure.said for one in less)
    assert sum(one.sure.right for one in less) >= 0.999 * said
    assert said < sum(one.sure.said for one in full)


def test_the_same_seed_is_the_same_year():
    assert make(500, 3).lines == make(500, 3).lines
    assert make(500, 3).lines != make(500, 4).lines
