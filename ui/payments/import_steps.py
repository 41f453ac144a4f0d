"""The steps of the import, and which of them can be gone to."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from ui.widgets.steps import Step, StepState

FILE, COLUMNS, RESULT, DONE = range(4)
KEYS: Final = ("file", "columns", "result", "done")


def import_steps(page: int, reached: int, *, running: bool) -> list[Step]:
    """page: where the user is; reached: the farthest step whose needs are met."""
    titles = (_tr("选择文件"), _tr("核对栏目"), _tr("核对结果"), _tr("完成"))
    shown = []
    for at, (key, title) in enumerate(zip(KEYS, titles, strict=True)):
        state = StepState.DONE if at < page else StepState.OPEN
        if at == page:
            state = StepState.CURRENT
        elif page == DONE or at > reached or running:
            state = StepState.LOCKED
        why = _tr("请先完成前面的步骤") if state is StepState.LOCKED and page != DONE else ""
        shown.append(Step(key, title, state, why))
    return shown


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)
