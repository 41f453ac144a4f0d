"""States, sides and their Chinese words: once."""

from enum import StrEnum
from typing import Final

from app.reconciliation.items import Kind, Sureness


class Side(StrEnum):
    """What the bank is held against: what we ordered, or what we booked."""

    ORDERS = "ORDERS"
    BOOKS = "BOOKS"


class Part(StrEnum):
    """On which side of a match a member stands."""

    BANK = "BANK"
    OURS = "OURS"


class GroupState(StrEnum):
    """LIVE counts; UNDONE was one; REFUSED was proposed and never made."""

    LIVE = "LIVE"
    UNDONE = "UNDONE"
    REFUSED = "REFUSED"


class CarriedSide(StrEnum):
    """Who had booked it before our first line, while the other had not."""

    BANK = "BANK"
    BOOK = "BOOK"


class SheetState(StrEnum):
    """A 余额调节表: PREPARED waits for the review, REVIEWED is frozen."""

    PREPARED = "PREPARED"
    SENT_BACK = "SENT_BACK"
    REVIEWED = "REVIEWED"
    VOIDED = "VOIDED"


KIND_LABELS: Final[dict[Kind, str]] = {
    Kind.REFERENCE: "编号",
    Kind.ACCOUNT: "对方账号",
    Kind.NAME: "户名",
    Kind.NEAR_NAME: "户名相近",
    Kind.AMOUNT: "仅金额",
    Kind.SUM: "多笔合并",
    Kind.SPLIT: "一笔拆分",
    Kind.RETURN: "付出后退回",
    Kind.REVERSAL: "冲正",
    Kind.TRANSFER: "内部转账",
    Kind.AGREEMENT: "协议扣款",
    Kind.RULE: "自定规则",
    Kind.HAND: "手工勾对",
    Kind.FEE: "含手续费",
}
SURENESS_LABELS: Final[dict[Sureness, str]] = {
    Sureness.SURE: "确定",
    Sureness.LIKELY: "很可能",
    Sureness.WEAK: "仅供参考",
}
SIDE_LABELS: Final[dict[Side, str]] = {Side.ORDERS: "付款与扣款", Side.BOOKS: "日记账"}
CARRIED_LABELS: Final[dict[CarriedSide, str]] = {
    CarriedSide.BANK: "银行已记、企业未记",
    CarriedSide.BOOK: "企业已记、银行未记",
}
SHEET_LABELS: Final[dict[SheetState, str]] = {
    SheetState.PREPARED: "待复核",
    SheetState.SENT_BACK: "已退回",
    SheetState.REVIEWED: "已复核",
    SheetState.VOIDED: "已作废",
}
SHEET_MOVES: Final[dict[SheetState, frozenset[SheetState]]] = {
    SheetState.PREPARED: frozenset({SheetState.REVIEWED, SheetState.SENT_BACK}),
    SheetState.SENT_BACK: frozenset(),
    SheetState.REVIEWED: frozenset({SheetState.VOIDED}),
    SheetState.VOIDED: frozenset(),
}
