"""Compares the amount in words with the amount in figures."""

from app.core.capitals import BadCapitals, parse_capitals
from app.core.money import Money
from app.payments.intake.values import Unfit, clean


def check_capitals(words: str, money: Money) -> None:
    """Raises Unfit when the words are no amount, or another one than the figures."""
    try:
        said = parse_capitals(clean(words))
    except BadCapitals as unclear:
        raise Unfit(f"金额大写“{words.strip()}”无法识别，请按规范书写或留空") from unclear
    if said.minor != money.minor:
        raise Unfit(f"金额大写“{words.strip()}”与小写 {money.display()} 不一致，请核对")
