"""Offers to go on with what was typed and not submitted (C5.1)."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from app.access.drafts import Draft, discard_draft, drafts_of
from app.core.clock import local_text
from ui import messages
from ui.context import Context
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity

# Which page goes on with which kind of draft.
PAGES = {"resume": "resume", "cancel": "cancel"}


class DraftBanner(QWidget):
    """The newest unfinished wizard, with 继续 and 放弃; hidden where there is none."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drafts")
        self._context = context
        self._draft: Draft | None = None
        self._offering = True
        self._closed: list[Draft] = []
        self.banner = Banner("drafts.banner", self)
        self._discard = QPushButton(self.tr("放弃草稿"), self)
        self._discard.setObjectName("drafts.discard")
        self._discard.setAccessibleName(self.tr("放弃草稿"))
        self._discard.setProperty("kind", "link")
        self._discard.clicked.connect(self.ask_discard)
        close = self.banner.findChild(QToolButton, "drafts.banner_close")
        if close is not None:
            close.clicked.connect(self._dismiss)
        row = QHBoxLayout(self)
        gap = self.fontMetrics().height() // 2
        row.setContentsMargins(gap, gap, gap, 0)
        row.addWidget(self.banner, 1)
        row.addWidget(self._discard)
        self.hide()

    def reload(self) -> None:
        """Look for drafts of this person."""
        db, actor = self._context.db, self._context.actor

        def work(_: Progress) -> list[Draft]:
            return drafts_of(db, actor)

        self._context.tasks.start_latest(
            "drafts", work, self.show_drafts, messages.presenter(self), owner=self
        )

    def offer(self, on: bool) -> None:
        """Look for drafts again, or be quiet while the person works on one."""
        self._offering = on
        if on:
            self.reload()
        else:
            self.hide()

    def show_drafts(self, drafts: list[Draft]) -> None:
        """Offer the newest one; one whose offer was closed is offered when it has changed."""
        mine = [draft for draft in drafts if draft.kind.lower() in PAGES]
        mine = [draft for draft in mine if draft not in self._closed]
        self._draft = mine[0] if mine else None
        if self._draft is None or not self._offering:
            self.hide()
            return
        kind = {
            "resume": self.tr("恢复付款"),
            "cancel": self.tr("取消自动扣款"),
            "payment": self.tr("付款单"),
        }[self._draft.kind.lower()]
        text = (
            self.tr("上次有未完成的%1 %2（保存于 %3）")
            .replace("%1", kind)
            .replace("%2", self._draft.subject_no)
            .replace("%3", local_text(self._draft.saved_at, self._context.db.tz))
        )
        if len(mine) > 1:
            text += self.tr("，另有 %1 份草稿").replace("%1", str(len(mine) - 1))
        self.banner.show_message(Severity.INFO, text, action=self.tr("继续"), on_action=self.go_on)
        self.show()

    def go_on(self) -> None:
        """Open the wizard where it was left."""
        if self._draft is not None:
            self.hide()
            self._context.navigate.emit(PAGES[self._draft.kind.lower()], self._draft.subject_no)

    def _dismiss(self) -> None:
        if self._draft is not None:
            self._closed.append(self._draft)
        self.hide()

    def ask_discard(self) -> None:
        """Throw the draft away, once the user has agreed."""
        if self._draft is not None:
            messages.confirm(
                self,
                self.tr("放弃草稿"),
                self.tr("放弃后，%1 已填写的内容不能恢复。").replace("%1", self._draft.subject_no),
                self._throw_away,
                yes=self.tr("放弃草稿"),
                danger=True,
            )

    def _throw_away(self) -> None:
        draft = self._draft
        if draft is None:
            return
        db, actor = self._context.db, self._context.actor

        def work(_: Progress) -> None:
            discard_draft(db, actor, draft.kind, draft.subject_no)

        self._context.act(work, self._thrown, messages.presenter(self))

    def _thrown(self, _: None) -> None:
        self.reload()
