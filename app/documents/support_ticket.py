"""技术支持工单 on paper: what the vendor has to know to find the fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.documents.blocks import Block, Document, Table
from app.documents.fonts import FontBook
from app.documents.forms import head, signatures, time_text, wide
from app.documents.writing import PdfResult, write_pdf

TITLE: Final = "技术支持工单"


@dataclass(frozen=True, slots=True)
class SupportTicketPaper:
    """lines: label and value of each field. sent: who gave it to the vendor, and when."""

    company: str
    drill: bool
    number: str
    state: str
    lines: tuple[tuple[str, str], ...]
    vendor: str
    vendor_number: str
    sent: str
    printed_at: datetime
    printed_by: str


def support_ticket(paper: SupportTicketPaper, book: FontBook | None = None) -> PdfResult:
    """The ticket as A4. Raises MissingGlyph."""
    return write_pdf(support_ticket_document(paper), book)


def support_ticket_document(paper: SupportTicketPaper) -> Document:
    """The ticket before it is set."""
    return Document(
        title=f"{TITLE} {paper.number}",
        company=paper.company,
        blocks=tuple(_blocks(paper)),
        footer=f"{TITLE} {paper.number}  打印：{paper.printed_by} {time_text(paper.printed_at)}",
        watermark="演练" if paper.drill else "",
        keywords=(paper.number,),
    )


def _blocks(paper: SupportTicketPaper) -> Iterator[Block]:
    yield from head(
        paper.company, TITLE, f"编号：{paper.number}", f"状态：{paper.state}", drill=paper.drill
    )
    rows = [wide(name, value) for name, value in paper.lines]
    if paper.vendor:
        theirs = f"（供应商工单号 {paper.vendor_number}）" if paper.vendor_number else ""
        rows.append(wide("提交", f"{paper.vendor}{theirs}　{paper.sent}"))
    yield Table((26, 50, 26, 50), tuple(rows), after=6)
    yield signatures(("联系人", "供应商工程师"))
