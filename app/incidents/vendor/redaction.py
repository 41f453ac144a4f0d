"""脱敏: what may leave the house. Pure: texts in, texts out; lines stay lines.

Masked are accounts and every other long number, names that are known, passwords, mail addresses,
phone numbers, 统一社会信用代码. Kept are times, dates, and our own document numbers, without which
nobody could follow what happened.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

HIDDEN: Final = "〔已隐去〕"
MAIL: Final = "〔邮箱〕"
PHONE: Final = "〔电话〕"
CREDIT_CODE: Final = "〔信用代码〕"
_LEAST_DIGITS: Final = 8
_SHOWN_DIGITS: Final = 4
_SHORTEST_NAME: Final = 2
_SHORTEST_SECRET: Final = 4

# People write long numbers in groups.
_GAP: Final = r"[ \t\u00a0\u3000\-‐‑‒–—−]?"
_NUMBER: Final = re.compile(rf"\d(?:{_GAP}\d){{{_LEAST_DIGITS - 1},}}")
_TIME: Final = (
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"(?![0-9０-９]|-\d)"
)
_OURS: Final = r"(?<![A-Za-z0-9])[A-Z]{2,3}-(?:\d{8}|\d{4})-\d{3,5}(?:-E\d\d+)?(?![0-9０-９]|-\d)"
_KEPT_OR_NUMBER: Final = re.compile(
    rf"(?P<kept>(?<![0-9０-９])(?:{_TIME})|{_OURS})|(?P<number>{_NUMBER.pattern})", re.ASCII
)
_URL_USER: Final = re.compile(r"(?<=://)[^\s'\"]*@")
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_CALLED: Final = (
    r"(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|credential|密码|口令|密钥)"
)
_SECRET: Final = re.compile(
    rf"(?i)({_CALLED}\w*[\"']?\s*(?:[:=：＝]|是|为)\s*)"
    r"(\"[^\"\n]*\"|'[^'\n]*'|[^\s,;，；)）]+)"
)
_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=\-]{6,}")
_PHONE: Final = re.compile(
    r"(?i)((?:电话|手机|联系方式|传真|座机|tel|phone|mobile)[^\d\n]{0,6})"
    r"([\d+(（][\d\-()（）转 ]{4,}\d)"
)
_HEAD: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 (?:CRITICAL|ERROR|WARNING|INFO|DEBUG) ", re.ASCII
)
_CREDIT_CODE: Final = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows to be confidential. accounts: digits only.

    names: of payees, holders, contacts. secrets: passwords. folders: a path and what to write.
    """

    accounts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    folders: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Redactor:
    """Masks texts of one package: the same name is the same 〔名称n〕 in all of them."""

    known: Known
    _by_start: dict[str, list[str]] = field(init=False)
    _secrets: list[str] = field(init=False)
    _lengths: tuple[int, ...] = field(init=False)
    _numbers: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_start = _by_start(self.known.names)
        secrets = (one for one in self.known.secrets if len(one) >= _SHORTEST_SECRET)
        self._secrets = sorted(secrets, key=len, reverse=True)
        self._lengths = tuple(sorted({len(one) for one in self.known.accounts}, reverse=True))

    def text(self, text: str) -> str:
        """The text with everything confidential masked; it has the same number of lines."""
        return "\n".join(self.line(one) for one in text.split("\n"))

    def line(self, line: str) -> str:
        """One line, masked; time and level of a line of the log stay as they are."""
        head = _HEAD.match(line)
        if head is not None:
            return head[0] + self._masked(line[head.end() :])
        return self._masked(line)

    def _masked(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        line = _SECRET.sub(rf"\1{HIDDEN}", line)
        line = _BEARER.sub(rf"\1 {HIDDEN}", line)
        line = _URL_USER.sub(f"{HIDDEN}@", line)
        line = self._without_names(line)
        line = _MAIL.sub(MAIL, line)
        line = _CREDIT_CODE.sub(CREDIT_CODE, line)
        line = self._without_accounts(line)
        line = _PHONE.sub(rf"\1{PHONE}", line)
        line = mask_numbers(line)
        for folder, short in self.known.folders:
            line = line.replace(folder, short)
        return line

    def _without_accounts(self, line: str) -> str:
        """Accounts that are known, also where they look like a date or a number of ours."""
        if not self._lengths:
            return line
        return _NUMBER.sub(self._known_account, line)

    def _known_account(self, found: re.Match[str]) -> str:
        """The run with each account in it masked; what stands around it stays."""
        text = found[0]
        places = [at for at, sign in enumerate(text) if sign.isdecimal()]
        digits = digits_of(text)
        made, done, at = [], 0, 0
        while at < len(digits):
            # A slice beyond the end is shorter than its length and may be another account.
            fitting = (one for one in self._lengths if at + one <= len(digits))
            length = next(
                (one for one in fitting if digits[at : at + one] in self.known.accounts), 0
            )
            if length:
                made += [text[done : places[at]], masked(digits[at : at + length])]
                done = places[at + length - 1] + 1
            at += length or 1
        return "".join([*made, text[done:]])

    def _without_names(self, line: str) -> str:
        if not self._by_start:
            return line
        made, done = [], 0
        for at, name in self._names_in(line):
            made.append(line[done:at])
            made.append(f"〔名称{self._numbers.setdefault(name, len(self._numbers) + 1)}〕")
            done = at + len(name)
        return "".join([*made, line[done:]])

    def _names_in(self, line: str) -> Iterator[tuple[int, str]]:
        """Where names stand, the longest at each place."""
        at = 0
        while at < len(line) - 1:
            names = self._by_start.get(line[at : at + _SHORTEST_NAME], ())
            name = next((one for one in names if line.startswith(one, at)), "")
            if name:
                yield at, name
            at += len(name) or 1


def mask_numbers(text: str) -> str:
    """Every long number reduced to its last four digits, except times and our own numbers."""

    def shown(found: re.Match[str]) -> str:
        return found[0] if found["kept"] else masked(digits_of(found[0]))

    return _wide(_KEPT_OR_NUMBER.sub(shown, text))


def masked(number: str) -> str:
    """An account as it may be told: its last four digits."""
    return f"****{digits_of(number)[-_SHOWN_DIGITS:]}"


def digits_of(text: str) -> str:
    """The digits of a text in ASCII, whatever script they are written in."""
    return "".join(str(int(one)) for one in text if one.isdecimal())


def _wide(text: str) -> str:
    """The same for digits of other scripts, such as ones of double width."""
    if text.isascii() or not any(one.isdecimal() and not one.isascii() for one in text):
        return text

    def shown(found: re.Match[str]) -> str:
        return found[0] if found[0].isascii() else masked(found[0])

    return _NUMBER.sub(shown, text)


def _by_start(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted({one.strip() for one in names}, key=lambda one: (-len(one), one)):
        if len(name) >= _SHORTEST_NAME:
            found.setdefault(name[:_SHORTEST_NAME], []).append(name)
    return found
