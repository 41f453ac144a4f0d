"""How statements look: the tones of a proof, problems in one line."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.core.errors import Problem
from app.statements.parsed import Proof
from ui.theme import Tone

PROOF_TONES: Final[dict[Proof, Tone]] = {
    Proof.BALANCED: Tone.OK,
    Proof.UNBALANCED: Tone.STOP,
    Proof.NO_BALANCE: Tone.MUTED,
}


def proof_text(proof: Proof) -> str:
    """The proof in a word or two, for lists."""
    return {
        Proof.BALANCED: tr("相符"),
        Proof.UNBALANCED: tr("不符"),
        Proof.NO_BALANCE: tr("无余额"),
    }[proof]


def tr(text: str) -> str:
    return QCoreApplication.translate("statements", text)


def problem_text(one: Problem) -> str:
    """A problem with its row, where it has one."""
    said = f"{one.field}：{one.message}"
    return said if one.row is None else tr("第 %1 行　").replace("%1", str(one.row)) + said
