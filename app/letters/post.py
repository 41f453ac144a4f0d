"""Handing one mail to a server by SMTP, and telling for certain what is known of it afterwards.

What was refused before its content went out certainly did not leave. Once content was on its way
and no answer came, it may have arrived: that is unknown, and nobody guesses (anchors: Kill Bill).
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from app.letters.setup import Security
from app.letters.states import MailState

TIMEOUT: Final = 30.0
_READY, _DONE = 354, 250
_TEMPORARY: Final = range(400, 500)
_BARE_END: Final = re.compile(rb"\r\n|\r|\n")
_DOT: Final = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. password: "" for a server that asks for none. timeout: seconds."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT


class Trouble(StrEnum):
    """What is wrong beyond the one mail: every other mail would meet it as well."""

    SIGN_IN = "SIGN_IN"
    LINE = "LINE"


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of it. said: the server's or the system's words; retry: it may go better later.

    trouble: SIGN_IN where the server does not take the password, LINE where nobody gets through;
    None where the server took the sign-in.
    """

    state: MailState
    said: str
    retry: bool = False
    trouble: Trouble | None = None


class _Refused(Exception):  # noqa: N818 - the server's answer, turned into Handed at once
    """The server or the way to it said no, before any content went out."""

    def __init__(self, said: str, *, retry: bool, trouble: Trouble | None = None) -> None:
        super().__init__(said)
        self.handed = Handed(MailState.FAILED, said, retry, trouble)


def hand_over(server: Server, sender: str, recipient: str, message: bytes) -> Handed:
    """Hand one message to the server; never raises for what a server or network does."""
    with Line() as line:
        return line.post(server, sender, recipient, message)


class Line:
    """One connection for many messages: opened for the first, and anew once one did not go well."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def post(self, server: Server, sender: str, recipient: str, message: bytes) -> Handed:
        """Hand over the next message; never raises for what a server or network does."""
        try:
            self._smtp = smtp = self._usable() or _connected(server)
            _envelope(smtp, sender, recipient)
            handed = _content(smtp, message)
        except _Refused as refused:
            handed = refused.handed
        if handed.state is not MailState.SENT:
            self.close()
        return handed

    def close(self) -> None:
        """End the connection; the fate of every message is known by now."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        # How the server says good-bye changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()

    def _usable(self) -> smtplib.SMTP | None:
        """The open connection, if the server still listens; asking sends nothing."""
        if self._smtp is None:
            return None
        with suppress(smtplib.SMTPException, OSError):
            if self._smtp.noop()[0] == _DONE:
                return self._smtp
        self.close()
        return None


def greet(server: Server) -> str:
    """Call the server, say who is there and hang up: "" where it answers, else what is wrong.

    Nobody signs in and no mail is sent.
    """
    try:
        smtp = _connected(replace(server, user="", password=""))
    except _Refused as refused:
        return refused.handed.said
    # How the server says good-bye changes nothing.
    with suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()
    return ""


def _connected(server: Server) -> smtplib.SMTP:
    try:
        smtp = _opened(server)
    except (OSError, smtplib.SMTPException) as error:
        said = f"连接 {server.host}:{server.port} 失败：{_words(error)}"
        raise _Refused(said, retry=True, trouble=Trouble.LINE) from error
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == Security.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        smtp.close()
        if error.smtp_code in _TEMPORARY:
            said = f"邮件服务器暂时不能登录：{_words(error)}"
            raise _Refused(said, retry=True, trouble=Trouble.LINE) from error
        said = f"邮件服务器不接受用户名或密码：{_words(error)}"
        raise _Refused(said, retry=False, trouble=Trouble.SIGN_IN) from error
    except UnicodeError as error:
        smtp.close()
        said = "邮箱用户名或密码含有邮件服务器不能识别的字符，请核对"
        raise _Refused(said, retry=False, trouble=Trouble.SIGN_IN) from error
    except (OSError, smtplib.SMTPException) as error:
        smtp.close()
        said = f"登录邮件服务器失败：{_words(error)}"
        raise _Refused(said, retry=True, trouble=Trouble.LINE) from error
    return smtp


def _opened(server: Server) -> smtplib.SMTP:
    if server.security == Security.TLS:
        return smtplib.SMTP_SSL(
            server.host,
            server.port,
            timeout=server.timeout,
            context=ssl.create_default_context(),
        )
    return smtplib.SMTP(server.host, server.port, timeout=server.timeout)


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Who sends and who receives, until the server is ready for the content. Raises _Refused."""
    steps: tuple[tuple[str, int, Callable[[], tuple[int, bytes]]], ...] = (
        ("发件人", _DONE, lambda: smtp.mail(sender)),
        ("收件人", _DONE, lambda: smtp.rcpt(recipient)),
        ("邮件", _READY, lambda: smtp.docmd("DATA")),
    )
    for what, wanted, step in steps:
        try:
            code, answer = step()
        except (OSError, smtplib.SMTPException) as error:
            said = f"与邮件服务器的连接中断：{_words(error)}"
            raise _Refused(said, retry=True, trouble=Trouble.LINE) from error
        if code // 10 != wanted // 10:
            said = f"邮件服务器拒绝{what}：{code} {_text(answer)}"
            raise _Refused(said, retry=code in _TEMPORARY)


def _content(smtp: smtplib.SMTP, message: bytes) -> Handed:
    try:
        smtp.send(_stuffed(message))
        code, answer = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        said = f"邮件内容发出后没有得到服务器的答复：{_words(error)}"
        return Handed(MailState.UNKNOWN, said)
    said = f"{code} {_text(answer)}"
    if code == _DONE:
        return Handed(MailState.SENT, said)
    return Handed(MailState.FAILED, f"邮件服务器拒收：{said}", code in _TEMPORARY)


def _stuffed(message: bytes) -> bytes:
    """The content as it goes over the line (RFC 5321, 4.5.2), its end included."""
    lines = _BARE_END.sub(b"\r\n", message)
    return _DOT.sub(b"..", lines).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _text(answer: bytes) -> str:
    return answer.decode("utf-8", errors="replace").replace("\n", " ")


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        return f"{error.smtp_code} {_text(raw) if isinstance(raw, bytes) else raw}"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "超时，服务器没有答复"
    for kind, said in _SAID.items():
        if isinstance(error, kind):
            return said
    return str(error) or type(error).__name__


# The narrower first: the last is what the others are kinds of.
_SAID: Final[dict[type[Exception], str]] = {
    ssl.SSLCertVerificationError: "服务器的证书不可信，请核对服务器地址",
    ssl.SSLError: "服务器不支持所选的加密方式",
    socket.gaierror: "找不到该服务器，请核对地址和网络",
    ConnectionRefusedError: "服务器未运行或端口不对",
    smtplib.SMTPServerDisconnected: "连接被服务器关闭",
    smtplib.SMTPNotSupportedError: "服务器不支持所选的加密或登录方式",
}
