import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.money import Money
from app.documents.errors import MissingGlyph
from app.documents.fonts import FontBook
from app.documents.preview import page_count, page_text
from app.documents.resume_approval import (
    ApprovalStep,
    ResumeApprovalSheet,
    resume_approval_document,
    resume_approval_pdf,
)
from app.documents.writing import PdfResult, write_each, write_together

FIELDS = [
    "恢复付款审批单",
    "编号：HF-2026-0001",
    "FK-20260227-0014",
    "PO-2026-0231",
    "HT-2025-0876（补充协议二）",
    "26322000000123456789",
    "华东㛃泽精密仪器（苏州）有限公司",
    "1102020409000123456",
    "中国工商银行股份有限公司苏州工业园区支行",
    "上海䶮𬭎轴承制造有限公司",
    "310066865018800012345",
    "301290050037",
    "¥325,040.04",
    "人民币叁拾贰万伍仟零肆拾元零肆分",
    "2026年2月27日",
    "2026-03-02 09:12",
    "陈𫖯（财务主管）",
    "INSUFFICIENT_FUNDS",
    "银行余额截图（附件 A-17）；供应商来函（附件 A-18）",
    "GZ-2026-0003（备付金警戒线）",
    "310066865018170004321",
    "☑ 相符",
    "☐ 不符",
    "2026年3月4日",
    "首笔付款后请电话确认到账。",
    "赵雅琴（代陈𫖯）",
    "2026-03-03 15:47",
    "R06 重复付款经说明后放行。",
    "RZ-20260303-000871",
    "9f2c7b64e1a05d38c4f0b9a6d2e7835146cb0f9d8a3e57214bd60c9e8f173a52",
]


def squeeze(text: str) -> str:
    return "".join(text.split())


def by_pdfium(result: PdfResult) -> str:
    return squeeze("".join(page_text(result.data, page) for page in range(result.pages)))


def by_poppler(data: bytes, folder: Path) -> str:
    file = folder / "sheet.pdf"
    file.write_bytes(data)
    command = ["pdftotext", "-raw", str(file), "-"]
    return squeeze(subprocess.run(command, check=True, capture_output=True).stdout.decode())


def test_every_field_can_be_read_back_from_the_sheet(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    text = by_pdfium(resume_approval_pdf(sheet, book))
    assert [field for field in FIELDS if squeeze(field) not in text] == []


def test_another_reader_reads_the_same_text(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook, tmp_path: Path
) -> None:
    text = by_poppler(resume_approval_pdf(sheet, book).data, tmp_path)
    assert [field for field in FIELDS if squeeze(field) not in text] == []


def test_every_font_is_an_embedded_subset(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(resume_approval_pdf(replace(sheet, drill=True), book).data)
    out = subprocess.run(["pdffonts", str(file)], check=True, capture_output=True).stdout.decode()
    fonts = out.splitlines()[2:]
    assert [line[:6].isupper() for line in fonts] == [True, True]
    assert [re.findall(r"yes|no", line[55:]) for line in fonts] == [["yes"] * 3] * 2


def test_the_sheet_fits_two_pages_and_names_its_fonts(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    result = resume_approval_pdf(sheet, book)
    assert (result.pages, page_count(result.data)) == (2, 2)
    assert result.font == "Noto Serif SC、Noto Sans SC"


def test_the_same_sheet_gives_the_same_file(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    first, second = (resume_approval_pdf(sheet, book) for _ in range(2))
    assert first.data == second.data


def test_a_drill_says_so_on_every_page(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    drill = resume_approval_pdf(replace(sheet, drill=True), book)
    real = resume_approval_pdf(sheet, book)
    pages = [squeeze(page_text(drill.data, page)) for page in range(drill.pages)]
    assert "不得作为付款依据" in pages[0]
    assert all("演" in page and "练" in page for page in pages)
    assert "演练" not in by_pdfium(real)


def test_many_approvers_continue_on_further_pages(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    steps = tuple(
        ApprovalStep(f"第{number}级", f"审批人{number:03d}", "", "同意", "意见" * 30, None)
        for number in range(80)
    )
    result = resume_approval_pdf(replace(sheet, steps=steps), book)
    text = by_pdfium(result)
    assert [n for n in range(80) if f"审批人{n:03d}" not in text] == []
    assert text.count("八、审批记录") == len(re.findall("审批环节", text)) > 1


def test_a_sheet_without_findings_says_none(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    text = by_pdfium(resume_approval_pdf(replace(sheet, findings=(), changes=()), book))
    assert "三、诊断结论原因结论程度无四、整改措施" in text


def test_a_foreign_amount_has_no_capitals(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    dollars = replace(sheet, amount=Money.parse("1,200.00", "USD"))
    text = by_pdfium(resume_approval_pdf(dollars, book))
    assert "USD1,200.00" in text
    assert "大写金额外币不适用" in text


@pytest.mark.parametrize(
    ("character", "shown"),
    [("\U0001f600", "U+1F600"), ("\u200b", "不可见字符"), ("\x07", "U+0007")],
)
def test_a_character_no_font_has_is_refused_by_name(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook, character: str, shown: str
) -> None:
    with pytest.raises(MissingGlyph, match=re.escape(shown)):
        resume_approval_pdf(replace(sheet, measures=f"整改{character}措施"), book)


def test_a_batch_gives_the_files_their_own_numbers(  # C4.5
    sheet: ResumeApprovalSheet, book: FontBook
) -> None:
    numbers = ["HF-2026-0007", "HF-2026-0008", "HF-2026-0009"]
    documents = [resume_approval_document(replace(sheet, number=number)) for number in numbers]
    files = write_each(documents, book)
    assert [number in by_pdfium(each) for number, each in zip(numbers, files, strict=True)] == [
        True
    ] * 3
    assert "HF-2026-0008" not in by_pdfium(files[0])
    together = write_together(documents, book)
    assert together.pages == 6
    assert by_pdfium(together).count("第2页共2页") == 3
