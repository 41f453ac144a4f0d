"""What each kind of letter is made of: its shipped template, and what that may name."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.shipped import resource_file
from app.documents.blocks import Align
from app.documents.letter import SIGN, SLIP, Column, Grid, LetterPaper, Slip
from app.documents.letter_template import Vocabulary, fill, parse
from app.letters.states import LetterKind

_EVERY: Final = (
    "收件单位",
    "公司名称",
    "文号",
    "发函日期",
    "联系人",
    "联系电话",
    "联系邮箱",
    "回复期限",
)
_END: Final = ("取消原因", "终止日", "协议份数", "申请单号", "付款户名", "付款账号", "合同号")
_DISPUTE: Final = (
    "付款户名",
    "付款账号",
    "收款单位",
    "协议编号",
    "合同号",
    "终止生效日",
    "银行回执",
    "合计大写",
)
_QUERY: Final = ("付款户名", "付款账号", "付款笔数", "合计大写", "事件编号")
AGREEMENTS, PLAN, DEBITS, PAYMENTS = "协议表", "付款安排表", "扣款表", "付款表"
# Widths in mm of the type area, 156 together: numbers of 19 digits and sums in millions fit.
AGREEMENT_COLUMNS: Final = (
    Column("序\n号", 6, Align.CENTER),
    Column("协议编号\n（银行／人行）", 31),
    Column("收款单位", 17),
    Column("付款账号", 31),
    Column("客户服务号", 17),
    Column("业务\n种类", 9, Align.CENTER),
    Column("单笔上限\n（元）", 16, Align.RIGHT),
    Column("原扣\n款日", 13, Align.CENTER),
    Column("失效日", 16, Align.CENTER),
)
PLAN_COLUMNS: Final = (
    Column("期次", 12, Align.CENTER),
    Column("协议编号", 32),
    Column("应付日", 28, Align.CENTER),
    Column("金额（元）", 30, Align.RIGHT),
    Column("付款方式", 24, Align.CENTER),
)
DEBIT_COLUMNS: Final = (
    Column("序\n号", 6, Align.CENTER),
    Column("扣款日", 17, Align.CENTER),
    Column("金额（元）", 20, Align.RIGHT),
    Column("付款账号", 31),
    Column("对方户名、账号", 41),
    Column("银行摘要", 41),
)
PAYMENT_COLUMNS: Final = (
    Column("序\n号", 6, Align.CENTER),
    Column("提交日", 17, Align.CENTER),
    Column("金额（元）", 22, Align.RIGHT),
    Column("付款账号", 31),
    Column("收款户名、账号、开户行", 48),
    Column("指令号\n（业务参考号）", 32),
)
BANK_SEALS: Final = (
    "公章：",
    "预留银行签章：\n（财务专用章及法定代表人或授权代理人签章）",
    "法定代表人（签章）：\n\n\n经办人（签章）：",
)
SUPPLIER_SEALS: Final = ("公章：", "法定代表人（签章）：\n\n\n经办人（签章）：")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter that people may word themselves."""

    file: str
    known: Vocabulary
    seals: tuple[str, ...]


KINDS: Final[dict[LetterKind, Kind]] = {
    LetterKind.BANK_END: Kind(
        "bank.txt",
        Vocabulary((*_EVERY, *_END), (AGREEMENTS, SIGN, SLIP), frozenset({AGREEMENTS, SIGN, SLIP})),
        BANK_SEALS,
    ),
    LetterKind.SUPPLIER_END: Kind(
        "supplier.txt",
        Vocabulary(
            (*_EVERY, *_END, "合计大写"),
            (AGREEMENTS, PLAN, SIGN, SLIP),
            frozenset({AGREEMENTS, PLAN, SIGN, SLIP}),
        ),
        SUPPLIER_SEALS,
    ),
    LetterKind.BANK_DISPUTE: Kind(
        "bank_dispute.txt",
        Vocabulary((*_EVERY, *_DISPUTE), (DEBITS, SIGN, SLIP), frozenset({DEBITS, SIGN, SLIP})),
        BANK_SEALS,
    ),
    LetterKind.SUPPLIER_DISPUTE: Kind(
        "supplier_dispute.txt",
        Vocabulary((*_EVERY, *_DISPUTE), (DEBITS, SIGN, SLIP), frozenset({DEBITS, SIGN, SLIP})),
        SUPPLIER_SEALS,
    ),
    LetterKind.BANK_QUERY: Kind(
        "bank_query.txt",
        Vocabulary((*_EVERY, *_QUERY), (PAYMENTS, SIGN, SLIP), frozenset({PAYMENTS, SIGN, SLIP})),
        BANK_SEALS,
    ),
}


def shipped_text(kind: LetterKind) -> str:
    """The template that comes with the program."""
    return resource_file(f"letters/{KINDS[kind].file}").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Reply:
    """What a 回执 of a kind asks to tick, and who seals it (domain.md §3.3)."""

    lines: tuple[str, ...]
    sealed_by: str


_REPLIES: Final[dict[LetterKind, _Reply]] = {
    LetterKind.BANK_END: _Reply(
        (
            "☐ 已终止，终止生效日：＿＿＿年＿＿月＿＿日",
            "☐ 受理中，预计＿＿＿年＿＿月＿＿日办结",
            "☐ 不能办理，原因：＿＿＿＿＿＿＿＿＿＿＿＿",
        ),
        "银行（业务专用章）",
    ),
    LetterKind.SUPPLIER_END: _Reply(
        (
            "☐ 已停止自动扣款，停止日：＿＿＿年＿＿月＿＿日　　☐ 改按新方式收款",
            "☐ 收款账户不变　　☐ 收款账户变更（另附盖章的函，由贵公司回拨核实）",
            "☐ 已提交而在途的扣款＿＿＿笔，金额＿＿＿＿＿＿元",
        ),
        "单位（公章）",
    ),
    LetterKind.BANK_DISPUTE: _Reply(
        (
            "☐ 已退回，退回日：＿＿＿年＿＿月＿＿日，金额＿＿＿＿＿＿元",
            "☐ 核查中，预计＿＿＿年＿＿月＿＿日答复",
            "☐ 不能退回，原因：＿＿＿＿＿＿＿＿＿＿＿＿",
        ),
        "银行（业务专用章）",
    ),
    LetterKind.SUPPLIER_DISPUTE: _Reply(
        (
            "☐ 已退还，退还日：＿＿＿年＿＿月＿＿日，金额＿＿＿＿＿＿元",
            "☐ 已停止发起扣款，停止日：＿＿＿年＿＿月＿＿日",
            "☐ 有异议，说明：＿＿＿＿＿＿＿＿＿＿＿＿",
        ),
        "单位（公章）",
    ),
    LetterKind.BANK_QUERY: _Reply(
        (
            "☐ 已扣付，第＿＿＿＿＿＿＿＿笔，日期、流水号：＿＿＿＿＿＿＿＿＿＿",
            "☐ 未扣付，第＿＿＿＿＿＿＿＿笔，原因：＿＿＿＿＿＿＿＿＿＿＿＿",
            "☐ 处理中，第＿＿＿＿＿＿＿＿笔，预计＿＿＿年＿＿月＿＿日答复",
        ),
        "银行（业务专用章）",
    ),
}


def slip_of(kind: LetterKind, company: str, number: str) -> Slip:
    """What the other side sends back to a letter of that kind and number."""
    reply = _REPLIES[kind]
    came = f"贵公司{number}来函已于＿＿＿年＿＿月＿＿日收到。"
    seal = f"{reply.sealed_by}：　　　　　　　　经办人："
    when = "电话：　　　　　　　　日期：　　　年　　月　　日"
    return Slip(f"{company}：", (came, *reply.lines), f"{seal}\n\n{when}")


def sample(kind: LetterKind, text: str, company: str) -> LetterPaper:
    """A letter of invented content in the given wording, for looking at while it is edited."""
    number, day = "示例财函〔2026〕1号", date(2026, 3, 1)
    return LetterPaper(
        company,
        False,
        number,
        fill(parse(text), {**_SAMPLE, "公司名称": company}),
        _SAMPLE_GRIDS,
        day,
        KINDS[kind].seals,
        slip_of(kind, company, number),
    )


_SAMPLE: Final = {
    "收件单位": "示例银行股份有限公司某某支行",
    "文号": "示例财函〔2026〕1号",
    "发函日期": "2026年3月1日",
    "联系人": "王某某",
    "联系电话": "021-00000000",
    "联系邮箱": "finance@example.com",
    "回复期限": "5",
    "取消原因": "改由我公司主动付款",
    "终止日": "2026年3月31日",
    "协议份数": "1",
    "申请单号": "QK-2026-0001",
    "付款户名": "示例有限公司",
    "付款账号": "1001000000000000001",
    "合同号": "HT-2026-001",
    "合计大写": "人民币叁万元整",
    "收款单位": "某某供电公司",
    "协议编号": "SQ202601010001",
    "终止生效日": "2026年3月16日",
    "银行回执": "回执编号 H-2026-001，2026年3月5日",
    "付款笔数": "1",
    "事件编号": "SJ-2026-0001",
}
_SAMPLE_GRIDS: Final = {
    AGREEMENTS: Grid(
        AGREEMENT_COLUMNS,
        (
            (
                "1",
                "SQ202601010001\n10210202601000001",
                "某某供电公司",
                "1001000000000000001",
                "3100882237",
                "电费",
                "50,000.00",
                "每月20日",
                "长期",
            ),
        ),
    ),
    PLAN: Grid(
        PLAN_COLUMNS,
        (("1", "SQ202601010001", "2026年4月20日", "30,000.00", "人工转账"),),
        ("合计", "", "", "30,000.00", ""),
    ),
    DEBITS: Grid(
        DEBIT_COLUMNS,
        (
            (
                "1",
                "2026-04-20",
                "30,000.00",
                "1001000000000000001",
                "某某供电公司\n31050161393600000123",
                "代扣电费 SQ202604010009",
            ),
        ),
        ("", "合计", "30,000.00", "", "", ""),
    ),
    PAYMENTS: Grid(
        PAYMENT_COLUMNS,
        (
            (
                "1",
                "2026-02-27",
                "30,000.00",
                "1001000000000000001",
                "某某设备有限公司\n31050161393600000123\n示例银行某某支行",
                "FK-20260227-0001",
            ),
        ),
        ("", "合计", "30,000.00", "", "", ""),
    ),
}
