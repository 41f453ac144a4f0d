"""How letters are headed and mail is sent: one setting for the whole company."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Final

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict
from app.letters.addresses import check_address
from app.letters.errors import SetupMissing
from app.letters.model import LetterSetup
from app.storage.work import Database, ReadWork

_ROW: Final = 1
_MOST_DAYS: Final = 60
_LAST_PORT: Final = 65535
_LONGEST_WORD: Final = 12


class Security(StrEnum):
    """How the way to the mail server is kept secret."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "NONE"


SECURITY_LABELS: Final[dict[Security, str]] = {
    Security.TLS: "TLS（端口 465）",
    Security.STARTTLS: "STARTTLS（端口 587）",
    Security.NONE: "不加密（仅限内网）",
}


@dataclass(frozen=True, slots=True)
class Setup:
    """word: the 机关代字, such as 华精财函. reply_days: working days that a letter asks for."""

    word: str = "财函"
    contact: str = ""
    phone: str = ""
    email: str = ""
    reply_days: int = 5
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: str = Security.TLS
    smtp_user: str = ""
    sender: str = ""
    version: int = 0


def setup_of(work: ReadWork) -> Setup:
    """The setting as it stands; the usual one before anybody set it."""
    row = work.session.get(LetterSetup, _ROW)
    if row is None:
        return Setup()
    return Setup(**{one.name: getattr(row, one.name) for one in fields(Setup)})


def letter_setup(db: Database, actor: Actor) -> Setup:
    """The setting, for looking at. Raises Denied."""
    with reading(db, actor, Right.LETTER_SETUP) as work:
        return setup_of(work)


def contact_of(work: ReadWork) -> Setup:
    """The setting with everything that a letter needs. Raises SetupMissing."""
    setup = setup_of(work)
    if not setup.contact or not setup.phone:
        raise SetupMissing("尚未设置函件的联系人和电话。")
    return setup


def save_setup(db: Database, actor: Actor, setup: Setup) -> None:
    """Keep the setting. Raises BadInput, Conflict when somebody else changed it meanwhile."""
    with acting(db, actor, Right.LETTER_SETUP) as act:
        new = _checked(setup)
        row = act.uow.session.get(LetterSetup, _ROW)
        before = setup_of(act.uow)
        if before.version != setup.version:
            raise Conflict("函件与邮件设置已被他人修改。")
        values = {key: value for key, value in asdict(new).items() if key != "version"}
        if row is None:
            act.uow.session.add(LetterSetup(id=_ROW, **values))
        else:
            for key, value in values.items():
                setattr(row, key, value)
        changed = {key for key, value in values.items() if getattr(before, key) != value}
        act.done(
            Event(
                "letter.setup_changed",
                "letter:setup",
                before={key: getattr(before, key) for key in sorted(changed)},
                after={key: values[key] for key in sorted(changed)},
            )
        )


def _checked(setup: Setup) -> Setup:
    texts = {
        one.name: str(getattr(setup, one.name)).strip()
        for one in fields(Setup)
        if isinstance(getattr(setup, one.name), str)
    }
    new = Setup(**{**asdict(setup), **texts})
    wrong = (
        (
            not new.word or len(new.word) > _LONGEST_WORD,
            "请填写机关代字，最多 12 个字，如“华精财函”。",
        ),
        (any(sign in new.word for sign in "〔〕[]0123456789"), "机关代字不含年份、编号和括号。"),
        (not new.contact, "请填写联系人。"),
        (not new.phone, "请填写联系电话。"),
        (not 1 <= new.reply_days <= _MOST_DAYS, "回复期限须为 1 到 60 个工作日。"),
        (not 1 <= new.smtp_port <= _LAST_PORT, "端口须为 1 到 65535。"),
        (new.smtp_security not in set(Security), "请选择加密方式。"),
        (bool(new.smtp_host) and not new.sender, "请填写发件邮箱。"),
    )
    for bad, said in wrong:
        if bad:
            raise BadInput(said)
    for address in (new.email, new.sender):
        if address:
            check_address(address)
    return new
