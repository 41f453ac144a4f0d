"""Software and machine: each trouble stops, an error in the log is only a lead."""

from datetime import UTC, datetime

import pytest

from app.core.codes import StopReason
from app.payments.diagnosis.rule import Severity

TROUBLES = {
    "software.database": ("database_trouble", StopReason.SYSTEM_FAULT, "数据库"),
    "software.upgrade": ("upgrade_trouble", StopReason.UPGRADE_INCOMPLETE, "升级记录"),
    "software.disk": ("disk_trouble", StopReason.SYSTEM_FAULT, "磁盘空间"),
    "software.clock": ("clock_trouble", StopReason.SYSTEM_FAULT, "系统时间"),
}


@pytest.mark.parametrize("code", TROUBLES)
def test_a_trouble_of_the_software_stops_with_the_check_and_its_result(
    healthy, only, code
):  # A1.1 A1.2
    field, reason, item = TROUBLES[code]
    found = only(code, healthy(system={field: "第 3 页损坏"}))
    assert (found.reason, found.severity) == (reason, Severity.BLOCKING)
    assert found.evidence == {"检查项": item, "结果": "第 3 页损坏"}
    assert found.summary.endswith("：第 3 页损坏")


@pytest.mark.parametrize("code", TROUBLES)
def test_a_trouble_is_found_by_its_own_rule_alone(healthy, findings_of, code):  # A1.1
    facts = healthy(system={TROUBLES[code][0]: "坏"})
    assert [other for other in TROUBLES if findings_of(other, facts)] == [code]


@pytest.mark.parametrize("code", [*TROUBLES, "software.errors"])
def test_sound_software_is_not_named(healthy, findings_of, code):  # A1.1
    assert findings_of(code, healthy()) == []


def test_errors_in_the_log_are_counted_and_the_newest_is_shown(healthy, only):  # A1.2
    at = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
    errors = ((at, "x" * 201), (at.replace(hour=0), "旧的"))
    found = only("software.errors", healthy(system={"errors": errors}))
    assert (found.reason, found.severity) == (StopReason.SYSTEM_FAULT, Severity.WARNING)
    assert "2 条错误" in found.summary
    assert found.evidence == {"最近一条": "x" * 200, "时间": "2026-03-02 09:05"}


def test_a_fault_of_the_software_asks_for_a_backup_first(healthy, only):  # A1.1
    for code, (field, _reason, _item) in TROUBLES.items():
        found = only(code, healthy(system={field: "坏"}))
        assert found.next_actions[0].label == "先备份数据"
        assert found.next_actions[-1].label == "联系技术支持"
