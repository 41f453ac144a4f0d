"""Files of every type that may be kept beside an agreement, made by the programs that make them."""

import zipfile
from email.message import EmailMessage
from io import BytesIO

from openpyxl import Workbook
from PIL import Image
from reportlab.pdfgen.canvas import Canvas


def picture(kind, colour=(200, 30, 30), size=(640, 400)):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def pdf(text="agreement"):
    out = BytesIO()
    page = Canvas(out, invariant=1)
    page.drawString(100, 700, text)
    page.save()
    return out.getvalue()


def package(*parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part in parts:
            made.writestr(part, "<x/>")
    return out.getvalue()


def workbook():
    out = BytesIO()
    Workbook().save(out)
    return out.getvalue()


def mail():
    message = EmailMessage()
    message["Subject"] = "回执"
    message["From"] = "bank@bank.example"
    message.set_content("已终止")
    return bytes(message)


def every():
    """A file of each type, by name."""
    return {
        "协议.pdf": pdf(),
        "截图.png": picture("PNG"),
        "扫描.jpg": picture("JPEG"),
        "扫描.JPEG": picture("JPEG", (1, 2, 3)),
        "协议.docx": package("[Content_Types].xml", "word/document.xml"),
        "清单.xlsx": workbook(),
        "电子回单.ofd": package("OFD.xml", "Doc_0/Document.xml"),
        "回执.eml": mail(),
        "说明.txt": "双方约定…".encode("gb18030"),
    }
