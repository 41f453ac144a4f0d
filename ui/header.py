"""The head of the main window: whose data, which environment, who is here."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.access.rights import ROLE_LABELS, Role
from ui import theme
from ui.context import Context
from ui.fonts import scaled
from ui.widgets.banner import Severity
from ui.widgets.icons import icon


class Header(QFrame):
    """Always visible; 演练 stands in a warning tone."""

    search_wanted = Signal()
    theme_wanted = Signal(object)
    password_wanted = Signal()
    sign_out_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setAccessibleName(self.tr("抬头"))
        card, actor = context.card, context.actor
        company = QLabel(card.name, self)
        company.setObjectName("header.company")
        company.setFont(scaled(self.font(), 1.15, bold=True))
        company.setToolTip(card.name)
        dataset = QLabel(self.tr("账套：%1").replace("%1", card.dataset), self)
        dataset.setObjectName("header.dataset")
        dataset.setProperty("kind", "muted")
        badge = QLabel(card.environment, self)
        badge.setObjectName("header.environment")
        badge.setAccessibleName(self.tr("环境：%1").replace("%1", card.environment))
        badge.setFont(scaled(self.font(), 1.0, bold=True))
        badge.setProperty("banner", str(Severity.WARN if card.drill else Severity.OK))
        badge.setContentsMargins(self._gap(), 0, self._gap(), 0)
        if card.drill:
            badge.setToolTip(self.tr("演练数据：不会真正付款。"))
        search = QPushButton(icon("search-line"), self.tr("查找付款、页面（Ctrl+K）"), self)
        search.setObjectName("header.search")
        search.setAccessibleName(self.tr("全局查找"))
        search.clicked.connect(self.search_wanted)
        self._user = QLabel(self)
        self._user.setObjectName("header.user")
        self._user.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._name = actor.name
        self._theme = self._tool("header.theme", self.tr("切换浅色、深色"), "moon-line")
        self._theme.clicked.connect(self._toggle_theme)
        password = self._tool("header.password", self.tr("修改密码"), "key-2-line")
        password.clicked.connect(self.password_wanted)
        leave = self._tool("header.sign_out", self.tr("退出登录"), "logout-box-r-line")
        leave.setText(self.tr("退出登录"))
        leave.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        leave.clicked.connect(self.sign_out_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(self._gap(), self._gap() // 2, self._gap(), self._gap() // 2)
        row.setSpacing(self._gap())
        parts: tuple[QWidget, ...] = (company, dataset, badge)
        for part in parts:
            row.addWidget(part)
        row.addStretch(1)
        parts = (search, self._user, self._theme, password, leave)
        for part in parts:
            row.addWidget(part)
        self.show_roles(frozenset())
        self._show_theme()

    def show_roles(self, roles: frozenset[Role]) -> None:
        """Show who is here, with the posts held now."""
        labels = [label for role, label in ROLE_LABELS.items() if role in roles]
        said = "、".join(labels) or self.tr("暂无岗位")
        first = said if len(labels) <= 2 else f"{'、'.join(labels[:2])}…"  # noqa: PLR2004
        self._user.setText(f"{self._name} · {first}")
        self._user.setToolTip(f"{self._name}：{said}")
        self._user.setAccessibleName(f"{self._name} {said}")

    def _toggle_theme(self) -> None:
        dark = theme.colours().dark
        self.theme_wanted.emit(theme.Mode.LIGHT if dark else theme.Mode.DARK)
        self._show_theme()

    def _show_theme(self) -> None:
        self._theme.setIcon(icon("sun-line" if theme.colours().dark else "moon-line"))

    def _tool(self, name: str, title: str, picture: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(title)
        button.setToolTip(title)
        button.setIcon(icon(picture))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _gap(self) -> int:
        return self.fontMetrics().height() // 2
