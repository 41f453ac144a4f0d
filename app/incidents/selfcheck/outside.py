"""外部连接: channels to the banks, the mail server, printers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from app.accounts import reading
from app.accounts.rules import ChannelFacts
from app.core.clock import local_text
from app.incidents.selfcheck.checks import Asked, Found, Group, State, Step, bad, good, none
from app.letters.post import Server, greet
from app.letters.setup import setup_of
from app.payments.rule_changes import threshold_values
from app.storage.work import ReadWork


def _channels(asked: Asked) -> Iterator[Found]:
    with asked.db.read() as work:
        soon = timedelta(days=int(threshold_values(work)["C01.certificate"]))
        rows = reading.channels(work).values()
        if not rows:
            yield Found(State.NONE, "没有登记渠道。", name="s")
        for one in rows:
            state, detail, cure = _channel(work, one, soon)
            yield Found(state, detail, cure, f".{one.code}", f"渠道 {one.name}")


def _channel(work: ReadWork, one: ChannelFacts, soon: timedelta) -> tuple[State, str, str]:
    until = one.certificate_until
    if not one.up:
        since = local_text(one.state_since, work.tz)
        detail = f"自 {since} 起不可用：{one.state_note}"
        return State.BAD, detail, "请联系银行了解恢复时间；急付的款项改用备用渠道。"
    if until is not None and until < work.today:
        cure = "请到开户行更换证书，再在“账户与渠道”中更新到期日。"
        return State.BAD, f"证书已于 {until} 到期。", cure
    if until is not None and until <= work.today + soon:
        return State.HINT, f"可用；证书将于 {until} 到期。", "请提前到开户行更换证书。"
    return State.GOOD, f"可用。{f'证书至 {until}。' if until else ''}", ""


def _mail(asked: Asked) -> Found:
    with asked.db.read() as work:
        setup = setup_of(work)
    if not setup.smtp_host:
        return none("没有设置邮件服务器，不发送邮件。")
    where = f"{setup.smtp_host}:{setup.smtp_port}"
    if not asked.thorough:
        return good(f"已设置 {where}；全面检查时才连接。")
    server = Server(
        setup.smtp_host,
        setup.smtp_port,
        setup.smtp_security,
        timeout=asked.outside.mail_seconds,
    )
    trouble = greet(server)
    if not trouble:
        return good(f"{where} 有应答（没有登录，没有发送邮件）。")
    cure = "请检查网络，在“系统—函件与邮件”中核对服务器、端口和加密方式；发不出的函件可先打印寄送。"
    return bad(trouble, cure)


def _printers(asked: Asked) -> Found:
    if asked.outside.printers is None:
        return none("未检查：命令行不能查看打印机，请在窗口中运行自诊断。")
    names = asked.outside.printers()
    if names:
        more = f" 等 {len(names)} 台" if len(names) > _SHOWN else ""
        return good(f"{'、'.join(names[:_SHOWN])}{more}。")
    cure = "需要打印的，请在系统设置中添加打印机；也可以另存为 PDF 到其他电脑打印。"
    return Found(State.HINT, "本机没有安装打印机。", cure)


_SHOWN: Final = 3
STEPS: Final[tuple[Step, ...]] = (
    Step(
        "channel",
        "付款渠道",
        Group.OUTSIDE,
        "检查渠道是否可用、银行证书是否到期，否则付款提交不了或收不到回执。",
        _channels,
    ),
    Step(
        "mail",
        "邮件服务器",
        Group.OUTSIDE,
        "检查发送函件的邮件服务器能否连通；只打招呼，不登录，不发送邮件。",
        _mail,
    ),
    Step("printers", "打印机", Group.OUTSIDE, "检查本机有没有可用的打印机。", _printers),
)
