"""Where somebody can be reached: looked up, and remembered from letter to letter."""

from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address

from sqlalchemy import select

from app.core.errors import BadInput
from app.letters.model import Correspondent
from app.storage.work import ReadWork, UnitOfWork


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is reached; "" where nobody knows."""

    email: str = ""
    fax: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""


def check_address(text: str) -> str:
    """One mail address, alone. Raises BadInput."""
    plain = text.strip()
    try:
        made = Address(addr_spec=plain)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise _bad(plain) from error
    if not made.username or "." not in made.domain or not plain.isascii() or " " in plain:
        raise _bad(plain)
    return plain


def _bad(text: str) -> BadInput:
    return BadInput(f"“{text}”不是有效的电子邮箱。", "邮箱形如 name@bank.com，每次一个。")


def reach_of(work: ReadWork, party: str, name: str) -> Reach:
    """What is known of them; nothing where they were never written to."""
    row = _row(work, party, name)
    return Reach() if row is None else _reach(row)


def remember(uow: UnitOfWork, party: str, name: str, reach: Reach) -> None:
    """Keep what was told of them; what is empty takes nothing away. Raises BadInput."""
    if reach.email:
        check_address(reach.email)
    row = _row(uow, party, name)
    if row is None:
        row = Correspondent(party=party, name=name)
        uow.session.add(row)
    for key in ("email", "fax", "address", "contact", "phone"):
        said = getattr(reach, key).strip()
        if said:
            setattr(row, key, said)
    uow.session.flush()


def _row(work: ReadWork, party: str, name: str) -> Correspondent | None:
    return work.session.scalar(
        select(Correspondent).where(Correspondent.party == party, Correspondent.name == name)
    )


def _reach(row: Correspondent) -> Reach:
    return Reach(row.email, row.fax, row.address, row.contact, row.phone)
