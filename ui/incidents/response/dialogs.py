"""The forms of the five steps: a result, a contact, a sub-task, a paper, the end of a sub-task."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QWidget
from typing_extensions import override

from app.access.guard import Actor
from app.core.clock import business_date
from app.core.errors import BadInput
from app.incidents import checklist, tasks
from app.incidents.checklist import Found
from app.incidents.checklist_items import CheckItem
from app.incidents.contacts.directory import DirectoryLine, contact_lines
from app.incidents.contacts.talks import MODE_LABELS, Mode, Talk, record_talk
from app.incidents.flow import RESULT_LABELS
from app.incidents.papers_wanted import PAPER_STATE_LABELS, PaperState
from app.incidents.response_view import handlers
from app.incidents.states import (
    OUTSIDE_LABELS,
    TASK_LABELS,
    TASK_STATE_LABELS,
    Outside,
    TaskKind,
    TaskState,
)
from app.incidents.tasks import AddTask, TaskLine
from app.storage.work import Database
from ui.admin.clock_field import ClockField
from ui.context import Context
from ui.incidents.dialogs import choice
from ui.resume.form_dialog import FormDialog
from ui.widgets.date_field import DateField


class ResultDialog(FormDialog):
    """What a person found for one item of the checklist."""

    written = Signal()

    def __init__(
        self, context: Context, number: str, item: CheckItem, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "response_result", parent)
        self.entitle(self.tr("登记检查结果"), self.tr("登记(&S)"))
        self._number, self._item = number, item
        self.said("item", self.tr("检查项"), item.title)
        self.said("how", self.tr("怎么查"), item.how)
        self.outcome = choice(self, "result", self.tr("结果"), RESULT_LABELS.items())
        self.fields.addRow(self.tr("结果*"), self.outcome)
        self.text = self.area(
            "text", self.tr("看到了什么*"), self.tr("数字、状态、截图或回单编号，由谁在何时查看")
        )

    @override
    def start(self) -> None:
        found = Found(self._item.code, str(self.outcome.currentData()), self.text.toPlainText())
        number = self._number
        self.run(
            lambda db, actor: checklist.record_result(db, actor, number, found),
            lambda _: self.written.emit(),
        )


class TalkDialog(FormDialog):
    """联系记录: with whom, what was said, what was promised and by when."""

    written = Signal()

    def __init__(
        self, context: Context, number: str, party: Outside, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "response_talk", parent)
        self.entitle(self.tr("登记联系记录"), self.tr("登记(&S)"))
        self._number = number
        self.party = choice(self, "party", self.tr("对方"), OUTSIDE_LABELS.items())
        self.party.setCurrentIndex(self.party.findData(str(party)))
        self.fields.addRow(self.tr("对方*"), self.party)
        self.mode = choice(self, "mode", self.tr("方式"), MODE_LABELS.items())
        self.fields.addRow(self.tr("方式*"), self.mode)
        now = context.db.clock.now()
        self.at = ClockField("response_talk.at", self.tr("联系时间"), context.db.tz, now, self)
        self.fields.addRow(self.tr("联系时间*"), self.at)
        self.organisation = self.line(
            "organisation", self.tr("单位*"), "", self.tr("如 工商银行张江支行")
        )
        self.person = self.line("person", self.tr("姓名、工号*"))
        self.phone = self.line("phone", self.tr("电话"))
        self.ticket = self.line("ticket", self.tr("工单号"))
        self.text = self.area("text", self.tr("说了什么*"))
        self.promised = self.line("promised", self.tr("答应做什么"))
        self.until = ClockField(
            "response_talk.until", self.tr("答应何时办好"), context.db.tz, None, self
        )
        self.fields.addRow(self.tr("答应何时办好"), self.until)
        self.measure = self.line(
            "measure", self.tr("临时措施"), "", self.tr("修好之前怎么办，如改用柜面付款")
        )
        db, actor = context.db, context.actor
        context.read(lambda _: contact_lines(db, actor), self._know, self.refused)

    def talk(self) -> Talk:
        """What was typed. Raises BadInput for a time that is none."""
        return Talk(
            self._number,
            Outside(self.party.currentData()),
            Mode(self.mode.currentData()),
            self.organisation.text(),
            self.person.text(),
            self.text.toPlainText(),
            self.at.instant(),
            self.phone.text(),
            self.ticket.text(),
            self.promised.text(),
            self.until.chosen(),
            self.measure.text(),
        )

    @override
    def start(self) -> None:
        talk = self.talk()
        self.run(lambda db, actor: record_talk(db, actor, talk), lambda _: self.written.emit())

    def _know(self, found: list[DirectoryLine]) -> None:
        """Offer those of the directory that are in use, as one types."""
        known = {_named(one): one for one in found if one.active}
        completer = QCompleter(list(known), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(lambda text: self._fill(known[text]))
        self.organisation.setCompleter(completer)

    def _fill(self, line: DirectoryLine) -> None:
        # Once the completer has put its own text there.
        QTimer.singleShot(0, self, lambda: self.organisation.setText(line.card.organisation))
        self.person.setText(line.card.person)
        self.phone.setText(line.reach)


def _named(line: DirectoryLine) -> str:
    card = line.card
    return "　".join(filter(None, (card.organisation, card.person, line.reach, card.hours)))


class AssignDialog(FormDialog):
    """Something that somebody has to do until a day: their part of the form."""

    written = Signal()

    def ask_owner(self, title: str) -> None:
        """Ask who does it, and until when; it begins with oneself and today."""
        self.owner = choice(self, "owner", title, ())
        self.fields.addRow(f"{title}*", self.owner)
        today = business_date(self.context.db.clock.now(), self.context.db.tz)
        self.due = DateField(f"{self.objectName()}.due", self.tr("期限"), today, self)
        self.due.setPlaceholderText("2026-03-05")
        self.due.set_date(today)
        self.fields.addRow(self.tr("期限*"), self.due)
        db, actor = self.context.db, self.context.actor
        self.context.read(lambda _: handlers(db, actor), self._show_owners, self.refused)

    def chosen_owner(self) -> str:
        return str(self.owner.currentData() or "")

    def chosen_day(self) -> date:
        """Raises BadInput where there is none."""
        due = self.due.chosen()
        if due is None:
            raise BadInput(self.tr("请填写期限。"))
        return due

    def _show_owners(self, found: list[tuple[str, str]]) -> None:
        for username, name in found:
            self.owner.addItem(f"{name}（{username}）", username)
        self.owner.setCurrentIndex(self.owner.findData(self.context.actor.username))


class TaskDialog(AssignDialog):
    """A sub-task, with its owner and its day; the usual papers are put on its list."""

    def __init__(
        self, context: Context, number: str, payment: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "response_task", parent)
        self.entitle(self.tr("新建子任务"), self.tr("建立(&S)"))
        self._number = number
        self.kind = choice(self, "kind", self.tr("种类"), TASK_LABELS.items())
        self.fields.addRow(self.tr("种类*"), self.kind)
        self.title = self.line("title", self.tr("名称"), "", self.tr("不填：按种类和付款指令"))
        self.payment = self.line("payment", self.tr("付款指令"), payment, self.tr("可不填"))
        self.ask_owner(self.tr("负责人"))

    @override
    def start(self) -> None:
        command = AddTask(
            TaskKind(self.kind.currentData()),
            self.chosen_owner(),
            self.chosen_day(),
            self.payment.text().strip(),
            self.title.text(),
        )
        number = self._number
        self.run(
            lambda db, actor: tasks.add_task(db, actor, number, command),
            lambda _: self.written.emit(),
        )


class PaperDialog(FormDialog):
    """How far one paper of a sub-task is; a new name is put on the list."""

    written = Signal()

    def __init__(self, context: Context, task: TaskLine, parent: QWidget | None = None) -> None:
        super().__init__(context, "response_paper", parent)
        self.entitle(self.tr("登记材料"), self.tr("登记(&S)"))
        self._task = task
        self.said("task", self.tr("子任务"), task.title)
        pairs = [
            (one.name, f"{one.name}（{PAPER_STATE_LABELS[one.state]}）") for one in task.papers
        ]
        self.name = choice(self, "name", self.tr("材料"), pairs)
        self.name.setEditable(True)
        self.fields.addRow(self.tr("材料*"), self.name)
        self.state = choice(self, "state", self.tr("状态"), PAPER_STATE_LABELS.items())
        self.state.setCurrentIndex(self.state.findData(str(PaperState.HANDED_IN)))
        self.fields.addRow(self.tr("状态*"), self.state)

    @override
    def start(self) -> None:
        at = self.name.currentIndex()
        known = at >= 0 and self.name.currentText() == self.name.itemText(at)
        name = str(self.name.itemData(at)) if known else self.name.currentText()
        state, task = PaperState(self.state.currentData()), self._task
        self.run(
            lambda db, actor: tasks.set_paper(db, actor, task.task_id, name, state, task.version),
            lambda _: self.written.emit(),
        )


class EndDialog(FormDialog):
    """What became of something that somebody had to do, or why it is not needed."""

    written = Signal()

    def ask_end(self, label: str, value: str, placeholder: str = "") -> None:
        """Name it, and ask how it ended."""
        self.said("of", label, value)
        pairs = [(str(one), TASK_STATE_LABELS[one]) for one in (TaskState.DONE, TaskState.DROPPED)]
        self.state = choice(self, "state", self.tr("结果"), pairs)
        self.fields.addRow(self.tr("结果*"), self.state)
        self.text = self.area("text", self.tr("说明*"), placeholder)

    def end(self, act: Callable[[Database, Actor, TaskState, str], None]) -> None:
        """Do the act with what was chosen and typed."""
        state, text = TaskState(self.state.currentData()), self.text.toPlainText()
        self.run(lambda db, actor: act(db, actor, state, text), lambda _: self.written.emit())


class EndTaskDialog(EndDialog):
    """The result of a sub-task, or why it is not needed."""

    def __init__(self, context: Context, task: TaskLine, parent: QWidget | None = None) -> None:
        super().__init__(context, "response_end_task", parent)
        self.entitle(self.tr("办结子任务"), self.tr("办结(&S)"))
        self._task = task
        self.ask_end(self.tr("子任务"), task.title, self.tr("办理结果，或不需要办理的理由"))

    @override
    def start(self) -> None:
        one = self._task
        self.end(
            lambda db, actor, state, text: tasks.end_task(
                db, actor, one.task_id, state, text, one.version
            )
        )
