"""A kept file looked at in place."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.file_types import PICTURES, FileType
from app.documents.writing import PdfResult
from ui.agreements.picture_dialog import PictureDialog
from ui.context import Context
from ui.resume.sheet_dialog import SheetDialog


def look_at(
    context: Context,
    kind: FileType | None,
    name: str,
    read: Callable[[], bytes],
    parent: QWidget,
) -> bool:
    """Show a PDF or a picture, its bytes read off the window's thread; whether it was either."""
    if kind is FileType.PDF:
        title = name.rpartition(".")[0]
        SheetDialog(context, title, lambda: PdfResult(read(), 0, ""), parent).open()
    elif kind in PICTURES:
        PictureDialog(context, name, read, parent).open()
    else:
        return False
    return True
