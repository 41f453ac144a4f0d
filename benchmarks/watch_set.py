"""Bank debits with their truth: what an ended or suspended agreement must not take, and what may pass.

Built without looking at how the watch decides: from what banks, payees and clerks do (domain.md
§2.6, §6; anchors, "what none of them has").
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from app.agreements.rhythm import Rhythm, next_debit
from app.agreements.watch.own import OwnPayment
from app.agreements.watch.rules import Debit, Expectation, Rest, Standing

_START = date(2026, 1, 1)
_DAYS = 180
# Longer than any day on which a debit is made up.
_REST = Rest(_START, _START + timedelta(days=300))
_CITIES = (
    "上海",
    "杭州",
    "宁波",
    "苏州",
    "南京",
    "无锡",
    "合肥",
    "济南",
    "青岛",
    "武汉",
    "长沙",
    "厦门",
)
_FIRST = "临浦云天海宏华盛金银恒康泰瑞嘉明德启远新东方南北中正安宁和顺达通利"
_SECOND = "江湖港湾山泉石林峰源川河田园桥门阁城洲岛岭坡溪泽原野沙滩崖谷"
_SECTORS = (
    "供电",
    "供水",
    "供热",
    "燃气",
    "水务",
    "电力",
    "通信",
    "物业管理",
    "设备租赁",
    "信息技术",
    "软件服务",
    "保险代理",
    "物流",
    "仓储",
    "物资贸易",
)
_FORMS = ("有限公司", "股份有限公司", "有限责任公司")
_WORDS = ("代扣", "批量代扣", "定期借记", "委托收款", "自动扣款", "代收业务")


@dataclass(frozen=True, slots=True)
class Case:
    """One debit and what it is: the key of the agreement that it breaks, or None."""

    debit: Debit
    breaks: int | None
    trap: str


@dataclass(frozen=True, slots=True)
class Labelled:
    expectations: tuple[Expectation, ...]
    cases: tuple[Case, ...]
    payments: tuple[OwnPayment, ...]


class _Maker:
    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.serial = 0
        self.payments: list[OwnPayment] = []
        self.names: set[tuple[str, str]] = set()
        # A company deals with so many others, again and again.
        self.strangers = [(self.name(), self.number(19)) for _ in range(4_000)]

    def key(self) -> int:
        self.serial += 1
        return self.serial

    def number(self, digits: int) -> str:
        return "".join(self.chance.choice("123456789") for _ in range(digits))

    def name(self) -> str:
        pick = self.chance.choice
        while True:
            core = f"{pick(_CITIES)}{pick(_FIRST)}{pick(_SECOND)}{pick(_SECTORS)}"
            form = pick(_FORMS)
            # Two companies have two names; 有限公司 and 有限责任公司 are one and the same.
            if (core, form[:2]) not in self.names:
                self.names.add((core, form[:2]))
                return f"{core}{form}"

    def agreement(self, standing: Standing, payee: tuple[str, str] | None = None) -> Expectation:
        pick = self.chance.choice
        name, account = payee or (self.name(), self.number(19))
        amount = self.chance.randrange(50_00, 90_000_00)
        fixed = self.chance.random() < 0.5
        amounts = {amount} if fixed else {amount, amount + self.chance.randrange(1, 5_000)}
        return Expectation(
            key=self.key(),
            account=self.chance.randrange(1, 9),
            payee_name=name,
            payee_account=account,
            numbers=(f"SQ{self.number(12)}", self.number(19)),
            customer_no=self.number(10),
            amounts=frozenset(amounts),
            rhythm=pick((Rhythm.MONTHLY, Rhythm.MONTHLY, Rhythm.QUARTERLY)),
            first_on=date(2025, 1, self.chance.randrange(1, 29)),
            standing=standing,
            from_on=_START if standing is Standing.ENDED else None,
        )

    def suspended(self, place: int) -> Expectation:
        """One that was suspended: every second one still is, the others debit again."""
        rest = _REST if place % 2 else replace(_REST, until=None)
        return replace(self.agreement(Standing.ACTIVE), rests=(rest,))

    def due(self, one: Expectation) -> date:
        """A day near one on which it debited."""
        after = _START + timedelta(days=self.chance.randrange(_DAYS - 31))
        due = next_debit(one.rhythm, one.first_on, after, None)
        assert due is not None
        return due + timedelta(days=self.chance.randrange(3))

    def any_day(self) -> date:
        return _START + timedelta(days=self.chance.randrange(_DAYS))

    def amount(self, one: Expectation) -> int:
        return self.chance.choice(sorted(one.amounts))

    def text(self, *parts: str) -> str:
        noise = (self.number(self.chance.randrange(8, 16)), *parts)
        return self.chance.choice((" ", "/", "，", "|")).join(part for part in noise if part)

    def word(self) -> str:
        return self.chance.choice(_WORDS)

    def debit(self, one: Expectation, **changes: object) -> Debit:
        """A debit as the agreement always made it."""
        usual = Debit(
            key=self.key(),
            account=one.account,
            on=self.due(one),
            minor=self.amount(one),
            name=one.payee_name,
            payee_account=one.payee_account,
            text=self.text(self.word(), one.numbers[0]),
        )
        return replace(usual, **changes)  # type: ignore[arg-type]

    def other_account(self, one: Expectation) -> int:
        return one.account % 8 + 1

    # --- what must be caught ----------------------------------------------------------------

    def same_number(self, one: Expectation) -> list[Debit]:
        return [self.debit(one)]

    def changed_number(self, one: Expectation) -> list[Debit]:
        return [self.debit(one, text=self.text(self.word(), f"SQ{self.number(12)}"))]

    def changed_amount(self, one: Expectation) -> list[Debit]:
        minor = self.chance.randrange(50_00, 90_000_00)
        text = self.text(self.word(), f"SQ{self.number(12)}")
        return [self.debit(one, text=text, minor=minor)]

    def our_other_account(self, one: Expectation) -> list[Debit]:
        text = self.text(self.word(), f"SQ{self.number(12)}")
        return [self.debit(one, account=self.other_account(one), text=text, on=self.any_day())]

    def their_other_account(self, one: Expectation) -> list[Debit]:
        return [self.debit(one, payee_account=self.number(19), text=self.text(self.word()))]

    def number_alone(self, one: Expectation) -> list[Debit]:
        text = self.text(f"协议号:{one.numbers[1]}")
        return [self.debit(one, name="", payee_account="", text=text, on=self.any_day())]

    def customer_alone(self, one: Expectation) -> list[Debit]:
        text = self.text(self.word(), f"户号{one.customer_no}")
        return [self.debit(one, name="", payee_account="", text=text)]

    def no_word(self, one: Expectation) -> list[Debit]:
        return [self.debit(one, text=self.text("网上缴费"))]

    def nameless(self, one: Expectation) -> list[Debit]:
        return [self.debit(one, name="", payee_account="", text=self.text(self.word()))]

    def short_name(self, one: Expectation) -> list[Debit]:
        short = one.payee_name
        for form in _FORMS:
            short = short.removesuffix(form)
        if self.chance.random() < 0.5:
            short = short[2:]
        text = self.text(self.word(), f"SQ{self.number(12)}")
        return [self.debit(one, name=short, payee_account=self.number(19), text=text)]

    def branch_name(self, one: Expectation) -> list[Debit]:
        district = self.chance.choice(("浦东", "张江", "高新区", "第二", "城北"))
        name = self.chance.choice(
            (
                f"{one.payee_name}{district}分公司",
                f"{one.payee_name}（{district}）",
                f"代收-{one.payee_name}",
            )
        )
        return [
            self.debit(one, name=name, payee_account=self.number(19), text=self.text(self.word()))
        ]

    def typing(self, one: Expectation) -> list[Debit]:
        """Full-width brackets and blanks, as exports write them."""
        name = " ".join(one.payee_name[at : at + 4] for at in range(0, len(one.payee_name), 4))
        return [self.debit(one, name=name, payee_account="", text=self.text(self.word()))]

    def misspelt(self, one: Expectation) -> list[Debit]:
        at = self.chance.randrange(4, 6)
        wrong = one.payee_name[:at] + "曦" + one.payee_name[at + 1 :]
        return [
            self.debit(one, name=wrong, payee_account=self.number(19), text=self.text(self.word()))
        ]

    def split(self, one: Expectation) -> list[Debit]:
        whole, on = self.amount(one), self.due(one)
        cut = self.chance.randrange(whole // 4, whole // 2)
        parts = (
            (cut, whole - cut)
            if self.chance.random() < 0.5
            else (cut, cut // 2, whole - cut - cut // 2)
        )
        name = one.payee_name.removesuffix("有限公司") or one.payee_name
        return [
            self.debit(
                one,
                minor=part,
                on=on,
                name=name,
                payee_account=self.number(19),
                text=self.text("缴费"),
            )
            for part in parts
        ]

    # --- what only looks like it --------------------------------------------------------------

    def paid_by_us(self, one: Expectation) -> list[Debit]:
        """The payment by hand that took the debit's place."""
        number = f"FK-{self.any_day():%Y%m%d}-{self.number(4)}"
        named = self.chance.random() < 0.5
        text = self.text("货款" if not named else "", number if named else "")
        debit = self.debit(one, text=text)
        sent = debit.on - timedelta(days=self.chance.randrange(3))
        self.payments.append(
            OwnPayment(
                debit.key,
                debit.account,
                sent,
                debit.minor,
                debit.name,
                debit.payee_account,
                (number,),
            )
        )
        return [debit]

    def like_named(self, one: Expectation) -> list[Debit]:
        """Another company whose name differs in one word: 临江供水 beside 临江供电."""
        sector = next((s for s in _SECTORS if s in one.payee_name), "")
        other = self.chance.choice([s for s in _SECTORS if s != sector])
        name = one.payee_name.replace(sector, other)
        if any((name.removesuffix(form), form[:2]) in self.names for form in _FORMS):
            name = self.name()
        minor = self.chance.randrange(50_00, 90_000_00)
        text = self.text(self.word(), f"SQ{self.number(12)}")
        return [self.debit(one, name=name, payee_account=self.number(19), text=text, minor=minor)]

    def sibling(self, one: Expectation) -> list[Debit]:
        """Another company of the payee's group, which has debits of its own: …供电 and …供电物资."""
        form = next(form for form in _FORMS if one.payee_name.endswith(form))
        name = f"{one.payee_name.removesuffix(form)}{self.chance.choice(('物资', '工程', '科技'))}{form}"
        minor = self.chance.randrange(50_00, 90_000_00)
        text = self.text(self.word(), f"SQ{self.number(12)}")
        return [self.debit(one, name=name, payee_account=self.number(19), text=text, minor=minor)]

    def same_sum(self, one: Expectation) -> list[Debit]:
        """Somebody else, the same sum, the same day, the same account."""
        text = self.text(self.chance.choice(("货款", "代扣")))
        return [self.debit(one, name=self.name(), payee_account=self.number(19), text=text)]

    def bank_fee(self, one: Expectation) -> list[Debit]:
        text = self.text(self.chance.choice(("代扣账户管理费", "网银服务费", "自动扣收回单柜费用")))
        minor = self.chance.choice((500, 1000, 2000, 10_000, 36_000))
        return [
            self.debit(one, name="", payee_account="", text=text, minor=minor, on=self.any_day())
        ]

    def stranger(self, one: Expectation) -> list[Debit]:
        text = self.text(
            self.chance.choice(("货款", "工资", "往来款", "代扣社保", "代扣税款", "报销"))
        )
        minor = self.chance.randrange(1_00, 900_000_00)
        name, account = self.chance.choice(self.strangers)
        return [
            self.debit(
                one,
                name=name,
                payee_account=account,
                text=text,
                minor=minor,
                on=self.any_day(),
            )
        ]


_FORBIDDEN = [
    "same_number",
    "changed_number",
    "changed_amount",
    "our_other_account",
    "their_other_account",
    "number_alone",
    "customer_alone",
    "no_word",
    "nameless",
    "short_name",
    "branch_name",
    "typing",
    "misspelt",
    "split",
]
_HONEST = ("paid_by_us", "like_named", "sibling", "same_sum", "bank_fee", "stranger")


def labelled(agreements: int, each: int, noise: int, seed: int = 20261123) -> Labelled:
    """Ended and suspended agreements, and debits: `each` of every trap, and `noise` strangers besides."""
    maker = _Maker(seed)
    ended = [maker.agreement(Standing.ENDED) for _ in range(agreements)]
    others = [
        *_twins(maker, ended),
        *(maker.agreement(Standing.ENDING) for _ in range(agreements // 10)),
    ]
    cases = list(_cases(maker, ended, others, each))
    rested = [maker.suspended(place) for place in range(max(2, agreements // 4))]
    others += _twins(maker, rested[::4])
    cases += _rest_cases(maker, rested, each)
    for _ in range(noise):
        one = maker.chance.choice([*ended, *rested])
        cases += [Case(debit, None, "noise") for debit in maker.stranger(one)]
    maker.chance.shuffle(cases)
    return Labelled((*ended, *rested, *others), tuple(cases), tuple(maker.payments))


def _twins(maker: _Maker, ended: list[Expectation]) -> list[Expectation]:
    """Of some payees another agreement goes on: other number, customer and amount."""
    return [
        maker.agreement(Standing.ACTIVE, (one.payee_name, one.payee_account))
        for one in ended[:: max(1, len(ended) // 50)]
    ]


def _cases(
    maker: _Maker, ended: list[Expectation], others: list[Expectation], each: int
) -> Iterator[Case]:
    for trap in _FORBIDDEN:
        for _ in range(each):
            one = maker.chance.choice(ended)
            yield from (Case(debit, one.key, trap) for debit in getattr(maker, trap)(one))
    for trap in _HONEST:
        for _ in range(each):
            one = maker.chance.choice(ended)
            yield from (Case(debit, None, trap) for debit in getattr(maker, trap)(one))
    for _ in range(each):
        going_on = maker.chance.choice(others)
        yield from (Case(debit, None, "other_agreement") for debit in maker.same_number(going_on))
        one = maker.chance.choice(ended)
        before = _START - timedelta(days=maker.chance.randrange(1, 60))
        yield Case(maker.debit(one, on=before), None, "before_the_end")


def _rest_cases(maker: _Maker, rested: list[Expectation], each: int) -> Iterator[Case]:
    """The same of agreements that were suspended, and their debits before and afterwards."""
    # Of two debits alike, one of them ours, nobody could tell which: these have agreements apart.
    apart = len(rested) // 4
    for trap in (*_FORBIDDEN, *_HONEST):
        some = rested[:apart] if trap == "paid_by_us" else rested[apart:]
        for _ in range(each):
            one = maker.chance.choice(some)
            breaks = one.key if trap in _FORBIDDEN else None
            for debit in getattr(maker, trap)(one):
                yield Case(debit, breaks, f"suspended_{trap}")
    over = [one for one in rested if one.rests[0].until is not None]
    for _ in range(each):
        days = timedelta(days=maker.chance.randrange(60))
        before = maker.debit(maker.chance.choice(rested), on=_START - timedelta(days=1) - days)
        yield Case(before, None, "before_the_suspension")
        again = maker.debit(maker.chance.choice(over), on=_START + timedelta(days=300) + days)
        yield Case(again, None, "after_the_suspension")
