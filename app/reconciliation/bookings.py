"""Which entry an open bank line asks for, by what the bank wrote (domain.md §4.1): a proposal.

It is booked only once the bank's document is there.
"""

import re
from dataclasses import dataclass
from typing import Final

from app.reconciliation.items import BankItem


@dataclass(frozen=True, slots=True)
class Booking:
    """A proposed entry. debit, credit: accounts of the books; subject: what for."""

    subject: str
    debit: str
    credit: str

    @property
    def text(self) -> str:
        return f"借 {self.debit}　贷 {self.credit}"


_BANK: Final = "银行存款"
# The first that fits counts: what is more certain stands above.
_OUT: Final[tuple[tuple[str, str, str], ...]] = (
    (r"手续费|服务费|工本费|年费|管理费|短信费|电子回单费", "银行手续费", "财务费用—手续费"),
    (r"利息|结息|还息|罚息|贷款", "利息支出", "财务费用—利息支出"),
    (r"工资|薪资|代发|奖金", "支付工资", "应付职工薪酬"),
    (r"社保|公积金|医保|养老", "缴纳社保、公积金", "应付职工薪酬—社保、公积金"),
    (r"税|国库|财税库银|TIPS", "缴纳税款", "应交税费"),
    (r"代扣|代收|扣款|批扣|委托收款|定期借记", "自动扣款", "应付账款（或相关费用）"),
    (r"滞纳金|违约金|罚款", "违约金、滞纳金", "营业外支出"),
)
_IN: Final[tuple[tuple[str, str, str], ...]] = (
    (r"利息|结息", "利息收入", "财务费用—利息收入"),
    (r"退汇|退票|退回|冲正|冲账|抹账", "付款退回", "应付账款"),
    (r"退款|退费", "收到退款", "其他应收款"),
)


def suggest(line: BankItem) -> Booking | None:
    """The entry that the line's words ask for; None where they tell nothing."""
    said = f"{line.text} {line.name}".upper()
    for pattern, subject, account in _OUT if line.minor < 0 else _IN:
        if re.search(pattern, said):
            sides = (account, _BANK) if line.minor < 0 else (_BANK, account)
            return Booking(subject, *sides)
    if line.minor < 0:
        return Booking("付款", "应付账款", _BANK) if line.name.strip() else None
    return Booking("收款", _BANK, "应收账款（或预收账款）") if line.name.strip() else None
