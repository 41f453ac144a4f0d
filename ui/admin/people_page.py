"""用户与权限: who holds which post and until when, and every change of it."""

from datetime import timedelta

from PySide6.QtWidgets import QTabWidget, QWidget
from typing_extensions import override

from app.access.queries import GrantLine, PersonLine, RightChangeLine, people, right_changes
from app.access.rights import ROLE_LABELS, Right, Role
from app.core.clock import business_date, local_seconds, local_text
from ui.admin.frame import AdminPage, enable_with_row
from ui.admin.people_dialogs import PeopleDialogs
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.columns import Column
from ui.widgets.simple_table import SimpleTable

_SOON = timedelta(days=30)
_Answer = tuple[list[PersonLine], list[RightChangeLine]]


class PeoplePage(AdminPage):
    """People in one tab, the log of right changes in the other."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "people", parent)
        self.set_head(
            self.tr("用户与权限"),
            self.tr("岗位决定权限，均有有效期；不能变更自己的权限。每次变更都保留新旧值和原因。"),
        )
        self.dialogs = PeopleDialogs(context, self, self.say)
        self._today = business_date(context.db.clock.now(), context.db.tz)
        right = Right.USER_MANAGE
        self.tool(
            "add",
            self.tr("新增用户…"),
            "user-add-line",
            self.dialogs.add,
            right=right,
            primary=True,
        )
        acts = [
            self.tool("grant", self.tr("授予岗位…"), "key-2-line", self.grant, right=right),
            self.tool("end", self.tr("收回岗位…"), "user-unfollow-line", self.end, right=right),
            self.tool("reset", self.tr("重置密码…"), "lock-password-line", self.reset, right=right),
            self.tool("switch", self.tr("停用/启用…"), "forbid-line", self.switch, right=right),
        ]
        self.table: SimpleTable[PersonLine] = SimpleTable(
            "people.table",
            self.tr("用户"),
            self._columns(),
            lambda line: line.username,
            parent=self,
        )
        self.log: SimpleTable[RightChangeLine] = SimpleTable(
            "people.log",
            self.tr("权限变更记录"),
            self._log_columns(),
            lambda line: (line.at, line.username, line.role, line.given),
            parent=self,
        )
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("people.tabs")
        self.tabs.addTab(self.table, self.tr("用户"))
        self.tabs.addTab(self.log, self.tr("权限变更记录"))
        self.body.addWidget(self.tabs, 1)
        enable_with_row(self.table, acts)
        if context.may(right):
            self.table.opened.connect(self.grant)
        self.reload()

    @override
    def reload(self) -> None:
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> _Answer:
            return people(db, actor), right_changes(db, actor)

        self.read(work, self._show)

    def grant(self, _: object = None) -> None:
        """A post for the chosen person."""
        person = self.table.current_row()
        if person is not None:
            self.dialogs.grant(person)

    def end(self) -> None:
        """Take a post from the chosen person."""
        person = self.table.current_row()
        if person is not None:
            self.dialogs.end(person)

    def reset(self) -> None:
        """A first password again for the chosen person."""
        person = self.table.current_row()
        if person is not None:
            self.dialogs.reset(person)

    def switch(self) -> None:
        """Disable or enable the chosen person's account."""
        person = self.table.current_row()
        if person is not None:
            self.dialogs.switch(person)

    def _show(self, answer: _Answer) -> None:
        persons, changes = answer
        self.table.set_rows(persons)
        self.log.set_rows(changes)
        mixed = [line for line in persons if line.conflicts and line.active]
        if mixed and not self.banner.isVisible():
            self.banner.show_message(
                Severity.WARN,
                self.tr("职责未分离：%1").replace("%1", "；".join(map(_conflict, mixed))),
                self.tr("这些岗位应由不同人员担任；人手不足时请由内审加强抽查。"),
            )

    def _state(self, line: PersonLine) -> str:
        if not line.active:
            return self.tr("已停用")
        now = self.context.db.clock.now()
        if line.locked_until is not None and line.locked_until > now:
            until = local_text(line.locked_until, self.context.db.tz)
            return self.tr("锁定至 %1").replace("%1", until)
        return self.tr("待改密码") if line.must_change else self.tr("正常")

    def _state_tone(self, line: PersonLine) -> Tone:
        normal = line.active and self._state(line) == self.tr("正常")
        return Tone.OK if normal else Tone.WARN if line.active else Tone.MUTED

    def _posts(self, line: PersonLine) -> str:
        held = (f"{ROLE_LABELS[one.role]}（{self._until(one)}）" for one in line.grants)
        return "、".join(held) or self.tr("无岗位")

    def _until(self, grant: GrantLine) -> str:
        if grant.valid_until is None:
            return self.tr("长期")
        return self.tr("至 %1").replace("%1", grant.valid_until.isoformat())

    def _validity_tone(self, line: PersonLine) -> Tone:
        ends = [grant.valid_until for grant in line.grants if grant.valid_until is not None]
        return Tone.WARN if any(end <= self._today + _SOON for end in ends) else Tone.NORMAL

    def _columns(self) -> list[Column[PersonLine]]:
        zone = self.context.db.tz
        return [
            Column(
                "username",
                self.tr("用户名"),
                lambda x: x.username,
                sort_value=lambda x: x.username,
                chars=11,
            ),
            Column("name", self.tr("姓名"), lambda x: x.name, sort_value=lambda x: x.name, chars=8),
            Column("state", self.tr("状态"), self._state, tone=self._state_tone, chars=22),
            Column(
                "posts",
                self.tr("岗位与有效期"),
                self._posts,
                tone=self._validity_tone,
                chars=44,
            ),
            Column(
                "last",
                self.tr("最近登录"),
                lambda x: local_text(x.last_sign_in, zone) or self.tr("从未登录"),
                chars=15,
            ),
            Column(
                "conflicts",
                self.tr("不相容岗位"),
                lambda x: "；".join(_pair(pair) for pair in x.conflicts),
                tone=lambda _: Tone.WARN,
                chars=30,
            ),
        ]

    def _log_columns(self) -> list[Column[RightChangeLine]]:
        zone = self.context.db.tz
        return [
            Column("at", self.tr("时间"), lambda x: local_seconds(x.at, zone), chars=19),
            Column("who", self.tr("用户"), lambda x: f"{x.name}（{x.username}）", chars=22),
            Column(
                "what",
                self.tr("变更"),
                lambda x: (self.tr("授予") if x.given else self.tr("收回")) + ROLE_LABELS[x.role],
                tone=lambda x: Tone.NORMAL if x.given else Tone.WARN,
                chars=20,
            ),
            Column("before", self.tr("变更前"), lambda x: _names(x.before), chars=24),
            Column("after", self.tr("变更后"), lambda x: _names(x.after), chars=24),
            Column("by", self.tr("办理人"), lambda x: x.by, chars=20),
            Column("cause", self.tr("原因"), lambda x: x.cause, chars=24),
        ]


def _names(roles: tuple[Role, ...]) -> str:
    return "、".join(ROLE_LABELS[role] for role in roles) or "—"


def _pair(pair: tuple[Role, Role]) -> str:
    return f"{ROLE_LABELS[pair[0]]}与{ROLE_LABELS[pair[1]]}"


def _conflict(line: PersonLine) -> str:
    return f"{line.name}（{'，'.join(_pair(pair) for pair in line.conflicts)}）"
