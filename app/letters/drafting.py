"""A letter drafted in the wording in force: what every letter of ours says, and what one adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.access.founding import company_of
from app.documents.blocks import Document
from app.documents.forms import date_text
from app.documents.letter import Grid, LetterPaper, letter_document
from app.documents.letter_template import fill
from app.letters.issuing import Draft
from app.letters.kinds import KINDS, slip_of
from app.letters.setup import contact_of
from app.letters.states import LetterKind, Party
from app.letters.templates import current, sound_lines
from app.storage.work import ReadWork

# What stands in a preview where a number will be.
UNNUMBERED: Final = "（预览，尚未编号）"


@dataclass(frozen=True, slots=True)
class Content:
    """What one letter says. subject: the form that it belongs to; values: fields of its own."""

    kind: LetterKind
    party: Party
    addressee: str
    subject: str
    covers: tuple[str, ...]
    values: Mapping[str, str]
    grids: Mapping[str, Grid]


def draft_letter(work: ReadWork, content: Content) -> Draft:
    """The letter, ready to be numbered. Raises SetupMissing, BadTemplate, NotFound."""
    kind = content.kind
    edition = current(work, kind)
    lines = sound_lines(edition)
    card, setup = company_of(work), contact_of(work)
    values = {
        **content.values,
        "收件单位": content.addressee,
        "公司名称": card.name,
        "发函日期": date_text(work.today),
        "联系人": setup.contact,
        "联系电话": setup.phone,
        "联系邮箱": setup.email or "—",
        "回复期限": str(setup.reply_days),
    }

    def layout(number: str) -> Document:
        return letter_document(
            LetterPaper(
                card.name,
                card.drill,
                number,
                fill(lines, {**values, "文号": number}),
                content.grids,
                work.today,
                KINDS[kind].seals,
                slip_of(kind, card.name, number),
            )
        )

    return Draft(
        kind,
        content.subject,
        content.party,
        content.addressee,
        content.covers,
        edition.number,
        layout,
    )
