import pytest
from openpyxl import load_workbook

from app.access.errors import Denied
from app.accounts.choices import paying_choices
from app.core.errors import NotFound
from app.core.money import Money
from app.payees.queries import search_payees
from app.payments.batches import numbers_of
from app.payments.exporting import export_payments
from app.payments.listing import PaymentFilter, PaymentList
from app.payments.reach import Reach, reach
from app.payments.states import HoldScope


def no_progress(_done, _total):
    """Shows nothing."""


def never():
    return False


@pytest.mark.parametrize("text", ["华峰", "shhf", "shanghaihua", "SHHF"])
def test_a_payee_is_found_by_name_and_pinyin(founded, people, make_payee, text):  # C2.1
    make_payee(
        name="上海华峰", initials="shhf", pinyin="shanghaihuafeng", account_number="31001999"
    )
    make_payee(name="北京中科", initials="bjzk", pinyin="beijingzhongke")
    [found] = search_payees(founded, people.clerk, text)
    assert found.name == "上海华峰"
    assert [account.number for account in found.accounts] == ["31001999"]


def test_no_text_finds_no_payee(founded, people, make_payee):  # C2.1
    make_payee()
    assert search_payees(founded, people.clerk, " ") == []


def test_an_account_names_its_state_where_it_is_not_normal(founded, people, make_account):  # A2.1
    make_account(number="62220000000001")
    make_account(number="62220000000002", status="FROZEN")
    labels = [account.label for account in paying_choices(founded, people.clerk).accounts]
    assert labels == ["中国工商银行 62220000000001", "中国工商银行 62220000000002（冻结）"]


def test_reach_counts_what_a_stop_would_lie_over(  # A5.2
    founded, people, make_account, make_payment
):
    account = make_account()
    make_payment(account=account)
    make_payment(account=account, stage="FAILED", amount_minor=50_000)
    make_payment(account=account, stage="SUBMITTED")
    make_payment()
    found = reach(founded, people.clerk, HoldScope.ACCOUNT, account.number)
    assert found == Reach(2, (Money(150_000),), 0)
    assert reach(founded, people.clerk, HoldScope.COMPANY, "").count == 3


def test_reach_refuses_an_unknown_target(founded, people):  # A5.2
    with pytest.raises(NotFound):
        reach(founded, people.clerk, HoldScope.ACCOUNT, "1")


def test_numbers_come_in_the_order_of_their_ids(founded, people, make_payment):  # C1.3
    first, second, third = (make_payment() for _ in range(3))
    wanted = [third.id, first.id]
    assert numbers_of(founded, people.clerk, wanted) == (first.number, third.number)
    assert second.number not in numbers_of(founded, people.clerk, wanted)


def test_the_list_is_exported_as_a_workbook(founded, people, make_payment, tmp_path):  # C1.3
    payment = make_payment(amount_minor=123_450)
    target = tmp_path / "清单.xlsx"
    listing = PaymentList(founded, people.clerk, PaymentFilter())
    assert export_payments(founded, people.clerk, target, listing, no_progress, never) == 1
    rows = list(load_workbook(target).active.iter_rows(values_only=True))
    values = dict(zip(rows[0], rows[1], strict=True))
    assert values["指令号"] == payment.number
    assert float(values["金额"]) == 1234.5
    assert values["状态"] == "待执行"


def test_who_may_not_export_is_denied(founded, people, make_payment, tmp_path):  # C1.3
    payment = make_payment()
    target = tmp_path / "清单.csv"
    with pytest.raises(Denied):
        export_payments(founded, people.admin, target, [payment.id], no_progress, never)
    assert not target.exists()
