"""应急预案 on paper: what to do at each step, who answers for it, and when it is reviewed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.documents.blocks import Block, Document, Table
from app.documents.fonts import FontBook
from app.documents.forms import head, pair, signatures, time_text, wide
from app.documents.writing import PdfResult, write_pdf

TITLE: Final = "停止付款应急预案"


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """One edition. steps: name of each step, and what to do in it."""

    company: str
    drill: bool
    number: str
    edition: int
    title: str
    cause: str
    owner: str
    review_on: date
    steps: Sequence[tuple[str, Sequence[str]]]
    message: str
    reason: str
    made_by: str
    made_at: datetime
    printed_at: datetime
    printed_by: str


def response_plan(paper: PlanPaper, book: FontBook | None = None) -> PdfResult:
    """The plan as A4. Raises MissingGlyph."""
    return write_pdf(response_plan_document(paper), book)


def response_plan_document(paper: PlanPaper) -> Document:
    """The plan before it is set."""
    return Document(
        title=f"{TITLE} {paper.number}",
        company=paper.company,
        blocks=tuple(_blocks(paper)),
        footer=f"{TITLE} {paper.number}  打印：{paper.printed_by} {time_text(paper.printed_at)}",
        watermark="演练" if paper.drill else "",
        keywords=(paper.number,),
    )


def _blocks(paper: PlanPaper) -> Iterator[Block]:
    yield from head(
        paper.company,
        TITLE,
        f"编号：{paper.number}",
        f"第 {paper.edition} 版",
        drill=paper.drill,
    )
    rows = [
        wide("名称", paper.title),
        pair(("适用原因", paper.cause), ("责任人", paper.owner)),
        pair(("下次复审", paper.review_on.isoformat()), ("制定", paper.made_by)),
        wide("制定原因", paper.reason),
    ]
    for name, todo in paper.steps:
        said = "\n".join(f"{place}. {one}" for place, one in enumerate(todo, start=1))
        rows.append(wide(name, said or "—"))
    rows.append(wide("通报用语", paper.message or "—"))
    yield Table((26, 50, 26, 50), tuple(rows), after=6)
    yield signatures(("制定", "复核", "批准"))
