"""How right a matcher's answer is, held against the truth of the judges' set.

A match is right when exactly the true group is matched, lines and ours. Lines of one account, day,
amount and party may stand for each other when they show none of our numbers: nothing in the world
tells them apart. Nothing else may.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.reconciliation.items import BankItem, Match, OurItem, Sureness
from benchmarks.judge_set import Case, Judged


@dataclass(frozen=True, slots=True)
class Group:
    """What the matcher says belongs together; matches that share something are one."""

    lines: frozenset[int]
    ours: frozenset[str]
    kind: str
    sure: bool


@dataclass(slots=True)
class Tally:
    """How many were said, right, and at least partly right."""

    said: int = 0
    right: int = 0
    partly: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0


@dataclass(slots=True)
class Score:
    """wrong: of the sure ones, by why. found: case → (true, sure and right, right at all)."""

    sure: Tally = field(default_factory=Tally)
    all: Tally = field(default_factory=Tally)
    kinds: dict[str, tuple[Tally, Tally]] = field(
        default_factory=lambda: defaultdict(lambda: (Tally(), Tally()))
    )
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, Group]] = field(default_factory=list)
    found: dict[Case, tuple[int, int, int]] = field(default_factory=dict)
    payments: float = 0.0

    def recall(self, place: int) -> float:
        """Of sure matches (1) or of all (2)."""
        true = sum(row[0] for row in self.found.values())
        return sum(row[place] for row in self.found.values()) / true


def groups(matches: Iterable[Match]) -> list[Group]:
    """The matches, joined where they share a line or an item."""
    leader: dict[int | str, int | str] = {}

    def find(key: int | str) -> int | str:
        while leader.setdefault(key, key) != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    held = list(matches)
    for one in held:
        keys: tuple[int | str, ...] = (*one.lines, *one.ours)
        for key in keys[1:]:
            leader[find(key)] = find(keys[0])
    together: dict[int | str, list[Match]] = defaultdict(list)
    for one in held:
        together[find(one.lines[0])].append(one)
    return [
        Group(
            frozenset(key for one in group for key in one.lines),
            frozenset(key for one in group for key in one.ours),
            "+".join(sorted({str(one.kind) for one in group})),
            all(one.sureness is Sureness.SURE for one in group),
        )
        for group in together.values()
    ]


class Judge:
    """Knows the truth of one set and scores what is said of it."""

    def __init__(self, made: Judged) -> None:
        self._made = made
        self._lines = {line.key: line for line in made.lines}
        self._ours = {item.key: item for item in made.ours}
        first: dict[tuple[int, int, int, int], int] = {}
        self._same = {
            line.key: line.key
            if line.key in made.telling
            else first.setdefault(_look(line, made.party[line.key]), line.key)
            for line in made.lines
        }
        self._right = {
            (self._plain(lines), truth.ours): place
            for place, truth in enumerate(made.truths)
            for lines in truth.accept
        }
        self._pairs = {self._plain(pair) for pair in made.pairs if 0 not in pair}
        self._owner = {key: truth for truth in made.truths for key in truth.ours}
        self._holders: dict[int, set[int]] = defaultdict(set)
        for place, truth in enumerate(made.truths):
            for lines in truth.accept:
                for key in lines:
                    self._holders[key].add(place)

    def score(self, matches: Iterable[Match]) -> Score:
        result = Score()
        sure, seen = set(), set()
        for group in groups(matches):
            place = self._right.get((self._plain(group.lines), group.ours))
            right = place is not None if group.ours else self._plain(group.lines) in self._pairs
            if place is not None:
                truth = self._made.truths[place].ours
                seen.add(truth)
                if group.sure:
                    sure.add(truth)
            self._count(result, group, right)
        self._recall(result, sure, seen)
        return result

    def _count(self, result: Score, group: Group, right: bool) -> None:
        partly = not right and self._touches(group)
        kind = result.kinds[group.kind]
        tallies = [result.all, kind[1], *((result.sure, kind[0]) if group.sure else ())]
        for tally in tallies:
            tally.said += 1
            tally.right += right
            tally.partly += partly
        if group.sure and not right:
            why = self.why(group, partly)
            result.wrong[why] += 1
            result.examples.append((why, group))

    def _recall(self, result: Score, sure: set[frozenset[str]], seen: set[frozenset[str]]) -> None:
        rows: dict[Case, list[int]] = defaultdict(lambda: [0, 0, 0])
        held = whole = 0
        for truth in self._made.truths:
            row = rows[truth.case]
            row[0] += 1
            row[1] += truth.ours in sure
            row[2] += truth.ours in seen
            whole += len(truth.ours)
            held += len(truth.ours) * (truth.ours in sure)
        result.found = {case: (row[0], row[1], row[2]) for case, row in rows.items()}
        result.payments = held / max(1, whole)

    def why(self, group: Group, partly: bool) -> str:
        """In a word, what is wrong with it."""
        if partly:
            return "partly right"
        if not group.ours:
            return "lines that settle nothing"
        if not any(self._holders[key] for key in group.lines):
            return "line is no payment"
        if not any(key in self._owner for key in group.ours):
            return "payment never executed"
        parties = {self._made.party[key] for key in group.lines}
        names = {(self._ours[key].name, self._ours[key].payee_account) for key in group.ours}
        true = {
            (self._ours[key].name, self._ours[key].payee_account)
            for line in group.lines
            for place in self._holders[line]
            for key in self._made.truths[place].ours
        }
        return "equal one of the same party" if len(parties) == 1 and names == true else "stranger"

    def show(self, group: Group) -> Iterator[BankItem | OurItem]:
        """The rows of a group, and what its items and lines truly were."""
        yield from (self._lines[key] for key in sorted(group.lines))
        yield from (self._ours[key] for key in sorted(group.ours))

    def _touches(self, group: Group) -> bool:
        places = {place for key in group.lines for place in self._holders[key]}
        return any(self._made.truths[place].ours & group.ours for place in places)

    def _plain(self, lines: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(self._same[key] for key in lines))


def _look(line: BankItem, party: int) -> tuple[int, int, int, int]:
    return (line.account, line.on.toordinal(), line.minor, party)
