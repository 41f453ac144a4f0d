"""What every answer that came in is kept with: day, way, who gave it, and what proves it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from app.agreements.confirming import Scan, scan_from
from app.core.clock import business_date
from app.core.errors import BadInput
from app.letters.states import CARRIER_LABELS
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.widgets.date_field import DateField
from ui.widgets.file_asking import ask_open


class AnswerForm(FormDialog):
    """The fields of a 回执; a form says which answers there are."""

    def __init__(self, context: Context, name: str, parent: QWidget | None = None) -> None:
        super().__init__(context, name, parent)
        self._path = ""
        self.today = business_date(context.db.clock.now(), context.db.tz)

    def add_day(self) -> None:
        """When it was answered: today, unless somebody says otherwise."""
        self.day = self.date_field("on", self.tr("答复日期"), self.today)
        self.day.set_date(self.today)

    def add_proof(self) -> None:
        """By what way, by whom, and what proves it."""
        self.carrier = self.choice("carrier", self.tr("方式"), CARRIER_LABELS)
        self.person = self.line("person", self.tr("答复人"), "", self.tr("姓名、网点或部门、电话"))
        self.receipt = self.line("receipt", self.tr("回执编号"))
        self.evidence = self.area(
            "evidence", self.tr("依据"), self.tr("回执原件存档号、盖章回函、录音编号等")
        )
        self.scan = QPushButton(self.tr("选择回执扫描件…"), self)
        self.scan.setObjectName(f"{self.objectName()}.scan")
        self.scan.setAccessibleName(self.tr("选择回执扫描件"))
        self.scan.clicked.connect(self._ask_scan)
        self.fields.addRow(self.tr("扫描件"), self.scan)

    def choose_scan(self, path: str) -> None:
        """Let this file go along with the answer."""
        self._path = path
        self.scan.setText(Path(path).name)

    def read_scan(self) -> Scan | None:
        """The chosen file, or None; read it on the worker. Raises BadInput."""
        return scan_from(Path(self._path)) if self._path else None

    def answered_on(self) -> date:
        """Raises BadInput where no day stands there."""
        day = self.day.chosen()
        if day is None:
            raise BadInput(self.tr("请填写答复日期。"))
        return day

    def date_field(self, name: str, title: str, today: date) -> DateField:
        field = DateField(f"{self.objectName()}.{name}", title, today, self)
        field.setPlaceholderText("")
        self.fields.addRow(title, field)
        return field

    def choice(self, name: str, title: str, labels: Mapping[Any, str]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"{self.objectName()}.{name}")
        box.setAccessibleName(title)
        for code, label in labels.items():
            box.addItem(label, str(code))
        self.fields.addRow(title, box)
        return box

    def _ask_scan(self) -> None:
        ask_open(
            self,
            f"{self.objectName()}.ask",
            self.tr("选择回执扫描件"),
            [self.tr("扫描件 (*.pdf *.png *.jpg *.jpeg)"), self.tr("所有文件 (*)")],
            self.choose_scan,
        )
