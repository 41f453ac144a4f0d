"""A proof on paper: the number and hash of one entry, which stand for everything before it."""

import re
from typing import Final

from app.audit.verify import Broken, Seen, against_seen
from app.core.errors import BadInput
from app.storage.errors import spoken
from app.storage.work import Database

_UNPROVEN: Final = "与证明所载的哈希不符：证明不是出自本数据库，或日志被改动。"
_FORM: Final = re.compile(r"TINGFU:(\d{1,12}):([0-9a-f]{64})")


def proof_text(seq: int, entry_hash: str) -> str:
    """What a proof's code says: plain ASCII, so that every camera reads it."""
    return f"TINGFU:{seq}:{entry_hash}"


def read_proof(text: str) -> Seen:
    """The entry that a proof names. Raises BadInput."""
    found = _FORM.fullmatch("".join(text.split()))
    if found is None:
        raise BadInput("证明文字不完整。", "请扫描证明上的二维码，粘贴以 TINGFU: 开头的全部文字。")
    return Seen(int(found[1]), found[2])


def check_proof(db: Database, seen: Seen) -> Broken | None:
    """Why the entry is not what the proof says; None when it is. Verify the chain as well."""
    with spoken(), db.engine.connect() as connection:
        found = against_seen(connection, seen)
    return None if found is None else Broken(seen.seq, _UNPROVEN)
