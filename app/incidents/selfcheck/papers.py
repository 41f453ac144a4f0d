"""Runs turned into papers: the 自诊断报告."""

from datetime import datetime
from itertools import groupby
from typing import Final

from app.access.founding import CompanyCard, company_of
from app.access.guard import Actor, reading
from app.access.rights import Right
from app.documents.selfcheck_report import (
    ReportGroup,
    ReportRow,
    SelfcheckReport,
    selfcheck_report_pdf,
)
from app.documents.writing import PdfResult
from app.incidents.selfcheck.checks import GROUP_LABELS, STATE_LABELS, Check, State
from app.incidents.selfcheck.keeping import RunLine, find_selfcheck
from app.storage.work import Database

UNNUMBERED: Final = "（未存档）"


def selfcheck_sheet(db: Database, actor: Actor, number: str) -> PdfResult:
    """The report on a kept run, as PDF. Raises NotFound, Denied, MissingGlyph, FontNotUsable."""
    with reading(db, actor, Right.SELFCHECK_RUN) as work:
        line, card, now = find_selfcheck(work, number), company_of(work), work.now
    return sheet_of(line, card, actor.name, now.astimezone(db.tz))


def sheet_of(line: RunLine, card: CompanyCard | None, by: str, now: datetime) -> PdfResult:
    """The report on any run, kept or not, founded company or none."""
    return selfcheck_report_pdf(report_of(line, card, by, now))


def report_of(line: RunLine, card: CompanyCard | None, by: str, now: datetime) -> SelfcheckReport:
    """What stands on it."""
    grouped = groupby(line.checks, key=lambda one: one.group)
    components = next((one.detail for one in line.checks if one.name == "program"), "")
    return SelfcheckReport(
        company=card.name if card else "",
        dataset=card.dataset if card else "",
        drill=card.drill if card else False,
        number=line.number or UNNUMBERED,
        made_at=line.made_at,
        made_by=line.made_by,
        machine=line.machine,
        kind=kind_label(line.thorough),
        components=components or line.program_version,
        verdict=verdict_of(line),
        broken=not line.ok,
        groups=tuple(
            ReportGroup(GROUP_LABELS[group], tuple(_row(one) for one in checks))
            for group, checks in grouped
        ),
        printed_at=now,
        printed_by=by,
    )


def kind_label(thorough: bool) -> str:
    return "全面检查" if thorough else "快速检查"


def verdict_of(line: RunLine) -> str:
    """How a run ended, in one sentence."""
    counts = [f"{STATE_LABELS[one]} {line.count(one)} 项" for one in State if line.count(one)]
    said = f"共检查 {len(line.checks)} 项：{'，'.join(counts)}。"
    names = "、".join(one.title for one in line.broken)
    return f"{said}异常：{names}。" if names else said


def as_text(line: RunLine) -> str:
    """A run as lines of text, to be sent to whoever helps."""
    head = f"自诊断 {line.number or UNNUMBERED}　{kind_label(line.thorough)}　{verdict_of(line)}"
    said = [head, f"电脑 {line.machine}　程序 {line.program_version}　{line.made_by}"]
    for group, checks in groupby(line.checks, key=lambda one: one.group):
        said.append(f"【{GROUP_LABELS[group]}】")
        said.extend(line_of(one) for one in checks)
    return "\n".join(said)


def line_of(check: Check) -> str:
    """One check as a line: the word first, and where something is to be done, what."""
    todo = f"  → {check.cure}" if check.cure else ""
    return f"{STATE_LABELS[check.state]}  {check.title}：{check.detail}{todo}"


def _row(one: Check) -> ReportRow:
    alarm = one.state is State.BAD
    return ReportRow(one.title, STATE_LABELS[one.state], alarm, one.meaning, one.detail, one.cure)
