"""The debit agreements of the demo company: rent, power, water, telephones, as they ran last year."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.agreements import service
from app.agreements.fields import AgreementFields
from app.agreements.rhythm import Rhythm, debits_between
from app.agreements.service import RecordDebit
from app.core.money import Money
from app.demo.company import CCB, ICBC, Firm
from app.demo.days import Days
from app.demo.desk import Desk

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Plan:
    """began, ends: days before and after today; usual: yuan of an ordinary debit."""

    payee: str
    business: str
    account: str
    usual: int
    limit: int
    day: int
    began: int = 420
    ends: int | None = 310
    rhythm: Rhythm = Rhythm.MONTHLY
    fixed: bool = False
    notice: int = 30
    breach: str = ""


_PLANS: Final = (
    _Plan("上海临江供电有限公司", "00100", ICBC, 46_300, 80_000, 20),
    _Plan("上海临江水务有限公司", "00200", ICBC, 3_870, 8_000, 15),
    _Plan("上海临江燃气有限公司", "00300", ICBC, 12_450, 30_000, 25),
    _Plan("上海临江通信有限公司", "00500", CCB, 5_980, 10_000, 8),
    _Plan(
        "上海浦东物业管理有限公司",
        "00700",
        CCB,
        28_600,
        28_600,
        5,
        fixed=True,
        breach="提前终止须提前 30 天书面通知，并付清当月物业费",
    ),
    _Plan(
        "上海浦建设备租赁有限公司",
        "01100",
        ICBC,
        52_000,
        52_000,
        10,
        fixed=True,
        notice=60,
        breach="租期内提前终止的，支付一个月租金作为违约金",
    ),
    _Plan(
        "杭州云栖信息技术有限公司",
        "01100",
        CCB,
        36_000,
        40_000,
        1,
        rhythm=Rhythm.QUARTERLY,
        fixed=True,
        notice=15,
    ),
    _Plan("上海张江软件服务有限公司", "01100", CCB, 36_000, 36_000, 12, began=500, ends=-12),
    _Plan("宁波港通国际货运代理有限公司", "09001", ICBC, 9_000, 20_000, 18, began=-9, ends=720),
)
_SUSPENDED: Final = "上海临江通信有限公司"


def put_agreements(desk: Desk, days: Days, firm: Firm) -> None:
    """Register each, note its last debits, and suspend one that is in dispute."""
    clerk = desk.as_("clerk")
    for place, plan in enumerate(_PLANS, start=1):
        fields = _fields(place, plan, days.today, firm)
        number = service.register(desk.db, clerk, fields)
        for step, day in enumerate(_debit_days(fields, days.ago(8))):
            amount = plan.usual if plan.fixed else plan.usual * (94 + step * 7 % 13) // 100
            debit = RecordDebit(
                number, day, Money.parse(str(amount)), f"{day:%Y%m%d}{place:06d}", "银行回单"
            )
            service.record_debit(desk.db, clerk, debit)
        if plan.payee == _SUSPENDED:
            reason = "月租重复计费，双方同意核清前暂停扣款"
            service.suspend(desk.db, clerk, number, reason, 1)


def _fields(place: int, plan: _Plan, today: date, firm: Firm) -> AgreementFields:
    payee = firm.payees[plan.payee]
    starts = today - timedelta(days=plan.began)
    first = starts.replace(day=plan.day)
    if first < starts:
        first = (first.replace(day=1) + timedelta(days=32)).replace(day=plan.day)
    return AgreementFields(
        account_number=plan.account,
        payee_name=payee.name,
        starts_on=starts,
        business=plan.business,
        bank_no=f"SQ{starts:%Y%m%d}{place:04d}",
        pboc_no=f"{payee.cnaps[:5]}{starts:%Y%m}{place:08d}",
        payee_account=payee.account,
        payee_bank=payee.bank,
        payee_cnaps=payee.cnaps,
        customer_no=f"{3100882200 + place * 37}",
        amount=Money.parse(str(plan.usual)) if plan.fixed else None,
        single_limit=Money.parse(str(plan.limit)),
        monthly_limit=Money.parse(str(plan.limit * 2)),
        rhythm=plan.rhythm,
        first_debit_on=first,
        signed_on=starts - timedelta(days=10),
        ends_on=None if plan.ends is None else today + timedelta(days=plan.ends),
        contract_no=f"HT-{starts.year}-{payee.id:03d}",
        notice_days=plan.notice,
        late_rate="0.0005",
        breach=plan.breach,
        keeper="行政部",
    )


def _debit_days(fields: AgreementFields, until: date) -> list[date]:
    """The days of the last debits, oldest first."""
    end = until if fields.ends_on is None else min(until, fields.ends_on)
    return debits_between(Rhythm(fields.rhythm), fields.first_debit_on, fields.starts_on, end)[
        -_SHOWN:
    ]
