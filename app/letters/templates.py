"""The wording of letters: the shipped one until a supervisor saves another; every edition is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access.founding import company_card
from app.access.guard import Actor, acting, name_of, reading
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, Problem
from app.documents.letter import letter_pdf
from app.documents.letter_template import LONGEST, Line, parse, problems
from app.documents.writing import PdfResult
from app.letters.errors import BadTemplate
from app.letters.kinds import KINDS, sample, shipped_text
from app.letters.model import LetterTemplate
from app.letters.states import LETTER_LABELS, LetterKind
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class Edition:
    """One wording. number: 0 for the shipped one; made_at: None for that."""

    kind: LetterKind
    number: int
    text: str
    reason: str = ""
    made_by: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """A new wording over the edition that was looked at."""

    kind: LetterKind
    text: str
    reason: str
    expected: int


def current(work: ReadWork, kind: LetterKind) -> Edition:
    """The wording in force."""
    row = work.session.scalar(
        select(LetterTemplate)
        .where(LetterTemplate.kind == kind)
        .order_by(LetterTemplate.edition.desc())
        .limit(1)
    )
    return Edition(kind, 0, shipped_text(kind)) if row is None else _edition(work, row)


def editions(db: Database, actor: Actor, kind: LetterKind) -> list[Edition]:
    """Every wording of a kind, the newest first, the shipped one last. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        rows = work.session.scalars(
            select(LetterTemplate)
            .where(LetterTemplate.kind == kind)
            .order_by(LetterTemplate.edition.desc())
        )
        return [*(_edition(work, row) for row in rows), Edition(kind, 0, shipped_text(kind))]


def faults(kind: LetterKind, text: str) -> tuple[Problem, ...]:
    """What keeps a wording from being used; nothing when it may be."""
    if len(text) > LONGEST:
        return (Problem(None, "", f"模板超过 {LONGEST:,} 字。"),)
    return tuple(problems(parse(text), KINDS[kind].known))


def sound_lines(edition: Edition) -> tuple[Line, ...]:
    """The paragraphs of a wording. Raises BadTemplate."""
    wrong = faults(edition.kind, edition.text)
    if wrong:
        raise BadTemplate(wrong)
    return parse(edition.text)


def save_template(db: Database, actor: Actor, command: SaveTemplate) -> int:
    """Keep a new wording; returns its edition. Letters that were issued stay as they are.

    Raises BadTemplate, BadInput without a reason or change, Conflict when another was faster.
    """
    with acting(db, actor, Right.TEMPLATE_EDIT) as act:
        before = current(act.uow, command.kind)
        if before.number != command.expected:
            raise Conflict(f"模板已由 {before.made_by} 修改为第 {before.number} 版。")
        if not command.reason.strip():
            raise BadInput("请填写修改原因。")
        text = "\n".join(line.rstrip() for line in command.text.strip().splitlines()) + "\n"
        if text.strip() == before.text.strip():
            raise BadInput("模板没有变化。")
        wrong = faults(command.kind, text)
        if wrong:
            raise BadTemplate(wrong)
        row = LetterTemplate(
            kind=command.kind,
            edition=before.number + 1,
            text=text,
            reason=command.reason.strip(),
            made_by=act.person.user_id,
            made_at=act.uow.now,
        )
        act.uow.session.add(row)
        act.done(
            Event(
                "letter.template_changed",
                f"template:{command.kind}",
                before={"edition": before.number, "text": before.text},
                after={"edition": row.edition, "text": text},
                reason=row.reason,
            )
        )
        return row.edition


def preview_template(db: Database, actor: Actor, kind: LetterKind, text: str) -> PdfResult:
    """A letter of invented content in that wording. Raises BadTemplate, MissingGlyph, Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        card = company_card(work)
    wrong = faults(kind, text)
    if wrong:
        raise BadTemplate(wrong)
    return letter_pdf(sample(kind, text, LETTER_LABELS[kind] if card is None else card.name))


def _edition(work: ReadWork, row: LetterTemplate) -> Edition:
    return Edition(
        LetterKind(row.kind),
        row.edition,
        row.text,
        row.reason,
        name_of(work, row.made_by),
        row.made_at,
    )
