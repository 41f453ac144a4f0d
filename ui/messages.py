"""The one door for messages."""

import logging
from collections.abc import Callable
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from app.core.errors import Refused
from ui.theme import restyle
from ui.widgets.banner import Banner, Severity

_log = logging.getLogger(__name__)


def present(
    parent: QWidget | None, error: BaseException, banner: Banner | None = None
) -> QMessageBox | None:
    """Show an error where the eye is: in the banner when there is one, else in a dialog.

    A refusal shows its message, code and remedy. Anything else is a bug: it is logged whole under
    a number, and the user sees the number but not the text. Returns the dialog, if one was opened.
    """
    if isinstance(error, Refused):
        return _refusal(parent, error, banner)
    number = uuid4().hex[:8].upper()
    _log.error("unexpected error %s", number, exc_info=error)
    text = _tr("程序内部出错，本次操作没有完成。错误编号：%s") % number
    remedy = _tr("请复制错误编号，连同刚才的操作步骤发给系统管理员；详细内容已写入日志。")
    if banner is not None:
        banner.show_message(
            Severity.STOP,
            text,
            remedy,
            action=_tr("复制错误编号"),
            on_action=lambda: _copy(number),
        )
        return None
    box = _box(parent, QMessageBox.Icon.Critical, _tr("内部错误"), text, remedy)
    copy = box.addButton(_tr("复制错误编号"), QMessageBox.ButtonRole.ActionRole)
    _name(copy, "copy_error_number")
    # Disconnected from the box, so that copying does not close it.
    copy.clicked.disconnect()
    copy.clicked.connect(lambda: _copy(number))
    _close_button(box)
    box.open()
    return box


def presenter(
    parent: QWidget | None, banner: Banner | None = None
) -> Callable[[BaseException], None]:
    """`present` with its place filled in, for `Tasks.start(failed=…)`."""

    def show(error: BaseException) -> None:
        present(parent, error, banner)

    return show


def inform(parent: QWidget | None, text: str, detail: str = "") -> QMessageBox:
    """Tell something that needs no answer, without blocking."""
    box = _box(parent, QMessageBox.Icon.Information, _tr("提示"), text, detail)
    _close_button(box)
    box.open()
    return box


def confirm(
    parent: QWidget | None,
    title: str,
    text: str,
    on_yes: Callable[[], None],
    *,
    yes: str = "",
    no: str = "",
    detail: str = "",
    danger: bool = False,
    on_no: Callable[[], None] | None = None,
) -> QMessageBox:
    """Ask without blocking; the callback of the answer is called once the dialog has closed.

    danger: the safe answer is the default, so that Enter alone changes nothing.
    """
    box = _box(parent, QMessageBox.Icon.Question, title, text, detail)
    accept = box.addButton(yes or _tr("确定"), QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no or _tr("取消"), QMessageBox.ButtonRole.RejectRole)
    _name(accept, "confirm_yes")
    _name(refuse, "confirm_no")
    if danger:
        restyle(accept, "kind", "danger")
    box.setDefaultButton(refuse if danger else accept)
    box.setEscapeButton(refuse)

    def answered() -> None:
        if box.clickedButton() is accept:
            on_yes()
        elif on_no is not None:
            on_no()

    box.finished.connect(answered)
    box.open()
    return box


def _refusal(parent: QWidget | None, error: Refused, banner: Banner | None) -> QMessageBox | None:
    _log.info("refused %s: %s", error.code, error.message)
    text = f"{error.message}（{error.code}）"
    if banner is not None:
        banner.show_message(Severity.WARN, text, error.hint)
        return None
    box = _box(parent, QMessageBox.Icon.Warning, _tr("不能执行"), text, error.hint)
    _close_button(box)
    box.open()
    return box


def _box(
    parent: QWidget | None, kind: QMessageBox.Icon, title: str, text: str, detail: str
) -> QMessageBox:
    box = QMessageBox(kind, title, text, QMessageBox.StandardButton.NoButton, parent)
    box.setObjectName("message")
    box.setAccessibleName(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(detail)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box


def _close_button(box: QMessageBox) -> None:
    close = box.addButton(_tr("关闭"), QMessageBox.ButtonRole.RejectRole)
    _name(close, "message_close")
    box.setDefaultButton(close)
    box.setEscapeButton(close)


def _name(button: QAbstractButton, name: str) -> None:
    button.setObjectName(name)
    button.setAccessibleName(button.text())


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("messages", text)
