"""The register of debit agreements: who may enter, change, suspend and see them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.access.errors import Denied, FreshSignInNeeded
from app.agreements import service
from app.agreements.errors import (
    AgreementChanged,
    AgreementKnown,
    AgreementOver,
    BadAgreement,
    SamePerson,
)
from app.agreements.queries import agreement_detail, agreement_lines, matches
from app.agreements.service import RecordDebit
from app.agreements.states import AgreementState
from app.core.errors import NotFound
from app.core.money import Money
from app.core.states import IllegalTransition


def line(db, people, number):
    return next(one for one in agreement_lines(db, people.clerk) if one.number == number)


def acts(db, people, number):
    return [one.act for one in agreement_detail(db, people.clerk, number).trace]


def test_that_an_agreement_gets_a_number_and_stands_in_the_register(
    founded, people, registered
):  # D2.1
    number = registered()
    assert number == "XY-2026-0001"
    found = line(founded, people, number)
    assert (found.state, found.payee) == (AgreementState.ACTIVE, "国网上海市电力公司")
    assert (found.next_on, found.days_left) == (date(2026, 3, 20), 18)
    assert acts(founded, people, number) == ["agreement.registered"]


def test_that_it_comes_back_as_it_was_filled_in(founded, people, filled):  # D2.1
    fields = filled(
        number="合-7",
        bank_no="ICBC-001",
        pboc_no="10029300001",
        payee_account="31001000000000017",
        amount=Money.parse("1234.56"),
        daily_limit=Money.parse("60000"),
        monthly_count=3,
        ends_on=date(2026, 12, 31),
        notice_days=30,
        late_rate="0.0005",
        breach="提前终止须支付一个月费用",
    )
    number = service.register(founded, people.clerk, fields)
    assert agreement_detail(founded, people.clerk, number).fields == fields


@pytest.mark.parametrize("who", ["supervisor", "checker", "auditor"])
def test_that_only_the_clerk_registers(founded, people, filled, who):  # D1.3
    with pytest.raises(Denied):
        service.register(founded, getattr(people, who), filled())


def test_that_it_is_hidden_from_who_has_no_right(founded, people, registered):  # D1.3
    number = registered()
    with pytest.raises(Denied):
        agreement_lines(founded, people.admin)
    with pytest.raises(Denied):
        agreement_detail(founded, people.admin, number)


@pytest.mark.parametrize(
    "numbers", [{"number": "合-7"}, {"bank_no": "ICBC-001"}, {"pboc_no": "10029300001"}]
)
def test_that_one_agreement_is_registered_once(registered, numbers):  # D2.3
    registered(**numbers)
    with pytest.raises(AgreementKnown):
        registered(**numbers)


def test_that_two_banks_may_use_one_number(founded, people, registered, make_account):  # D2.3
    registered(bank_no="001")
    assert registered(bank_no="001", account_number=make_account().number) == "XY-2026-0002"


def test_that_all_that_is_wrong_is_named_and_nothing_kept(founded, people, filled):  # D2.1
    with pytest.raises(BadAgreement, match=r"收款单位.*失效日"):
        service.register(founded, people.clerk, filled(payee_name="", ends_on=date(2020, 1, 1)))
    assert agreement_lines(founded, people.clerk) == []


def test_that_an_unknown_account_is_refused(founded, people, filled):  # D2.3
    with pytest.raises(NotFound, match="没有付款账户"):
        service.register(founded, people.clerk, filled(account_number="99999999999"))


def test_that_a_change_is_kept_with_old_and_new_value(founded, people, registered, filled):  # D2.3
    number = registered()
    fresh = filled(single_limit=Money.parse("80000"))
    service.change(founded, people.clerk, number, fresh, "补充协议", 1)
    entry = agreement_detail(founded, people.clerk, number).trace[0]
    assert (entry.act, entry.reason) == ("agreement.changed", "补充协议")
    assert entry.before == {"single_limit": "50000.00"}
    assert entry.after == {"single_limit": "80000.00"}


def test_that_the_second_desk_is_told_who_was_first(founded, people, registered, filled):  # D2.3
    number = registered()
    service.change(founded, people.clerk, number, filled(note="一"), "一", 1)
    with pytest.raises(AgreementChanged, match="clerk 陈经办"):
        service.change(founded, people.clerk, number, filled(note="二"), "二", 1)


def test_that_an_expired_one_is_not_changed(founded, people, registered, filled):  # D2.4
    number = registered(ends_on=date(2026, 3, 1))
    assert line(founded, people, number).state is AgreementState.EXPIRED
    with pytest.raises(AgreementOver, match="已失效"):
        service.change(founded, people.clerk, number, filled(), "续签", 1)


def test_that_it_expires_by_itself(founded, people, registered, clock):  # D2.4
    number = registered(ends_on=date(2026, 3, 2))
    assert line(founded, people, number).state is AgreementState.ACTIVE
    clock.move_to(clock.now() + timedelta(days=1))
    found = line(founded, people, number)
    assert (found.state, found.next_on) == (AgreementState.EXPIRED, None)


def test_that_a_suspended_one_has_no_next_debit(founded, people, registered):  # D2.4
    number = registered()
    service.suspend(founded, people.clerk, number, "对账有争议", 1)
    found = line(founded, people, number)
    assert (found.state, found.next_on) == (AgreementState.SUSPENDED, None)
    assert agreement_detail(founded, people.clerk, number).state_why == "对账有争议"
    with pytest.raises(IllegalTransition):
        service.suspend(founded, people.clerk, number, "再停", 2)


def test_that_a_supervisor_reinstates(founded, people, registered):  # D2.4
    number = registered()
    service.suspend(founded, people.clerk, number, "对账有争议", 1)
    with pytest.raises(Denied):
        service.reinstate(founded, people.clerk, number, "已对清", 2)
    service.reinstate(founded, people.supervisor, number, "已对清", 2)
    assert line(founded, people, number).state is AgreementState.ACTIVE
    assert acts(founded, people, number)[0] == "agreement.reinstated"


def test_that_nobody_reinstates_what_they_suspended(
    founded, people, registered, add_person, sign_in_as
):  # E4.4
    add_person("both", "孔主管", "MAKER", "SUPERVISOR")
    both = sign_in_as("both")
    number = registered()
    service.suspend(founded, both, number, "对账有争议", 1)
    with pytest.raises(SamePerson):
        service.reinstate(founded, both, number, "已对清", 2)


def test_that_reinstating_asks_for_the_password_again(founded, people, registered, clock):  # E4.4
    number = registered()
    service.suspend(founded, people.clerk, number, "对账有争议", 1)
    clock.move_to(clock.now() + timedelta(hours=1))
    with pytest.raises(FreshSignInNeeded):
        service.reinstate(founded, people.supervisor, number, "已对清", 2)


@pytest.mark.parametrize("act", [service.suspend, service.reinstate])
def test_that_no_reason_is_no_act(founded, people, registered, act):  # D3.2
    number = registered()
    version = 1
    if act is service.reinstate:
        service.suspend(founded, people.clerk, number, "对账有争议", 1)
        version = 2
    who = people.clerk if act is service.suspend else people.supervisor
    with pytest.raises(BadAgreement, match="原因"):
        act(founded, who, number, " ", version)


def test_that_the_last_twelve_debits_are_shown(founded, people, registered):  # D2.3
    number = registered()
    for month in range(1, 15):
        day = date(2025 + (month > 12), (month - 1) % 12 + 1, 20)
        debit = RecordDebit(number, day, Money.parse(f"{month}00"), f"L{month}")
        service.record_debit(founded, people.clerk, debit)
    debits = agreement_detail(founded, people.clerk, number).debits
    assert [one.reference for one in debits] == [f"L{n}" for n in range(14, 2, -1)]
    found = line(founded, people, number)
    assert (found.last_on, found.last_amount) == (date(2026, 2, 20), Money.parse("1400"))


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Money(0)},
        {"amount": Money(100, "USD")},
        {"debited_on": date(2026, 3, 3)},
    ],
)
def test_that_a_senseless_debit_is_refused(founded, people, registered, changes):  # D2.3
    debit = RecordDebit(registered(), date(2026, 3, 1), Money.parse("100"))
    with pytest.raises(BadAgreement):
        service.record_debit(founded, people.clerk, replace(debit, **changes))


@pytest.mark.parametrize(
    "text",
    ["xy- 2026-0001", "icbc-0", "10029", "电力", "guowang", "gwsh", "3100882211", "HT-9"],
)
def test_that_it_is_found_by_number_supplier_and_pinyin(founded, people, registered, text):  # D2.2
    number = registered(bank_no="ICBC-001", pboc_no="10029300001", contract_no="HT-9")
    found = line(founded, people, number)
    assert matches(found, text)
    assert matches(found, found.account[-6:])
    assert not matches(found, "自来水")
