"""The step after a first sign-in: the given password is replaced by one's own."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import messages
from ui.fonts import scaled
from ui.new_password import NewPassword
from ui.tasks import Progress, Tasks
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from app.access.guard import Actor
    from app.storage.work import Database


class ChangePasswordPage(QWidget):
    """Emits the actor once the new password is stored."""

    changed = Signal(object)
    left = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("change_password")
        self.setAccessibleName(self.tr("修改初始密码"))
        self._tasks = tasks
        self._who: tuple[Database, Actor, str] | None = None
        self._busy = False
        self.banner = Banner("change_password.banner", self)
        title = QLabel(self.tr("请先修改密码"), self)
        title.setFont(scaled(title.font(), 1.4, bold=True))
        why = QLabel(self.tr("首次登录或密码被重置后，须换成只有您本人知道的密码。"), self)
        why.setWordWrap(True)
        self.fields = NewPassword("change_password.new", self)
        self.fields.changed.connect(self._show_state)
        self.fields.again.returnPressed.connect(self.submit)
        self._submit = QPushButton(self.tr("保存并登录(&S)"), self)
        self._submit.setObjectName("change_password.submit")
        self._submit.setAccessibleName(self.tr("保存并登录"))
        self._submit.setProperty("kind", "primary")
        self._submit.clicked.connect(self.submit)
        back = QPushButton(self.tr("返回"), self)
        back.setObjectName("change_password.back")
        back.setAccessibleName(self.tr("返回登录"))
        back.clicked.connect(self._leave)
        self.setFocusProxy(self.fields)
        buttons = QHBoxLayout()
        buttons.addWidget(self._submit)
        buttons.addWidget(back)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        for widget in (title, why, self.banner, self.fields):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addStretch(1)
        self._show_state()

    def begin(self, db: "Database", actor: "Actor", old: str) -> None:
        """Make ready for this person, who has just proved the old password."""
        self._who = (db, actor, old)
        self.fields.set_username(actor.username)
        self.fields.first.clear()
        self.fields.again.clear()
        self.banner.clear()

    def submit(self) -> None:
        """Store the new password, unless it is not acceptable yet."""
        if self._busy or self._who is None or self.fields.problem():
            return
        (db, actor, old), new = self._who, self.fields.password()

        def work(_: Progress) -> None:
            from app.access.sign_in import change_password

            change_password(db, actor, old, new)

        self._busy = True
        self._show_state()
        self._tasks.start(work, self._done, self._refused, owner=self)

    def _done(self, _: None) -> None:
        self._busy = False
        self._show_state()
        if self._who is not None:
            actor = self._who[1]
            self._who = None
            self.changed.emit(actor)

    def _refused(self, error: BaseException) -> None:
        self._busy = False
        self._show_state()
        messages.present(self, error, self.banner)

    def _leave(self) -> None:
        self._who = None
        self.left.emit()

    def _show_state(self) -> None:
        self._submit.setEnabled(not self._busy and not self.fields.problem())
