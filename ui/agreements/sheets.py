"""The papers of a cancellation, looked at."""

from PySide6.QtWidgets import QWidget

from app.agreements.papers import cancel_sheet
from ui.agreements.looks import tr
from ui.context import Context
from ui.resume.sheet_dialog import SheetDialog


def show_cancel_sheet(context: Context, parent: QWidget | None, form_no: str) -> SheetDialog:
    """Open the 取消自动扣款申请单 of that number."""
    db, actor = context.db, context.actor
    dialog = SheetDialog(
        context,
        tr("取消自动扣款申请单 %1").replace("%1", form_no),
        lambda: cancel_sheet(db, actor, form_no),
        parent,
    )
    dialog.open()
    return dialog
