"""Agreements from a list: good rows come in together, bad ones are named, nothing comes twice."""

from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from app.access.errors import Denied
from app.agreements import importing, service
from app.agreements.errors import AgreementKnown, BadAgreement
from app.agreements.intake import MissingColumns
from app.agreements.queries import agreement_detail, agreement_lines
from app.agreements.template import write_template
from app.core.money import Money
from app.tabular.header import NoHeader

HEADER = (
    "银行协议号,付款账号,收款单位,户号,费用类型,单笔限额,扣款周期,首次扣款日,生效日期,到期日,备注"
)


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def listed(tmp_path, account):
    """A CSV of these rows: `listed("ICBC-1,{account},国网…")`."""

    def write(*rows, header=HEADER, name="协议.csv"):
        path = tmp_path / name
        text = "\n".join([header, *(row.format(account=account.number) for row in rows)])
        path.write_text(text + "\n", encoding="gb18030")
        return path

    return write


GRID = "ICBC-1,{account},国网上海市电力公司,3100882211,电费,50000.00,每月,2026-01-20,2026-01-01,,"
WATER = 'ICBC-2,{account},上海浦东威立雅自来水有限公司,77001,水暖费,"8,000",每季,2026/2/10,2026/1/1,2026/12/31,水'


def test_that_a_clerks_list_comes_in_whole(founded, people, listed):  # D2.1
    seen = importing.look(founded, people.clerk, listed(GRID, WATER))
    assert (seen.problems, seen.skipped, seen.unmapped) == ((), (), ())
    numbers = importing.take_in(founded, people.clerk, seen)
    assert numbers == ["XY-2026-0001", "XY-2026-0002"]
    water = agreement_detail(founded, people.clerk, numbers[1])
    assert (water.fields.business, water.fields.rhythm) == ("00200", "QUARTERLY")
    assert water.fields.single_limit == Money.parse("8000")
    assert (water.fields.ends_on, water.line.next_on) == (date(2026, 12, 31), date(2026, 5, 10))
    assert [one.act for one in water.trace] == ["agreement.registered"]


def test_that_the_same_list_twice_adds_nothing(founded, people, listed):  # D2.1
    path = listed(GRID, WATER)
    importing.take_in(founded, people.clerk, importing.look(founded, people.clerk, path))
    again = importing.look(founded, people.clerk, path)
    assert again.rows == ()
    assert [one.reason for one in again.skipped] == [
        "已登记为 XY-2026-0001，不重复导入",
        "已登记为 XY-2026-0002，不重复导入",
    ]
    with pytest.raises(BadAgreement, match="没有可以导入"):
        importing.take_in(founded, people.clerk, again)


def test_that_rows_without_any_number_are_known_again(founded, people, listed):  # D2.1
    path = listed(GRID.replace("ICBC-1", ""))
    importing.take_in(founded, people.clerk, importing.look(founded, people.clerk, path))
    assert importing.look(founded, people.clerk, path).rows == ()


def test_that_every_bad_row_is_named_with_field_and_cure(founded, people, listed):  # D2.1
    seen = importing.look(
        founded,
        people.clerk,
        listed(
            GRID,
            "A,99999999,甲公司,,电费,,每月,,2026-01-01,,",
            "B,{account},乙公司,,电费,abc,每月,,2026-13-01,,",
            "C,{account},丙公司,,话费,,每月,,2026-01-01,,",
            "D,{account},丁公司,,电费,,每月,,2026-01-01,2025-01-01,",
            "E,{account},,,电费,,每月,,2026-01-01,,",
            "F,{account},己公司,,电费,,每月,,,,",
        ),
    )
    assert [one.row for one in seen.rows] == [2]
    named = [(one.row, one.field) for one in seen.problems]
    assert named == [
        (3, "付款账号"),
        (4, "单笔上限"),
        (4, "生效日"),
        (5, "业务种类"),
        (6, "失效日"),
        (7, "收款单位"),
        (8, "生效日"),
    ]
    assert "请填写：电费、水暖费" in seen.problems[3].message


def test_that_one_agreement_twice_in_a_list_is_a_problem(founded, people, listed):  # D2.1
    seen = importing.look(founded, people.clerk, listed(GRID, GRID))
    assert [one.row for one in seen.rows] == [2]
    assert [(one.row, one.message) for one in seen.problems] == [
        (3, "与第 2 行相同，请改正或删去一行。")
    ]


def test_that_blank_rows_and_totals_are_skipped_and_told(founded, people, listed):  # D2.1
    seen = importing.look(founded, people.clerk, listed(GRID, ",,,,,,,,,,", "合计,,,,,50000,,,,,"))
    assert [(one.row, one.reason) for one in seen.skipped] == [(3, "空行"), (4, "合计行或说明")]


def test_that_nothing_comes_in_when_one_came_in_meanwhile(founded, people, listed):  # D2.1
    seen = importing.look(founded, people.clerk, listed(GRID, WATER))
    service.register(founded, people.clerk, seen.rows[1].fields)
    with pytest.raises(AgreementKnown, match="XY-2026-0001"):
        importing.take_in(founded, people.clerk, seen)
    assert [one.payee for one in agreement_lines(founded, people.clerk)] == [
        "上海浦东威立雅自来水有限公司"
    ]


def test_that_a_list_without_the_needed_columns_is_refused(founded, people, listed):  # D2.1
    with pytest.raises(MissingColumns, match="收款单位、生效日"):
        importing.look(founded, people.clerk, listed("1", header="付款账号"))
    with pytest.raises(NoHeader):
        importing.look(founded, people.clerk, listed("2", header="1"))


def test_that_a_long_number_which_excel_cut_is_named(founded, people, tmp_path, account):  # D2.1
    book = Workbook()
    book.active.append(HEADER.split(","))
    row = GRID.format(account=account.number).split(",")
    row[3] = 31008822113100882211
    book.active.append(row)
    path = tmp_path / "协议.xlsx"
    book.save(path)
    [problem] = importing.look(founded, people.clerk, path).problems
    assert (problem.field, "以数字保存" in problem.message) == ("客户服务号", True)


def test_that_the_template_is_understood_and_its_example_skipped(
    founded, people, tmp_path, account
):  # D2.1
    path = tmp_path / "模板.xlsx"
    write_template(path)
    book = load_workbook(path)
    sheet = book["自动扣款协议"]
    heads = [cell.value.lstrip("*") for cell in sheet[1]]
    example = {head: cell.value for head, cell in zip(heads, sheet[2], strict=True)}
    for at, head in enumerate(heads, 1):
        value = account.number if head == "付款账号" else example[head]
        sheet.cell(3, at).value = "" if head == "标记" else value
    book.save(path)
    seen = importing.look(founded, people.clerk, path)
    assert seen.problems == ()
    assert [one.fields.payee_name for one in seen.rows] == ["示例供电有限公司"]
    assert seen.skipped[0].reason.startswith("示例行")


@pytest.mark.parametrize("who", ["checker", "auditor"])
def test_that_only_the_clerk_imports(founded, people, listed, who):  # D1.3
    with pytest.raises(Denied):
        importing.look(founded, getattr(people, who), listed(GRID))
