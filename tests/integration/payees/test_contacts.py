"""The number for the call-back: registered by a chief, with its source and its whole history."""

from datetime import timedelta

import pytest

from app.access.errors import Denied, FreshSignInNeeded
from app.audit.queries import AuditFilter, act_label, entries
from app.core.errors import BadInput, Conflict, NotFound
from app.payees.changes import AskChange, ask
from app.payees.contacts import (
    ContactSource,
    RegisterContact,
    contact_by,
    contact_card,
    contact_card_of_change,
    contact_since,
    register_contact,
)
from app.payees.model import Payee

PHONE = "0512-85130348"


@pytest.fixture
def payee(make_payee):
    return make_payee(name="苏州恒力精密机械股份有限公司", phone="", contact="")


@pytest.fixture
def register(founded, people, payee):
    """Registers a number: `register(people.cfo, phone="…")`."""

    def one(who=None, **values):
        card = contact_card(founded, people.clerk, payee.id)
        given = {
            "payee_id": payee.id,
            "phone": PHONE,
            "contact": "陆建平",
            "source": ContactSource.CONTRACT,
            "reason": "采购合同 HT-HL-2026-07 第 12 条",
            "expected_version": card.version,
        }
        register_contact(founded, who or people.supervisor, RegisterContact(**{**given, **values}))

    return one


def known(db, payee):
    with db.read() as work:
        row = work.session.get_one(Payee, payee.id)
        return row.phone, row.contact, contact_since(work, row), contact_by(work, row)


def test_that_a_registered_number_is_in_force_with_its_history(
    founded, people, payee, register, clock
):  # C3.4
    register()
    first = clock.now()
    clock.move_to(first + timedelta(minutes=2))
    register(people.cfo, phone="0512-85130349", source=ContactSource.REGISTRY)
    card = contact_card(founded, people.clerk, payee.id)
    assert (card.phone, card.contact) == ("0512-85130349", "陆建平")
    newest, oldest = card.history
    assert (newest.old_phone, newest.phone, newest.registered_by) == (
        PHONE,
        "0512-85130349",
        "林总监",
    )
    assert (oldest.old_phone, oldest.source, oldest.registered_by, oldest.registered_at) == (
        "",
        ContactSource.CONTRACT,
        "王主管",
        first,
    )


def test_that_a_registration_is_in_the_trail_with_old_and_new_value(
    founded, people, payee, register
):  # C4.5
    register()
    with founded.read() as work:
        [entry] = entries(work, AuditFilter(act="payee.contact_changed"))
    assert entry.subject == f"payee:{payee.id}"
    assert entry.before == {"phone": "", "contact": ""}
    assert entry.after == {"phone": PHONE, "contact": "陆建平", "source": "CONTRACT"}
    assert entry.reason == "采购合同 HT-HL-2026-07 第 12 条"
    assert act_label(entry.act) == "登记收款方联系电话"


@pytest.mark.parametrize("who", ["clerk", "checker", "gm", "auditor", "admin"])
def test_that_other_posts_can_not_register_a_number(founded, people, payee, register, who):  # C3.4
    with pytest.raises(Denied):
        register(getattr(people, who))
    assert known(founded, payee)[0] == ""


def test_that_the_present_number_tells_since_when_and_by_whom(
    founded, people, payee, register, clock
):  # C3.4
    assert known(founded, payee) == ("", "", None, None)
    register()
    assert known(founded, payee)[2:] == (clock.now(), people.supervisor.user_id)


def test_that_another_contact_on_the_same_number_makes_it_no_newer(
    founded, people, payee, register, clock
):  # C3.4
    register()
    since = clock.now()
    clock.move_to(since + timedelta(minutes=3))
    register(people.cfo, phone="（0512）8513 0348", contact="王会计")
    assert known(founded, payee) == (
        "（0512）8513 0348",
        "王会计",
        since,
        people.supervisor.user_id,
    )


def test_that_a_payee_that_came_with_its_number_has_no_registration(founded, make_payee):  # C3.4
    assert known(founded, make_payee(phone=PHONE))[2:] == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "85130348"},
        {"contact": " "},
        {"contact": "陆" * 41},
        {"reason": " "},
        {"source": "CHANGE_LETTER"},
    ],
)
def test_that_a_registration_without_a_sound_source_is_refused(
    founded, payee, register, wrong
):  # C3.4
    with pytest.raises(BadInput):
        register(**wrong)
    assert known(founded, payee)[0] == ""


def test_that_the_same_number_again_is_no_registration(founded, people, payee, register):  # C3.4
    register()
    with pytest.raises(BadInput):
        register(phone="0512 8513 0348")
    assert len(contact_card(founded, people.clerk, payee.id).history) == 1


def test_that_the_second_of_two_desks_is_refused(founded, payee, register):  # C3.4
    register()
    with pytest.raises(Conflict):
        register(phone="0512-85130349", expected_version=1)
    assert known(founded, payee)[0] == PHONE


def test_that_registering_asks_for_the_password_again(founded, payee, register, clock):  # C4.1
    clock.move_to(clock.now() + timedelta(hours=1))
    with pytest.raises(FreshSignInNeeded):
        register()
    assert known(founded, payee)[0] == ""


def test_that_the_card_names_the_changes_that_wait_for_a_call(founded, people, payee):  # C3.4
    before = {"name": payee.name, "account": "310010000000001", "bank": "建行", "cnaps": ""}
    after = {**before, "account": "310010000000002"}
    number = ask(founded, people.clerk, AskChange(payee.id, before, after, "换户"))
    assert contact_card(founded, people.clerk, payee.id).open_changes == (number,)
    assert contact_card_of_change(founded, people.clerk, number).payee_id == payee.id


def test_that_an_unknown_payee_is_refused(founded, people, register):  # C3.4
    with pytest.raises(NotFound):
        register(payee_id=999)
    with pytest.raises(NotFound):
        contact_card_of_change(founded, people.clerk, "SX-0")
