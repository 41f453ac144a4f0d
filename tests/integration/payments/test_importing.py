"""Payments from a clerk's file: every bad row named, the same file twice adds nothing."""

import pytest

from app.access.errors import Denied
from app.core.codes import HoldCause
from app.payments import holds
from app.payments.errors import BadPayment
from app.payments.holds import PlaceHold
from app.payments.importing import look, take_in
from app.payments.listing import PaymentFilter, PaymentList, Tab, tab_totals
from app.payments.states import HoldScope, Status

HEADER = "收款单位,收款账号,开户行,金额,付款日期,用途,发票号,付款账号\n"


@pytest.fixture
def payer(make_account):
    return make_account().number


@pytest.fixture
def write(tmp_path, payer):
    def make(*rows, name="付款.csv", encoding="gb18030"):
        path = tmp_path / name
        text = HEADER + "".join(f"{row},{payer}\n" for row in rows)
        path.write_bytes(text.encode(encoding))
        return path

    return make


GOOD = "上海华峰机械有限公司,31050161393600000123,建设银行张江支行,12000.50,2026-03-05,货款,FP-1"
OTHER = "杭州明远材料有限公司,33050161393600000456,建设银行杭州支行,800,2026-03-06,运费,FP-2"
BAD = "苏州远达电子有限公司,12345,建设银行苏州支行,1.234,2026-03-06,货款,FP-3"


def test_that_good_rows_come_in_and_bad_ones_are_named(founded, people, write):  # C1.3 C3.4
    seen = look(founded, people.clerk, write(GOOD, BAD, OTHER))
    assert {(p.row, p.field) for p in seen.problems} == {(3, "收款账号"), (3, "金额")}
    done = take_in(founded, people.clerk, seen)
    assert (done.imported, done.first_number, done.last_number) == (
        2,
        "FK-20260302-0001",
        "FK-20260302-0002",
    )
    totals = tab_totals(founded, people.clerk, PaymentFilter())
    assert [money.decimal() for money in totals[Tab.OPEN].sums] == ["12800.50"]


def test_that_the_same_file_again_adds_nothing(founded, people, write):  # E3.2
    path = write(GOOD, OTHER)
    take_in(founded, people.clerk, look(founded, people.clerk, path))
    again = look(founded, people.clerk, path)
    assert again.drafts == ()
    assert [skip.reason for skip in again.skipped] == [
        "已导入为 FK-20260302-0001，不重复导入",
        "已导入为 FK-20260302-0002，不重复导入",
    ]
    with pytest.raises(BadPayment):
        take_in(founded, people.clerk, again)


def test_that_two_desks_importing_one_file_bring_it_in_once(founded, people, write):  # E3.2
    path = write(GOOD, OTHER)
    first, second = (look(founded, people.clerk, path) for _ in range(2))
    take_in(founded, people.clerk, first)
    with pytest.raises(BadPayment) as refused:
        take_in(founded, people.clerk, second)
    assert "2 行" in refused.value.message
    totals = tab_totals(founded, people.clerk, PaymentFilter())
    assert totals[Tab.ALL].count == 2


def test_that_two_real_equal_rows_are_both_kept(founded, people, write):  # E3.2
    done = take_in(founded, people.clerk, look(founded, people.clerk, write(GOOD, GOOD)))
    assert done.imported == 2


def test_that_an_unknown_payer_account_is_a_problem_of_its_row(founded, people, tmp_path):  # C3.4
    path = tmp_path / "a.csv"
    path.write_text(HEADER + GOOD + ",6222000000000000\n", encoding="utf-8")
    seen = look(founded, people.clerk, path)
    assert [(p.row, p.field) for p in seen.problems] == [(2, "付款账号")]
    assert seen.drafts == ()


def test_that_new_payments_under_an_open_hold_are_paused_at_once(founded, people, write):  # A5.4
    holds.place(
        founded,
        people.supervisor,
        PlaceHold(HoldScope.COMPANY, "", HoldCause.OTHER, "盘点停付"),
    )
    done = take_in(founded, people.clerk, look(founded, people.clerk, write(GOOD, OTHER)))
    assert done.held == 2
    listed = PaymentList(founded, people.clerk, PaymentFilter(tab=Tab.PAUSED))
    assert [row.status for row in listed.page(0, 10)] == [Status.PAUSED, Status.PAUSED]


def test_that_a_supervisor_may_not_import(founded, people, write):  # E4.4
    with pytest.raises(Denied):
        look(founded, people.supervisor, write(GOOD))


def test_that_a_payee_is_registered_once_whatever_its_brackets(founded, people, write):  # C3.4
    rows = [
        GOOD.replace("上海华峰机械有限公司", "华峰（上海）机械有限公司"),
        GOOD.replace("上海华峰机械有限公司", "华峰(上海)机械有限公司"),
    ]
    take_in(founded, people.clerk, look(founded, people.clerk, write(*rows)))
    from sqlalchemy import func, select

    from app.payees.model import Payee

    with founded.read() as work:
        assert work.session.scalar(select(func.count()).select_from(Payee)) == 1


def test_that_another_currency_than_the_accounts_is_named_with_its_cure(
    founded, people, payer, tmp_path
):  # C1.3 A2.2
    path = tmp_path / "美元.csv"
    path.write_text(f"{HEADER.strip()},币种\n{GOOD},{payer},USD\n{OTHER},{payer},CNY\n", "utf-8")
    seen = look(founded, people.clerk, path)
    [problem] = seen.problems
    assert (problem.row, problem.field) == (2, "币种")
    assert "币种为 CNY，不能支付 USD" in problem.message
    assert [draft.payee_name for draft in seen.drafts] == ["杭州明远材料有限公司"]
