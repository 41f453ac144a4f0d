import pytest

from app.payments.intake import Field, recognise
from app.payments.intake.aliases import aliases, field_of
from app.tabular import Kind, Row, Table
from app.tabular.header import NoHeader, WrongUnit, normal


def table(*rows):
    return Table(Kind.XLSX, "", "", [Row(n, tuple(cells)) for n, cells in enumerate(rows, 1)])


def test_every_field_has_a_heading_of_its_own():
    assert {field for field, _ in aliases().values()} == set(Field)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("收 款 人", Field.PAYEE_NAME),
        ("*收款户名（必填）", Field.PAYEE_NAME),
        ("收款帐号", Field.PAYEE_ACCOUNT),
        ("金额（元）", Field.AMOUNT),
        ("金额(大写)", Field.AMOUNT_CAPITALS),
        ("收（付）方名称", Field.PAYEE_NAME),
        ("发票销方名称", Field.DOCUMENT_PAYEE_NAME),
        ("对公/对私", Field.PAYEE_KIND),
        ("到期日：", Field.DUE_ON),
        ("CNAPS_Code", Field.CNAPS),
    ],
)
def test_headings_are_known_in_their_many_spellings(heading, field):  # C2.3
    found = field_of(heading)
    assert found is not None
    assert found[0] is field


def test_an_amount_in_ten_thousands_is_not_taken_for_yuan():  # C2.3
    assert field_of("金额(万元)") is None
    assert normal("金额(万元)") != normal("金额(元)")


@pytest.mark.parametrize("cell", ["单位：万元", "金额（万元）", "付款金额/千元"])
def test_a_list_in_another_unit_is_refused(cell):  # C2.3
    with pytest.raises(WrongUnit):
        recognise(table((cell,), ("收款人", "收款账号", "金额"), ("甲", "12345678", "1")))


def test_the_header_is_found_below_a_preamble():  # C2.3
    found = recognise(
        table(
            ("付款申请", "", ""),
            ("部门：采购部",),
            (),
            ("收款户名", "收款账号", "金额", "内部备忘"),
            ("甲公司", "12345678", "1.00", ""),
        )
    )
    assert found.header_row == 4
    assert found.mapping.columns == {
        Field.PAYEE_NAME: 0,
        Field.PAYEE_ACCOUNT: 1,
        Field.AMOUNT: 2,
    }
    assert found.missing == (Field.PAYER_ACCOUNT, Field.DUE_ON)
    assert found.unmapped == ("内部备忘",)


def test_a_header_beyond_forty_rows_is_not_searched():
    rows = [("甲乙",)] * 40 + [("收款户名", "收款账号", "金额")]
    assert Field.AMOUNT in recognise(table(*rows)).missing


def test_a_merged_header_of_two_rows_is_read_as_one():  # C2.3
    found = recognise(
        table(
            ("收款方", "", "", "金额"),
            ("名称", "账号", "开户行", ""),
            ("甲公司", "12345678", "工行", "1"),
        )
    )
    assert found.header_row == 2
    assert found.mapping.columns == {
        Field.PAYEE_NAME: 0,
        Field.PAYEE_ACCOUNT: 1,
        Field.PAYEE_BANK: 2,
        Field.AMOUNT: 3,
    }


def test_the_stronger_of_two_names_for_a_field_wins():
    found = recognise(table(("供应商", "户名", "收款户名", "账号", "金额")))
    assert found.mapping.columns[Field.PAYEE_NAME] == 2
    assert found.unmapped == ("供应商", "户名")


def test_the_signature_stays_through_spacing_and_changes_with_the_columns():
    plain = recognise(table(("收款户名", "收款账号", "金额"), ("甲", "1", "1"))).signature
    spaced = recognise(table(("x",), ("收款 户名", "*收款账号", "金额（元）", ""))).signature
    moved = recognise(table(("收款账号", "收款户名", "金额"))).signature
    assert plain == spaced
    assert plain != moved


def test_a_remembered_mapping_fills_what_was_missing():
    found = recognise(table(("甲栏", "乙栏", "丙栏"), ("某公司", "12345678", "5")))
    assert found.missing[:3] == (Field.PAYEE_NAME, Field.PAYEE_ACCOUNT, Field.AMOUNT)
    again = found.remembered({"payee_name": 0, "payee_account": 1, "amount": 2})
    assert again.missing == (Field.PAYER_ACCOUNT, Field.DUE_ON)
    assert again.mapping.stored() == {"payee_name": 0, "payee_account": 1, "amount": 2}
    assert again.unmapped == ()


def test_a_table_without_words_has_no_header():
    with pytest.raises(NoHeader):
        recognise(table(("1", "2"), ("", "")))
