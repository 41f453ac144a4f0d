"""What is told of a run of mails: how it went, and what comes next."""

from typing import Final

from app.agreements.mail_run import OUTCOME_LABELS, Ended, MailRun, Outcome
from ui.letters.looks import tr
from ui.theme import Tone

OUTCOME_TONES: Final[dict[Outcome, Tone]] = {
    Outcome.SENT: Tone.OK,
    Outcome.FAILED: Tone.STOP,
    Outcome.UNKNOWN: Tone.UNKNOWN,
    Outcome.PASSED: Tone.MUTED,
    Outcome.LEFT: Tone.NORMAL,
}


def run_text(run: MailRun) -> str:
    """How many came to what."""
    counts = ((label, run.count(outcome)) for outcome, label in OUTCOME_LABELS.items())
    parts = [f"{label} {count:,} 份" for label, count in counts if count]
    return "，".join(parts) + "。"


def advice(run: MailRun) -> str:
    """What to do next, one line for each thing."""
    ends = {
        Ended.STOPPED: tr("已停止。点“继续发送”接着发余下的。"),
        Ended.LINE: tr("连不上邮件服务器，已停止。请检查网络，稍后点“继续发送”。"),
        Ended.UNKNOWN: tr("连续两封没有得到服务器的答复，已停止。请稍后再点“继续发送”。"),
        Ended.REFUSED: tr("已停止，原因见“结果”一栏。"),
    }
    lines = [ends[run.ended]] if run.ended in ends else []
    if run.count(Outcome.FAILED) and run.ended is None:
        lines.append(tr("未发出的：按“结果”一栏改正收件邮箱，再点“继续发送”。"))
    if run.count(Outcome.UNKNOWN):
        lines.append(tr("送达不明的：请向收件人核实，收到的在“函件”中点“核实已送达…”。"))
    if not lines:
        lines.append(tr("已列入“待答复”，到期未复的会提醒催办。"))
    return "\n".join(lines)
