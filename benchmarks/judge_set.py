"""A company's year at its banks with the truth of it, to judge the matcher by.

Built without looking at the matcher's rules: from what banks write (domain.md §2, §6 and real
statements), what goes wrong with payments, and the calendar. Every figure comes from the seed;
the evidence that is taken away changes nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from random import Random
from typing import Final

from app.reconciliation.items import BankItem, OurItem, OurKind
from benchmarks import judge_writing as writing
from benchmarks.judge_plan import (
    ACCOUNTS,
    OWN_NAME,
    OWN_NUMBERS,
    WORKDAYS,
    YEAR,
    Intent,
    Leaving,
    Party,
    Planner,
    Sort,
)


class Case(StrEnum):
    """What became of a payment."""

    PLAIN = "plain"
    DEBIT = "debit by agreement"
    RECEIPT = "customer's money"
    TRANSFER = "own transfer"
    TWICE = "executed twice"
    SPLIT = "split 1:n"
    COMBINED = "combined n:1"
    LUMP = "batch as one line"
    LUMP_SHORT = "batch without some"
    CROSSED = "n:m"
    FEE = "fee inside"
    RETURNED = "returned"
    REPAID = "paid again"
    REVERSED = "reversed and redone"
    REFUNDED = "refunded later"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is left standing on the bank's lines."""

    references: bool = True
    texts: bool = True
    accounts: bool = True
    names: bool = True


@dataclass(frozen=True, slots=True)
class Truth:
    """Our items and the lines that they are; any one of `accept` is right."""

    case: Case
    ours: frozenset[str]
    accept: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """pairs: lines that settle each other without an item of ours. party: line → who it was.

    telling: the lines that show one of our numbers whole.
    """

    lines: list[BankItem]
    ours: list[OurItem]
    truths: list[Truth]
    pairs: set[frozenset[int]]
    party: dict[int, int]
    telling: set[int]


@dataclass(frozen=True, slots=True)
class _Raw:
    """A line before evidence is taken away; in text, @ is where `told` would stand."""

    account: int
    on: date
    minor: int
    name: str
    payee_account: str
    text: str
    told: str
    cut: int
    field: str
    ours_in_field: bool
    party: int


_RETURN_TEXTS: Final = (
    "退汇 账号户名不符 @",
    "汇款退回@",
    "退票 户名错 @",
    "来账退汇 @",
    "账号不存在 退回@",
    "退汇",
)
_REVERSAL_TEXTS: Final = ("冲正@", "抹账 @", "系统冲账@", "错账冲正 @")
_CHANNELS: Final = {
    1: ("网银支付", "企业银行转账", "银企直联"),
    2: ("转账", "跨行汇款", "汇划发报"),
    3: ("电子汇出", "网络转账", "对公转账"),
    4: ("OUTWARD REMITTANCE", "国际汇款", "TT"),
}
# By account: whole accounts of the other party, names cut at 20 bytes.
_WHOLE: Final = {1: 0.9, 2: 0.65, 3: 0.75, 4: 0.8}
_CUT: Final = {1: 0.0, 2: 0.5, 3: 0.1, 4: 0.0}
# Where one of our numbers stands, by account: in the field, in the text, cut, known serial, none.
_PLACES: Final = {
    1: (0.66, 0.12, 0.02, 0.0, 0.20),
    2: (0.0, 0.62, 0.14, 0.0, 0.24),
    3: (0.0, 0.22, 0.03, 0.47, 0.28),
    4: (0.50, 0.20, 0.0, 0.0, 0.30),
}
_END: Final = date(YEAR, 12, 31)


def make(count: int, seed: int, evidence: Evidence | None = None) -> Judged:
    """The year of a company that pays so often, as its banks tell it."""
    world = _World(count, seed)
    kept = evidence or Evidence()
    lines = [_written(key, raw, kept) for key, raw in enumerate(world.raws, 1)]
    party = {key: raw.party for key, raw in enumerate(world.raws, 1)}
    telling = {
        line.key
        for line, raw in zip(lines, world.raws, strict=True)
        if (raw.ours_in_field and line.reference) or (raw.told and raw.told in line.text)
    }
    # A statement is in the order of its days, not of our payments.
    lines.sort(key=lambda line: (line.account, line.on, hash((line.minor, line.key))))
    return Judged(lines, world.ours, world.truths, world.pairs, party, telling)


def _written(key: int, raw: _Raw, kept: Evidence) -> BankItem:
    text = raw.text.replace("@", raw.told if kept.references else "").strip()
    if raw.cut:
        text = text[: raw.cut]
    return BankItem(
        key,
        raw.account,
        raw.on,
        raw.minor,
        raw.name if kept.names else "",
        raw.payee_account if kept.accounts else "",
        text if kept.texts else "",
        raw.field if kept.references or not raw.ours_in_field else "",
    )


class _World:
    """Everything that happened, before anything of it is taken away."""

    def __init__(self, count: int, seed: int) -> None:
        self._rng = Random(seed)
        self.raws: list[_Raw] = []
        self.ours: list[OurItem] = []
        self.truths: list[Truth] = []
        self.pairs: set[frozenset[int]] = set()
        self._seen = 0
        self._last = date(YEAR, 1, 1)
        intents = Planner(count, self._rng).intents()
        singles = [one for one in intents if one.leaving is Leaving.SINGLE]
        together = [one for one in intents if one.leaving is not Leaving.SINGLE]
        together.sort(key=lambda one: one.group)
        groups = [list(group) for _, group in groupby(together, key=lambda one: one.group)]
        work: list[list[Intent]] = [[one] for one in singles] + groups
        work.sort(key=lambda group: group[0].on)
        for group in work:
            self._happen(group)
        self._strangers(singles)

    # What we write.

    def _book(self, intent: Intent, batch: str = "") -> OurItem:
        """The item of a payment, with its numbers."""
        rng = self._rng
        self._seen = self._seen + 1 if intent.on == self._last else 1
        self._last = intent.on
        number = f"FK-{intent.on:%Y%m%d}-{self._seen:04d}"
        client = f"TF{intent.on:%y%m%d}{self._seen:06d}"
        numbers: tuple[str, ...] = (number, client, self._serial(intent.party.own))
        if rng.random() < 0.3:
            numbers = (number, numbers[2])
        kind, sign, account = OurKind.PAYMENT, -1, intent.party.account
        if intent.sort is Sort.DEBIT:
            kind, numbers = OurKind.DEBIT, (f"XY{intent.party.key:08d}",)
            number = f"{numbers[0]}/{intent.on}"
        if intent.sort is Sort.RECEIPT:
            kind, sign, numbers, account = OurKind.JOURNAL, 1, (f"记-{self._seen:04d}",), ""
            number = f"J{number}"
        item = OurItem(
            f"{number}/1",
            kind,
            intent.party.own,
            intent.on,
            sign * intent.minor,
            intent.party.name,
            account,
            numbers,
            batch,
        )
        self.ours.append(item)
        return item

    def _again(self, item: OurItem, on: date) -> OurItem:
        """The next attempt at a payment: the same numbers but for the bank's own."""
        again = OurItem(
            f"{item.key[:-2]}/2",
            item.kind,
            item.account,
            on,
            item.minor,
            item.name,
            item.payee_account,
            (*item.numbers[:-1], self._serial(item.account)),
        )
        self.ours.append(again)
        return again

    def _serial(self, account: int) -> str:
        letter = "KHGB"[account - 1]
        return f"{letter}{self._rng.randrange(10**11, 10**12)}"

    # What the bank writes.

    def _line(
        self,
        item: OurItem,
        party: Party,
        on: date,
        minor: int | None = None,
        text: str = "",
    ) -> int:
        """A line of that item; its key, 0 when it comes after the last statement."""
        if on > _END:
            return 0
        rng, own = self._rng, item.account
        text = text or writing.text(rng, rng.choice(_CHANNELS[own]), party.purpose)
        told, cut, field, known = self._reference(item)
        self.raws.append(
            _Raw(
                own,
                on,
                item.minor if minor is None else minor,
                writing.written_name(rng, party.name, _CUT[own]),
                writing.written_account(rng, party.account, _WHOLE[own]),
                text,
                told,
                cut,
                field,
                known,
                party.key,
            )
        )
        return len(self.raws)

    def _reference(self, item: OurItem) -> tuple[str, int, str, bool]:
        """What of our numbers stands in the text, where it is cut, and the bank's field."""
        rng, own = self._rng, item.account
        serial = self._serial(own) if own != 2 else ""
        if item.kind is OurKind.JOURNAL:
            return "", 0, serial, False
        place = rng.choices(range(5), _PLACES[own])[0]
        number = rng.choice(item.numbers[:2]) if len(item.numbers) > 2 else item.numbers[0]
        if place == 0:
            return "", 0, number, True
        if place == 3:
            return "", 0, item.numbers[-1], True
        told = writing.written_number(rng, number) if place < 3 else ""
        return told, rng.randint(10, 18) if place == 2 else 0, serial, False

    def _other(
        self, on: date, account: int, minor: int, name: str, number: str, text: str, party: int = 0
    ) -> int:
        """A line that is nothing of ours."""
        if on > _END:
            return 0
        field = self._serial(account) if account != 2 else ""
        self.raws.append(_Raw(account, on, minor, name, number, text, "", 0, field, False, party))
        return len(self.raws)

    def _booked(self, on: date) -> date:
        """The day on which a bank books what we sent on that day."""
        roll = self._rng.random()
        if not WORKDAYS.is_workday(on):
            return on if roll < 0.5 else WORKDAYS.next_workday(on)
        if roll < 0.90:
            return on
        if roll < 0.97:
            return WORKDAYS.next_workday(on)
        if roll < 0.985:
            return WORKDAYS.add(on, 2)
        if roll < 0.995:
            return WORKDAYS.add(on, self._rng.randint(3, 4))
        return max(date(YEAR, 1, 1), on - timedelta(days=self._rng.randint(1, 2)))

    # What happens.

    def _happen(self, group: list[Intent]) -> None:
        first = group[0]
        if first.leaving is Leaving.LUMP:
            self._lump(group)
        elif len(group) > 1:
            self._together(group)
        elif first.sort is Sort.SALARY:
            item = self._book(first, f"B{first.group}")
            self._plain(item, first, Case.PLAIN)
        elif first.sort is Sort.RECEIPT:
            self._receipt(first)
        elif first.sort is Sort.DEBIT:
            self._plain(self._book(first), first, Case.DEBIT)
        elif first.sort is Sort.OWN:
            self._transfer(first)
        else:
            self._payment(first)

    def _truth(self, case: Case, ours: Iterable[OurItem], *accept: Iterable[int]) -> None:
        """Told unless a line lies outside the statements: then nothing can be found whole."""
        right = tuple(dict.fromkeys(frozenset(one) for one in accept))
        right = tuple(one for one in right if 0 not in one)
        if right:
            self.truths.append(Truth(case, frozenset(one.key for one in ours), right))

    def _plain(self, item: OurItem, intent: Intent, case: Case) -> None:
        line = self._line(item, intent.party, self._booked(item.on))
        self._truth(case, [item], [line])

    def _payment(self, intent: Intent) -> None:
        """One payment of which something may go wrong."""
        item, roll = self._book(intent), self._rng.random()
        steps = (
            (0.02, self._missing),
            (0.04, self._twice),
            (0.055, self._split),
            (0.060, self._fee_inside),
            (0.070, self._returned),
            (0.073, self._reversed),
            (0.076, self._retried),
            (0.078, self._refunded),
        )
        for limit, step in steps:
            if roll < limit:
                step(item, intent)
                return
        on = self._booked(item.on)
        self._truth(Case.PLAIN, [item], [self._line(item, intent.party, on)])
        if item.account in {2, 3} and self._rng.random() < 0.25:
            fee = _fee(item.minor)
            self._other(on, item.account, -fee, "", "", "对公跨行汇款手续费")

    def _missing(self, item: OurItem, intent: Intent) -> None:
        """Never executed."""

    def _twice(self, item: OurItem, intent: Intent) -> None:
        """The bank did it twice: whichever line is taken, the other is left."""
        rng, on = self._rng, self._booked(item.on)
        start = rng.getstate()
        first = self._line(item, intent.party, on)
        if rng.random() < 0.5:
            # The very same order: the bank writes the very same line.
            rng.setstate(start)
            second = self._line(item, intent.party, on)
        else:
            second = self._line(item, intent.party, WORKDAYS.add(on, rng.randint(1, 4)))
        self._truth(Case.TWICE, [item], [first], [second])

    def _split(self, item: OurItem, intent: Intent) -> None:
        rng, on, left, keys = self._rng, self._booked(item.on), -item.minor, []
        many = rng.randint(2, 3)
        for part in range(many, 0, -1):
            share = left if part == 1 else _part(rng, left, part)
            left -= share
            keys.append(self._line(item, intent.party, on, -share))
            if rng.random() < 0.2:
                on = WORKDAYS.add(on, 1)
        self._truth(Case.SPLIT, [item], keys)

    def _fee_inside(self, item: OurItem, intent: Intent) -> None:
        minor = item.minor - _fee(item.minor)
        line = self._line(item, intent.party, self._booked(item.on), minor)
        self._truth(Case.FEE, [item], [line])

    def _returned(self, item: OurItem, intent: Intent) -> None:
        rng = self._rng
        out = self._line(item, intent.party, self._booked(item.on))
        if not out:
            return
        back = self.raws[out - 1].on + timedelta(days=rng.choice((0, 0, 1, 1, 2, 3, 5)))
        credit = self._back(item, intent.party, back, rng.choice(_RETURN_TEXTS))
        self._truth(Case.RETURNED, [item], [out, credit] if credit else [out])
        if rng.random() < 0.6 and back < _END:
            again = self._again(item, WORKDAYS.add(back, rng.randint(1, 4)))
            line = self._line(again, intent.party, self._booked(again.on))
            self._truth(Case.REPAID, [again], [line])

    def _back(self, item: OurItem, party: Party, on: date, text: str) -> int:
        """Money that comes back; banks name anybody as the other party."""
        rng = self._rng
        key = self._line(item, party, on, -item.minor, text)
        roll = rng.random()
        if key and roll < 0.5:
            name, number = "", ""
            if roll < 0.15:
                name, number = OWN_NAME, OWN_NUMBERS[item.account]
            elif roll < 0.35:
                name = "待处理汇划款项"
            raw = self.raws[key - 1]
            self.raws[key - 1] = _Raw(
                raw.account,
                raw.on,
                raw.minor,
                name,
                number,
                raw.text,
                raw.told,
                raw.cut,
                raw.field,
                raw.ours_in_field,
                raw.party,
            )
        return key

    def _reversed(self, item: OurItem, intent: Intent) -> None:
        """Booked wrongly, reversed, and mostly booked again on the same day."""
        rng, on = self._rng, self._booked(item.on)
        out = self._line(item, intent.party, on)
        back = self._back(item, intent.party, on, rng.choice(_REVERSAL_TEXTS))
        if rng.random() < 0.3:
            self._truth(Case.RETURNED, [item], [out, back])
            return
        redone = self._line(item, intent.party, on)
        self._truth(Case.REVERSED, [item], [redone], [out], [out, back, redone])
        self.pairs |= {frozenset((out, back)), frozenset((redone, back))}

    def _retried(self, item: OurItem, intent: Intent) -> None:
        """Sent, never executed, and sent again."""
        again = self._again(item, WORKDAYS.add(item.on, self._rng.randint(1, 3)))
        self._plain(again, intent, Case.REPAID)

    def _refunded(self, item: OurItem, intent: Intent) -> None:
        """Executed; later the payee sends the money back by himself: no return of the bank's."""
        on = self._booked(item.on)
        self._truth(Case.REFUNDED, [item], [self._line(item, intent.party, on)])
        party = intent.party
        text = self._rng.choice(("退货款", "退款", "多付退回"))
        later = on + timedelta(days=self._rng.randint(2, 9))
        self._other(later, item.account, -item.minor, party.name, party.account, text, party.key)

    def _receipt(self, intent: Intent) -> None:
        """Customers' money, which our book tells with a delay or not at all."""
        rng, party = self._rng, intent.party
        if rng.random() < 0.3:
            self._other(
                intent.on, party.own, intent.minor, party.name, party.account, "货款", party.key
            )
            return
        item = self._book(intent)
        if rng.random() < 0.01:
            return
        on = max(date(YEAR, 1, 1), item.on - timedelta(days=rng.choice((0, 0, 0, 1, 1, 2, 3))))
        line = self._line(item, party, on, text=rng.choice(("货款", "转账 货款", "来账", "往来款")))
        self._truth(Case.RECEIPT, [item], [line])

    def _transfer(self, intent: Intent) -> None:
        rng = self._rng
        on, target = self._booked(intent.on), -intent.party.key
        source = intent.party.own
        if rng.random() < 0.2:
            # Moved at the bank's own page: no order of ours.
            numbers = OWN_NUMBERS[target], OWN_NUMBERS[source]
            out = self._other(on, source, -intent.minor, OWN_NAME, numbers[0], "内部转账")
            into = self._other(on, target, intent.minor, OWN_NAME, numbers[1], "内部转账")
            self.pairs.add(frozenset((out, into)))
            return
        item = self._book(intent)
        out = self._line(item, intent.party, on)
        number = OWN_NUMBERS[source]
        into = self._other(on, target, intent.minor, OWN_NAME, number, "资金调拨")
        self._truth(Case.TRANSFER, [item], [out], [out, into])

    def _together(self, group: list[Intent]) -> None:
        """Several payments of one payee, in one line or in lines that are cut otherwise."""
        rng, party = self._rng, group[0].party
        items = [self._book(one) for one in group]
        on, total = self._booked(group[0].on), sum(one.minor for one in items)
        if group[0].leaving is Leaving.COMBINED:
            self._truth(Case.COMBINED, items, [self._line(items[0], party, on, total)])
            return
        first = -_part(rng, -total, 2)
        keys = [self._line(items[0], party, on, part) for part in (first, total - first)]
        self._truth(Case.CROSSED, items, keys)

    def _lump(self, group: list[Intent]) -> None:
        """A batch that the bank books as one line, now and then without some of it."""
        rng, first = self._rng, group[0]
        batch = f"B{first.group}"
        items = [self._book(one, batch) for one in group]
        short = rng.sample(items, rng.randint(1, 2)) if rng.random() < 0.1 else []
        paid = [one for one in items if one not in short]
        on = self._booked(first.on)
        word = "代发工资" if first.sort is Sort.SALARY else "代发报销"
        text = f"{word} {first.on.month}月 共{len(paid)}笔"
        name = rng.choice(("", "代发业务专户", OWN_NAME, "待划转款项-代发"))
        total = sum(one.minor for one in paid)
        line = self._other(on, first.party.own, total, name, "", text)
        case = Case.LUMP_SHORT if short else Case.LUMP
        back = 0
        if rng.random() < 0.1:
            gone = rng.randrange(len(group))
            if items[gone] in paid:
                text = "代发失败退回 账号户名不符"
                later = on + timedelta(days=rng.randint(0, 2))
                name = rng.choice(("", group[gone].party.name))
                back = self._other(later, first.party.own, -items[gone].minor, name, "", text)
        self._truth(case, paid, [line], [line, back])

    def _strangers(self, singles: list[Intent]) -> None:
        """Lines that nobody ordered: fees, interest, taxes, debits, counter payments, customers."""
        rng = self._rng
        for own in ACCOUNTS:
            for month in (3, 6, 9, 12):
                minor = rng.randrange(100, 900000)
                self._other(date(YEAR, month, 21), own, minor, "", "", "结息")
        for _ in range(len(singles) // 50):
            intent, roll = rng.choice(singles), rng.random()
            on, own = self._booked(intent.on), rng.choice(ACCOUNTS)
            minor, party = intent.minor, intent.party
            if roll < 0.4:
                self._other(on, own, -rng.choice((100, 500, 1000, 2000)), "", "", "网银服务费")
            elif roll < 0.6:
                self._other(on, own, -rng.randrange(5000, 90000), "", "", "代扣通讯费 中国电信")
            elif roll < 0.7:
                self._other(on, own, -rng.randrange(10**4, 10**7), "国家金库", "", "电子缴税")
            elif roll < 0.9:
                minor = rng.choice((minor, rng.randrange(10**4, 10**7)))
                self._other(on, own, minor, writing.company(rng), "", "货款", -10)
            elif intent.sort is not Sort.OWN:
                # Somebody paid at the counter: a payee of ours, an amount of its own.
                minor = rng.randrange(10**4, 10**7)
                account = writing.written_account(rng, party.account, 0.8)
                self._other(on, party.own, -minor, party.name, account, "柜面转账", party.key)


def _fee(minor: int) -> int:
    """What a bank takes for a payment to another bank, in minor units."""
    yuan = abs(minor) / 100
    for limit, fee in ((10_000, 5), (100_000, 10), (500_000, 15), (1_000_000, 20)):
        if yuan <= limit:
            return fee * 100
    return min(20_000, round(abs(minor) * 0.00002))


def _part(rng: Random, minor: int, parts: int) -> int:
    """About a share of an amount, round when it is large enough."""
    share = max(1, int(minor / parts * rng.uniform(0.6, 1.3)))
    return share // 10000 * 10000 if share > 20000 and rng.random() < 0.6 else share


def near(items: Iterable[OurItem]) -> Iterator[OurItem]:
    """Those with another item of the same account and amount within a week."""
    by: dict[tuple[int, int], list[OurItem]] = {}
    for item in items:
        by.setdefault((item.account, item.minor), []).append(item)
    for block in by.values():
        block.sort(key=lambda one: one.on)
        for place, item in enumerate(block):
            beside = block[max(0, place - 1) : place] + block[place + 1 : place + 2]
            if any(abs((item.on - one.on).days) <= 7 for one in beside):
                yield item
