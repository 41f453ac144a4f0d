"""The troubled payments: each stands for a cause that the diagnosis finds by itself."""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any, Final

from app.core.codes import StopReason
from app.core.money import Money
from app.demo.company import (
    ABC,
    CCB,
    CMB,
    DISABLED,
    ICBC,
    LEFT,
    LOCKED,
    KnownPayee,
    search_columns,
)
from app.demo.history import ordinary_amount
from app.demo.ledger import Ledger, Plan, Put
from app.payees.model import Payee, PayeeAccount
from app.payments.states import Stage

FLAGSHIP_INVOICE: Final = "26312000000086400017"
FLAGSHIP_ORDER: Final = "PO-HL-86400"
FLAGSHIP_CONTRACT: Final = "HT-HL-2026-07"
_RIGHT_NAME, _WRONG_NAME = "苏州恒力精密机械股份有限公司", "苏州恒立精密机械股份有限公司"
_NEW_PAYEE: Final = "无锡新锐激光加工有限公司"
DISPUTED: Final = "苏州远航包装材料有限公司"

# What the bank answered, by account: code and words.
_REFUSALS: Final[tuple[tuple[str, str, str], ...]] = (
    (ICBC, "6", "收款账号户名不符"),
    (CMB, "FIN-F", "户名有误，请核对收款人全称"),
    (ICBC, "6", "收款账户已销户"),
    (CMB, "FIN-F", "对方账户已关户"),
    (ICBC, "6", "收款账户久悬，不能入账"),
    (CMB, "FIN-F", "长期不动户，请联系收款人"),
    (ICBC, "6", "收款账户已挂失"),
    (CMB, "FIN-F", "账户已书面挂失"),
    (ICBC, "6", "收款账户全额止付"),
    (ICBC, "6", "收款账户被冻结，无法入账"),
    (ICBC, "6", "账号不存在"),
    (CMB, "FIN-F", "超过日累计限额"),
    (ICBC, "6", "签名或证书错误"),
    (CMB, "FIN-F", "该业务未与银行签约"),
    (ICBC, "6", "反洗钱合规审查未通过，请补充材料"),
    (CMB, "FIN-F", "合规审查：请提交贸易背景材料"),
    (ICBC, "6", "协议未生效"),
    (CMB, "FIN-F", "协议已撤销"),
    (CMB, "FIN-R", "企业审批否决"),
    (ICBC, "8", "被拒绝授权"),
    (ICBC, "6", "账户状态错误"),
    (CMB, "FIN-F", "其他原因，请洽开户行"),
    (ICBC, "6", "重复业务"),
)
_RETURNS: Final = (
    (CMB, "FIN-B", "退票：收款人账号户名不符"),
    (CMB, "FIN-T", "退款：收款行无此账户"),
    (ICBC, "", "退汇：收款账户已销户"),
)
_UNKNOWNS: Final = (
    (ICBC, "98", "区域中心通讯可疑"),
    (CMB, "WCF", "待确认"),
    (ICBC, "", "通讯超时，未收到回执"),
)
_AT_BANK: Final = (
    (ICBC, "86", "大额付款，等待电话核实"),
    (CMB, "BNK", "银行处理中"),
    (ICBC, "9", "银行正在处理"),
)


@dataclass
class Troubles:
    """Payments by what still has to happen to them; `screen` are stopped by the daily check."""

    flagship: Put
    screen: list[Put] = field(default_factory=list)
    held: list[Put] = field(default_factory=list)
    faulty: list[tuple[Put, StopReason]] = field(default_factory=list)
    resumed: list[Put] = field(default_factory=list)
    resuming: list[Put] = field(default_factory=list)


def put_troubles(ledger: Ledger) -> Troubles:
    """Every cause at least twice, several payments with three causes at once."""
    found = Troubles(_flagship(ledger))
    found.screen.append(found.flagship)
    cases = _Cases(ledger, found)
    cases.money()
    cases.people()
    cases.ways()
    cases.payees()
    cases.risks()
    cases.duplicates()
    cases.restricted()
    cases.several()
    cases.at_the_bank()
    cases.for_people_to_hold()
    return found


class _Cases:
    """Writes the cases one kind after another."""

    def __init__(self, ledger: Ledger, found: Troubles) -> None:
        self.ledger = ledger
        self.days = ledger.days
        self.found = found

    def money(self) -> None:
        """More than the 建行 account holds."""
        for yuan in (126_000, 54_800, 210_000):
            self._stop(self._plan(CCB, yuan))

    def people(self) -> None:
        """Makers who lost their post, left, or are locked out."""
        old = self.days.ago(14)
        for maker in (LEFT, LEFT, LEFT, DISABLED, LOCKED, LOCKED):
            self._stop(self._plan(ICBC, maker=maker, made=old))

    def ways(self) -> None:
        """A channel that is down, and limits of channels and accounts."""
        for _ in range(3):
            self._stop(self._plan(ICBC, values={"channel": "DIRECT"}))
        for yuan in (62_500, 71_300):
            self._stop(self._plan(ICBC, yuan, values={"channel": "IBPS"}))
        self._stop(self._plan(CMB, 1_180_000, values={"channel": "HVPS"}))

    def payees(self) -> None:
        """Wrong account numbers, missing banks, names that the invoice does not know."""
        short = self._plan(ICBC, values={"payee_account": "6222021"}, paper=None)
        nowhere = self._plan(CMB, values={"payee_bank": "", "payee_cnaps": "", "payee_city": ""})
        other = self._plan(ICBC, paper={"payee_account": "6217001210088899017"})
        for plan in (short, nowhere, other):
            self._stop(plan)
        for name in ("南京江宁轴承销售有限公司", "重庆江北齿轮箱有限公司"):
            self._stop(self._plan(CMB, paper={"payee_name": name}))

    def risks(self) -> None:
        """More than the paper says, a changed account, a large first payment."""
        for share in (90, 75):
            plan = self._plan(ICBC)
            paper = {"amount_minor": plan.amount * share // 100}
            self._stop(replace(plan, paper=paper))
        for number in ("6228480031234567", "6214830210998877"):
            self._stop(self._plan(ICBC, values={"payee_account": number}, paper=None))
        self._stop(self._plan(ICBC, 168_000, payee=self._stranger()))

    def duplicates(self) -> None:
        """The invoice of a payment that was executed some days before."""
        for _ in range(3):
            first = self._plan(ICBC, made=self.days.ago(12), due=self.days.ago(10))
            invoice = self.ledger.reference("invoice_no", first.made_on)
            paid = replace(first, stage=Stage.EXECUTED, values={"invoice_no": invoice})
            self.ledger.put(paid)
            again = self._plan(ICBC, payee=first.payee, values={"invoice_no": invoice})
            self._stop(replace(again, amount=first.amount))

    def restricted(self) -> None:
        """On the account that court and bank have blocked."""
        for _ in range(3):
            self._stop(self._plan(ABC))
        self.ledger.put(replace(self._plan(ABC), stage=Stage.DRAFT))

    def several(self) -> None:
        """Three causes at once."""
        old = self.days.ago(14)
        down = {"channel": "DIRECT"}
        for yuan in (98_000, 143_500):
            self._stop(self._plan(CCB, yuan, maker=LEFT, made=old, values=down))
        limit = {"channel": "IBPS", "payee_bank": "", "payee_cnaps": ""}
        self._stop(self._plan(CCB, 88_800, values=limit))

    def at_the_bank(self) -> None:
        """What the bank refused, sent back, never answered, or is looking into."""
        for stage, answers in (
            (Stage.FAILED, _REFUSALS),
            (Stage.RETURNED, _RETURNS),
            (Stage.UNKNOWN, _UNKNOWNS),
            (Stage.BANK_PROCESSING, _AT_BANK),
        ):
            for place, (account, code, text) in enumerate(answers):
                ago = 1 if stage in {Stage.UNKNOWN, Stage.BANK_PROCESSING} else 2 + place % 7
                due = self.days.ago(ago)
                plan = self._plan(account, made=self.days.ago(ago + 1), due=due)
                self.ledger.put(replace(plan, stage=stage, answer=(code, text)))

    def for_people_to_hold(self) -> None:
        """Sound payments that people stop, that stood still for the software's sake, or resume."""
        made = self.days.ago(7)
        self.found.held = [self.ledger.put(self._plan(ICBC, made=made)) for _ in range(3)]
        disputed = self.ledger.firm.payees[DISPUTED]
        for stage in (Stage.READY, Stage.READY, Stage.PENDING_REVIEW, Stage.DRAFT):
            self.ledger.put(replace(self._plan(ICBC, payee=disputed), stage=stage))
        faults = (
            StopReason.SYSTEM_FAULT,
            StopReason.SYSTEM_FAULT,
            StopReason.UPGRADE_INCOMPLETE,
            StopReason.UPGRADE_INCOMPLETE,
            StopReason.APPROVAL_BROKEN,
        )
        for reason in faults:
            stage = Stage.SENT_BACK if reason is StopReason.APPROVAL_BROKEN else Stage.READY
            put = self.ledger.put(replace(self._plan(ICBC, made=made), stage=stage))
            self.found.faulty.append((put, reason))
        self.found.resumed = [self._small(made) for _ in range(2)]
        self.found.resuming = [self._small(made) for _ in range(2)]

    def _small(self, made: date) -> Put:
        return self.ledger.put(
            self._plan(ICBC, self.ledger.chance.randint(8_000, 44_000), made=made)
        )

    def _stop(self, plan: Plan) -> None:
        self.found.screen.append(self.ledger.put(plan))

    def _plan(
        self,
        account: str,
        yuan: int | None = None,
        *,
        payee: KnownPayee | None = None,
        maker: str = "maker2",
        made: date | None = None,
        due: date | None = None,
        values: dict[str, Any] | None = None,
        paper: dict[str, Any] | str | None = "same",
    ) -> Plan:
        chance = self.ledger.chance
        payee = payee or chance.choice(self._companies(yuan))
        amount = ordinary_amount(self.ledger, payee) if yuan is None else yuan * 100
        return Plan(
            payee,
            account,
            amount,
            made or self.days.ago(chance.randint(2, 5)),
            due or chance.choice(list(islice(self.days.ahead(), 3))),
            Stage.READY,
            maker,
            values or {},
            {} if isinstance(paper, str) else paper,
        )

    def _companies(self, yuan: int | None) -> list[KnownPayee]:
        """Payees in no dispute, used to about that amount or else to no large ones."""
        known = [
            payee
            for payee in self.ledger.firm.payees.values()
            if payee.kind == "COMPANY" and payee.name not in {DISPUTED, _WRONG_NAME, _NEW_PAYEE}
        ]
        if yuan is None:
            return [payee for payee in known if payee.typical < _MODERATE]
        return sorted(known, key=lambda payee: abs(payee.typical - yuan))[:4]

    def _stranger(self) -> KnownPayee:
        return _new_payee(
            self.ledger, _NEW_PAYEE, "216201777000123450", "309305090634", "激光加工费"
        )


_MODERATE: Final = 60_000


def _flagship(ledger: Ledger) -> Put:
    """86,400.00: held by the checker, a wrong name, and no money on the account."""
    right = ledger.firm.payees[_RIGHT_NAME]
    wrong = _new_payee(
        ledger,
        _WRONG_NAME,
        right.account,
        right.cnaps,
        right.goods,
        right.bank,
        phone=right.phone,
        contact=right.contact,
    )
    return ledger.put(
        Plan(
            wrong,
            CCB,
            Money.parse("86400").minor,
            ledger.days.ago(2),
            next(ledger.days.ahead()),
            Stage.READY,
            values={
                "invoice_no": FLAGSHIP_INVOICE,
                "order_no": FLAGSHIP_ORDER,
                "contract_no": FLAGSHIP_CONTRACT,
                # One digit of the branch was mistyped too.
                "payee_cnaps": right.cnaps[:-2] + "97",
            },
            paper={"payee_name": _RIGHT_NAME},
        )
    )


def _new_payee(
    ledger: Ledger,
    name: str,
    account: str,
    cnaps: str,
    goods: str,
    bank: str = "",
    *,
    phone: str = "",
    contact: str = "",
) -> KnownPayee:
    """A payee that nobody has called back yet."""
    since = ledger.days.at(ledger.days.ago(2), 9, 30)
    bank = bank or "兴业银行苏州工业园区支行"
    payee_id = ledger.sheet.add(
        Payee,
        **search_columns(name),
        kind="COMPANY",
        phone=phone,
        contact=contact,
        created_at=since,
    )
    ledger.sheet.add(
        PayeeAccount,
        payee_id=payee_id,
        number=account,
        bank=bank,
        cnaps=cnaps,
        city="苏州",
        since=since,
    )
    known = KnownPayee(
        payee_id, name, "COMPANY", account, bank, cnaps, "苏州", goods, _MODERATE, phone, contact
    )
    ledger.firm.payees[name] = known
    return known
