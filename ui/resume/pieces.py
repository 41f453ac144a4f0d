"""Pieces that the pages of resuming share: short tables, headings, texts."""

from collections.abc import Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.access.rights import ROLE_LABELS, Role
from app.core.clock import local_text
from app.payments.gate import Passage
from app.payments.holds import Release
from app.payments.records import ApprovalLine
from app.payments.states import STATUS_LABELS
from ui.resume.short_table import ShortTable
from ui.theme import Tone, set_tone
from ui.widgets.columns import Align, Column
from ui.widgets.timeline import Entry

Row = TypeVar("Row")


def tr(text: str) -> str:
    return QCoreApplication.translate("resume", text)


def heading(text: str, parent: QWidget) -> QLabel:
    """The title of a section."""
    label = QLabel(text, parent)
    label.setProperty("kind", "title")
    return label


def note(name: str, text: str, parent: QWidget, tone: Tone = Tone.NORMAL) -> QLabel:
    """A text that wraps and can be copied."""
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_tone(label, tone)
    return label


def section(title: str, body: QWidget, parent: QWidget) -> QWidget:
    """A heading with something below it."""
    box = QWidget(parent)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(heading(title, box))
    column.addWidget(body)
    return box


def short_table(
    name: str,
    title: str,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    parent: QWidget,
    stretch: Sequence[str] = (),
) -> ShortTable[Row]:
    """A table of a few rows in a page that scrolls; stretch: columns that share what is left."""
    numbered = {id(row): place for place, row in enumerate(rows)}
    table: ShortTable[Row] = ShortTable(
        name, title, columns, lambda row: numbered[id(row)], parent=parent
    )
    table.set_rows(rows)
    table.share(stretch)
    return table


def change_table(
    name: str, changes: Sequence[dict[str, Any]], parent: QWidget
) -> ShortTable[dict[str, Any]]:
    """变更前后对照."""
    columns: tuple[Column[dict[str, Any]], ...] = (
        Column("field", tr("项目"), lambda r: str(r["field"]), chars=12),
        Column("before", tr("变更前"), lambda r: str(r["before"]) or tr("（空）"), chars=34),
        Column(
            "after",
            tr("变更后"),
            lambda r: str(r["after"]) or tr("（空）"),
            tone=lambda _: Tone.ACCENT,
            chars=34,
        ),
    )
    return short_table(name, tr("变更前后对照"), columns, changes, parent, ("before", "after"))


def passage_table(name: str, passages: Sequence[Passage], parent: QWidget) -> ShortTable[Passage]:
    """付款测试: what does not pass stands first."""
    columns: tuple[Column[Passage], ...] = (
        Column("ok", tr("结果"), passage_text, tone=passage_tone, chars=12),
        Column("title", tr("检查项"), lambda r: r.title, chars=36),
        Column("detail", tr("说明"), passage_detail, chars=60),
    )
    ordered = sorted(passages, key=lambda one: (one.ok, not one.waived))
    return short_table(name, tr("付款测试"), columns, ordered, parent, ("detail",))


def passage_text(passage: Passage) -> str:
    if passage.waived:
        return tr("△ 豁免放行")
    return tr("✓ 通过") if passage.ok else tr("✕ 未通过")


def passage_tone(passage: Passage) -> Tone:
    if passage.waived:
        return Tone.WARN
    return Tone.OK if passage.ok else Tone.STOP


def passage_detail(passage: Passage) -> str:
    if not passage.waived:
        return passage.detail
    return tr("%1；豁免理由：%2").replace("%1", passage.detail).replace("%2", passage.waived)


def stored_passages(dry_run: dict[str, Any] | None) -> tuple[Passage, ...]:
    """The passages of a dry run as a form keeps it."""
    return tuple(Passage(**one) for one in (dry_run or {}).get("passages", ()))


def release_table(name: str, rows: Sequence[Release], parent: QWidget) -> ShortTable[Release]:
    """The payments that a lifting lets go."""
    columns: tuple[Column[Release], ...] = (
        Column("number", tr("指令号"), lambda r: r.number, chars=18),
        Column("payee", tr("收款方"), lambda r: r.payee, chars=28),
        Column("amount", tr("金额"), lambda r: r.amount.display(), align=Align.RIGHT, chars=14),
        Column("due", tr("计划付款日"), lambda r: r.due_on.isoformat(), chars=11),
        Column("status", tr("当前状态"), lambda r: STATUS_LABELS[r.status], chars=10),
        Column("still", tr("解除后"), _afterwards, tone=_afterwards_tone, chars=20),
    )
    return short_table(name, tr("将放行的付款"), columns, rows, parent, ("payee", "still"))


def _afterwards(row: Release) -> str:
    if row.still_held > 0:
        return tr("仍有 %1 项停付").replace("%1", str(row.still_held))
    return tr("将放行")


def _afterwards_tone(row: Release) -> Tone:
    return Tone.STOP if row.still_held > 0 else Tone.OK


def levels_text(levels: Sequence[Role]) -> str:
    """The levels in their order: "复核 → 财务主管"."""
    return " → ".join(ROLE_LABELS[level] for level in levels)


def approval_entries(approval: ApprovalLine) -> list[Entry]:
    """The steps of an approval, those that wait included."""
    entries = [
        Entry(
            local_text(approval.opened_at),
            approval.opened_by,
            tr("提交申请"),
            "",
            "send-plane-line",
        )
    ]
    for step in approval.steps:
        if not step.decided:
            entries.append(Entry("", step.level, tr("待审批"), "", "time-line", Tone.WARN))
            continue
        instead = f"（代{step.on_behalf_of}）" if step.on_behalf_of else ""
        approved = step.decision == tr("批准")
        entries.append(
            Entry(
                local_text(step.at),
                f"{step.level} {step.name}{instead}",
                step.decision,
                step.remark,
                "checkbox-circle-line" if approved else "reply-line",
                Tone.OK if approved else Tone.STOP,
            )
        )
    return entries
