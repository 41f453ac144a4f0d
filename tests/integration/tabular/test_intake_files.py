"""Payment lists as real files, from disk to drafts."""

from datetime import date

import openpyxl
import pytest

from app.core.money import Money
from app.payments.intake import Defaults, apply, recognise
from app.payments.intake.template import write_template
from app.tabular import read_table
from app.tabular.template import TemplateNotWritten

LIST = (
    "付款清单\n收款户名,收款账号,开户行,金额,用途,付款日期,付款账号\n"
    '甲公司,="6222021234567890123",工商银行,"1,234.50",货款,2026年11月30日,6200000000001230\n'
    "乙公司,6.22202E+18,建设银行,10,货款,2026-11-30,6200000000001230\n"
    "合计,,,1244.50,,,\n"
)


def intake(path):
    table = read_table(path)
    return apply(table, recognise(table).mapping)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_a_list_gives_the_same_in_every_encoding(tmp_path, encoding):  # C2.3
    path = tmp_path / "a.csv"
    path.write_bytes(LIST.encode(encoding))
    found = intake(path)
    assert [(d.row, d.payee_account, d.amount) for d in found.drafts] == [
        (3, "6222021234567890123", Money(123450))
    ]
    assert [(p.row, p.field) for p in found.problems] == [(4, "收款账号")]
    assert [(s.row, s.reason) for s in found.skipped] == [(5, "合计行")]


def test_the_same_payment_has_one_fingerprint_as_text_and_as_workbook(tmp_path):
    header = ["收款户名", "收款账号", "金额", "付款日期", "付款账号"]
    cells = ["甲公司", "6222021234567890123", "1234.50", "2026/11/30", "6200000000001230"]
    (tmp_path / "a.csv").write_text(f"{','.join(header)}\n{','.join(cells)}\n", encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.append(header)
    book.active.append([*cells[:2], 1234.5, "20261130", cells[4]])
    book.save(tmp_path / "a.xlsx")
    [text], [typed] = (intake(tmp_path / name).drafts for name in ("a.csv", "a.xlsx"))
    assert text.fingerprint == typed.fingerprint


def test_the_template_is_understood_whole_and_its_example_is_not_imported(tmp_path):
    path = tmp_path / "付款导入模板.xlsx"
    write_template(path)
    table = read_table(path)
    found = recognise(table)
    result = apply(table, found.mapping)
    assert found.missing == ()
    assert found.unmapped == ("标记",)
    assert result.drafts == ()
    assert [s.row for s in result.skipped] == [2]


def test_the_example_of_the_template_is_itself_a_sound_payment(tmp_path):
    path = tmp_path / "a.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A2"] = None
    book.save(path)
    [draft] = intake(path).drafts
    assert draft.amount == Money(1234560)
    assert draft.payee_account == "6222020200012345678"


def test_the_template_keeps_account_columns_as_text(tmp_path):  # C3.4
    path = tmp_path / "a.xlsx"
    write_template(path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    formats = {sheet.cell(1, n).value: sheet.cell(900, n).number_format for n in range(2, 24)}
    for heading in ("付款账号", "*收款账号", "联行号", "发票号", "单据收款账号"):
        assert formats[heading] == "@"


def test_a_template_that_can_not_be_written_is_refused_aloud(tmp_path):
    with pytest.raises(TemplateNotWritten):
        write_template(tmp_path / "没有这个文件夹" / "a.xlsx")


def test_defaults_stand_in_for_columns_the_file_lacks(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("收款人,账号,金额\n甲公司,6222021234567890123,5\n", encoding="utf-8")
    table = read_table(path)
    defaults = Defaults("6200000000001230", date(2026, 11, 30))
    [draft] = apply(table, recognise(table).mapping, defaults=defaults).drafts
    assert draft.payer_account == "6200000000001230"
