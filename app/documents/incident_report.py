"""停止付款事件处理报告 on paper, in eight parts (domain.md §3.5): values in, pages out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.documents.blocks import Block, Document, Paragraph, Row, Table
from app.documents.fonts import FontBook
from app.documents.forms import (
    AMOUNT,
    CENTERED,
    SECTION,
    VALUE,
    head,
    headings,
    pair,
    signatures,
    value,
    wide,
)
from app.documents.writing import PdfResult, write_pdf

TITLE: Final = "停止付款事件处理报告"
_FINE: Final = VALUE.but(size=8.5, leading=11)
_FINE_AMOUNT: Final = AMOUNT.but(size=8.5, leading=11)
_FINE_CENTRED: Final = CENTERED.but(size=8.5, leading=11)
_PART: Final = SECTION.but(size=11, leading=16)
_NOTHING: Final = "（无）"


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of texts. right: the columns that stand at the right edge."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    rows: Sequence[tuple[str, ...]]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class IncidentPaper:
    """Everything that the report says; every value is ready to be read."""

    company: str
    drill: bool
    number: str
    edition: int
    prepared_by: str
    prepared_at: str
    facts: tuple[tuple[str, str], ...]
    title: str
    happenings: Listing
    cause: str
    cause_why: str
    direct_cause: str
    root_cause: str
    findings: Listing
    checks: Listing
    talks: Listing
    measures_taken: Listing
    conclusion: str
    times: tuple[str, ...]
    payments: Listing
    impact: str
    fee: str
    lessons: str
    measures: Listing
    evidence: Listing
    watermark: str = ""
    keywords: tuple[str, ...] = field(default=())


def incident_report(paper: IncidentPaper, book: FontBook | None = None) -> PdfResult:
    """The report as A4 pages. Raises MissingGlyph."""
    return write_pdf(
        Document(
            title=f"{TITLE} {paper.number}",
            company=paper.company,
            blocks=tuple(_blocks(paper)),
            footer=f"{paper.number}  第 {paper.edition} 版  {paper.prepared_at}",
            watermark="演练" if paper.drill else paper.watermark,
            keywords=paper.keywords or (paper.number,),
        ),
        book,
    )


def _blocks(paper: IncidentPaper) -> Iterator[Block]:
    left, right = f"编号：{paper.number}", f"第 {paper.edition} 版"
    yield from head(paper.company, TITLE, left, right, drill=paper.drill)
    yield _part("一、基本情况")
    yield _facts(paper)
    yield _part("二、经过")
    yield from _listed(paper.happenings)
    yield _part("三、原因")
    causes = (
        ("定因", paper.cause),
        ("依据", paper.cause_why),
        ("直接原因", paper.direct_cause),
        ("根本原因", paper.root_cause),
    )
    yield Table((22, 144), tuple(wide(name, said, 1) for name, said in causes), after=3)
    yield Paragraph("排查项：", VALUE, keep_next=True)
    yield from _listed(paper.findings)
    yield _part("四、账户与软件检查结果")
    yield from _listed(paper.checks)
    yield _part("五、与供应商、银行的沟通")
    yield from _listed(paper.talks)
    yield _part("六、措施与结果")
    yield from _listed(paper.measures_taken)
    times = (("处理结论", paper.conclusion), ("时限", "；".join(paper.times)))
    yield Table((22, 144), tuple(wide(name, said, 1) for name, said in times), before=3)
    yield _part("七、影响与损失")
    losses = (("影响", paper.impact), ("逾期金额与费用", paper.fee))
    yield Table((28, 138), tuple(wide(name, said, 1) for name, said in losses), after=3)
    yield from _listed(paper.payments)
    yield _part("八、复盘改进")
    yield Table((22, 144), (wide("教训", paper.lessons, 1),), after=3)
    yield from _listed(paper.measures)
    yield _part("附件目录")
    yield from _listed(paper.evidence)
    yield Paragraph(
        f"编制：{paper.prepared_by}　{paper.prepared_at}。复核与批准另存于操作日志和证据包索引。",
        _FINE,
        before=4,
    )
    yield signatures(("编制", "审核", "批准"))


def _part(text: str) -> Paragraph:
    return Paragraph(text, _PART, before=8, after=2, keep_next=True)


def _facts(paper: IncidentPaper) -> Table:
    pairs = list(paper.facts)
    if len(pairs) % 2:
        pairs.append(("", ""))
    rows = [wide("事件", paper.title)]
    rows += [pair(left, right) for left, right in zip(pairs[::2], pairs[1::2], strict=True)]
    return Table((24, 59, 24, 59), tuple(rows))


def _listed(listing: Listing) -> Iterator[Block]:
    if not listing.rows:
        yield Paragraph(_NOTHING, VALUE)
        return
    rows = [headings(listing.names), *_rows(listing)]
    yield Table(listing.weights, tuple(rows), heading=1, padding=3)


def _rows(listing: Listing) -> Iterable[Row]:
    for one in listing.rows:
        yield Row(
            tuple(
                value(text, 1, _FINE_AMOUNT if place in listing.right else _FINE)
                for place, text in enumerate(one)
            )
        )
