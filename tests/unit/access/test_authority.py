"""Who may decide at a level: never who made it, never twice, also not through a delegate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.errors import NotAnApprover, SelfApproval
from app.access.rights import APPROVAL_RANK, Role
from app.access.rules import Candidate, authority

CHECKER, SUPERVISOR, CFO, GM = Role.CHECKER, Role.SUPERVISOR, Role.CFO, Role.GM
ME, BOSS, OTHER = 1, 2, 3
LEVELS = st.sampled_from([CHECKER, SUPERVISOR, CFO, GM])
PEOPLE = st.frozensets(st.integers(1, 4))
ROLES = st.frozensets(st.sampled_from(list(Role)))


def candidate(*roles, user_id=ME, **delegated):
    lent = {int(who[1:]): frozenset(each) for who, each in delegated.items()}
    return Candidate(user_id, frozenset(roles), lent)


@pytest.mark.parametrize("role", [SUPERVISOR, CFO, GM])
def test_ones_own_post_or_a_higher_one_decides(role):  # C4.2
    assert authority(candidate(role), SUPERVISOR, [], []) is None


@pytest.mark.parametrize("role", [CHECKER, Role.MAKER, Role.ADMIN, Role.AUDITOR])
def test_a_lower_or_another_post_does_not(role):  # C4.2
    with pytest.raises(NotAnApprover, match="财务主管"):
        authority(candidate(role), SUPERVISOR, [], [])


def test_who_made_it_never_decides():  # C4.1
    with pytest.raises(SelfApproval, match="经办人"):
        authority(candidate(GM), CHECKER, [ME], [])


def test_who_decided_a_level_does_not_decide_another():  # C4.2
    with pytest.raises(SelfApproval, match="前一级"):
        authority(candidate(GM), CFO, [OTHER], [ME])


def test_a_delegate_decides_on_behalf_of_the_one_stood_in_for():  # C4.2
    assert authority(candidate(u2=[CFO]), CFO, [OTHER], []) == BOSS


def test_ones_own_post_goes_before_a_delegation():  # C4.2
    assert authority(candidate(CFO, u2=[CFO]), CFO, [], []) is None


def test_a_delegation_lends_no_more_than_the_post():  # C4.2
    with pytest.raises(NotAnApprover):
        authority(candidate(u2=[CHECKER]), CFO, [], [])


def test_a_delegation_by_who_made_it_counts_for_nothing():  # C4.1
    with pytest.raises(SelfApproval, match="委托人"):
        authority(candidate(u2=[CFO]), CFO, [BOSS], [])


def test_a_delegation_by_who_decided_already_counts_for_nothing():  # C4.2
    with pytest.raises(SelfApproval, match="委托人"):
        authority(candidate(u2=[CFO]), CFO, [], [BOSS])


def test_another_delegation_serves_where_one_is_barred():  # C4.2
    assert authority(candidate(u2=[CFO], u3=[GM]), CFO, [BOSS], []) == OTHER


def test_standing_in_for_others_does_not_wash_a_maker():  # C4.1
    with pytest.raises(SelfApproval):
        authority(candidate(u2=[GM]), CHECKER, [ME], [])


@given(ROLES, st.dictionaries(st.integers(2, 4), ROLES), LEVELS, PEOPLE, PEOPLE)
def test_no_way_round_four_eyes(roles, delegated, level, makers, decided):  # C4.1 E4.4
    person = Candidate(ME, roles, delegated)
    try:
        principal = authority(person, level, makers, decided)
    except (SelfApproval, NotAnApprover):
        return
    barred = makers | decided
    assert ME not in barred
    assert principal not in barred
    used = roles if principal is None else delegated[principal]
    assert max(APPROVAL_RANK.get(role, 0) for role in used) >= APPROVAL_RANK[level]
