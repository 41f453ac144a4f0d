"""How results of the self-diagnosis look: state, columns, the chosen check, earlier runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.core.clock import local_text
from app.incidents.selfcheck import Check, RunLine, State
from app.incidents.selfcheck.checks import GROUP_LABELS, STATE_LABELS, Group
from app.incidents.selfcheck.papers import kind_label
from ui.incidents.looks import tr
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.key_values import KeyValue
from ui.widgets.status_tabs import StatusTab

ALL: Final = "ALL"
TODO: Final = "TODO"
STATE_LOOKS: Final[dict[State, tuple[str, Tone]]] = {
    State.BAD: ("error-warning-line", Tone.STOP),
    State.HINT: ("information-line", Tone.WARN),
    State.GOOD: ("checkbox-circle-line", Tone.OK),
    State.NONE: ("indeterminate-circle-line", Tone.MUTED),
}
_WANTING: Final = frozenset({State.BAD, State.HINT})


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run, and how many more faults it found than the one before; None for the first one."""

    line: RunLine
    more: int | None


def trend(lines: Sequence[RunLine]) -> list[RunRow]:
    """The runs, the newest first, each against the one before it."""
    bad = [line.count(State.BAD) for line in lines]
    more: list[int | None] = [newer - older for newer, older in pairwise(bad)]
    return [RunRow(line, change) for line, change in zip(lines, [*more, None], strict=False)]


def look_of_check(row: object) -> tuple[str, Tone] | None:
    """Icon and tone of a check's state; None for any other row."""
    return STATE_LOOKS[row.state] if isinstance(row, Check) else None


def look_of_run(row: object) -> tuple[str, Tone] | None:
    """Icon and tone of how a run ended."""
    return STATE_LOOKS[worst(row.line.checks)] if isinstance(row, RunRow) else None


def worst(checks: Sequence[Check]) -> State:
    """BAD where anything is wrong, else HINT where something is worth doing, else GOOD."""
    found = {one.state for one in checks}
    return next((one for one in (State.BAD, State.HINT) if one in found), State.GOOD)


def in_order(checks: Sequence[Check]) -> list[Check]:
    """What wants somebody first; within that, as it was looked at."""
    return sorted(checks, key=lambda one: list(State).index(one.state))


def under(tab: str, check: Check) -> bool:
    """Whether a check stands under that tab."""
    return tab == ALL or (check.state in _WANTING if tab == TODO else check.group == tab)


def tabs_of(checks: Sequence[Check]) -> list[StatusTab]:
    """All, what wants somebody, and a tab for each group."""
    unit = tr("%1 项")
    wanting = [one for one in checks if one.state in _WANTING]
    tabs = [
        StatusTab(ALL, tr("全部"), len(checks), unit=unit),
        StatusTab(TODO, tr("需处理"), len(wanting), tone=_tone(wanting), unit=unit),
    ]
    for group in Group:
        own = [one for one in checks if one.group is group]
        tabs.append(
            StatusTab(group, GROUP_LABELS[group], len(own), _sum(own), tone=_tone(own), unit=unit)
        )
    return tabs


def _tone(checks: Sequence[Check]) -> Tone:
    return STATE_LOOKS[worst(checks)][1] if checks else Tone.NORMAL


def _sum(checks: Sequence[Check]) -> str:
    """What of a group wants somebody, in words."""
    counts = ((one, sum(check.state is one for check in checks)) for one in (State.BAD, State.HINT))
    return " ".join(f"{STATE_LABELS[one]} {count}" for one, count in counts if count)


def check_columns() -> tuple[Column[Check], ...]:
    return (
        Column(
            "state",
            tr("结果"),
            lambda r: STATE_LABELS[r.state],
            tone=lambda r: STATE_LOOKS[r.state][1],
            sort_value=lambda r: list(State).index(r.state),
            chars=9,
        ),
        Column("title", tr("检查项目"), lambda r: r.title, sort_value=lambda r: r.title, chars=25),
        Column(
            "group",
            tr("分组"),
            lambda r: GROUP_LABELS[r.group],
            sort_value=lambda r: list(Group).index(r.group),
            chars=11,
        ),
        Column("detail", tr("说明"), lambda r: r.detail, chars=46),
    )


def run_columns() -> tuple[Column[RunRow], ...]:
    return (
        Column(
            "result",
            tr("结果"),
            lambda r: _result(r.line),
            tone=lambda r: STATE_LOOKS[worst(r.line.checks)][1],
            chars=10,
        ),
        Column("more", tr("比上次"), lambda r: _more(r.more), align=Align.RIGHT, chars=7),
        Column("at", tr("时间"), lambda r: local_text(r.line.made_at), chars=17),
        Column("kind", tr("方式"), lambda r: kind_label(r.line.thorough), chars=9),
        Column("number", tr("编号"), lambda r: r.line.number, chars=14),
        Column("by", tr("检查人"), lambda r: r.line.made_by, chars=9),
        Column("machine", tr("电脑"), lambda r: r.line.machine, chars=12),
    )


def _result(line: RunLine) -> str:
    count = line.count(State.BAD)
    return tr("异常 %1 项").replace("%1", str(count)) if count else tr("无异常")


def _more(more: int | None) -> str:
    if more is None:
        return "—"
    if not more:
        return tr("持平")
    text = tr("增加 %1") if more > 0 else tr("减少 %1")
    return text.replace("%1", str(abs(more)))


def check_facts(check: Check) -> list[KeyValue]:
    """Everything that is said of one check."""
    return [
        KeyValue(
            "state", tr("结果"), STATE_LABELS[check.state], STATE_LOOKS[check.state][1], bold=True
        ),
        KeyValue("title", tr("检查项目"), check.title, bold=True),
        KeyValue("meaning", tr("检查什么"), check.meaning),
        KeyValue("detail", tr("说明"), check.detail),
        KeyValue("cure", tr("处理办法"), check.cure or tr("不需要处理。"), bold=bool(check.cure)),
        KeyValue("seconds", tr("用时"), tr("%1 秒").replace("%1", f"{check.seconds:.2f}")),
    ]
