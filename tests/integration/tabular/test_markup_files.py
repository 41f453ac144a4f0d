import pytest

from app.tabular import Kind, read_table
from app.tabular.errors import EmptyTable, TooLarge, UnreadableTable

URN = "urn:schemas-microsoft-com:office:spreadsheet"


def page(path, body, encoding="gbk"):
    text = f'<html><head><meta charset="gb2312"></head><body>{body}</body></html>'
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_web_page_named_xls_is_read_by_its_real_encoding(tmp_path, encoding):  # E1.3
    body = "<table><tr><th>收款户名&nbsp;</th><td>甲<b>公司</b></td></tr><tr><td>1</table>"
    table = read_table(page(tmp_path / "a.xls", body, encoding))
    assert table.kind is Kind.HTML
    assert [row.cells for row in table.rows] == [("收款户名", "甲公司"), ("1",)]


def test_spans_leave_gaps_as_a_spreadsheet_shows_them(tmp_path):
    body = (
        "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td><td>丙</td></tr>"
        "<tr><td>丁</td><td>戊</td><td>己</td></tr><tr><td>庚</td></tr></table>"
    )
    assert [row.cells for row in read_table(page(tmp_path / "a.xls", body)).rows] == [
        ("甲", "乙", "", "丙"),
        ("", "丁", "戊", "己"),
        ("庚",),
    ]


def test_tables_for_layout_do_not_repeat_what_they_hold(tmp_path):
    body = "<table><tr><td><table><tr><td>甲</td><td>1</td></tr></table></td></tr></table>"
    assert [row.cells for row in read_table(page(tmp_path / "a.xls", body)).rows] == [("甲", "1")]


def test_a_page_without_a_table_is_named_as_a_page(tmp_path):
    with pytest.raises(EmptyTable, match="登录"):
        read_table(page(tmp_path / "a.xls", "<p>请登录</p>"))


def test_a_monstrous_span_is_refused(tmp_path):
    with pytest.raises(TooLarge):
        read_table(page(tmp_path / "a.xls", "<table><tr><td colspan=999999>甲</td></tr></table>"))


def spreadsheet(path, rows):
    path.write_text(
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{URN}" '
        f'xmlns:ss="{URN}"><Worksheet ss:Name="s"><Table>{rows}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )
    return path


def test_an_xml_spreadsheet_keeps_places_numbers_and_dates(tmp_path):  # E1.3
    rows = (
        '<Row ss:Index="2"><Cell><Data ss:Type="String">甲</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="Number">1234.5</Data></Cell>'
        '<Cell><Data ss:Type="Number">6.2220212345678901E+18</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2026-11-23T00:00:00.000</Data></Cell></Row>'
    )
    table = read_table(spreadsheet(tmp_path / "a.xls", rows))
    [row] = table.rows
    assert table.kind is Kind.SPREADSHEETML
    assert row.number == 2
    assert row.cells == ("甲", "", "1234.5", "6222021234567890100", "2026-11-23")
    assert row.lossy == {3}


def test_a_broken_xml_spreadsheet_is_refused(tmp_path):
    with pytest.raises(UnreadableTable):
        read_table(spreadsheet(tmp_path / "a.xls", "<Row><Cell>"))
