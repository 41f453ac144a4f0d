"""The first act on a new database: the company and its administrator."""

from dataclasses import dataclass

from sqlalchemy import select

from app.access.model import Company
from app.access.people import add_grant, new_user
from app.access.rights import Role
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.codes import valid_uscc
from app.core.errors import BadInput, Conflict, NotFound
from app.storage.work import Database, ReadWork, UnitOfWork


@dataclass(frozen=True, slots=True)
class Found:
    """What the first-run wizard asks for."""

    company: str
    dataset: str
    drill: bool
    admin_username: str
    admin_name: str
    admin_password: str
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """What every window shows of the data set it works on."""

    name: str
    dataset: str
    drill: bool
    credit_code: str
    idle_minutes: int

    @property
    def environment(self) -> str:
        return "演练" if self.drill else "正式"


def found(db: Database, command: Found) -> None:
    """Make the company and its administrator. Raises Conflict when there is one already."""
    with db.write() as uow:
        found_in(uow, command)
        uow.commit()


def found_in(uow: UnitOfWork, command: Found) -> None:
    """The same inside a wider act, such as building the demo company."""
    if uow.session.get(Company, 1) is not None:
        raise Conflict("该数据库已建立公司。", "请直接登录，或换一个新的数据库文件。")
    if not command.company.strip():
        raise BadInput("请填写公司全称。")
    if command.credit_code and not valid_uscc(command.credit_code):
        raise BadInput("统一社会信用代码校验不符。", "请核对营业执照上的 18 位代码，或先留空。")
    uow.session.add(
        Company(
            id=1,
            name=command.company.strip(),
            credit_code=command.credit_code.strip(),
            dataset=command.dataset.strip() or command.company.strip(),
            drill=command.drill,
            created_at=uow.now,
        )
    )
    admin = new_user(uow, command.admin_username, command.admin_name, command.admin_password)
    add_grant(uow, admin, Role.ADMIN, uow.today, None, SYSTEM_ACTOR, "建立公司")
    record(
        uow,
        SYSTEM_ACTOR,
        Event(
            "company.founded",
            "company:1",
            after={"name": command.company, "admin": admin.username, "drill": command.drill},
        ),
    )


def company_card(work: ReadWork) -> CompanyCard | None:
    """The company of this database; None before it was founded."""
    row = work.session.scalar(select(Company))
    if row is None:
        return None
    return CompanyCard(row.name, row.dataset, row.drill, row.credit_code, row.idle_minutes)


def company_of(work: ReadWork) -> CompanyCard:
    """The company, for a paper that has to name it. Raises NotFound before it was founded."""
    card = company_card(work)
    if card is None:
        raise NotFound("数据库中尚未建立公司。", "请先建立公司。")
    return card
