"""Names, accounts and texts as banks write them: for the set that judges the matcher."""

from random import Random
from typing import Final

_CITIES: Final = ("上海", "北京", "苏州", "杭州", "深圳", "广州", "南京", "宁波", "无锡", "成都")
_FIRST: Final = "华申浦江东海天金鑫瑞恒盛泰宏达隆昌永安嘉信德诚博远创联新中"
_SECOND: Final = "峰源达通泰丰润诚立捷业辉宇阳和兴联康成景林腾荣利汇"
_TRADES: Final = (
    "贸易",
    "商贸",
    "物流",
    "机械设备",
    "电子科技",
    "信息技术",
    "建筑材料",
    "印务",
    "餐饮管理",
    "物业管理",
    "人力资源",
    "包装材料",
    "广告传媒",
    "医疗器械",
    "钢材",
    "仓储服务",
)
_FORMS: Final = ("有限公司",) * 12 + ("有限责任公司", "股份有限公司", "厂", "经营部")
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
_GIVEN: Final = "伟芳娜敏静强磊洋勇军杰娟涛明超霞平刚桂英华玉兰红梅鑫波斌宇浩"
_LATIN: Final = ("ACME", "NORDIC", "PACIFIC", "ORIENT", "DELTA", "HANSA", "SUMMIT", "KYOTO")
_LATIN_TRADE: Final = ("TRADING", "MACHINERY", "LOGISTICS", "CHEMICALS", "ELECTRONICS")
_WRONG: Final = {"华": "花", "达": "大", "诚": "城", "鑫": "金", "源": "原", "捷": "杰", "联": "连"}
_CLEARING: Final = ("待处理汇划款项", "网银在线", "待清算商户消费款项", "应解汇款及临时存款")


def company(rng: Random) -> str:
    """A company's full name."""
    core = rng.choice(_FIRST) + rng.choice(_SECOND)
    if rng.random() < 0.35:
        core += rng.choice(_SECOND)
    city, trade, form = rng.choice(_CITIES), rng.choice(_TRADES), rng.choice(_FORMS)
    if rng.random() < 0.12:
        return f"{core}{trade}（{city}）{form}"
    return f"{city}{core}{trade}{form}"


def kin(rng: Random, name: str) -> str:
    """A company of the same group: a name that a hasty eye takes for the other."""
    stem = name.removesuffix("有限公司")
    return rng.choice(
        (
            f"{name}浦东分公司",
            f"{name}第二分公司",
            f"{stem}（集团）有限公司",
            f"{stem[:4]}国际{stem[4:]}有限公司",
            f"{stem}发展有限公司",
        )
    )


def foreign(rng: Random) -> str:
    return f"{rng.choice(_LATIN)} {rng.choice(_LATIN)} {rng.choice(_LATIN_TRADE)} CO., LTD."


def person(rng: Random) -> str:
    """A natural person; the short names collide."""
    given = rng.choice(_GIVEN)
    if rng.random() < 0.55:
        given += rng.choice(_GIVEN)
    return rng.choice(_SURNAMES) + given


def account(rng: Random, natural: bool) -> str:
    if natural:
        return "62" + "".join(rng.choices("0123456789", k=17))
    return rng.choice("123456789") + "".join(rng.choices("0123456789", k=rng.randint(11, 19)))


def cut_bytes(name: str, count: int) -> str:
    """The name in so many bytes of GBK."""
    return name.encode("gb18030")[:count].decode("gb18030", "ignore")


def written_name(rng: Random, name: str, chance: float) -> str:
    """The other party as a bank writes it. chance: of the field being cut at 20 bytes."""
    roll = rng.random()
    if roll < 0.12:
        return _oddly(rng, name, roll)
    if "（" in name and rng.random() < 0.5:
        name = name.replace("（", "(").replace("）", ")")
    if roll < 0.14 and name.isascii():
        return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in name)
    return cut_bytes(name, 20) if rng.random() < chance else name


def _oddly(rng: Random, name: str, roll: float) -> str:
    """Abbreviated, mistyped, missing, masked, somebody else's, or with a word too many."""
    if roll < 0.05:
        return _short(rng, name)
    if roll < 0.06:
        return _mistyped(rng, name)
    if roll < 0.09:
        return ""
    if roll < 0.10:
        return name[:1] + "***" + name[4:] if len(name) > 4 else "*" + name[1:]
    return rng.choice(_CLEARING) if roll < 0.11 else f"{name}（基本户）"


def _short(rng: Random, name: str) -> str:
    """What people write for a company's name; a person's stays."""
    if len(name) < 5:
        return name
    stem = name
    for form in ("股份有限公司", "有限责任公司", "有限公司", " CO., LTD.", "经营部", "厂"):
        stem = stem.replace(form, "")
    for city in _CITIES:
        if stem.startswith(city) and rng.random() < 0.5:
            stem = stem.removeprefix(city)
    return stem


def _mistyped(rng: Random, name: str) -> str:
    for right, wrong in _WRONG.items():
        if right in name:
            return name.replace(right, wrong, 1)
    place = rng.randrange(len(name))
    return name[:place] + name[place + 1 :]


def written_account(rng: Random, number: str, plain: float) -> str:
    """The other party's account. plain: the chance of it standing there whole."""
    roll = rng.random()
    if roll < plain:
        return number
    rest = (roll - plain) / (1 - plain)
    if rest < 0.4:
        return f"{number[:4]}****{number[-4:]}"
    if rest < 0.88:
        return ""
    # A spreadsheet kept fifteen digits of it, or wrote it as a figure.
    return number[:15].ljust(len(number), "0") if rest < 0.95 else f"{int(number):.5E}"


def written_number(rng: Random, number: str) -> str:
    """One of our numbers inside a text."""
    roll = rng.random()
    if roll < 0.5:
        return number
    if roll < 0.75:
        return number.replace("-", "")
    if roll < 0.85:
        return number.lower()
    if roll < 0.95:
        return number.replace("-", " ")
    return "".join(chr(ord(one) + 0xFEE0) for one in number)


def text(rng: Random, channel: str, purpose: str) -> str:
    """What stands beside a payment; @ is where one of our numbers would stand."""
    roll = rng.random()
    noise = ""
    if rng.random() < 0.2:
        noise = f" 发票{rng.randrange(10**7, 10**8)}"
    if rng.random() < 0.1:
        noise += f" HT-2025-{rng.randrange(1, 999):04d}"
    if roll < 0.4:
        return f"{channel} {purpose} @{noise}"
    if roll < 0.7:
        return f"{purpose}@{noise}"
    if roll < 0.9:
        return f"{channel} {purpose}{noise} @"
    return f"{channel}@"
