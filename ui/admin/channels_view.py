"""The ways to the bank: up or down, certificates, maintenance (A4.2, F3.2)."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.access.rights import Right
from app.accounts.rules import ChannelFacts
from app.accounts.service import ChannelState, plan_maintenance, set_channel
from app.core.clock import business_date, local_text
from app.core.errors import BadInput
from ui.admin.clock_field import ClockField
from ui.admin.form_dialog import FormDialog, Work
from ui.admin.frame import AdminPage, enable_with_row, row_of
from ui.context import Context
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.date_field import DateField
from ui.widgets.simple_table import SimpleTable

_SOON = timedelta(days=30)


class ChannelsView(QWidget):
    """The board of channels with the two acts on them."""

    def __init__(self, context: Context, page: AdminPage) -> None:
        super().__init__(page)
        self.setObjectName("accounts.channels_view")
        self._context = context
        self._page = page
        state = page.button(
            "channel",
            self.tr("渠道状态与证书…"),
            "tools-line",
            self.change,
            right=Right.ACCOUNT_MANAGE,
        )
        window = page.button(
            "maintenance",
            self.tr("登记银行维护…"),
            "calendar-event-line",
            self.maintain,
            right=Right.ACCOUNT_MANAGE,
        )
        self.table: SimpleTable[ChannelFacts] = SimpleTable(
            "accounts.channels",
            self.tr("支付渠道"),
            self._columns(),
            lambda channel: channel.code,
            parent=self,
        )
        enable_with_row(self.table, [state, window])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, self.fontMetrics().height() // 2, 0, 0)
        column.addLayout(row_of(state, window))
        column.addWidget(self.table, 1)

    def show_channels(self, channels: Sequence[ChannelFacts]) -> None:
        """Show this board."""
        self.table.set_rows(channels)

    def change(self) -> FormDialog | None:
        """Whether the channel works, why not, and until when its certificate is good."""
        channel = self.table.current_row()
        if channel is None:
            return None
        context = self._context

        def collect() -> Work:
            if not up.isChecked() and not note.toPlainText().strip():
                raise BadInput(self.tr("请填写中断的情况，如银行的说法和预计恢复时间。"))
            command = ChannelState(channel.code, up.isChecked(), note.toPlainText(), until.chosen())
            return lambda: set_channel(context.db, context.actor, command)

        dialog = self._dialog("accounts.channel_edit", self.tr("渠道状态：%1"), channel, collect)
        up = QCheckBox(self.tr("渠道正常可用(&U)"), dialog)
        up.setObjectName("accounts.channel_edit.up")
        up.setChecked(channel.up)
        dialog.field(up, "")
        until = DateField(
            "accounts.channel_edit.certificate", self.tr("证书有效期至"), self._today(), dialog
        )
        until.set_date(channel.certificate_until)
        dialog.field(until, self.tr("证书有效期至"))
        note = dialog.text("note", self.tr("说明(&R)"))
        note.setPlainText(channel.state_note)
        self._open(dialog, self.tr("渠道状态已登记。"))
        return dialog

    def maintain(self) -> FormDialog | None:
        """A maintenance window that the bank announced."""
        channel = self.table.current_row()
        if channel is None:
            return None
        context = self._context

        def collect() -> Work:
            first, last, why = start.instant(), end.instant(), note.toPlainText()
            return lambda: plan_maintenance(
                context.db, context.actor, channel.code, first, last, why
            )

        dialog = self._dialog("accounts.window", self.tr("登记银行维护：%1"), channel, collect)
        now, zone = context.db.clock.now(), context.db.tz
        start = ClockField("accounts.window.from", self.tr("开始"), zone, now, dialog)
        end = ClockField(
            "accounts.window.until", self.tr("结束"), zone, now + timedelta(hours=2), dialog
        )
        dialog.field(start, self.tr("开始"))
        dialog.field(end, self.tr("结束"))
        note = dialog.text("note", self.tr("说明(&R)"), self.tr("如银行公告的标题"))
        self._open(dialog, self.tr("维护时间已登记，期间的付款会自动顺延。"))
        return dialog

    def _dialog(
        self, name: str, title: str, channel: ChannelFacts, collect: Callable[[], Work]
    ) -> FormDialog:
        said = title.replace("%1", channel.name)
        return FormDialog(self._context, name, said, collect, self._page)

    def _open(self, dialog: FormDialog, said: str) -> None:
        def done(_: Any) -> None:
            self._page.say(said)

        dialog.then(done)
        dialog.open()

    def _today(self) -> date:
        return business_date(self._context.db.clock.now(), self._context.db.tz)

    def _state(self, channel: ChannelFacts) -> str:
        if not channel.up:
            return self.tr("中断")
        now = self._context.db.clock.now()
        if channel.window_at(now) is not None:
            return self.tr("银行维护中")
        return self.tr("正常")

    def _tone(self, channel: ChannelFacts) -> Tone:
        good = self._state(channel) == self.tr("正常")
        return Tone.OK if good else Tone.STOP if not channel.up else Tone.WARN

    def _hours(self, channel: ChannelFacts) -> str:
        hours = channel.hours
        days = self.tr("每天") if hours.every_day else self.tr("工作日")
        return f"{days} {hours.opens:%H:%M}–{hours.closes:%H:%M}"

    def _certificate(self, channel: ChannelFacts) -> str:
        until = channel.certificate_until
        if until is None:
            return "—"
        left = (until - self._today()).days
        if left < 0:
            return self.tr("%1（已过期）").replace("%1", until.isoformat())
        said = self.tr("%1（剩 %2 天）") if left <= _SOON.days else "%1"
        return said.replace("%1", until.isoformat()).replace("%2", str(left))

    def _certificate_tone(self, channel: ChannelFacts) -> Tone:
        until = channel.certificate_until
        if until is None or until > self._today() + _SOON:
            return Tone.NORMAL
        return Tone.STOP if until < self._today() else Tone.WARN

    def _windows(self, channel: ChannelFacts) -> str:
        zone = self._context.db.tz
        return "；".join(
            f"{local_text(one.starts_at, zone)} – {local_text(one.ends_at, zone)} {one.note}"
            for one in sorted(channel.windows, key=lambda one: one.starts_at)
        )

    def _columns(self) -> list[Column[ChannelFacts]]:
        zone = self._context.db.tz
        return [
            Column("name", self.tr("渠道"), lambda x: x.name, chars=16),
            Column("state", self.tr("状态"), self._state, tone=self._tone, chars=12),
            Column("since", self.tr("自"), lambda x: local_text(x.state_since, zone), chars=16),
            Column("priority", self.tr("优先级"), lambda x: str(x.priority), Align.RIGHT, chars=6),
            Column("hours", self.tr("业务时间"), self._hours, chars=20),
            Column(
                "maximum",
                self.tr("单笔上限"),
                lambda x: x.maximum.display() if x.maximum else self.tr("不限"),
                Align.RIGHT,
                chars=14,
            ),
            Column(
                "certificate",
                self.tr("证书有效期"),
                self._certificate,
                tone=self._certificate_tone,
                chars=22,
            ),
            Column("windows", self.tr("维护计划"), self._windows, chars=36),
            Column("note", self.tr("说明"), lambda x: x.state_note, chars=24),
        ]
