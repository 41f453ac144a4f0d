"""取消操作证明: what the system did to end agreements, provable by the audit trail's hash."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.documents.approvals import listing
from app.documents.blocks import SEAL_PLACE, Block, Cell, Document, Paragraph, QrCode, Row, Table
from app.documents.forms import (
    CENTERED,
    VALUE,
    date_text,
    head,
    pair,
    section,
    signatures,
    time_text,
    value,
    wide,
)

SIGNERS = ("经办人", "财务主管", "单位（公章）")


@dataclass(frozen=True, slots=True)
class ProvenAgreement:
    """An agreement as it stood: our decision, the bank's and the payee's answer, as they read."""

    number: str
    bank_numbers: str
    payee: str
    account: str
    state: str
    decided: str
    bank: str
    supplier: str


@dataclass(frozen=True, slots=True)
class ProvenAct:
    """An entry of the trail: its number, when, who, what, and the hash that seals it."""

    log_no: str
    at: datetime
    actor: str
    machine: str
    act: str
    subject: str
    hash: str


@dataclass(frozen=True, slots=True)
class ProvenPaper:
    """A file that is kept with an agreement; hash: SHA-256 of its bytes."""

    agreement: str
    category: str
    name: str
    size: str
    added: str
    hash: str


@dataclass(frozen=True, slots=True)
class CancelProof:
    """Everything that stands on the proof. proof: what `audit verify --proof` reads."""

    company: str
    drill: bool
    number: str
    form_no: str
    made_at: datetime
    made_by: str
    dataset: str
    agreements: tuple[ProvenAgreement, ...]
    acts: tuple[ProvenAct, ...]
    papers: tuple[ProvenPaper, ...]
    entries: int
    proof: str


def cancel_proof_document(proof: CancelProof) -> Document:
    """The proof before it is set."""
    return Document(
        title=f"取消操作证明 {proof.number}",
        company=proof.company,
        blocks=tuple(_blocks(proof)),
        footer=f"取消操作证明 {proof.number}  生成：{proof.made_by} {time_text(proof.made_at)}",
        watermark="演练" if proof.drill else "",
        keywords=(proof.number, proof.form_no, *(one.number for one in proof.agreements)),
    )


def _blocks(proof: CancelProof) -> Iterator[Block]:
    yield from head(
        proof.company,
        "取消操作证明",
        f"证明日期：{date_text(proof.made_at.date())}",
        f"编号：{proof.number}",
        drill=proof.drill,
    )
    yield Paragraph(
        f"兹证明：我公司已在“停付管家”系统中办理取消申请单 {proof.form_no} 所列自动扣款协议的取消手续，"
        "办理经过及各方答复如下。协议是否终止，以银行书面确认为准；未确认的，下表如实列明。",
        VALUE.but(size=10.5, leading=17, justified=True),
        after=4,
    )
    for place, one in enumerate(proof.agreements, start=1):
        yield Table((21, 62, 21, 62), tuple(_agreement(one, place, len(proof.agreements))))
    yield _acts(proof)
    if proof.papers:
        yield _papers(proof.papers)
    yield Table((21, 145), tuple(_seal(proof, "四" if proof.papers else "三")))
    # Right over the box for the seal: there a digital one stands.
    yield QrCode(proof.proof, before=6, after=4, place=SEAL_PLACE)
    yield signatures(SIGNERS)


def _agreement(one: ProvenAgreement, place: int, count: int) -> Iterator[Row]:
    which = f"（{place} / {count}）" if count > 1 else ""
    yield section(f"一、协议及三方事实{which}", 4)
    yield pair(("协议编号", one.number), ("银行协议号", one.bank_numbers))
    yield pair(("收款单位", one.payee), ("付款账号", one.account))
    yield pair(("现状态", one.state), ("我方决定", one.decided))
    yield pair(("银行确认", one.bank), ("收款方确认", one.supplier))


def _acts(proof: CancelProof) -> Table:
    rows = [
        Row(
            (
                value(one.log_no, 1, CENTERED),
                value(time_text(one.at), 1, CENTERED),
                value(f"{one.actor}\n{one.machine}"),
                value(f"{one.act}\n{one.subject}"),
                value(one.hash),
            )
        )
        for one in proof.acts
    ]
    names = ("日志号", "时间", "人员、机器", "操作、对象", "审计哈希（SHA-256）")
    return listing("二、操作经过（审计日志）", (26, 26, 28, 34, 52), names, rows)


def _papers(papers: tuple[ProvenPaper, ...]) -> Table:
    rows = [
        Row(
            (
                value(one.agreement, 1, CENTERED),
                value(one.category, 1, CENTERED),
                value(f"{one.name}\n{one.size}"),
                value(one.added),
                value(one.hash),
            )
        )
        for one in papers
    ]
    names = ("协议编号", "种类", "文件、大小", "添加人、时间", "文件校验值（SHA-256）")
    return listing("三、协议附件（存于系统，可按校验值核对）", (26, 22, 38, 28, 52), names, rows)


def _seal(proof: CancelProof, place: str) -> Iterator[Row]:
    yield section(f"{place}、验证方法", 2)
    yield wide("数据集", f"{proof.dataset}，操作日志共 {proof.entries} 条", 1)
    yield wide("证明文字", proof.proof, 1)
    how = (
        "扫描下方二维码得到证明文字，在停付管家中执行：audit verify --proof 证明文字。"
        "系统核对整条日志链，并确认上列末条记录的哈希与链中一致；日志被改动、截断或替换时不能通过。"
    )
    yield Row((Cell("说明", CENTERED), value(how)))
