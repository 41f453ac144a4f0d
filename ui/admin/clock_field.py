"""A line for an instant, typed as "2026-03-02 10:00"."""

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.clock import local_text
from app.core.errors import BadInput
from ui.theme import restyle


class ClockField(QLineEdit):
    """In the company's time; `now` stands in it at first, None for one that may stay empty."""

    def __init__(
        self,
        name: str,
        title: str,
        zone: ZoneInfo,
        now: datetime | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(local_text(now, zone), parent)
        self._optional = now is None
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setPlaceholderText("2026-03-02 10:00")
        self._zone = zone
        self.textChanged.connect(self._judge)

    def instant(self) -> datetime:
        """The instant that was typed. Raises BadInput."""
        text = self.text().strip().replace("/", "-")
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self._zone)
        except ValueError:
            said = self.tr("“%1”不是有效的时间。").replace("%1", text)
            raise BadInput(said, self.tr("请写成 2026-03-02 10:00。")) from None

    def set_instant(self, at: datetime) -> None:
        self.setText(local_text(at, self._zone))

    def chosen(self) -> datetime | None:
        """The instant, or None where nothing was typed. Raises BadInput."""
        return self.instant() if self.text().strip() else None

    def _judge(self) -> None:
        try:
            if not (self._optional and self.chosen() is None):
                self.instant()
        except BadInput as error:
            restyle(self, "invalid", True)
            self.setToolTip(f"{error.message}{error.hint}")
        else:
            restyle(self, "invalid", False)
            self.setToolTip("")
