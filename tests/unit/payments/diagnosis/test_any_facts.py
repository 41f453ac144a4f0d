"""Whatever a payment looks like, the diagnosis answers, in order, and with figures in its words."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.approvals import RequestState
from app.access.rights import Right, Role
from app.accounts.rules import AccountStatus, Funds, Restriction, Window
from app.core.codes import HoldCause, StopReason
from app.core.money import Money
from app.payments.diagnosis.facts import (
    ApprovalFacts,
    AttemptFacts,
    BankCheckFacts,
    DocumentFacts,
    HoldFacts,
    RoleChange,
    SystemFacts,
    TwinFacts,
)
from app.payments.diagnosis.rule import Severity, diagnose
from app.payments.states import AttemptState, HoldScope, Stage

GRAVITY = list(Severity)

# Into years whose holidays nobody has announced, and before any that the calendar knows.
times = st.datetimes(datetime(1999, 1, 1), datetime(2045, 12, 31), timezones=st.just(UTC))
days = st.dates(date(1999, 1, 1), date(2045, 12, 31))
amounts = st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(["CNY", "USD", "JPY"]))
figures = st.builds(Money, st.integers(-(10**15), 10**15))
words = st.text(max_size=12)
accounts = st.one_of(words, st.from_regex(r"[0-9]{6,40}", fullmatch=True))
codes = st.one_of(words, st.from_regex(r"[0-9]{12}", fullmatch=True))
stages = st.sampled_from(Stage)
rights = st.frozensets(st.sampled_from(Right))
roles = st.sampled_from(Role)

restrictions = st.builds(
    Restriction,
    st.sampled_from(AccountStatus),
    st.none() | figures,
    words,
    days,
    st.none() | days,
    words,
)
holds = st.builds(
    HoldFacts,
    words,
    st.sampled_from(HoldScope),
    words,
    st.sampled_from(StopReason),
    st.sampled_from([*HoldCause, ""]),
    words,
    words,
    times,
    st.none() | days,
    st.booleans(),
)
approvals = st.builds(
    ApprovalFacts,
    st.sampled_from(RequestState),
    st.none() | roles,
    times,
    st.none() | times,
    words,
    words,
    st.tuples() | st.tuples(words),
)
documents = st.builds(DocumentFacts, words, words, words, accounts, amounts, st.none() | days)
changes = st.builds(RoleChange, roles, times, words, words, st.booleans())


def lists(one):
    return st.lists(one, max_size=2).map(tuple)


payers = st.fixed_dictionaries(
    {
        "status": st.sampled_from(AccountStatus),
        "restrictions": lists(restrictions),
        "funds": st.builds(Funds, figures, figures, figures, st.none() | times),
        "reserve": figures,
        "single_limit": st.none() | figures,
        "daily_limit": st.none() | figures,
        "sent_today": figures,
        "due_before": figures,
    }
)
makers = st.fixed_dictionaries(
    {
        "active": st.booleans(),
        "locked_until": st.none() | times,
        "rights_then": rights,
        "rights_now": rights,
        "changes": lists(changes),
    }
)
payees = st.fixed_dictionaries(
    {
        "registered_name": words,
        "proven_accounts": st.frozensets(accounts, max_size=2),
        "account_since": st.none() | times,
        "account_doubted_at": st.none() | times,
        "amounts": st.lists(amounts, max_size=12).map(tuple),
    }
)
ills = st.fixed_dictionaries(
    {},
    optional={
        "now": times,
        "stage": stages,
        "due_on": days,
        "made_at": times,
        "payee_name": words,
        "payee_account": accounts,
        "payee_bank": words,
        "payee_cnaps": codes,
        "payee_kind": st.sampled_from(["COMPANY", "PERSON"]),
        "invoice_no": words,
        "bank_code": words,
        "bank_text": words,
        "payer": payers,
        "maker": makers,
        "approval": st.none() | approvals,
        "payee": payees,
        "document": st.none() | documents,
        "system": st.builds(
            SystemFacts,
            *[st.none() | words] * 4,
            errors=lists(st.tuples(times, words)),
        ),
        "holds": lists(holds),
        "twins": lists(st.builds(TwinFacts, words, stages, amounts, days, words)),
        "attempts": lists(
            st.builds(
                AttemptFacts,
                st.integers(1, 9),
                st.sampled_from(AttemptState),
                words,
                times,
                words,
                words,
            )
        ),
        "bank_checks": lists(st.builds(BankCheckFacts, words, times, words)),
    },
)
channels = st.none() | st.fixed_dictionaries(
    {
        "up": st.booleans(),
        "minimum": st.none() | amounts,
        "maximum": st.none() | amounts,
        "certificate_until": st.none() | days,
        "windows": lists(
            st.builds(
                lambda at, hours: Window(at, at + timedelta(hours=hours), "维护"),
                times,
                st.integers(0, 10**4),
            )
        ),
    }
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=150,
)
@given(ill=ills, amount=amounts, route=channels)
def test_every_payment_gets_an_ordered_answer(
    healthy, make_channel, ill, amount, route
):  # A1.1 B1.1
    channel = None if route is None else make_channel(**route)
    ranked = diagnose(healthy(**ill, amount=amount, channel=channel))
    assert [one.rank for one in ranked] == list(range(1, len(ranked) + 1))
    gravities = [GRAVITY.index(one.finding.severity) for one in ranked]
    assert gravities == sorted(gravities)
    for one in ranked:
        assert one.finding.summary
        assert one.finding.next_actions
        shown = one.finding.evidence
        assert all(isinstance(text, str) for pair in shown.items() for text in pair)
