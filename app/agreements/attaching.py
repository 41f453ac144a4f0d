"""附件: the papers of an agreement, added once, read with their hash checked, never deleted."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Select, select

from app.access.errors import Denied
from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.agreements.confirming import Scan
from app.agreements.errors import BadPaper, PaperKnown, PaperWithdrawn
from app.agreements.model import Agreement, AgreementPaper, PaperWithdrawal
from app.agreements.service import find_agreement
from app.audit.trail import Event
from app.core.errors import BadInput, NotFound, Refused
from app.core.file_types import SUFFIXES, FileType, type_by_name, types_by_content
from app.storage.kept import LARGEST, keep, kept
from app.storage.model import StoredFile
from app.storage.work import Database, ReadWork

_LONGEST_NAME: Final = 200
_KILO: Final = 1024


class PaperKind(StrEnum):
    """What a paper is."""

    TEXT = "TEXT"
    MANDATE = "MANDATE"
    RECEIPT = "RECEIPT"
    END = "END"
    SCREENSHOT = "SCREENSHOT"
    OTHER = "OTHER"


PAPER_LABELS: Final[dict[PaperKind, str]] = {
    PaperKind.TEXT: "协议文本",
    PaperKind.MANDATE: "授权委托书",
    PaperKind.RECEIPT: "三方协议、签约回单",
    PaperKind.END: "终止证明",
    PaperKind.SCREENSHOT: "截图",
    PaperKind.OTHER: "其他",
}


@dataclass(frozen=True, slots=True)
class AddPaper:
    """A file that belongs to the agreement of that number."""

    number: str
    category: PaperKind
    file: Scan
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawPaper:
    """Which paper does not count any more, and why."""

    paper_id: int
    why: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper of an agreement. withdrawn_at: None while it counts; size: in bytes."""

    paper_id: int
    category: PaperKind
    name: str
    size: int
    hash: str
    note: str
    added_by: str
    added_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    why: str

    @property
    def type(self) -> FileType | None:
        return type_by_name(self.name)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of several files. left: why each of the others was not taken, with its name."""

    names: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def add_paper(db: Database, actor: Actor, command: AddPaper) -> int:
    """Keep a file with an agreement; returns its id.

    Raises BadPaper (empty, over 20 MB, of another type than its name says), PaperKnown where the
    agreement has the same content, NotFound, Denied.
    """
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        agreement = find_agreement(act.uow, command.number)
        name, data = plain_name(command.file.name), command.file.data
        check(name, data)
        file_hash = keep(act.uow, data)
        known = _same(act.uow, agreement, file_hash)
        if known is not None:
            label = PAPER_LABELS[known.category]
            raise PaperKnown(f"“{name}”与已有附件“{known.name}”（{label}）内容相同。")
        row = AgreementPaper(
            agreement_id=agreement.id,
            category=command.category,
            file_name=name,
            file_hash=file_hash,
            note=command.note.strip(),
            added_by=act.person.label,
            added_at=act.uow.now,
        )
        act.uow.session.add(row)
        act.uow.session.flush()
        after = {**_told(row), "bytes": len(data), "note": row.note}
        act.done(Event("agreement.paper_added", f"agreement:{agreement.number}", after=after))
        return row.id


def add_papers(
    db: Database,
    actor: Actor,
    number: str,
    category: PaperKind,
    files: Sequence[tuple[str, Callable[[], Scan]]],
    note: str = "",
) -> Added:
    """Add several files, each in an act of its own: what is refused does not keep out the others.

    files: a name and what reads it. Raises Denied before anything else, and the refusal itself
    where there is one file only.
    """

    def add(file: Scan) -> str:
        add_paper(db, actor, AddPaper(number, category, file, note))
        return plain_name(file.name)

    return add_each(files, add)


def add_each(files: Sequence[tuple[str, Callable[[], Scan]]], add: Callable[[Scan], str]) -> Added:
    """Give each file to `add`, which keeps it and says what it is called.

    Raises Denied before anything else, and the refusal itself where there is one file only.
    """
    names: list[str] = []
    left: list[tuple[str, str]] = []
    for name, read in files:
        try:
            names.append(add(read()))
        except Refused as refusal:
            if isinstance(refusal, Denied) or len(files) == 1:
                raise
            left.append((name, f"{refusal.message}{refusal.hint}"))
    return Added(tuple(names), tuple(left))


def paper_from(path: Path) -> Scan:
    """A paper from a file. Raises BadPaper where it can't be read or is too large to be."""
    try:
        if path.is_dir():
            raise BadPaper(f"“{path.name}”是文件夹。", "请选择其中的文件。")
        _check_size(path.name, path.stat().st_size)
        return Scan(path.name, path.read_bytes())
    except OSError as error:
        raise BadPaper(
            f"无法读取文件“{path.name}”：{error.strerror}。", "请重新选择文件。"
        ) from error


def withdraw_paper(db: Database, actor: Actor, command: WithdrawPaper) -> None:
    """Let a paper not count any more; it stays readable. Raises PaperWithdrawn, BadInput, Denied."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        row = _find(act.uow, command.paper_id)
        if not command.why.strip():
            raise BadInput("请填写撤回原因。", "写明错在哪里，例如传错协议、缺页。")
        known = act.uow.session.scalar(
            select(PaperWithdrawal).where(PaperWithdrawal.paper_id == row.id)
        )
        if known is not None:
            raise PaperWithdrawn(f"“{row.file_name}”已由 {known.withdrawn_by} 撤回。")
        act.uow.session.add(
            PaperWithdrawal(
                paper_id=row.id,
                why=command.why.strip(),
                withdrawn_by=act.person.label,
                withdrawn_at=act.uow.now,
            )
        )
        number = act.uow.session.get_one(Agreement, row.agreement_id).number
        act.done(
            Event(
                "agreement.paper_withdrawn",
                f"agreement:{number}",
                after=_told(row),
                reason=command.why.strip(),
            )
        )


def papers_of(work: ReadWork, agreement: Agreement) -> tuple[PaperLine, ...]:
    """The papers of an agreement: those that count first, each the newest first."""
    rows = [_line(*row) for row in work.session.execute(_rows(agreement))]
    return tuple(sorted(rows, key=lambda one: (one.withdrawn_at is not None, -one.paper_id)))


def paper_file(db: Database, actor: Actor, paper_id: int) -> tuple[str, bytes]:
    """Name and bytes of a paper. Raises NotFound, also where the bytes are not what was kept."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        row = _find(work, paper_id)
        return row.file_name, kept(work, row.file_hash)


def plain_name(name: str) -> str:
    """The last part of a name, without what can't be seen, at most 200 characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    # Characters that turn the direction of writing make "fdp.exe" look like "exe.pdf".
    seen = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip(" .")
    stem, point, suffix = seen.rpartition(".")
    tail = f"{point}{suffix}"
    return seen if len(seen) <= _LONGEST_NAME else f"{stem[: _LONGEST_NAME - len(tail)]}{tail}"


def size_text(size: int) -> str:
    """A size as people read it: "1.4 MB"."""
    if size < _KILO:
        return f"{size} 字节"
    kilo = size / _KILO
    return f"{kilo:,.0f} KB" if kilo < _KILO else f"{kilo / _KILO:,.1f} MB"


def check(name: str, data: bytes) -> None:
    """Whether a file may be kept. Raises BadPaper: every reason with what to do next."""
    if not name:
        raise BadPaper("所选内容没有文件名。", "请为文件命名后重新选择。")
    _check_size(name, len(data))
    said = type_by_name(name)
    if said is None:
        known = "、".join(dict.fromkeys(str(kind) for kind in SUFFIXES.values()))
        raise BadPaper(f"“{name}”这类文件不能添加。", f"可以添加 {known}；其他文件请另存为 PDF。")
    found = types_by_content(data)
    if said not in found:
        real = _named(found)
        raise BadPaper(
            f"“{name}”的内容不是 {said}（{real}）。",
            "文件可能已损坏或被改名，请用原来的程序打开核对，另存后重新添加。",
        )


def _named(found: Iterable[FileType]) -> str:
    names = "、".join(sorted(found))
    return f"实际是 {names}" if names else "无法识别"


def _check_size(name: str, size: int) -> None:
    if size == 0:
        raise BadPaper(f"“{name}”是空文件。", "请核对原文件后重新选择。")
    if size > LARGEST:
        raise BadPaper(f"“{name}”超过 {size_text(LARGEST)}。", "请压缩，或分成几个文件后添加。")


def _same(work: ReadWork, agreement: Agreement, file_hash: str) -> PaperLine | None:
    """A paper of that content that counts."""
    rows = work.session.execute(
        _rows(agreement).where(AgreementPaper.file_hash == file_hash, PaperWithdrawal.id.is_(None))
    )
    return next((_line(*row) for row in rows), None)


def _rows(agreement: Agreement) -> Select[AgreementPaper, PaperWithdrawal | None, int]:
    """Papers with their sizes; their bytes stay where they are."""
    return (
        select(AgreementPaper, PaperWithdrawal, StoredFile.size)
        .join(StoredFile, StoredFile.hash == AgreementPaper.file_hash)
        .outerjoin(PaperWithdrawal, PaperWithdrawal.paper_id == AgreementPaper.id)
        .where(AgreementPaper.agreement_id == agreement.id)
        .order_by(AgreementPaper.id)
    )


def _line(row: AgreementPaper, gone: PaperWithdrawal | None, size: int) -> PaperLine:
    return PaperLine(
        row.id,
        PaperKind(row.category),
        row.file_name,
        size,
        row.file_hash,
        row.note,
        row.added_by,
        row.added_at,
        "" if gone is None else gone.withdrawn_by,
        None if gone is None else gone.withdrawn_at,
        "" if gone is None else gone.why,
    )


def _find(work: ReadWork, paper_id: int) -> AgreementPaper:
    row = work.session.get(AgreementPaper, paper_id)
    if row is None:
        raise NotFound("没有这个附件。")
    return row


def _told(row: AgreementPaper) -> dict[str, str]:
    return {"category": row.category, "file": row.file_name, "file_hash": row.file_hash}
