"""How like two company names are, as banks write them: values in, values out.

Banks shorten a name, leave out its place or its legal form, and put words of their own around it.
What they don't do is change a character of its core: 临江供电 and 临江供水 are two companies, however
alike they look to a measure of letters. So likeness is told by kind, not by one number.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from app.core.names import normalise_name

_FORMS: Final = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|分公司|子公司|总公司|公司|集团)$"
)
_PLACE: Final = re.compile(
    r"^(中国|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东"
    r"|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|苏州|无锡|常州|南通|南京|杭州|宁波|温州"
    r"|嘉兴|绍兴|合肥|福州|厦门|泉州|南昌|济南|青岛|烟台|郑州|武汉|长沙|广州|深圳|东莞|佛山|珠海|成都|昆明"
    r"|西安|沈阳|大连|长春|哈尔滨|石家庄|太原)(省|市)?"
)
_LEGAL: Final = re.compile(r"股份有限公司|有限责任公司|有限公司")
# What a bank writes around a name.
_WORDS: Final = re.compile(
    r"(代扣|代收|扣款|批扣|委托收款|定期借记|自动扣|缴费|收费|专户|电费|水费|燃气费|通讯费|租金|物业费|保险费|应收|业务)"
)
_MARKS: Final = re.compile(r"[()·\-—_.,:;/#*&]")
_SHORTEST: Final = 3
# Of a name so many parts of 100 must agree, and it must be this long, to count as a misspelling.
_MISSPELT: Final = 80
_LONG: Final = 5


class Likeness(IntEnum):
    """NONE: another company. SIMILAR: letters alike. CLOSE: a shorter or longer form. SAME."""

    NONE = 0
    SIMILAR = 1
    CLOSE = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A company's name taken apart: 上海 临江供电 股份有限公司 and whatever branch follows.

    stem: place and core together. form: 股份 or 有限, where the name says which.
    """

    whole: str
    place: str
    core: str
    stem: str
    form: str


@lru_cache(maxsize=65536)
def parts(name: str) -> Name:
    """What tells a company apart: its name without place, legal form and a bank's own words."""
    whole = normalise_name(name)
    text = _MARKS.sub("", whole)
    without_words = _WORDS.sub("", text)
    if len(_strip(without_words)) >= _SHORTEST:
        text = without_words
    legal = _LEGAL.search(text)
    stem = _strip(text) if legal is None else text[: legal.start()]
    found = _PLACE.match(stem)
    core = stem if found is None else stem[found.end() :]
    return Name(
        whole,
        "" if found is None else found[1],
        core if len(core) >= _SHORTEST else stem,
        stem,
        "" if legal is None else legal[0][:2],
    )


def likeness(one: str, other: str) -> Likeness:
    """How like they are; NONE where one is empty."""
    return compare(parts(one), parts(other))


def compare(first: Name, second: Name) -> Likeness:
    """The same for names that were taken apart before."""
    if not first.whole or not second.whole:
        return Likeness.NONE
    if first.whole == second.whole:
        return Likeness.SAME
    if first.place and second.place and first.place != second.place:
        # A place may be left out, and is never exchanged for another.
        return Likeness.NONE
    if first.form and second.form:
        # Two whole names: what follows the form is a branch, what stands before it is the company.
        if first.core == second.core:
            return Likeness.CLOSE if first.form == second.form else Likeness.SIMILAR
    else:
        short, long = sorted((first.core, second.core), key=len)
        if len(short) >= _SHORTEST and short in long:
            return Likeness.CLOSE
    return Likeness.SIMILAR if _misspelt(first.stem, second.stem) else Likeness.NONE


def _strip(name: str) -> str:
    """The name without its legal forms, of which there may be several at the end."""
    before = ""
    while before != name:
        before, name = name, _FORMS.sub("", name)
    return name


def _misspelt(first: str, second: str) -> bool:
    from rapidfuzz.fuzz import ratio

    if min(len(first), len(second)) < _LONG:
        return False
    return ratio(first, second, score_cutoff=_MISSPELT) > 0
