"""Several finished PDF files as one, for the printer."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from app.documents.errors import UnreadablePdf
from app.documents.preview import RENDERER


def merged(files: Sequence[bytes]) -> bytes:
    """All pages in the order given. Raises UnreadablePdf.

    A signature holds for its own file only: what stays of it here is the mark on the page.
    """
    import pypdfium2

    out = BytesIO()
    with RENDERER:
        whole = pypdfium2.PdfDocument.new()
        try:
            for data in files:
                part = pypdfium2.PdfDocument(data)
                try:
                    _draw_marks(part)
                    whole.import_pages(part)
                finally:
                    part.close()
            whole.save(out)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf("文件不是完整的 PDF，无法合并。") from error
        finally:
            whole.close()
    return out.getvalue()


def _draw_marks(part: Any) -> None:
    """Let marks of signatures become print, with nothing left that looks like a signature."""
    part.init_forms()
    for at in range(len(part) if part.formenv else 0):
        page = part[at]
        page.flatten()
        page.close()
