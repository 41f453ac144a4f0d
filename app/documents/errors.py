"""What can't be put on paper or into a file, and what to do about it."""

import unicodedata

from app.core.errors import Refused


class MissingGlyph(Refused):
    """No font at hand can draw a character: nothing is printed rather than something wrong."""

    code = "DOC-001"
    remedy = "请在原单据中改正该字符后重新生成；如为生僻字，请联系技术支持补充字体。"

    def __init__(self, character: str) -> None:
        shown = f"“{character}”" if character.isprintable() else "（不可见字符）"
        name = unicodedata.name(character, "控制字符")
        super().__init__(
            f"字符{shown} U+{ord(character):04X}（{name}）无法打印：字体中没有这个字。"
        )
        self.character = character


class FontNotUsable(Refused):
    code = "DOC-002"
    remedy = "请重新安装本软件；字体文件可能已损坏。"


class UnreadablePdf(Refused):
    code = "DOC-003"
    remedy = "请重新生成该文件后再预览。"


class ExportCancelled(Refused):
    code = "DOC-010"
    remedy = "原有文件没有改动，可随时重新导出。"


class ExportFailed(Refused):
    code = "DOC-011"
    remedy = (
        "原有文件没有改动。请检查磁盘空间、文件夹权限，以及该文件是否正被其他程序打开，再重新导出。"
    )


class CellTooLong(Refused):
    code = "DOC-012"
    remedy = "请缩短该内容，或改为导出 CSV 文件。"


class BadCredential(Refused):
    """A certificate file that can't be read, or must not sign."""

    code = "SIG-001"
    remedy = "请向证书颁发机构或本单位证书管理员索取可用的证书文件（.pfx 或 .p12）。"


class NoSealPlace(Refused):
    code = "SIG-002"
    remedy = "请确认该文件是本软件生成的函件或证明。"


class BadSignature(Refused):
    """A file whose signature is missing or can't be read at all."""

    code = "SIG-003"
    remedy = "请向签章单位索取未经改动的原文件。"
