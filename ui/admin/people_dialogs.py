"""The acts on people, each as a dialog; a service decides whether it is allowed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.access.people import (
    AddUser,
    EndRole,
    GrantRole,
    add_user,
    end_role,
    grant_role,
    reset_password,
    set_active,
)
from app.access.queries import PersonLine
from app.access.rights import ROLE_LABELS, Role
from app.core.clock import business_date
from app.core.errors import BadInput
from ui.admin.form_dialog import FormDialog, Work
from ui.context import Context
from ui.new_password import NewPassword
from ui.widgets.date_field import DateField


class PeopleDialogs:
    """Opens the dialogs over one page; `said` hears what was done."""

    def __init__(self, context: Context, page: QWidget, said: Callable[[str], None]) -> None:
        self._context = context
        self._page = page
        self._said = said

    def add(self) -> FormDialog:
        """Somebody new, with a first password."""
        context = self._context

        def collect() -> Work:
            _agreed(password)
            chosen = tuple(role for role, box in boxes.items() if box.isChecked())
            command = AddUser(username.text(), name.text(), password.password(), chosen)
            return lambda: add_user(context.db, context.actor, command)

        dialog = self._dialog(
            "people.add",
            self._tr("新增用户"),
            collect,
            self._tr("首次登录时须修改密码。岗位从今天起生效，之后可再调整。"),
        )
        username = dialog.line("username", self._tr("用户名(&U)"), "", self._tr("英文、数字"))
        name = dialog.line("name", self._tr("姓名(&N)"))
        password = self._password(dialog, "people.add.password")
        username.textChanged.connect(password.set_username)
        boxes = {role: QCheckBox(label, dialog) for role, label in ROLE_LABELS.items()}
        holder = QWidget(dialog)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        for role, box in boxes.items():
            box.setObjectName(f"people.add.role.{role}")
            column.addWidget(box)
        dialog.field(holder, self._tr("岗位"))
        dialog.then(lambda _: self._said(self._tr("已新增用户，请把初始密码当面告知本人。")))
        dialog.open()
        username.setFocus()
        return dialog

    def grant(self, person: PersonLine) -> FormDialog:
        """A post for this person."""
        context = self._context
        today = business_date(context.db.clock.now(), context.db.tz)

        def collect() -> Work:
            command = GrantRole(
                person.username,
                Role(role.currentData()),
                _day(start, self._tr("请填写起日。")),
                until.chosen(),
                cause.toPlainText(),
            )
            return lambda: grant_role(context.db, context.actor, command)

        dialog = self._dialog(
            "people.grant", self._tr("授予岗位：%1").replace("%1", person.name), collect
        )
        role = dialog.choice("role", self._tr("岗位(&P)"), _roles(list(Role)))
        start = self._date(dialog, "people.grant.from", self._tr("有效期起"), today)
        start.set_date(today)
        until = self._date(dialog, "people.grant.until", self._tr("有效期止"), today)
        until.setPlaceholderText(self._tr("长期"))
        cause = dialog.text("cause", self._tr("变更原因(&R)"), self._tr("必填"))
        dialog.then(lambda _: self._said(self._tr("岗位已授予。")))
        dialog.open()
        return dialog

    def end(self, person: PersonLine) -> FormDialog:
        """Take a post away."""
        context = self._context

        def collect() -> Work:
            if role.currentData() is None:
                raise BadInput(self._tr("该用户当前没有岗位。"))
            command = EndRole(person.username, Role(role.currentData()), cause.toPlainText())
            return lambda: end_role(context.db, context.actor, command)

        dialog = self._dialog(
            "people.end",
            self._tr("收回岗位：%1").replace("%1", person.name),
            collect,
            self._tr("立即生效；此前的操作记录不变。"),
            danger=True,
            accept_text=self._tr("收回岗位"),
        )
        role = dialog.choice("role", self._tr("岗位(&P)"), _roles(list(person.roles)))
        cause = dialog.text("cause", self._tr("变更原因(&R)"), self._tr("必填"))
        dialog.then(lambda _: self._said(self._tr("岗位已收回。")))
        dialog.open()
        return dialog

    def switch(self, person: PersonLine) -> FormDialog:
        """Disable an account, or enable it again."""
        context, active = self._context, not person.active
        title = self._tr("启用账号：%1") if active else self._tr("停用账号：%1")

        def collect() -> Work:
            why = cause.toPlainText().strip()
            if not why:
                raise BadInput(self._tr("请填写原因。"))
            return lambda: set_active(context.db, context.actor, person.username, active, why)

        dialog = self._dialog(
            "people.switch",
            title.replace("%1", person.name),
            collect,
            "" if active else self._tr("停用后立即不能登录；正在使用的窗口会退出。"),
            danger=not active,
            accept_text=self._tr("启用") if active else self._tr("停用"),
        )
        cause = dialog.text("cause", self._tr("原因(&R)"), self._tr("必填"))
        done = self._tr("账号已启用。") if active else self._tr("账号已停用。")
        dialog.then(lambda _: self._said(done))
        dialog.open()
        return dialog

    def reset(self, person: PersonLine) -> FormDialog:
        """A first password again."""
        context = self._context

        def collect() -> Work:
            _agreed(password)
            fresh = password.password()
            return lambda: reset_password(context.db, context.actor, person.username, fresh)

        dialog = self._dialog(
            "people.reset",
            self._tr("重置密码：%1").replace("%1", person.name),
            collect,
            self._tr("同时解除登录锁定；本人下次登录时须修改密码。"),
        )
        password = self._password(dialog, "people.reset.password")
        password.set_username(person.username)
        dialog.then(lambda _: self._said(self._tr("密码已重置，请当面告知本人。")))
        dialog.open()
        return dialog

    def _dialog(
        self, name: str, title: str, collect: Callable[[], Work], intro: str = "", **more: Any
    ) -> FormDialog:
        return FormDialog(self._context, name, title, collect, self._page, intro=intro, **more)

    def _password(self, dialog: FormDialog, name: str) -> NewPassword:
        made = NewPassword(name, dialog)
        dialog.form.addRow(made)
        return made

    def _date(self, dialog: FormDialog, name: str, title: str, today: date) -> DateField:
        made = DateField(name, title, today, dialog)
        dialog.field(made, title)
        return made

    def _tr(self, text: str) -> str:
        return self._page.tr(text)


def _roles(roles: list[Role]) -> list[tuple[str, str]]:
    return [(str(role), ROLE_LABELS[role]) for role in roles]


def _agreed(password: NewPassword) -> None:
    problem = password.problem()
    if problem:
        raise BadInput(problem)


def _day(field: DateField, missing: str) -> date:
    chosen = field.chosen()
    if chosen is None:
        raise BadInput(missing)
    return chosen
