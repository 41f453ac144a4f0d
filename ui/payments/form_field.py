"""A labelled control of a form with its problem, or a remark, written below it."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import Refused
from app.payments.intake.values import Unfit
from ui.theme import Tone, restyle, set_tone


class FormField(QWidget):
    """Judges its text by a rule of the application; problems show once it was left or judged."""

    edited = Signal()

    def __init__(
        self,
        key: str,
        title: str,
        control: QWidget,
        parent: QWidget,
        *,
        needed: bool = False,
    ) -> None:
        super().__init__(parent)
        self.key = key
        self.title = title
        self.needed = needed
        self.control = control
        self._rule: Callable[[str], object] | None = None
        self._remark: Callable[[str], tuple[str, Tone]] | None = None
        self._said = QLabel(self)
        self._said.setObjectName(f"payments_form_{key}_said")
        self._said.setWordWrap(True)
        self._said.hide()
        self.label = QLabel(f"{title} *" if needed else title, parent)
        self.label.setBuddy(control)
        self.setFocusProxy(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(control)
        column.addWidget(self._said)
        if isinstance(control, QLineEdit):
            control.textChanged.connect(self._changed)
            control.editingFinished.connect(self.judge)

    def follow(self, rule: Callable[[str], object]) -> "FormField":
        """Judge the text by this rule, which raises Unfit or Refused."""
        self._rule = rule
        return self

    def remark(self, remark: Callable[[str], tuple[str, Tone]]) -> None:
        """What to say below a text that is not wrong."""
        self._remark = remark

    def text(self) -> str:
        return self.control.text().strip() if isinstance(self.control, QLineEdit) else ""

    def problem(self) -> str:
        """What is wrong with the text; empty when nothing is."""
        if not isinstance(self.control, QLineEdit):
            return ""
        if not self.text():
            return self.tr("请填写%1。").replace("%1", self.title) if self.needed else ""
        if self._rule is None:
            return ""
        try:
            self._rule(self.text())
        except Unfit as error:
            return f"{error}。"
        except Refused as error:
            return f"{error.message}{error.hint}"
        return ""

    def judge(self) -> bool:
        """Show the problem, if there is one; True when there is none."""
        problem = self.problem()
        self.say(problem, Tone.STOP)
        if not problem and self._remark is not None:
            self.say(*self._remark(self.text()))
        restyle(self.control, "invalid", bool(problem))
        return not problem

    def say(self, text: str, tone: Tone = Tone.MUTED) -> None:
        """Write a remark below the control."""
        self._said.setText(text)
        self._said.setVisible(bool(text))
        set_tone(self._said, tone)
        self.control.setAccessibleDescription(text)

    def said(self) -> str:
        return self._said.text()

    def _changed(self) -> None:
        # What was found wrong is looked at again while it is being mended; nothing is found before.
        if self.control.property("invalid") or (self._remark and not self.problem()):
            self.judge()
        self.edited.emit()
