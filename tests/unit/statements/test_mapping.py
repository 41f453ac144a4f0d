"""Which column holds what, as a person says it; and the file in which it is handed on."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.statements.mapping import (
    FIELD_LABELS,
    BadLayout,
    KnownLayout,
    checked,
    columns_of,
    found_in,
    lasting,
    proposed,
    signature,
    why_not,
)
from app.statements.parsed import Proof
from app.statements.sharing import BadSharedLayout, parsed, read_layout, written
from app.statements.sheets import tried
from app.tabular.model import Kind, Row, Table

HEADINGS = ("Buchungstag", "Soll", "Haben", "Saldo", "Partner")
COLUMNS = {"day": (0,), "expense": (1,), "income": (2,), "balance": (3,), "name": (4,)}
KNOWN = KnownLayout("某某银行", HEADINGS, COLUMNS)


def table(*rows):
    cells = [tuple(row.split("|")) for row in rows]
    return Table(Kind.DELIMITED, "utf-8", "", [Row(at, one) for at, one in enumerate(cells, 1)])


FOREIGN = table(
    "Kontoauszug",
    "|".join(HEADINGS),
    "2026-03-02||1,000.00|1,000.00|甲",
    "2026-03-03|250.00||750.00|乙",
)


def test_that_the_same_headings_have_the_same_signature_however_they_are_spaced():  # E1.3
    spaced = (" ＢＵＣＨＵＮＧＳＴＡＧ ", "soll", "Haben *", "Saldo\u200b", "Part ner", "", " ")
    assert signature(spaced) == KNOWN.signature
    assert signature(HEADINGS[::-1]) != KNOWN.signature
    assert signature((*HEADINGS, "More")) != KNOWN.signature
    # What changes the meaning changes the signature.
    assert signature(("金额(万元)", "日期")) != signature(("金额", "日期"))


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=20), max_size=8))
def test_that_any_cells_have_a_signature(cells):  # E1.3
    assert signature([*cells, "日期"]) == signature([*cells, "日期", "", "  "])


def test_that_the_headings_are_found_wherever_they_stand():  # E1.3
    known, layout = found_in(FOREIGN, [KnownLayout("别的", ("a", "b"), COLUMNS), KNOWN])
    assert (known.name, layout.row) == ("某某银行", 2)
    moved = table("一", "二", "三", *("|".join(row.cells) for row in FOREIGN.rows))
    assert found_in(moved, [KNOWN])[1].row == 5
    assert found_in(table("日期|收入", "2026-03-02|1.00"), [KNOWN]) is None


def test_that_ten_thousands_are_refused_under_a_layout_too():  # E1.3
    rows = table("单位：万元", "|".join(HEADINGS), "2026-03-02||1.00|1.00|甲")
    with pytest.raises(BadInput, match="万元"):
        found_in(rows, [KNOWN])
    with pytest.raises(BadInput, match="万元"):
        tried(rows, KNOWN, 2)


def test_that_a_trial_shows_lines_and_proof():  # E1.3
    found = tried(FOREIGN, KNOWN, 2)
    assert [(one.row, one.minor, one.balance, one.name) for one in found.lines] == [
        (3, 100000, 100000, "甲"),
        (4, -25000, 75000, "乙"),
    ]
    assert found.proof is Proof.BALANCED
    turned = tried(
        FOREIGN, KnownLayout("", HEADINGS, {**COLUMNS, "income": (1,), "expense": (2,)}), 2
    )
    assert turned.proof is Proof.UNBALANCED
    assert [one.row for one in turned.problems] == [4]
    without = {key: at for key, at in COLUMNS.items() if key != "balance"}
    assert tried(FOREIGN, KnownLayout("", HEADINGS, without), 2).proof is Proof.NO_BALANCE


def test_that_a_file_without_headings_is_read_from_its_first_row():  # E1.3
    bare = table("2026-03-02||1,000.00|1,000.00|甲", "2026-03-03|250.00||750.00|乙")
    found = tried(bare, KnownLayout("", (), COLUMNS), 0)
    assert [one.minor for one in found.lines] == [100000, -25000]
    with pytest.raises(BadLayout, match="没有表头"):
        lasting(KnownLayout("某某", (), COLUMNS))


def test_that_several_columns_may_be_one_text():  # E1.3
    known = KnownLayout("", ("d", "a", "t", "u"), {"day": (0,), "amount": (1,), "remark": (2, 3)})
    [line] = tried(table("d|a|t|u", "2026-03-02|-5.00|房租|三月"), known, 1).lines
    assert line.remark == "房租 三月"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "交易日期"),
        ({"day": (0,)}, "还没有指明金额"),
        ({"amount": (1,)}, "交易日期"),
        ({"day": (0,), "amount": (0,)}, "同一列"),
        ({"day": (0, 1), "amount": (2,)}, "只能是一列"),
        ({"day": (0,), "amount": (1,), "income": (2,)}, "不能与"),
        ({"day": (0,), "amount": (1,), "color": (2,)}, "不认识的栏目"),
        ({"day": (0,), "amount": (1,), "remark": (2, 3)}, ""),
        ({"day": (0,), "income": (1,)}, ""),
    ],
)
def test_that_columns_must_make_a_statement(columns, said):  # E1.3
    assert said in why_not(columns)
    assert bool(said) == bool(why_not(columns))


@pytest.mark.parametrize(
    "known",
    [
        KnownLayout("某", HEADINGS, {"day": (0,), "amount": (5,)}),
        KnownLayout("某", HEADINGS, {"day": (-1,), "amount": (1,)}),
        KnownLayout("某", HEADINGS, COLUMNS, "XXX"),
        KnownLayout("某", ("h",) * 600, COLUMNS),
        KnownLayout("", (), {"day": (10**9,), "amount": (1,)}),
    ],
)
def test_that_places_and_currency_must_exist(known):  # E1.3
    with pytest.raises(BadLayout):
        checked(known)


def test_that_what_is_known_is_proposed():  # E1.3
    row, columns = proposed(table("某行", "交易日期|Soll|贷方金额|摘要|附言|备注"))
    assert (row, columns) == (2, {"day": (0,), "income": (2,), "summary": (3,), "remark": (4, 5)})
    assert proposed(table("1|2", "3|4")) == (0, {})
    # What names the account is no heading.
    rows = table("账号|622202|币种|CNY|户名|某某公司", "Tag|Zeit|Soll|Haben|Saldo|Partner|Zweck")
    assert proposed(rows) == (2, {})


def test_that_a_proposal_uses_no_column_twice():  # E1.3
    _, columns = proposed(table("交易时间|收入|支出|发生额|余额", "2026-03-02|1.00||1.00|1.00"))
    assert why_not(columns) == ""
    assert "amount" not in columns
    assert set(columns) <= set(FIELD_LABELS)
    assert columns_of(KNOWN.at(1)) == COLUMNS


# --- handed on as a file -------------------------------------------------------------------------


def test_that_what_was_written_is_read_again():  # E1.3
    rich = KnownLayout("某某银行", HEADINGS, {**COLUMNS, "name": (), "remark": (4,)}, "EUR")
    assert parsed(written(rich)) == checked(rich)
    assert parsed(b"\xef\xbb\xbf" + written(KNOWN)) == KNOWN


def changed(**values):
    document = json.loads(written(KNOWN))
    return json.dumps({**document, **values}).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSON"),
        (b"PK\x03\x04\xff\xfe", "UTF-8"),
        (b"[]", "缺少标记"),
        (b"null", "缺少标记"),
        (b'{"format": "other"}', "缺少标记"),
        (b"[" * 100_000, "层数太多"),
        (b'{"format": "tingfu-statement-layout", "version": NaN}', "JSON"),
        (b'{"format": 1, "format": 2}', "JSON"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "JSON"),
        (b" " * 300_000, "256 KB"),
        (changed(version=2), "更新版本"),
        (changed(version=True), "更新版本"),
        (changed(version="1"), "更新版本"),
        (changed(name=None), "名称"),
        (changed(name=" \u200b"), "名称"),
        (changed(headings="日期"), "headings"),
        (changed(headings=[1, 2]), "headings"),
        (changed(headings=[]), "没有表头"),
        (changed(headings=["x" * 2000, "y"]), "headings"),
        (changed(headings=["", " ", "日期", "", ""]), "没有表头"),
        (changed(columns=[]), "columns"),
        (changed(columns={"day": "0"}), "从 0 开始"),
        (changed(columns={"day": [0.5]}), "从 0 开始"),
        (changed(columns={"day": [True]}), "从 0 开始"),
        (changed(columns={"day": [0], "amount": [10**30]}), "表头的范围"),
        (changed(columns={"day": [0], "amount": [-1]}), "表头的范围"),
        (changed(columns={"day": [0], "amount": [0]}), "同一列"),
        (changed(columns={"day": [0], "\ud800": [1]}), "不认识的栏目"),
        (changed(columns={"day": [0]}), "还没有指明金额"),
        (changed(currency=5), "currency"),
        (changed(currency="XXX"), "币种"),
    ],
)
def test_that_a_bad_file_is_told_in_chinese(content, said):  # E1.3
    with pytest.raises(BadLayout) as refused:
        parsed(content)
    assert said in refused.value.message
    assert refused.value.hint


@given(st.binary(max_size=200))
def test_that_noise_is_refused(content):  # E1.3
    with pytest.raises(BadSharedLayout):
        parsed(content)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*FIELD_LABELS, "x"]) | st.text(max_size=4), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["version", "name", "headings", "columns", "currency", "format"]),
        VALUES,
        max_size=4,
    )
)
def test_that_any_change_is_taken_whole_or_refused(values):  # E1.3
    try:
        found = parsed(changed(**values))
    except BadLayout:
        return
    assert lasting(found) == found
    assert parsed(written(found)) == found


def test_that_a_file_that_is_not_there_is_told(tmp_path):  # E1.3
    with pytest.raises(BadInput, match="无法读取"):
        read_layout(tmp_path)
    file = tmp_path / "某某.json"
    file.write_bytes(written(KNOWN))
    assert read_layout(file) == KNOWN
