"""The forms of contacts, waiting and 通报."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QWidget
from typing_extensions import override

from app.core.clock import business_date
from app.core.errors import BadInput
from app.incidents.contacts import briefings, directory
from app.incidents.contacts.briefings import WAY_LABELS, Brief, BriefingLine, Way
from app.incidents.contacts.directory import DirectoryCard, DirectoryLine
from app.incidents.contacts.waiting import MOST_DAYS, BeginWait, WaitLine, ask_again, begin_wait
from app.incidents.response_view import Response, handlers
from app.incidents.states import OUTSIDE_LABELS, Outside
from ui.admin.clock_field import ClockField
from ui.context import Context
from ui.incidents.dialogs import choice
from ui.incidents.response.dialogs import TalkDialog
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone
from ui.widgets.date_field import DateField

_NOBODY = ""


class ContactDialog(FormDialog):
    """登记联系人, or what is kept of one changed. Emits the organisation."""

    written = Signal(str)

    def __init__(
        self, context: Context, line: DirectoryLine | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "directory_contact", parent)
        title = self.tr("登记联系人") if line is None else self.tr("修改联系人")
        self.entitle(title, self.tr("保存(&S)"))
        self._line = line
        card = DirectoryCard(Outside.VENDOR, "") if line is None else line.card
        self.party = choice(self, "party", self.tr("类别"), OUTSIDE_LABELS.items())
        self.party.setCurrentIndex(self.party.findData(str(card.party)))
        self.fields.addRow(self.tr("类别*"), self.party)
        self.organisation = self.line(
            "organisation", self.tr("单位*"), card.organisation, self.tr("如 工商银行张江支行")
        )
        self.person = self.line("person", self.tr("联系人"), card.person)
        self.post = self.line("post", self.tr("职务"), card.post, self.tr("如 对公客户经理"))
        self.phone = self.line("phone", self.tr("电话"), card.phone)
        self.mobile = self.line("mobile", self.tr("手机"), card.mobile)
        self.email = self.line("email", self.tr("邮箱"), card.email)
        self.hours = self.line(
            "hours", self.tr("服务时间"), card.hours, self.tr("如 工作日 8:30-20:00，节假日值班")
        )
        minutes = "" if card.response_minutes is None else str(card.response_minutes)
        self.minutes = self.line(
            "minutes", self.tr("约定响应时间"), minutes, self.tr("分钟，合同没有约定的留空")
        )
        self.contract = self.line("contract", self.tr("服务合同号"), card.contract_no)
        self.until = DateField(
            "directory_contact.until",
            self.tr("合同到期日"),
            business_date(context.db.clock.now(), context.db.tz),
            self,
        )
        self.until.setPlaceholderText("2026-12-31")
        if card.contract_until is not None:
            self.until.set_date(card.contract_until)
        self.fields.addRow(self.tr("合同到期日"), self.until)
        self.remark = self.line("remark", self.tr("备注"), card.remark)
        self.organisation.setFocus()

    @override
    def start(self) -> None:
        card = DirectoryCard(
            Outside(self.party.currentData()),
            self.organisation.text(),
            self.person.text(),
            self.post.text(),
            self.phone.text(),
            self.mobile.text(),
            self.email.text(),
            self.hours.text(),
            self.contract.text(),
            self.until.chosen(),
            self._minutes(),
            self.remark.text(),
        )
        line = self._line

        def done(_: object) -> None:
            self.written.emit(card.organisation.strip())

        if line is None:
            self.run(lambda db, actor: directory.add_contact(db, actor, card), done)
            return
        self.run(
            lambda db, actor: directory.change_contact(
                db, actor, line.contact_id, card, line.version
            ),
            done,
        )

    def _minutes(self) -> int | None:
        text = self.minutes.text().strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise BadInput(self.tr("约定响应时间“%1”不是整数。").replace("%1", text))
        return int(text)


class WaitDialog(FormDialog):
    """登记等待: for whom, for what, and how often they are asked."""

    written = Signal()

    def __init__(
        self, context: Context, number: str, party: Outside, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "response_wait", parent)
        self.entitle(self.tr("登记等待"), self.tr("登记(&S)"))
        self._number = number
        self.party = choice(self, "party", self.tr("对方"), OUTSIDE_LABELS.items())
        self.party.setCurrentIndex(self.party.findData(str(party)))
        self.fields.addRow(self.tr("对方*"), self.party)
        self.organisation = self.line(
            "organisation", self.tr("单位*"), "", self.tr("如 工商银行张江支行")
        )
        self.why = self.area("why", self.tr("等待什么*"), self.tr("如 书面答复是否已扣款"))
        self.every = QSpinBox(self)
        self.every.setObjectName("response_wait.every")
        self.every.setAccessibleName(self.tr("每几个工作日跟进"))
        self.every.setRange(1, MOST_DAYS)
        self.every.setSuffix(self.tr(" 个工作日"))
        self.fields.addRow(self.tr("跟进间隔*"), self.every)
        self.until = ClockField(
            "response_wait.until", self.tr("答应何时办好"), context.db.tz, None, self
        )
        self.fields.addRow(self.tr("答应何时办好"), self.until)
        said = self.tr("跟进日只随“登记跟进”后移；写情况记录、联系记录都不会推迟它。")
        self.fields.addRow(note("response_wait.said", said, self, Tone.MUTED))

    @override
    def start(self) -> None:
        command = BeginWait(
            self._number,
            Outside(self.party.currentData()),
            self.organisation.text(),
            self.why.toPlainText(),
            self.every.value(),
            self.until.chosen(),
        )
        self.run(lambda db, actor: begin_wait(db, actor, command), lambda _: self.written.emit())


class AskDialog(TalkDialog):
    """登记跟进: they were asked again; what they said is a contact of the incident."""

    def __init__(
        self, context: Context, number: str, wait: WaitLine, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, number, wait.party, parent)
        self.entitle(self.tr("登记跟进：%1").replace("%1", wait.why), self.tr("登记(&S)"))
        self._wait = wait
        self.party.setEnabled(False)
        self.organisation.setText(wait.organisation)

    @override
    def start(self) -> None:
        talk, wait = self.talk(), self._wait
        self.run(
            lambda db, actor: ask_again(db, actor, wait.wait_id, talk, wait.version),
            lambda _: self.written.emit(),
        )


class BriefDialog(FormDialog):
    """通报: whom of which department, what, and when the payments are likely to be made."""

    written = Signal(str)

    def __init__(self, context: Context, found: Response, parent: QWidget | None = None) -> None:
        super().__init__(context, "response_brief", parent)
        self.entitle(self.tr("通报业务部门"), self.tr("发出(&S)"))
        self._found = found
        self.department = self.line("department", self.tr("部门*"), "", self.tr("如 采购部"))
        self.person = choice(
            self, "person", self.tr("接收人"), [(_NOBODY, self.tr("没有账号，填写姓名"))]
        )
        self.fields.addRow(self.tr("接收人*"), self.person)
        self.name = self.line("name", self.tr("姓名*"))
        ways = [(str(one), label) for one, label in WAY_LABELS.items() if one is not Way.SYSTEM]
        self.way = choice(self, "way", self.tr("方式"), ways)
        self.fields.addRow(self.tr("方式*"), self.way)
        self.text = self.area("text", self.tr("内容*"))
        line, ending = found.line, found.plan.message if found.plan else ""
        proposal = briefings.proposed_text(line.title, line.cause, found.impact, ending)
        self.text.setPlainText(proposal)
        self.text.setFixedHeight(self.text.fontMetrics().height() * 8)
        self.day = DateField(
            "response_brief.day",
            self.tr("预计付款日"),
            business_date(context.db.clock.now(), context.db.tz),
            self,
        )
        self.day.setPlaceholderText("2026-03-05")
        self.fields.addRow(self.tr("预计付款日"), self.day)
        self.person.currentIndexChanged.connect(self._turned)
        db, actor = context.db, context.actor
        context.read(lambda _: handlers(db, actor), self._show_people, self.refused)
        self._turned()

    @override
    def start(self) -> None:
        username = str(self.person.currentData())
        left = [one.number for one in self._found.impact.payments if not one.over]
        command = Brief(
            self._found.line.number,
            self.department.text(),
            self.text.toPlainText(),
            username,
            self.name.text(),
            Way.SYSTEM if username else Way(self.way.currentData()),
            tuple(left),
            self.day.chosen(),
        )
        self.run(lambda db, actor: briefings.brief(db, actor, command), self.written.emit)

    def _show_people(self, found: list[tuple[str, str]]) -> None:
        for username, name in found:
            self.person.addItem(f"{name}（{username}）", username)

    def _turned(self) -> None:
        """Who signs in here sees it here."""
        outside = not self.person.currentData()
        self.fields.setRowVisible(self.name, outside)
        self.fields.setRowVisible(self.way, outside)


class NoteDialog(FormDialog):
    """知悉: by the person, or by who deals with the incident for somebody without an account."""

    written = Signal()

    def __init__(self, context: Context, row: BriefingLine, parent: QWidget | None = None) -> None:
        super().__init__(context, "briefing_note", parent)
        self.entitle(self.tr("知悉通报 %1").replace("%1", row.number), self.tr("已知悉(&S)"))
        self._number = row.number
        self.said("from", self.tr("发出"), row.sent_by)
        self.said("text", self.tr("内容"), row.text)
        hint = (
            self.tr("可不填；业务上的安排、替代办法")
            if row.mine
            else self.tr("谁在何时以何种方式表示知悉，有何意见")
        )
        self.answer = self.area("answer", self.tr("答复") if row.mine else self.tr("答复*"), hint)

    @override
    def start(self) -> None:
        number, said = self._number, self.answer.toPlainText()
        self.run(
            lambda db, actor: briefings.take_note(db, actor, number, said),
            lambda _: self.written.emit(),
        )
