"""The wizard that stands at the beginning of a new database."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget, QWizard, QWizardPage
from typing_extensions import override

from app.access.founding import Found
from app.accounts.service import AddAccount
from ui import messages
from ui.first_run_pages import AccountsPage, AdminPage, CompanyPage, WelcomePage, collect
from ui.opening import choose_database
from ui.tasks import Progress, Tasks
from ui.widgets.banner import Banner
from ui.widgets.key_values import KeyValue, KeyValues


class SummaryPage(QWizardPage):
    """Everything once more before it is made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("确认"))
        self.setSubTitle(self.tr("点“建立公司”后生效；之后由管理员登录并添加其他人员。"))
        self.banner = Banner("first_run.banner", self)
        self.lines = KeyValues("first_run.summary", parent=self)
        self.busy = False
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(self.lines)
        column.addStretch(1)

    def show_summary(self, found: Found, accounts: tuple[AddAccount, ...], where: str) -> None:
        """Show what will be made."""
        numbers = "、".join(f"{one.bank} {one.number}" for one in accounts)
        environment = self.tr("演练") if found.drill else self.tr("正式")
        self.lines.set_lines(
            [
                KeyValue("company", self.tr("公司全称"), found.company.strip(), bold=True),
                KeyValue("code", self.tr("信用代码"), found.credit_code),
                KeyValue(
                    "dataset", self.tr("账套"), found.dataset.strip() or found.company.strip()
                ),
                KeyValue("environment", self.tr("环境"), environment),
                KeyValue(
                    "admin", self.tr("管理员"), f"{found.admin_name}（{found.admin_username}）"
                ),
                KeyValue("accounts", self.tr("银行账户"), numbers or self.tr("稍后添加")),
                KeyValue("where", self.tr("数据库"), where),
            ]
        )

    @override
    def isComplete(self) -> bool:
        return not self.busy


class FirstRunWizard(QWizard):
    """Emits the administrator's user name once the company is made."""

    founded = Signal(str)
    demo_wanted = Signal()
    file_chosen = Signal(str)

    def __init__(self, tasks: Tasks, url: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first_run")
        self.setAccessibleName(self.tr("首次使用向导"))
        self.setWindowTitle(self.tr("停付管家 · 首次使用"))
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self._tasks = tasks
        self._url = url
        self.welcome = WelcomePage(url, self)
        self.welcome.demo_wanted.connect(self.demo_wanted)
        self.welcome.open_wanted.connect(self.choose)
        self.company = CompanyPage(self)
        self.admin = AdminPage(self)
        self.accounts = AccountsPage(self)
        self.summary = SummaryPage(self)
        for page in (self.welcome, self.company, self.admin, self.accounts, self.summary):
            self.addPage(page)
        buttons = QWizard.WizardButton
        for button, text in (
            (buttons.NextButton, self.tr("下一步(&N)")),
            (buttons.BackButton, self.tr("上一步(&B)")),
            (buttons.FinishButton, self.tr("建立公司(&F)")),
            (buttons.CancelButton, self.tr("退出")),
        ):
            self.setButtonText(button, text)
        self.currentIdChanged.connect(self._entered)
        line = self.fontMetrics().height()
        self.resize(self.fontMetrics().horizontalAdvance("首") * 60, line * 32)

    def choose(self) -> None:
        """Ask for a database that is there already."""
        ask = choose_database(self)
        ask.fileSelected.connect(self.file_chosen)
        ask.open()

    @override
    def accept(self) -> None:
        """Make the company; the wizard stays open until that is done."""
        if self.summary.busy:
            return
        url, found, accounts = (
            self._url,
            collect(self.company, self.admin),
            self.accounts.accounts(),
        )

        def work(_: Progress) -> str:
            from app.accounts.first_run import found_company
            from app.storage.upgrade import open_database

            db = open_database(url, create=True)
            try:
                found_company(db, found, accounts)
            finally:
                db.close()
            return found.admin_username.strip()

        self._set_busy(True)
        self._tasks.start(work, self._done, self._failed, owner=self)

    @override
    def reject(self) -> None:
        if not self.summary.busy:
            super().reject()

    def _done(self, username: str) -> None:
        self._set_busy(False)
        self.founded.emit(username)

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        messages.present(self, error, self.summary.banner)

    def _set_busy(self, busy: bool) -> None:
        self.summary.busy = busy
        self.summary.completeChanged.emit()
        for button in (QWizard.WizardButton.BackButton, QWizard.WizardButton.CancelButton):
            self.button(button).setEnabled(not busy)

    def _entered(self, _: int) -> None:
        if self.currentPage() is self.summary:
            self.summary.banner.clear()
            self.summary.show_summary(
                collect(self.company, self.admin), self.accounts.accounts(), self._url
            )
