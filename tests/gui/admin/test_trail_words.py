"""Whoever reads the trail reads Chinese, whichever act wrote it."""

import ast
from pathlib import Path

import pytest

from app.audit.queries import AuditLine
from app.core.clock import SHANGHAI
from app.payments.editing import PaymentFields
from app.payments.records import TraceLine
from ui.admin.trail_detail import TrailDetail
from ui.admin.trail_words import field_label, said, subject_text
from ui.payments.log_section import log_entries

APP = Path(__file__).resolve().parents[3] / "app"


def keys_of(tree):
    """The names under which events of a module keep what was before and after."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Event"):
            continue
        for kept in call.keywords:
            if kept.arg in {"before", "after"} and isinstance(kept.value, ast.Dict):
                yield from (key.value for key in kept.value.keys if isinstance(key, ast.Constant))


def test_that_every_field_that_an_act_keeps_has_a_chinese_name():  # C4.5
    kept = {
        key
        for module in APP.rglob("*.py")
        for key in keys_of(ast.parse(module.read_text(encoding="utf-8")))
    }
    assert {"holds", "form", "next_execution"} <= kept
    fields = kept | set(PaymentFields.__dataclass_fields__)
    assert [key for key in sorted(fields) if field_label(key).isascii()] == []


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("payment:FK-20261119-0022", "付款 FK-20261119-0022"),
        ("rule:R01.large", "规则 大额单笔（提示）"),
        ("payments:list", "付款清单"),
        ("novelty:7", "novelty 7"),
    ],
)
def test_that_what_was_acted_on_is_named(subject, text):  # C4.5
    assert subject_text(subject) == text


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("next_execution", "2026-11-24T16:00:00.000000+00:00", "2026-11-25 00:00"),
        ("planned_on", "2026-11-25", "2026-11-25"),
        ("result", "RETURNED", "退票"),
        ("state", "RETURNED", "已退回"),
        ("posts", {"CFO": "2026-01-01 至 长期"}, "财务总监 2026-01-01 至 长期"),
        ("waivers", {}, "—"),
    ],
)
def test_that_codes_and_instants_are_said_as_people_say_them(key, value, text):  # C4.5
    assert said(value, SHANGHAI, key) == text


def test_that_the_detail_shows_an_instant_in_local_time(qtbot, founded):  # C4.5
    detail = TrailDetail(SHANGHAI)
    qtbot.addWidget(detail)
    line = AuditLine(
        seq=9,
        at=founded.clock.now(),
        actor="supervisor 王主管",
        machine="PC-1",
        act="resume.done",
        subject="payment:FK-20260302-0001",
        before={"holds": ["ZT-2026-0035"]},
        after={"form": "HF-2026-0001", "next_execution": "2026-03-03T00:30:00.000000+00:00"},
        reason="",
        hash="0" * 64,
    )
    detail.show_line(line)
    assert detail.lines.value("subject").startswith("付款 FK-20260302-0001")
    assert detail.changes.all_rows() == [
        ("暂停令", "ZT-2026-0035", "—"),
        ("单据号", "—", "HF-2026-0001"),
        ("下次执行时间", "—", "2026-03-03 08:30"),
    ]


def test_that_the_log_of_a_payment_has_no_english_field(founded):  # C4.5
    line = TraceLine(
        seq=9,
        at=founded.clock.now(),
        actor="supervisor 王主管",
        act="resume.done",
        before={"holds": ["ZT-2026-0035"]},
        after={
            "form": "HF-2026-0001",
            "next_execution": "2026-03-03T00:30:00.000000+00:00",
            "level": "SUPERVISOR",
        },
        reason="",
    )
    [entry] = log_entries([line])
    assert entry.detail == "单据号 HF-2026-0001；下次执行时间 2026-03-03 08:30；岗位 财务主管"
