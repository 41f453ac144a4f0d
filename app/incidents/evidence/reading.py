"""What a file of evidence says, as text to be read in place: mails and plain texts."""

import codecs
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.policy import default
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

from app.agreements.attaching import size_text
from app.core.file_types import FileType, type_by_name

# As much as anybody reads on a screen; the rest is in the file.
SHOWN: Final = 1_000_000
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADS: Final = (
    ("发件人", "From"),
    ("收件人", "To"),
    ("抄送", "Cc"),
    ("时间", "Date"),
    ("主题", "Subject"),
)
_HIDDEN: Final = frozenset({"script", "style", "head", "title"})
_BREAKS: Final = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "table"})


def readable(name: str, data: bytes) -> str:
    """The text of a file: a mail with its head, its words and what hangs on it; else as it is.

    Undecodable bytes stand as �, and a long text says that it was cut.
    """
    mail = type_by_name(name) is FileType.EML
    text = mail_text(data) if mail else plain_text(data)
    if len(text) <= SHOWN:
        return text
    return f"{text[:SHOWN]}\n\n……（只显示前 {SHOWN:,} 个字，全文请另存后查看）"


def plain_text(data: bytes) -> str:
    """Text in UTF-8, UTF-16 or the Chinese national encoding."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def mail_text(data: bytes) -> str:
    """Head, words and the names of what is attached. A broken mail is shown as plain text."""
    try:
        mail = message_from_bytes(data, policy=default)
        lines = [f"{label}：{mail[key]}" for label, key in _HEADS if mail[key]]
        if not lines:
            return plain_text(data)
        parts = [
            f"附件：{part.get_filename() or '未命名'}（{size_text(len(_bytes_of(part)))}）"
            for part in mail.iter_attachments()
        ]
        return "\n".join([*lines, *parts, "", _words(mail)])
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        # What the standard library can't make a mail of is evidence all the same.
        return plain_text(data)


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    if body is None:
        return "（没有正文）"
    # Many programs write Chinese without saying in which encoding.
    said = body.get_content_charset()
    text = str(body.get_content()) if said else plain_text(_bytes_of(body))
    return _without_tags(text) if body.get_content_subtype() == "html" else text


def _bytes_of(part: MIMEPart) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _without_tags(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    lines = ("".join(line.split("\xa0")).strip() for line in "".join(reader.found).splitlines())
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Gathers what a page shows; nothing of it is run or fetched."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BREAKS:
            self.found.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag in _BREAKS:
            self.found.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)
