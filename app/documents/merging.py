"""Several finished PDF files as one, for the printer."""

from collections.abc import Sequence
from io import BytesIO

from app.documents.errors import UnreadablePdf
from app.documents.preview import RENDERER


def merged(files: Sequence[bytes]) -> bytes:
    """All pages in the order given. Raises UnreadablePdf."""
    import pypdfium2

    out = BytesIO()
    with RENDERER:
        whole = pypdfium2.PdfDocument.new()
        try:
            for data in files:
                part = pypdfium2.PdfDocument(data)
                try:
                    whole.import_pages(part)
                finally:
                    part.close()
            whole.save(out)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf("文件不是完整的 PDF，无法合并。") from error
        finally:
            whole.close()
    return out.getvalue()
