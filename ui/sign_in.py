"""The first window: whose data this is, 正式 or 演练, and who comes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from ui import messages
from ui.change_password import ChangePasswordPage
from ui.fonts import scaled
from ui.new_password import PasswordLine
from ui.opening import DemoAccount, Opened, TroublePage
from ui.tasks import Progress, Tasks
from ui.theme import restyle
from ui.widgets.banner import Banner, Severity

if TYPE_CHECKING:
    from app.access.sign_in import Welcome

_USER = "sign_in/user"


class SignInWindow(QWidget):
    """Takes keys at once; a sign-in that is asked before the database is open waits for it."""

    signed_in = Signal(object)
    retry_wanted = Signal()
    file_chosen = Signal(str)
    closed = Signal()

    def __init__(self, tasks: Tasks, settings: QSettings, as_user: str | None = None) -> None:
        super().__init__()
        self.setObjectName("sign_in")
        self.setAccessibleName(self.tr("登录"))
        self.setWindowTitle(self.tr("停付管家 · 登录"))
        self._tasks = tasks
        self._settings = settings
        self._opened: Opened | None = None
        self._busy = self._wanted = False
        self._make_fields(as_user)
        self._trouble = TroublePage(self)
        self._trouble.retry_wanted.connect(self.retry_wanted)
        self._trouble.file_chosen.connect(self.file_chosen)
        self._trouble.quit_wanted.connect(self.close)
        self._change = ChangePasswordPage(tasks, self)
        self._change.changed.connect(self._enter)
        self._change.left.connect(self._back)
        self._stack = QStackedWidget(self)
        self._form = self._assemble()
        for page in (self._form, self._trouble, self._change):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        gap = self.fontMetrics().height()
        column.setContentsMargins(gap * 2, gap * 2, gap * 2, gap)
        column.addWidget(self._stack)
        self.resize(self.fontMetrics().horizontalAdvance("登") * 36, gap * 24)
        first = self.password if self.username.text() else self.username
        first.setFocus()

    def show_opening(self, where: str) -> None:
        """Say that the database is being opened; keys are taken meanwhile."""
        self._opened = None
        self._company.setText(self.tr("正在打开数据库…"))
        self._dataset.setText(where)
        self._badge.hide()
        self._stack.setCurrentWidget(self._form)

    def show_opened(self, opened: Opened) -> None:
        """Show whose data this is. Raises ValueError for a database without a company."""
        card = opened.card
        if card is None or opened.db is None:
            raise ValueError("nobody can sign in without a company")
        self._opened = opened
        self._company.setText(card.name)
        self._dataset.setText(self.tr("账套：%1").replace("%1", card.dataset))
        self._badge.setText(
            self.tr("演练环境：不会真正付款") if card.drill else self.tr("正式环境")
        )
        restyle(self._badge, "banner", str(Severity.WARN if card.drill else Severity.OK))
        self._badge.show()
        self._show_demo(opened.demo)
        self._stack.setCurrentWidget(self._form)
        if self._wanted:
            self.submit()

    def show_refusal(self, error: BaseException, where: str) -> None:
        """Say why the database can't be opened."""
        self._wanted = False
        self._trouble.show_error(error, where)
        self._stack.setCurrentWidget(self._trouble)
        self._trouble.setFocus()

    def tell(self, severity: Severity, text: str) -> None:
        """Say above the fields why one is here again."""
        self.banner.show_message(severity, text)

    def submit(self) -> None:
        """Sign in with what was typed."""
        if self._busy:
            return
        if not self.username.text().strip() or not self.password.text():
            self.banner.show_message(Severity.WARN, self.tr("请输入用户名和密码。"))
            return
        if self._opened is None or self._opened.db is None:
            self._wanted = True
            self.banner.show_message(Severity.INFO, self.tr("数据库打开后立即登录…"))
            return
        db, name, password = self._opened.db, self.username.text(), self.password.text()

        def work(_: Progress) -> "Welcome":
            from app.access.sign_in import sign_in

            return sign_in(db, name, password)

        self._wanted = False
        self.banner.clear()
        self._set_busy(True)
        self._tasks.start(work, self._welcomed, self._refused, owner=self)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def _welcomed(self, welcome: "Welcome") -> None:
        self._set_busy(False)
        self._settings.setValue(_USER, welcome.actor.username)
        if welcome.must_change and self._opened is not None and self._opened.db is not None:
            self._change.begin(self._opened.db, welcome.actor, self.password.text())
            self._stack.setCurrentWidget(self._change)
            self._change.setFocus()
        else:
            self._enter(welcome.actor)

    def _enter(self, actor: object) -> None:
        self.password.clear()
        self.signed_in.emit(actor)

    def _back(self) -> None:
        self.password.clear()
        self._stack.setCurrentWidget(self._form)
        self.password.setFocus()

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        self.password.setFocus()
        self.password.selectAll()
        messages.present(self, error, self.banner)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._submit.setText(self.tr("正在登录…") if busy else self.tr("登录(&L)"))
        for widget in (self.username, self.password, self._submit):
            widget.setEnabled(not busy)

    def _caps(self, on: bool) -> None:
        self._caps_hint.setText(self.tr("大写锁定已打开。") if on else "")

    def _make_fields(self, as_user: str | None) -> None:
        self._company = QLabel(self)
        self._company.setObjectName("sign_in.company")
        self._company.setFont(scaled(self.font(), 1.5, bold=True))
        self._company.setWordWrap(True)
        self._dataset = QLabel(self)
        self._dataset.setObjectName("sign_in.dataset")
        self._dataset.setProperty("kind", "muted")
        self._dataset.setWordWrap(True)
        self._badge = QLabel(self)
        self._badge.setObjectName("sign_in.environment")
        self._badge.setAccessibleName(self.tr("环境"))
        self._badge.setFont(scaled(self.font(), 1.1, bold=True))
        self._badge.setMargin(self.fontMetrics().height() // 3)
        self.banner = Banner("sign_in.banner", self)
        self.username = QLineEdit(self)
        self.username.setObjectName("sign_in.username")
        self.username.setAccessibleName(self.tr("用户名"))
        known = as_user or self._settings.value(_USER, "")
        self.username.setText(str(known or ""))
        self.username.returnPressed.connect(self.submit)
        self.password = PasswordLine("sign_in.password", self.tr("密码"), self)
        self.password.returnPressed.connect(self.submit)
        self.password.caps_changed.connect(self._caps)
        self._caps_hint = QLabel(self)
        self._caps_hint.setObjectName("sign_in.caps")
        self._caps_hint.setAccessibleName(self.tr("大写锁定提示"))
        self._caps_hint.setProperty("tone", "warn")
        self._submit = QPushButton(self.tr("登录(&L)"), self)
        self._submit.setObjectName("sign_in.submit")
        self._submit.setAccessibleName(self.tr("登录"))
        self._submit.setProperty("kind", "primary")
        self._submit.clicked.connect(self.submit)

    def _assemble(self) -> QWidget:
        page = QWidget(self)
        product = QLabel(self.tr("停付管家"), page)
        product.setProperty("kind", "muted")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("用户名(&U)"), self.username)
        form.addRow(self.tr("密码(&P)"), self.password)
        form.addRow("", self._caps_hint)
        self._demo = QFrame(page)
        self._demo.setObjectName("sign_in.demo")
        self._demo.setProperty("kind", "card")
        self._demo_grid = QGridLayout(self._demo)
        self._demo.hide()
        # In a large window the form stays a column in the middle, as wide as it reads well.
        middle = QWidget(page)
        middle.setMaximumWidth(self.fontMetrics().averageCharWidth() * 72)
        around = QHBoxLayout(page)
        around.setContentsMargins(0, 0, 0, 0)
        around.addStretch(1)
        around.addWidget(middle, 100)
        around.addStretch(1)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 2)
        for widget in (product, self._company, self._dataset, self._badge, self.banner):
            column.addWidget(widget)
        column.addSpacing(self.fontMetrics().height() // 2)
        column.addLayout(form)
        column.addWidget(self._submit)
        column.addSpacing(self.fontMetrics().height())
        column.addWidget(self._demo)
        column.addStretch(1)
        return page

    def _show_demo(self, accounts: Sequence[DemoAccount]) -> None:
        while (item := self._demo_grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if accounts:
            title = QLabel(self.tr("演示账号（点一下即可填入）"), self._demo)
            title.setProperty("kind", "muted")
            self._demo_grid.addWidget(title, 0, 0, 1, 3)
        for row, account in enumerate(accounts, 1):
            button = QPushButton(f"{account.username}  {account.name}", self._demo)
            button.setObjectName(f"sign_in.demo.{account.username}")
            button.setAccessibleName(f"{account.name} {account.role}")
            button.setProperty("kind", "link")
            button.clicked.connect(lambda _=False, one=account: self.fill_in(one))
            self._demo_grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignLeft)
            self._demo_grid.addWidget(QLabel(account.role, self._demo), row, 1)
            self._demo_grid.addWidget(QLabel(account.password, self._demo), row, 2)
        self._demo.setVisible(bool(accounts))
        if accounts:
            self.resize(self.size().expandedTo(self.sizeHint()))

    def fill_in(self, account: DemoAccount) -> None:
        """Fill in a demo account's name and password."""
        self.username.setText(account.username)
        self.password.setText(account.password)
        self._submit.setFocus()
