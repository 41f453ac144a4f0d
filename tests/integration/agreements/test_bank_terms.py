"""银行办理天数: every bank's own number of working days, set by a chief with a reason."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.errors import Denied
from app.agreements import prospects, service
from app.agreements.bank_terms import SetBankTerm, bank_terms, set_bank_term
from app.agreements.cancel_view import cancel_form
from app.core.errors import BadInput, Conflict, NotFound

BANK = "中国工商银行"


@pytest.fixture
def term(founded, people):
    def put(days, version=0, who=None, reason="客户经理 3 月 1 日答复"):
        set_bank_term(founded, who or people.supervisor, SetBankTerm(BANK, days, reason, version))

    return put


def test_that_every_bank_is_shown_with_the_usual_number(founded, people, make_account):  # D5.1
    make_account()
    make_account()
    [line] = bank_terms(founded, people.clerk)
    assert (line.bank, line.days, line.own, line.accounts) == (BANK, 10, False, 2)


def test_that_a_chief_sets_it_and_the_wizard_says_whose_it_is(
    founded, people, registered, ask, term
):  # D4.2 D5.1
    number = registered()
    term(5)
    [line] = bank_terms(founded, people.clerk)
    assert (line.days, line.own, line.changed_by) == (5, True, "supervisor 王主管")
    with founded.read() as work:
        found = prospects.impact(work, service.find_agreement(work, number), date(2026, 3, 2))
    assert found.expected_on == date(2026, 3, 9)
    assert found.term.text == f"{BANK} 5 个工作日（按该行设置）"
    asked = ask(number)
    term(7, version=1)
    [item] = cancel_form(founded, people.clerk, asked.form_no).items
    assert (item.term.days, item.term.own) == (5, True)


def test_that_the_usual_number_comes_back(founded, people, make_account, term):  # D5.1
    make_account()
    term(5)
    term(None, version=1)
    [line] = bank_terms(founded, people.clerk)
    assert (line.days, line.own, line.version) == (10, False, 2)


def test_that_the_loser_of_a_race_is_told(founded, people, make_account, term):  # D5.1
    make_account()
    term(5)
    with pytest.raises(Conflict, match="supervisor 王主管"):
        term(6, who=people.cfo)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"days": 0}, "1 到 90"),
        ({"days": 91}, "1 到 90"),
        ({"days": None}, "没有任何修改"),
        ({"reason": " "}, "依据"),
    ],
)
def test_that_a_senseless_number_is_refused(founded, people, make_account, changes, said):  # D5.1
    make_account()
    command = SetBankTerm(BANK, 5, "答复", 0)
    with pytest.raises(BadInput, match=said):
        set_bank_term(founded, people.supervisor, replace(command, **changes))
    assert bank_terms(founded, people.clerk)[0].version == 0


def test_that_only_a_chief_sets_it(founded, people, make_account, term):  # C4.3
    make_account()
    for who in (people.clerk, people.checker, people.admin, people.auditor):
        with pytest.raises(Denied):
            term(5, who=who)
    with pytest.raises(Denied):
        bank_terms(founded, people.admin)
    with pytest.raises(NotFound):
        set_bank_term(founded, people.cfo, SetBankTerm("没有的银行", 5, "答复", 0))
