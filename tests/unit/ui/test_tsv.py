from ui.widgets.columns import Column, as_tsv

COLUMNS = [
    Column[tuple[str, str]]("name", "收款方", lambda row: row[0]),
    Column[tuple[str, str]]("amount", "金额", lambda row: row[1]),
]


def test_rows_are_copied_under_their_headings():
    assert as_tsv(COLUMNS, [("甲", "1,234.50"), ("乙", "-2.00")]) == (
        "收款方\t金额\n甲\t1,234.50\n乙\t-2.00"
    )


def test_a_tab_or_a_line_break_in_a_cell_does_not_make_another_cell():
    assert as_tsv(COLUMNS, [("甲\t公司\n分部", "1.00")]).splitlines()[1] == "甲 公司 分部\t1.00"


def test_a_text_that_a_workbook_would_run_is_made_plain():
    copied = as_tsv(COLUMNS, [("=HYPERLINK(1)", "-1+1"), ("@SUM(A1)", "+5.00")]).splitlines()
    assert copied[1] == "'=HYPERLINK(1)\t'-1+1"
    assert copied[2] == "'@SUM(A1)\t+5.00"
