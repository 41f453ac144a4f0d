"""Reading the trail: filters and pages, newest first."""

from datetime import timedelta

import pytest

from app.audit.queries import AuditFilter, count, entries, entry, of_subject, page
from app.audit.trail import Event, record


@pytest.fixture
def filled(founded, clock):
    """Entry 1 founds the company; 2 to 5 follow, one hour after another."""
    acts = [
        ("clerk 陈经办", Event("hold.placed", "payment:FK-1", after={"原因": "单据有误"})),
        ("cfo 林总监", Event("hold.lifted", "payment:FK-1", reason="单据已补_全")),
        ("clerk 陈经办", Event("payment.edited", "payment:FK-2", before={"金额": "100%"})),
        ("系统", Event("payment.edited", "payment:FK-10")),
    ]
    for actor, event in acts:
        clock.move_to(clock.now() + timedelta(hours=1))
        with founded.write() as uow:
            record(uow, actor, event)
            uow.commit()
    return founded


def numbers(database, **wanted):
    with database.read() as work:
        found = [line.seq for line in entries(work, AuditFilter(**wanted))]
        assert count(work, AuditFilter(**wanted)) == len(found)
        assert [line.seq for line in page(work, AuditFilter(**wanted), 0, 100)] == found
        return found


def test_without_a_filter_everything_is_there_newest_first(filled):  # C4.5
    assert numbers(filled) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"actor": "陈经办"}, [4, 2]),
        ({"actor": "clerk"}, [4, 2]),
        ({"act": "hold."}, [3, 2]),
        ({"act": "payment.edited"}, [5, 4]),
        ({"subject": "payment:FK-1"}, [3, 2]),
        ({"text": "单据"}, [3, 2]),
        ({"text": "FK-1"}, [5, 3, 2]),
        ({"text": "100%"}, [4]),
        ({"text": "已补_全"}, [3]),
        ({"text": "已补%全"}, []),
        ({"actor": "clerk", "act": "payment."}, [4]),
        ({"actor": "nobody"}, []),
    ],
)
def test_each_filter_narrows(filled, wanted, found):  # C4.5
    assert numbers(filled, **wanted) == found


def test_a_span_of_time_includes_its_start_and_not_its_end(filled, clock):  # C4.5
    last = clock.now()
    assert numbers(filled, since=last - timedelta(hours=2), until=last) == [4, 3]


def test_pages_follow_each_other_by_number(filled):  # C4.5
    with filled.read() as work:
        first = entries(work, AuditFilter(), limit=2)
        second = entries(work, AuditFilter(), before_seq=first[-1].seq, limit=2)
        assert [line.seq for line in (*first, *second)] == [5, 4, 3, 2]
        assert [line.seq for line in page(work, AuditFilter(), 2, 2)] == [3, 2]


def test_a_subject_has_its_own_history(filled):  # C4.5
    with filled.read() as work:
        assert [line.label for line in of_subject(work, "payment:FK-1")] == [
            "解除暂停",
            "停止/暂停付款",
        ]


def test_a_line_says_who_did_what_when_where_and_why(filled, clock):  # C4.5
    with filled.read() as work:
        line = entry(work, 3)
        assert entry(work, 99) is None
    assert (line.actor, line.machine, line.act) == ("cfo 林总监", "财务一号机", "hold.lifted")
    assert line.at == clock.now() - timedelta(hours=2)
    assert line.reason == "单据已补_全"
    assert len(line.hash) == 64


def test_values_come_back_as_they_were_written(filled):  # C4.5
    with filled.read() as work:
        assert entry(work, 2).after == {"原因": "单据有误"}
        assert entry(work, 4).before == {"金额": "100%"}


def test_an_entry_that_was_tampered_with_can_still_be_read(filled, tamper):
    tamper("UPDATE audit_entry SET after = 'nonsense', before = '[1]' WHERE seq = 2")
    with filled.read() as work:
        assert entry(work, 2).after == {"原文": "nonsense"}
        assert entry(work, 2).before == {"原文": "[1]"}
