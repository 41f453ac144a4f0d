"""账户与软件状态检查: what is looked at, and who can find it (requirements B2.1–B2.6). Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Area(StrEnum):
    ACCOUNT = "ACCOUNT"
    SOFTWARE = "SOFTWARE"


AREA_LABELS: Final[dict[Area, str]] = {Area.ACCOUNT: "账户", Area.SOFTWARE: "软件"}


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One item. computed: the program finds it; a person may still overrule it with a reason."""

    code: str
    area: Area
    title: str
    how: str
    computed: bool


ITEMS: Final[tuple[CheckItem, ...]] = (
    CheckItem(
        "account.balance",
        Area.ACCOUNT,
        "余额能否覆盖近期付款",
        "登录网银核对余额，登记到“账户与渠道”，与 7、15、30 天内应付款比较。",
        True,
    ),
    CheckItem(
        "account.restriction",
        Area.ACCOUNT,
        "冻结、止付、挂失等限制",
        "查账户状态和限制登记；有疑问的，向开户行核实机关、金额和期限。",
        True,
    ),
    CheckItem(
        "account.limit",
        Area.ACCOUNT,
        "单笔和日累计限额",
        "付款金额与账户限额、渠道限额比较；限额以开户行公布为准。",
        True,
    ),
    CheckItem(
        "account.rights",
        Area.ACCOUNT,
        "网银操作权限与 U 盾",
        "登录网银，看制单、复核、主管三个 U 盾是否都能用，操作员权限有无调整。",
        False,
    ),
    CheckItem(
        "software.data",
        Area.SOFTWARE,
        "数据库、磁盘与本机时间",
        "运行“自诊断”，看数据库是否完好、磁盘是否够用、时间是否正确。",
        True,
    ),
    CheckItem(
        "software.upgrade",
        Area.SOFTWARE,
        "升级和补丁是否完成",
        "有未完成的升级时，关闭程序重新打开；仍失败的，恢复升级前的备份。",
        True,
    ),
    CheckItem(
        "software.version",
        Area.SOFTWARE,
        "程序版本是否最新",
        "与供应商公布的版本核对；近期升级过的，注明升级日期。",
        False,
    ),
    CheckItem(
        "software.log",
        Area.SOFTWARE,
        "程序日志中的错误",
        "看停付前后的错误日志和错误代码，在“错误代码字典”中查含义。",
        True,
    ),
    CheckItem(
        "software.channel",
        Area.SOFTWARE,
        "银行接口与付款渠道",
        "看渠道是否可用、证书是否到期、是否在银行维护时间内。",
        True,
    ),
    CheckItem(
        "software.network",
        Area.SOFTWARE,
        "网络与服务器",
        "用本机打开开户行网站；请网络管理员检查防火墙和专线。",
        False,
    ),
)


def titles() -> dict[str, str]:
    """The title of each item, by code, in the order in which they are looked at."""
    return {item.code: item.title for item in ITEMS}
