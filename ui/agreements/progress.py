"""取消进度: what we decided, what the bank confirmed, what the supplier confirmed."""

from collections.abc import Iterator

from app.agreements.cancel_view import AnswerLine, CancelForm, CancelItemLine
from app.agreements.queries import AgreementDetail
from app.agreements.states import ANSWER_LABELS, CANCEL_LABELS, Answer, CancelState, ItemState
from app.core.clock import local_text
from app.letters.states import CARRIER_LABELS, PARTY_LABELS, Party
from ui.agreements.looks import tr
from ui.theme import Tone
from ui.widgets.timeline import Entry

_DECIDED = {
    CancelState.IN_APPROVAL: ("user-search-line", Tone.WARN),
    CancelState.APPROVED: ("checkbox-circle-line", Tone.OK),
    CancelState.RETURNED: ("reply-line", Tone.WARN),
    CancelState.REJECTED: ("forbid-line", Tone.STOP),
}
_ANSWERED = {
    Answer.TERMINATED: ("checkbox-circle-line", Tone.OK),
    Answer.PENDING: ("time-line", Tone.WARN),
    Answer.REFUSED: ("close-circle-line", Tone.STOP),
}


def progress_entries(detail: AgreementDetail) -> list[Entry]:
    """The three facts of each request, the newest request first."""
    number = detail.line.number
    found = [
        entry
        for form in detail.cancellations
        for item in form.items
        if item.number == number
        for entry in _of(form, item)
    ]
    return found or [Entry("", "", tr("没有申请过取消"), tr("选择协议后点击“取消自动扣款”。"))]


def _of(form: CancelForm, item: CancelItemLine) -> Iterator[Entry]:
    icon, tone = _DECIDED[form.state]
    said = tr("我方：%1，申请单 %2").replace("%1", CANCEL_LABELS[form.state])
    yield Entry(
        local_text(form.decided_at or form.requested_at),
        form.requested_by,
        said.replace("%2", form.number),
        tr("期望终止日 %1　%2").replace("%1", str(form.wished_on)).replace("%2", form.reason),
        icon,
        tone,
    )
    if form.state is not CancelState.APPROVED:
        return
    for party in Party:
        answers = [one for one in item.answers if one.party is party]
        yield from (_answer(one) for one in answers)
        if not answers:
            yield _missing(party, item)


def _answer(one: AnswerLine) -> Entry:
    icon, tone = _ANSWERED[one.answer]
    what = f"{PARTY_LABELS[one.party]}：{ANSWER_LABELS[one.answer]}"
    if one.effective_on is not None:
        what += tr("，生效日 %1").replace("%1", str(one.effective_on))
    parts = (CARRIER_LABELS[one.carrier], one.person, one.receipt_no, one.evidence)
    return Entry(
        str(one.answered_on), one.recorded_by, what, "　".join(filter(None, parts)), icon, tone
    )


def _missing(party: Party, item: CancelItemLine) -> Entry:
    over = item.state not in {ItemState.DECIDED, ItemState.CONFIRMED}
    what = tr("%1：尚未答复").replace("%1", PARTY_LABELS[party])
    said = ""
    if party is Party.BANK and item.expected_on is not None and not over:
        said = tr("预计 %1 前终止；确认前仍可能扣款。").replace("%1", str(item.expected_on))
        if item.term is not None:
            said += tr("推算依据：%1。").replace("%1", item.term.text)
    return Entry("", "", what, said, "time-line", Tone.MUTED if over else Tone.WARN)
