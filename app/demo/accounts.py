"""Who works at the demo company, with passwords that everybody may see."""

from typing import Final, NamedTuple


class DemoAccount(NamedTuple):
    """One line of the sign-in page's list."""

    username: str
    name: str
    role_text: str
    password: str


DEMO_PASSWORD: Final = "yanlian2026"  # noqa: S105 - shown on the sign-in page
DEMO_ACCOUNTS: Final[tuple[DemoAccount, ...]] = tuple(
    DemoAccount(username, name, role_text, DEMO_PASSWORD)
    for username, name, role_text in (
        ("clerk", "李敏", "经办、出纳"),
        ("checker", "王芳", "会计、复核"),
        ("supervisor", "陈建国", "财务主管"),
        ("cfo", "赵雪梅", "财务总监"),
        ("gm", "周志远", "总经理"),
        ("admin", "刘洋", "系统管理员"),
        ("auditor", "孙丽", "内审"),
    )
)
