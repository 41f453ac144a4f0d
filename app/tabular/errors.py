"""Why a file can't be read as a table; every message names the file."""

from pathlib import Path

from app.core.errors import BadInput


class UnreadableTable(BadInput):
    """A file that is not, or not safely, a table."""

    code = "TAB-001"
    remedy = "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 或 .csv 后重新导入。"

    def __init__(self, path: Path, why: str, hint: str | None = None) -> None:
        super().__init__(f"文件“{path.name}”无法导入：{why}", hint)
        self.path = path


class WrongType(UnreadableTable):
    code = "TAB-002"
    remedy = "请导入 Excel 工作簿（.xlsx、.xls）或文本表格（.csv）。"


class EncryptedWorkbook(UnreadableTable):
    code = "TAB-003"
    remedy = "请用 Excel 或 WPS 打开文件，取消打开密码后另存，再重新导入。"


class TooLarge(UnreadableTable):
    code = "TAB-004"
    remedy = "请删除多余的工作表、空白区域和图片，或拆成几个文件后分别导入。"


class UnsafeContent(UnreadableTable):
    code = "TAB-005"
    remedy = "请核实文件来源；确认可信后用 Excel 另存为 .xlsx，再重新导入。"


class BrokenText(UnreadableTable):
    code = "TAB-006"
    remedy = "请按提示的行号检查原文件，改正后重新导入。"


class EmptyTable(UnreadableTable):
    code = "TAB-007"
    remedy = "请确认导出的是有内容的工作表，然后重新导入。"
