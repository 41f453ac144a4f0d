"""What is refused about letters and mail."""

from app.core.errors import Problem, Refused


class SetupMissing(Refused):
    code = "LET-001"
    remedy = "请由财务主管或系统管理员在“函件与邮件”中补充。"


class BadTemplate(Refused):
    """problems: what is wrong, by the template's line."""

    code = "LET-002"
    remedy = "请按提示修改模板后再保存。"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        said = "；".join(
            one.message if one.row is None else f"第 {one.row} 行：{one.message}"
            for one in problems
        )
        super().__init__(f"模板有 {len(problems)} 处问题：{said}")


class BadLetter(Refused):
    code = "LET-003"
    remedy = "请补充后重新生成。"


class LetterKnown(Refused):
    code = "LET-004"
    remedy = "请在函件清单中查看；确有错误的，先作废再重新生成。"


class BadMail(Refused):
    code = "LET-005"
    remedy = "请核对收件人和邮件设置。"


class NotToSign(Refused):
    code = "LET-007"
    remedy = "请刷新函件清单后重新选择。"


class AlreadySent(Refused):
    code = "LET-006"
    remedy = "如需再次发送，请先与收件人核实是否收到。"
