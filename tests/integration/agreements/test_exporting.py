"""导出: the register as a file, as it was shown, told in the trail before and afterwards."""

import csv
from datetime import date

import pytest
from openpyxl import load_workbook

from app.access.errors import Denied
from app.agreements.exporting import COLUMNS, export_agreements
from app.audit.queries import of_subject
from app.core.errors import NotFound
from app.core.money import Money
from app.documents.errors import ExportCancelled


@pytest.fixture
def export(founded, people, tmp_path):
    def run(numbers, columns=COLUMNS, name="清单.xlsx", who=None, stop=lambda: False):
        told = []
        path = tmp_path / name
        export_agreements(
            founded,
            who or people.auditor,
            path,
            numbers,
            columns,
            lambda *one: told.append(one),
            stop,
        )
        return path, told

    return run


def acts(db):
    with db.read() as work:
        return [one.act for one in of_subject(work, "agreements:list")]


def test_that_rows_and_columns_stand_as_they_were_shown(founded, registered, export):  # D2.1
    one = registered(amount=Money.parse("46300.00"))
    two = registered(customer_no="2", bank_no="0012345678901234567890", ends_on=date(2026, 12, 31))
    path, told = export([two, one], ("payee", "number", "bank_no", "amount", "account", "ends"))
    sheet = load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = [
        "收款单位",
        "协议编号",
        "银行协议号",
        "约定金额",
        "币种",
        "付款银行",
        "付款账号",
        "失效日",
    ]
    at = rows.index(head)
    assert [row[1] for row in rows[at + 1 :]] == [two, one]
    assert [row[7] for row in rows[at + 1 :]] == ["2026-12-31", "长期"]
    assert rows[at + 1][2] == "0012345678901234567890"
    assert isinstance(rows[at + 1][6], str)
    assert (float(rows[at + 2][3]), rows[at + 2][4]) == (46300.0, "CNY")
    assert told[-1] == (2, 2)
    assert acts(founded) == ["agreement.exported", "agreement.export_begun"]


def test_that_every_column_can_be_exported_as_csv(registered, export):  # D2.1
    number = registered(payee_name="=HYPERLINK(1)", contract_no="@SUM")
    path, _ = export([number], name="清单.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, row = list(csv.reader(file))
    said = dict(zip(head, row, strict=True))
    assert said["收款单位"] == "'=HYPERLINK(1)"
    assert said["合同号"] == "'@SUM"
    assert (said["单笔上限"], said["币种"], said["状态"]) == ("50000.00", "CNY", "生效")


def test_that_a_workbook_runs_no_formula(registered, export):
    number = registered(payee_name="=1+1")
    path, _ = export([number], ("payee",))
    cells = [cell for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any("=1+1" in str(cell.value) for cell in cells)


def test_that_a_cancelled_export_leaves_no_file(founded, registered, export):
    number = registered()
    with pytest.raises(ExportCancelled):
        export([number], stop=lambda: True)
    assert acts(founded) == ["agreement.export_begun"]


def test_that_who_may_not_export_gets_nothing(founded, people, registered, export, tmp_path):
    number = registered()
    with pytest.raises(Denied):
        export([number], who=people.admin)
    assert list(tmp_path.glob("清单*")) == []
    assert acts(founded) == []
    with pytest.raises(NotFound):
        export(["XY-0"])
