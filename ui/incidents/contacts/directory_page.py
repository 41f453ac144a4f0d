"""通讯录: vendors, banks, payees and colleagues, with hours, contract and promised response."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.rights import Right
from app.incidents.contacts import directory
from app.incidents.contacts.directory import DirectoryLine
from app.incidents.states import OUTSIDE_LABELS
from ui.context import Context
from ui.incidents.contacts.dialogs import ContactDialog
from ui.incidents.contacts.looks import directory_columns
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.register_page import ALL, RegisterPage
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.filter_fields import ChoiceFilter, TextFilter
from ui.widgets.multi_choice import Choice
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab

_USED, _UNUSED = "USED", "UNUSED"
_TEXTS: Final = ("organisation", "person", "post", "phone", "mobile", "email", "contract_no")


class DirectoryPage(RegisterPage[DirectoryLine]):
    """Those in use and those that are not, by party."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "directory", Right.INCIDENT_HANDLE, parent)
        self.button("add", self.tr("登记联系人…"), self._add)
        self.button("change", self.tr("修改…"), self.one(self._change))
        self.button("use", self.tr("停用…"), self.one(self._use))
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")
        table: SimpleTable[DirectoryLine] = SimpleTable(
            "directory_table", self.tr("通讯录"), directory_columns(), lambda r: r.contact_id
        )
        table.opened.connect(self.one(self._change))
        fields = (
            TextFilter("text", self.tr("查找"), self.tr("单位、联系人、电话、邮箱、合同号")),
            ChoiceFilter(
                "party",
                self.tr("类别"),
                tuple(Choice(str(one), label) for one, label in OUTSIDE_LABELS.items()),
            ),
        )
        self.assemble(table, fields, None)

    @override
    def rows_now(self) -> Sequence[DirectoryLine]:
        return directory.contact_lines(self._context.db, self._context.actor)

    @override
    def tab_list(self, rows: Sequence[DirectoryLine]) -> list[StatusTab]:
        used, unit = sum(row.active for row in rows), self.tr("%1 人")
        return [
            StatusTab(ALL, self.tr("全部"), len(rows), unit=unit),
            StatusTab(_USED, self.tr("在用"), used, tone=Tone.OK, unit=unit),
            StatusTab(_UNUSED, self.tr("已停用"), len(rows) - used, tone=Tone.MUTED, unit=unit),
        ]

    @override
    def tab_of(self, row: DirectoryLine) -> str:
        return _USED if row.active else _UNUSED

    @override
    def fits(self, row: DirectoryLine, values: Any) -> bool:
        parties = values.get("party") or ()
        if parties and str(row.card.party) not in parties:
            return False
        wanted = "".join(str(values.get("text", "")).split()).casefold()
        said = (getattr(row.card, key) for key in _TEXTS)
        return not wanted or any(wanted in "".join(one.split()).casefold() for one in said)

    @override
    def is_wanted(self, row: DirectoryLine, wanted: str) -> bool:
        return row.card.organisation == wanted

    @override
    def say_empty(self) -> tuple[str, str]:
        text = self.tr(
            "通讯录是空的。请先登记软件供应商、各开户行和值班人员的电话、服务时间，出事时才找得到人。"
        )
        return text, self.tr("登记联系人…")

    @override
    def act_on_empty(self) -> None:
        self._add()

    @override
    def show_chosen(self, row: DirectoryLine | None, rows: Sequence[DirectoryLine]) -> None:
        none = self.tr("请先选择一个联系人。") if row is None else ""
        self.offer("add", "")
        self.offer("change", none)
        self.offer("use", none)
        unused = row is not None and not row.active
        self.buttons["use"].setText(self.tr("恢复使用…") if unused else self.tr("停用…"))
        self.stand_out("add" if row is None else "")

    def _add(self) -> None:
        self._open(None)

    def _change(self, row: DirectoryLine) -> None:
        if self.buttons["change"].isEnabled():
            self._open(row)

    def _open(self, row: DirectoryLine | None) -> None:
        dialog = ContactDialog(self._context, row, self)
        dialog.written.connect(self._written)
        dialog.open()

    def _use(self, row: DirectoryLine) -> None:
        context, active = self._context, not row.active
        label = self.tr("恢复使用") if active else self.tr("停用")
        text = self.tr("%1“%2”？请写明原因。").replace("%1", label)
        dialog = ReasonDialog(
            context,
            label,
            text.replace("%2", row.card.organisation),
            lambda why: directory.use_contact(
                context.db, context.actor, row.contact_id, active, why, row.version
            ),
            yes=label,
            danger=False,
            parent=self,
        )
        dialog.succeeded.connect(lambda: self._written(row.card.organisation))
        dialog.open()

    def _written(self, organisation: str) -> None:
        self.want(organisation)
        text = self.tr("“%1”已保存。").replace("%1", organisation)
        self.banner.show_message(Severity.OK, text)
