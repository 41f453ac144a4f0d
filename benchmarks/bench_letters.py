"""A thousand letters, against the same text drawn by bare reportlab with the font already loaded.

Run: .venv/bin/python -m benchmarks.bench_letters [--letters 1000] [--quick]
"""

import argparse
import sys
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from app.documents.embedding import registered
from app.documents.fonts import shipped_book
from app.documents.layout import Composed, compose
from app.documents.letter import LetterPaper, letter_document
from app.documents.letter_template import Line
from app.documents.marks import TextMark
from app.documents.preview import render_page
from app.documents.writing import subsets_of, write_composed, write_each, write_together
from app.letters.kinds import sample, shipped_text
from app.letters.states import LetterKind
from benchmarks.table import Table, seconds

_AT_ONCE = 10
_NAMES = "临江供电水务燃气通信物业管理设备租赁信息技术软件服务张江浦东"


def letters(count: int) -> list[LetterPaper]:
    """Letters that differ in addressee and number, as a batch does."""
    kind = LetterKind.BANK_END
    base = sample(kind, shipped_text(kind), "华东精工制造有限公司")
    made = []
    for number in range(count):
        name = "".join(_NAMES[(number * 7 + at * 5) % len(_NAMES)] for at in range(6))
        lines = tuple(Line(one.row, one.part, one.text.replace("某某", name)) for one in base.lines)
        made.append(
            LetterPaper(
                base.company,
                base.drill,
                f"华精财函〔2026〕{number + 1}号",
                lines,
                base.pieces,
                base.dated,
                base.seals,
                base.slip,
            )
        )
    return made


def bare(composed: Sequence[Composed]) -> int:
    """The same marks by bare canvas calls, a file for each letter, the subset made before."""
    from reportlab.pdfgen.canvas import Canvas

    subsets = subsets_of(composed, shipped_book())
    total = 0
    writer: Any = Canvas
    with registered(set(subsets.values())):
        for each in composed:
            out = BytesIO()
            canvas = writer(
                out,
                pagesize=each.document.page,
                invariant=1,
                initialFontName=next(iter(subsets.values())).fontName,
            )
            height = each.document.page[1]
            for page in each.pages:
                for mark in page:
                    if isinstance(mark, TextMark):
                        canvas.setFont(subsets[mark.style.face].fontName, mark.style.size)
                        canvas.drawString(mark.x, height - mark.y, mark.text)
                    else:
                        canvas.rect(mark.x, height - mark.y - mark.height, mark.width, mark.height)
                canvas.showPage()
            canvas.save()
            total += len(out.getvalue())
    return total


def main() -> int:
    """Print the table; 1 when a reach of performance.md was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    count = 100 if chosen.quick else chosen.letters
    runs = 1 if chosen.quick else 3
    documents = [letter_document(one) for one in letters(count)]
    book = shipped_book()
    # The faces' outlines are read once in a program's life.
    composed = [compose(one, book) for one in documents]
    write_composed(composed, book)
    table = Table()
    floor = seconds(lambda: bare(composed), runs)
    table.note(f"{count:,} letters set before, drawn by bare canvas calls (floor)", floor)
    each = seconds(lambda: write_each(documents, book), runs)
    table.ratio(f"{count:,} letters, set and written as files of their own", each, floor, 2)
    table.limit("… per letter", each / count, 0.006)

    def batches() -> None:
        for start in range(0, count, _AT_ONCE):
            write_each(documents[start : start + _AT_ONCE], book)

    tens = seconds(batches, runs)
    table.limit("… per letter, ten sharing a subset as they are issued", tens / count, 0.006)
    one = seconds(lambda: write_together(documents, book), runs)
    table.limit("… per letter in one print file", one / count, 0.002)
    first = write_each(documents[:1], book)[0].data

    def preview() -> None:
        render_page(write_each(documents[:1], book)[0].data, 0, 96)

    table.limit("from click to preview: set, written, first page drawn", seconds(preview, 3), 0.15)
    table.note("first page alone", seconds(lambda: render_page(first, 0, 96), 3))
    return 0 if table.reached else 1


if __name__ == "__main__":
    sys.exit(main())
