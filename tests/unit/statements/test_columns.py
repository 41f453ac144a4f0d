"""The headings of every bank that domain.md names, corporate and personal, in one line each."""

import pytest

from app.core.errors import BadInput
from app.statements.banks import bank_of
from app.statements.columns import find_layout
from app.statements.mapping import KnownLayout
from app.statements.table import read_statements
from app.tabular.model import Kind, Row, Table


def table(*rows):
    cells = [tuple(row.split("|")) for row in rows]
    return Table(Kind.DELIMITED, "utf-8", "", [Row(at, one) for at, one in enumerate(cells, 1)])


def fields(*headings):
    """Field → its heading."""
    layout = find_layout(table(*headings))
    return {field: layout.headings[at] for field, at in layout.columns.items()}


# heading row, then what day, money in, money out (or amount, flag), balance, party, account are
BANKS = [
    (
        "工行",
        "凭证号|交易时间|对方单位|对方账号|转入金额|转出金额|余额|用途|摘要|附言",
        "交易时间 转入金额 转出金额 余额 对方单位 对方账号",
    ),
    (
        "工行新",
        "本方账号|对方账号|交易时间|借贷标志|发生额|余额|对方户名|摘要|用途",
        "交易时间 发生额 借贷标志 余额 对方户名 对方账号",
    ),
    (
        "工行旧",
        "日期|对方户名|借方发生额|贷方发生额|余额|对方账号",
        "日期 贷方发生额 借方发生额 余额 对方户名 对方账号",
    ),
    (
        "工行个人",
        "交易日期|摘要|交易场所|交易国家或地区简称|钞/汇|交易金额(收入)|交易金额(支出)|交易币种|记账金额(收入)|记账金额(支出)|记账币种|余额|对方户名",
        "交易日期 记账金额(收入) 记账金额(支出) 余额 对方户名",
    ),
    (
        "建行",
        "交易时间|借方发生额/元(支取)|贷方发生额/元(收入)|余额|币种|对方户名|对方账号|对方开户机构|记账日期|摘要|备注|账户明细编号-交易流水号|企业流水号|凭证种类|凭证号",
        "记账日期 贷方发生额/元(收入) 借方发生额/元(支取) 余额 对方户名 对方账号",
    ),
    (
        "建行旧",
        "账号|账户名称|交易时间|借方发生额（支取）|贷方发生额（收入）|余额|币种|对方户名|对方账号|摘要",
        "交易时间 贷方发生额（收入） 借方发生额（支取） 余额 对方户名 对方账号",
    ),
    (
        "建行个人",
        "记账日|交易日期|交易时间|支出|收入|账户余额|币种|摘要|对方账号|对方户名|交易地点",
        "交易日期 收入 支出 账户余额 对方户名 对方账号",
    ),
    (
        "农行",
        "交易时间|收入金额|支出金额|账户余额|对方账号|对方户名|对方开户行|交易用途",
        "交易时间 收入金额 支出金额 账户余额 对方户名 对方账号",
    ),
    (
        "农行个人",
        "交易日期|交易时间|交易金额|本次余额|对方户名|对方账号|交易行|交易渠道|交易类型|交易用途|交易摘要",
        "交易日期 交易金额 本次余额 对方户名 对方账号",
    ),
    (
        "招行",
        "交易日|交易时间|起息日|交易类型|借方金额|贷方金额|余额|摘要|流水号|流程实例号|业务名称|用途|业务参考号|业务摘要|其它摘要|收(付)方分行名|收(付)方名称|收(付)方账号|收(付)方开户行行号|收(付)方开户行名",
        "交易日 贷方金额 借方金额 余额 收(付)方名称 收(付)方账号",
    ),
    (
        "招行个人",
        "记账日期|货币|交易金额|联机余额|交易摘要|对手信息|客户摘要",
        "记账日期 交易金额 联机余额 对手信息",
    ),
    (
        "招行打印",
        "日期|业务类型|借方(出账)|贷方(入账)|余额|对方户名|对方账号|摘要",
        "日期 贷方(入账) 借方(出账) 余额 对方户名 对方账号",
    ),
    (
        "交行",
        "交易时间|摘要|借贷标志|发生额|余额|对方户名|对方账号",
        "交易时间 发生额 借贷标志 余额 对方户名 对方账号",
    ),
    (
        "中信",
        "交易日期|柜员交易号|对方账号|对方账户名称|对方开户行|摘要|借方发生额|贷方发生额|余额",
        "交易日期 贷方发生额 借方发生额 余额 对方账户名称 对方账号",
    ),
    (
        "浦发",
        "交易日期|交易时间|交易流水号|借方金额|贷方金额|余额|对方户名|对方账号|摘要|备注",
        "交易日期 贷方金额 借方金额 余额 对方户名 对方账号",
    ),
    (
        "兴业",
        "银行流水号|交易时间|借方金额（支出）|贷方金额（收入）|账户余额|对方户名|对方账号|对方银行|摘要|用途",
        "交易时间 贷方金额（收入） 借方金额（支出） 账户余额 对方户名 对方账号",
    ),
    (
        "民生",
        "交易时间|交易流水号|借方发生额|贷方发生额|账户余额|凭证号|摘要|对方账号|对方账号名称|对方开户行|客户附言",
        "交易时间 贷方发生额 借方发生额 账户余额 对方账号名称 对方账号",
    ),
    (
        "平安",
        "交易日期|账号|收入|支出|账户余额|对方账号|对方户名|对方账号开户行|核心唯一流水号|交易用途|摘要",
        "交易日期 收入 支出 账户余额 对方户名 对方账号",
    ),
    (
        "光大",
        "交易日期|交易时间|借方发生额|贷方发生额|账户余额|对方账号|对方名称|摘要|流水号",
        "交易日期 贷方发生额 借方发生额 账户余额 对方名称 对方账号",
    ),
    (
        "华夏",
        "交易日期|流水号|借方发生额|贷方发生额|余额|对方账号|对方户名|摘要|附言",
        "交易日期 贷方发生额 借方发生额 余额 对方户名 对方账号",
    ),
    (
        "广发",
        "交易日期|交易时间|支出金额|收入金额|账户余额|对方账号|对方户名|对方行名|摘要|备注",
        "交易日期 收入金额 支出金额 账户余额 对方户名 对方账号",
    ),
    (
        "邮储",
        "交易流水号|交易日期|交易时间|收入金额|支出金额|余额|对方户名|对方账号|摘要|用途|附言",
        "交易日期 收入金额 支出金额 余额 对方户名 对方账号",
    ),
    (
        "浙商",
        "交易日期|交易时间|借贷标志|交易金额|账户余额|对方账户名称|对方账号|对方开户行|摘要|交易流水号",
        "交易日期 交易金额 借贷标志 账户余额 对方账户名称 对方账号",
    ),
]


@pytest.mark.parametrize(("bank", "headings", "expected"), BANKS, ids=[one[0] for one in BANKS])
def test_that_the_headings_of_a_bank_are_known(bank, headings, expected):  # E1.3
    found = fields(headings, "|".join(["2026-01-05"] + [""] * 5))
    said = {
        found[one]
        for one in (
            "day",
            "income",
            "expense",
            "amount",
            "flag",
            "balance",
            "name",
            "payee_account",
        )
        if one in found
    }
    assert said == set(expected.split())


BOC = (
    "交易类型[ Transaction Type ]|业务类型[ Business type ]|付款人开户行号[ Account holding bank number of payer ]"
    "|付款人开户行名[ Payer account bank ]|付款人账号[ Debit Account No. ]|付款人名称[ Payer's Name ]"
    "|收款人开户行行号[ Account holding bank number of beneficiary ]|收款人开户行名[ Beneficiary account bank ]"
    "|收款人账号[ Payee's Account Number ]|收款人名称[ Payee's Name ]|交易日期[ Transaction Date ]"
    "|交易时间[ Transaction time ]|交易货币[ Trade Currency ]|交易金额[ Trade Amount ]"
    "|交易后余额[ After-transaction balance ]|起息日期[ Value Date ]|汇率[ Exchange rate ]"
    "|交易流水号[ Transaction reference number ]|客户申请号[ Online Banking Transaction Ref. ]"
    "|摘要[ Reference ]|用途[ Purpose ]|交易附言[ Remark ]|备注[ Remarks ]"
)


def test_that_the_bilingual_headings_of_the_bank_of_china_are_known():
    found = fields(BOC)
    assert {field: heading.partition("[")[0] for field, heading in found.items()} == {
        "day": "交易日期",
        "time": "交易时间",
        "value_day": "起息日期",
        "amount": "交易金额",
        "balance": "交易后余额",
        "currency": "交易货币",
        "payer_name": "付款人名称",
        "payer_account": "付款人账号",
        "payer_bank": "付款人开户行名",
        "receiver_name": "收款人名称",
        "receiver_account": "收款人账号",
        "receiver_bank": "收款人开户行名",
        "reference": "交易流水号",
        "summary": found["summary"].partition("[")[0],
        "purpose": "用途",
        "remark": found["remark"].partition("[")[0],
    }


def test_that_the_other_party_is_who_is_not_us():
    out = "往账|汇款|1|我方行|111|我公司|2|对方行|222|供应商|20260105|09:30:00|CNY|-1,200.00|8,800.00|20260105||T1||货款|采购||"
    come = "来账|汇款|2|客户行|333|客户|1|我方行|111|我公司|20260106|10:00:00|CNY|600.00|9,400.00|20260106||T2||货款|||"
    found = read_statements(table(BOC, out, come))
    assert [
        (one.name, one.payee_account, one.payee_bank, one.minor, str(one.at))
        for one in found.statements[0].lines
    ] == [
        ("供应商", "222", "对方行", -120000, "09:30:00"),
        ("客户", "333", "客户行", 60000, "10:00:00"),
    ]


@pytest.mark.parametrize(
    "upper",
    [
        "交易日期|发生额/元||余额|对方信息|",
        "交易日期|发生额||余额|对方|",
        "交易日期|金额||余额|交易对手|",
    ],
)
def test_that_a_header_of_two_rows_is_one(upper):
    found = read_statements(
        table(
            "账号|6222020200112233445",
            upper,
            "|借方|贷方||户名|账号",
            "2026-01-05|5.00||95.00|甲|622",
            "2026-01-06||10.00|105.00|乙|623",
        )
    )
    assert [
        (one.minor, one.balance, one.name, one.payee_account) for one in found.statements[0].lines
    ] == [(-500, 9500, "甲", "622"), (1000, 10500, "乙", "623")]


def test_that_a_person_may_choose_the_columns():
    rows = table("甲列|乙列|丙列", "2026-01-05|5.00|房租")
    with pytest.raises(BadInput):
        find_layout(rows)
    chosen = KnownLayout("", rows.rows[0].cells, {"day": (0,), "expense": (1,), "summary": (2,)})
    layout = chosen.at(1)
    [line] = read_statements(rows, layout=layout).statements[0].lines
    assert (line.minor, line.summary) == (-500, "房租")


def test_that_ten_thousands_are_refused():
    with pytest.raises(BadInput, match="万元"):
        find_layout(table("单位：万元", "交易日期|收入|支出", "2026-01-05|1.00|"))


@pytest.mark.parametrize(
    ("head", "headings", "bank"),
    [
        ("[HISTORYDETAIL]", "", "中国工商银行"),
        ("上海浦东发展银行股份有限公司 活期明细", "", "浦发银行"),
        ("浙商银行交易明细", "", "浙商银行"),
        ("广发银行账户明细", "", "广发银行"),
        ("", "凭证号|交易时间|对方单位|对方账号|转入金额|转出金额|余额", "中国工商银行"),
        ("", BANKS[4][1], "中国建设银行"),
        ("", BOC, "中国银行"),
        ("", BANKS[9][1], "招商银行"),
        ("", "日期|收入|支出", ""),
    ],
)
def test_that_a_bank_is_known_by_its_words_or_headings(head, headings, bank):
    assert bank_of(head, headings.split("|")) == bank
