from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import Money
from app.payments.intake import Defaults, SourceFigures, apply, recognise
from app.payments.intake.parse import MissingColumns
from app.tabular import Kind, Row, Table

HEADER = ("收款户名", "收款账号", "金额", "期望付款日", "付款账号", "业务参考号")
GOOD = ("甲公司", "6222021234567890123", "100.00", "2026-11-30", "6200000000001230", "")


def table(*rows, header=HEADER, lossy=()):
    kept = [Row(1, tuple(header))]
    kept += [Row(n, tuple(cells), frozenset(lossy)) for n, cells in enumerate(rows, 2)]
    return Table(Kind.XLSX, "", "", kept)


def read(*rows, header=HEADER, lossy=(), defaults=None):
    source = table(*rows, header=header, lossy=lossy)
    return apply(source, recognise(source).mapping, defaults=defaults or Defaults())


def changed(**cells):
    names = ("name", "account", "amount", "day", "payer", "ref")
    return tuple(cells.get(name, old) for name, old in zip(names, GOOD, strict=True))


def test_a_sound_row_becomes_a_draft_with_its_row_number():  # C2.3
    [draft] = read(GOOD).drafts
    assert draft.row == 2
    assert draft.payee_name == "甲公司"
    assert draft.payee_account == "6222021234567890123"
    assert draft.amount == Money(10000)
    assert draft.due_on == date(2026, 11, 30)
    assert draft.payer_account == "6200000000001230"
    assert (draft.payee_kind, draft.urgent, draft.channel) == ("COMPANY", False, "")
    assert draft.source is None


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"name": ""}, "收款户名"),
        ({"name": "\u200b"}, "收款户名"),
        ({"account": "123"}, "收款账号"),
        ({"amount": "0"}, "金额"),
        ({"day": "2026-02-30"}, "期望付款日"),
        ({"day": ""}, "期望付款日"),
        ({"payer": "-"}, "付款账号"),
        ({"ref": "R" * 31}, "业务参考号"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_field(cells, field):  # C3.4
    found = read(GOOD, changed(**cells))
    assert [(p.row, p.field) for p in found.problems] == [(3, field)]
    assert len(found.drafts) == 1


def test_all_bad_cells_of_a_row_are_named_at_once():  # C3.4
    found = read(changed(name="", account="1", amount="x", day="y", payer="2"))
    assert {p.field for p in found.problems} == {
        "收款户名",
        "收款账号",
        "金额",
        "期望付款日",
        "付款账号",
    }
    assert found.drafts == ()


def test_an_account_kept_as_a_number_is_named_with_its_cure():  # C3.4
    [problem] = read(changed(account="6222021234567890000"), lossy={1}).problems
    assert problem.message == (
        "账号在 Excel 中以数字保存，末位可能已丢失，请改为文本格式后重新导入。"
    )


def test_defaults_fill_blank_cells_and_never_replace_given_ones():
    defaults = Defaults(payer_account="99990000111122", due_on=date(2026, 12, 1))
    found = read(GOOD, changed(payer="", day=""), defaults=defaults)
    assert [d.payer_account for d in found.drafts] == ["6200000000001230", "99990000111122"]
    assert [d.due_on for d in found.drafts] == [date(2026, 11, 30), date(2026, 12, 1)]


def test_a_bad_date_is_not_replaced_by_the_default():
    found = read(changed(day="昨天"), defaults=Defaults(due_on=date(2026, 12, 1)))
    assert [p.field for p in found.problems] == ["期望付款日"]


def test_a_missing_column_is_refused_by_name():
    with pytest.raises(MissingColumns, match="收款账号"):
        read(("甲", "1"), header=("收款户名", "金额"))


def test_rows_that_are_no_payments_are_listed_with_the_reason():
    found = read(
        GOOD,
        ("", "", "", "", "", ""),
        HEADER,
        ("合 计", "", "100.00", "", "", ""),
        ("制单：张三", "", "审核：李四", "", "", ""),
        ("以上数据仅供参考", "", "", "", "", ""),
        ("示例", "6222021234567890123", "1", "", "", ""),
    )
    assert [s.row for s in found.skipped] == [3, 4, 5, 6, 7, 8]
    assert [s.reason[:3] for s in found.skipped] == [
        "空行",
        "重复的",
        "合计行",
        "签字行",
        "说明文",
        "示例行",
    ]


def test_a_payee_whose_name_begins_like_a_total_or_an_example_is_paid():
    found = read(changed(name="合计会计师事务所"), changed(name="示例贸易有限公司"))
    assert [d.payee_name for d in found.drafts] == ["合计会计师事务所", "示例贸易有限公司"]


def test_a_nameless_row_without_account_is_a_problem_and_not_skipped():
    found = read(("甲公司", "", "5", "", "", ""))
    assert found.skipped == ()
    assert {p.row for p in found.problems} == {2}


def test_the_same_file_again_has_the_same_fingerprints_whatever_the_defaults():  # A4.1
    row = changed(day="", payer="")
    first = read(row, defaults=Defaults("6200000000001230", date(2026, 11, 30)))
    again = read(row, defaults=Defaults("99990000111122", date(2026, 12, 31)))
    assert first.drafts[0].fingerprint == again.drafts[0].fingerprint


def test_two_real_identical_payments_are_both_kept():  # A4.1
    one, two = read(GOOD, GOOD).drafts
    assert one.fingerprint != two.fingerprint
    other, same = read(GOOD, ("", "", "", "", "", ""), GOOD).drafts
    assert [one.fingerprint, two.fingerprint] == [other.fingerprint, same.fingerprint]


@pytest.mark.parametrize(
    "cells",
    [
        {"name": "乙公司"},
        {"account": "6222021234567890124"},
        {"amount": "100.01"},
        {"day": "2026-12-01"},
        {"payer": "6200000000001231"},
        {"ref": "R1"},
    ],
)
def test_any_other_content_has_another_fingerprint(cells):  # A4.1
    one, two = read(GOOD, changed(**cells)).drafts
    assert one.fingerprint != two.fingerprint


def test_a_reference_used_twice_in_a_file_is_a_problem():
    found = read(changed(ref="R1"), changed(ref="R1", amount="5"))
    assert [d.row for d in found.drafts] == [2]
    assert [(p.row, p.field) for p in found.problems] == [(3, "业务参考号")]


def test_the_figures_of_the_document_come_along():  # C2.3
    header = (*HEADER, "发票金额", "发票销方名称", "单据号", "单据收款账号")
    [draft] = read((*GOOD, "99.00", "乙公司", "FP-1", "12345678"), header=header).drafts
    assert draft.source == SourceFigures("FP-1", Money(9900), "乙公司", "12345678")


def test_capitals_that_disagree_with_the_figures_are_a_problem():  # C2.3
    header = (*HEADER, "金额大写")
    found = read((*GOOD, "壹佰元整"), (*GOOD, "贰佰元整"), header=header)
    assert [d.row for d in found.drafts] == [2]
    assert [(p.row, p.field) for p in found.problems] == [(3, "金额大写")]


def test_a_header_alone_says_that_there_is_nothing_to_import():
    found = read()
    assert found.drafts == ()
    assert [p.row for p in found.problems] == [None]


TELLING = [
    *("", "甲公司", "合计", "示例", "6222021234567890123", "12345678", "100.00", "-1", "R1"),
    *("2026-11-30", "\u200b", "#N/A", "制单：王", "。", *HEADER),
]
CELL = st.sampled_from(TELLING) | st.text(max_size=8)


@given(st.lists(st.lists(CELL, max_size=8), max_size=12))
def test_every_row_after_the_header_is_in_exactly_one_place(rows):  # A4.1
    found = read(*rows)
    drafted = {d.row for d in found.drafts}
    faulty = {p.row for p in found.problems if p.row is not None}
    skipped = {s.row for s in found.skipped}
    assert len(drafted) + len(faulty) + len(skipped) == len(rows)
    assert drafted | faulty | skipped == set(range(2, len(rows) + 2))
    assert len({d.fingerprint for d in found.drafts}) == len(found.drafts)
    assert all(p.message for p in found.problems)
