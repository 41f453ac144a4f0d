"""The pages of the first-run wizard; each knows only what is typed in it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)
from typing_extensions import override

from app.access.founding import Found
from app.accounts.rules import ACCOUNT_KIND_LABELS, AccountKind
from app.accounts.service import AddAccount
from app.core.codes import clean_account, valid_uscc
from app.core.errors import BadInput
from ui.new_password import NewPassword
from ui.theme import restyle


class WelcomePage(QWizardPage):
    """New company, demo company, or a database that is there already."""

    demo_wanted = Signal()
    open_wanted = Signal()

    def __init__(self, where: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("欢迎使用停付管家"))
        self.setSubTitle(self.tr("这里还没有数据。请选择怎样开始。"))
        new = QLabel(
            self.tr("建立新公司：点“下一步”，约两分钟。数据保存在：\n%1").replace("%1", where), self
        )
        new.setWordWrap(True)
        demo = self._button("first_run.demo", self.tr("打开演示公司（演练，不会真正付款）"))
        demo.clicked.connect(self.demo_wanted)
        other = self._button("first_run.open", self.tr("打开已有的数据库文件…"))
        other.clicked.connect(self.open_wanted)
        restore = QLabel(
            self.tr(
                "手上是备份文件（.tfbak）？请在命令行运行 python main.py backup restore 备份文件，"
                "恢复后再打开本窗口。"
            ),
            self,
        )
        restore.setWordWrap(True)
        restore.setProperty("kind", "muted")
        column = QVBoxLayout(self)
        column.setSpacing(self.fontMetrics().height())
        column.addWidget(new)
        for button in (demo, other):
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(restore)
        column.addStretch(1)

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        # Enter means "next" here.
        button.setAutoDefault(False)
        return button


class CompanyPage(QWizardPage):
    """Name, credit code, data set, 正式 or 演练."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("公司"))
        self.setSubTitle(self.tr("这些内容会显示在每个窗口和打印件上。"))
        self.name = _line(self, "first_run.company", self.tr("公司全称"))
        self.code = _line(self, "first_run.credit_code", self.tr("统一社会信用代码"))
        self.code.setPlaceholderText(self.tr("18 位，可先留空"))
        self.dataset = _line(self, "first_run.dataset", self.tr("账套名称"))
        self.dataset.setPlaceholderText(self.tr("留空则与公司同名"))
        self._problem = QLabel(self)
        self._problem.setObjectName("first_run.code_problem")
        self._problem.setProperty("kind", "problem")
        self._problem.setWordWrap(True)
        self.real = QRadioButton(self.tr("正式：真实的付款业务"), self)
        self.real.setObjectName("first_run.real")
        self.drill = QRadioButton(self.tr("演练：培训和试用，窗口始终显示“演练”"), self)
        self.drill.setObjectName("first_run.drill")
        self.real.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.real)
        group.addButton(self.drill)
        form = QFormLayout(self)
        form.addRow(self.tr("公司全称(&C)"), self.name)
        form.addRow(self.tr("信用代码(&X)"), self.code)
        form.addRow("", self._problem)
        form.addRow(self.tr("账套名称(&D)"), self.dataset)
        form.addRow(self.tr("环境"), self.real)
        form.addRow("", self.drill)
        for line in (self.name, self.code):
            line.textChanged.connect(self._judge)

    @override
    def isComplete(self) -> bool:
        return bool(self.name.text().strip()) and not self.problem()

    def problem(self) -> str:
        """What is wrong with the credit code; empty when it may be used."""
        code = self.code.text().strip()
        if not code or valid_uscc(code):
            return ""
        return self.tr("信用代码校验不符：请核对营业执照上的 18 位代码，或先留空。")

    def _judge(self) -> None:
        problem = self.problem()
        self._problem.setText(problem)
        restyle(self.code, "invalid", bool(problem))
        self.completeChanged.emit()


class AdminPage(QWizardPage):
    """The administrator and the password, with its rules said while it is typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("系统管理员"))
        self.setSubTitle(
            self.tr("管理员负责用户、账户和备份，不经办也不审批付款；其他人员稍后由管理员添加。")
        )
        self.name = _line(self, "first_run.admin_name", self.tr("姓名"))
        self.username = _line(self, "first_run.admin_username", self.tr("用户名"))
        self.username.setText("admin")
        self.fields = NewPassword("first_run.password", self)
        self.fields.set_username("admin")
        self.fields.changed.connect(self.completeChanged)
        self.name.textChanged.connect(self.completeChanged)
        self.username.textChanged.connect(self._named)
        form = QFormLayout()
        form.addRow(self.tr("姓名(&N)"), self.name)
        form.addRow(self.tr("用户名(&U)"), self.username)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.fields)
        column.addStretch(1)

    @override
    def isComplete(self) -> bool:
        typed = self.name.text().strip() and self.username.text().strip()
        return bool(typed) and not self.fields.problem()

    def _named(self) -> None:
        self.fields.set_username(self.username.text())
        self.completeChanged.emit()


class AccountsPage(QWizardPage):
    """The first bank accounts; none is fine too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("银行账户"))
        self.setSubTitle(self.tr("登记付款用的账户。可以跳过，以后在“账户与渠道”中添加。"))
        self.table = QTableWidget(0, 5, self)
        self.table.setObjectName("first_run.accounts")
        self.table.setAccessibleName(self.tr("银行账户"))
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("账号"),
                self.tr("户名"),
                self.tr("银行"),
                self.tr("开户行"),
                self.tr("账户类型"),
            ]
        )
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        chars = self.fontMetrics().horizontalAdvance("账")
        for column, wide in enumerate((12, 12, 8, 13)):
            self.table.setColumnWidth(column, chars * wide)
        self.table.itemChanged.connect(self.completeChanged)
        self._problem = QLabel(self)
        self._problem.setObjectName("first_run.accounts_problem")
        self._problem.setProperty("kind", "problem")
        self._problem.setWordWrap(True)
        add = QPushButton(self.tr("添加账户(&A)"), self)
        add.setObjectName("first_run.add_account")
        add.setAccessibleName(self.tr("添加账户"))
        add.clicked.connect(self.add)
        remove = QPushButton(self.tr("删除所选行"), self)
        remove.setObjectName("first_run.remove_account")
        remove.setAccessibleName(self.tr("删除所选账户行"))
        remove.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.addWidget(add)
        row.addWidget(remove)
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addWidget(self.table)
        whole.addWidget(self._problem)
        whole.addLayout(row)

    def add(self, *texts: str) -> None:
        """One more row, with these texts in its first columns."""
        row = self.table.rowCount()
        self.table.insertRow(row)
        given = [text for text in texts if isinstance(text, str)]
        for column in range(4):
            text = given[column] if column < len(given) else ""
            self.table.setItem(row, column, QTableWidgetItem(text))
        kinds = QComboBox(self.table)
        for kind, label in ACCOUNT_KIND_LABELS.items():
            kinds.addItem(label, str(kind))
        self.table.setCellWidget(row, 4, kinds)
        self.table.setCurrentCell(row, 0)
        self.table.setFocus()

    def accounts(self) -> tuple[AddAccount, ...]:
        """What was typed, rows left empty aside. Raises BadInput."""
        found = []
        for row in range(self.table.rowCount()):
            number, name, bank, branch = (self._text(row, column) for column in range(4))
            if not any((number, name, bank, branch)):
                continue
            if not (name and bank and branch):
                text = self.tr("第 %1 行：请填写户名、银行和开户行。").replace("%1", str(row + 1))
                raise BadInput(text)
            kinds = self.table.cellWidget(row, 4)
            kind = kinds.currentData() if isinstance(kinds, QComboBox) else AccountKind.BASIC
            found.append(AddAccount(clean_account(number), name, bank, branch, AccountKind(kind)))
        return tuple(found)

    @override
    def isComplete(self) -> bool:
        try:
            self.accounts()
        except BadInput as error:
            self._problem.setText(f"{error.message}{error.hint}")
            return False
        self._problem.clear()
        return True

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return "" if item is None else item.text().strip()

    def _remove(self) -> None:
        self.table.removeRow(self.table.currentRow())
        self.completeChanged.emit()


def collect(company: CompanyPage, admin: AdminPage) -> Found:
    """What was typed about the company and its administrator."""
    return Found(
        company=company.name.text(),
        dataset=company.dataset.text(),
        drill=company.drill.isChecked(),
        admin_username=admin.username.text(),
        admin_name=admin.name.text(),
        admin_password=admin.fields.password(),
        credit_code=company.code.text().strip(),
    )


def _line(page: QWizardPage, name: str, title: str) -> QLineEdit:
    line = QLineEdit(page)
    line.setObjectName(name)
    line.setAccessibleName(title)
    return line
