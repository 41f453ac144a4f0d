"""自诊断报告 on paper: every check with its result, what it means and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.documents.blocks import GREY, RED, Block, Cell, Document, Row, Style, Table
from app.documents.fonts import Face, FontBook
from app.documents.forms import (
    CENTERED,
    LABEL,
    VALUE,
    head,
    headings,
    pair,
    section,
    signatures,
    time_text,
    value,
    wide,
)
from app.documents.writing import PdfResult, write_pdf

TITLE: Final = "自诊断报告"
_NAMES: Final = ("序号", "检查项目", "结果", "检查什么", "检查结果说明", "处理办法")
_WEIGHTS: Final = (10, 38, 15, 68, 78, 68)
_FINE: Final = VALUE.but(size=8.5, leading=11)
_FINE_CENTERED: Final = CENTERED.but(size=8.5, leading=11)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One check. alarm: it is to be seen at a glance."""

    title: str
    result: str
    alarm: bool
    meaning: str
    detail: str
    cure: str


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """Checks of one kind."""

    title: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class SelfcheckReport:
    """A run of the self-diagnosis. components: versions; verdict: how it ended, in a sentence."""

    company: str
    dataset: str
    drill: bool
    number: str
    made_at: datetime
    made_by: str
    machine: str
    kind: str
    components: str
    verdict: str
    broken: bool
    groups: tuple[ReportGroup, ...]
    printed_at: datetime
    printed_by: str


def selfcheck_report_pdf(report: SelfcheckReport, book: FontBook | None = None) -> PdfResult:
    """The report as A4 landscape. Raises MissingGlyph."""
    return write_pdf(selfcheck_report_document(report), book)


def selfcheck_report_document(report: SelfcheckReport) -> Document:
    """The report before it is set."""
    return Document(
        title=f"{TITLE} {report.number}",
        company=report.company,
        blocks=tuple(_blocks(report)),
        footer=f"{TITLE} {report.number}  打印：{report.printed_by} {time_text(report.printed_at)}",
        watermark="演练" if report.drill else "",
        landscape=True,
        margins=(16, 10, 16, 10),
        keywords=(report.number,),
    )


def _blocks(report: SelfcheckReport) -> Iterator[Block]:
    yield from head(
        report.company, TITLE, f"编号：{report.number}", report.kind, drill=report.drill
    )
    alarm = VALUE.but(face=Face.HEAD, **({"color": RED} if report.broken else {}))
    yield Table(
        (24, 114, 24, 115),
        (
            pair(("检查时间", time_text(report.made_at)), ("检查人", report.made_by)),
            pair(("电脑", report.machine), ("账套", report.dataset)),
            wide("程序与组件", report.components),
            Row((Cell("结论", LABEL, 1, GREY), value(report.verdict, 3, alarm))),
        ),
        after=6,
    )
    number = 0
    rows = [headings(_NAMES)]
    for group in report.groups:
        rows.append(section(f"{group.title}（{len(group.rows)} 项）", len(_NAMES)))
        for row in group.rows:
            number += 1
            rows.append(_row(number, row))
    yield Table(_WEIGHTS, tuple(rows), heading=1, padding=3)
    yield signatures(("检查人", "技术支持", "财务主管"))


def _row(number: int, row: ReportRow) -> Row:
    plain, result = _FINE, _FINE_CENTERED
    if row.alarm:
        plain, result = _alarmed(plain), _alarmed(result)
    return Row(
        (
            value(str(number), 1, _FINE_CENTERED),
            value(row.title, 1, plain),
            value(row.result, 1, result),
            value(row.meaning, 1, _FINE),
            value(row.detail, 1, plain),
            value(row.cure, 1, plain),
        )
    )


def _alarmed(style: Style) -> Style:
    return style.but(face=Face.HEAD, color=RED)
