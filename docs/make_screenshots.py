"""Takes every screenshot of the manual from the real program on the demo company.

    xvfb-run -a -s "-screen 0 1920x1080x24" .venv/bin/python docs/make_screenshots.py [FOLDER]

It follows the manual with mouse and keyboard, so that it fails where the manual no longer fits.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image
from PySide6.QtCore import QEventLoop, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from app.agreements.letter_view import SlotState
from app.agreements.watch.states import HitState
from app.core.clock import business_date
from app.demo.accounts import DEMO_PASSWORD
from app.demo.build import ensure_demo
from app.demo.trouble import FLAGSHIP_ORDER
from app.letters.states import Party
from app.payments.listing import PaymentFilter, PaymentList, Tab
from app.payments.states import HoldScope, Status
from ui import theme, translation
from ui.application import Desk, dress, prepare

_COLOURS: Final = 160
SIZES: Final = {"1280": QSize(1280, 800), "1920": QSize(1920, 1080)}
RIGHT_NAME: Final = "苏州恒力精密机械股份有限公司"
RIGHT_CNAPS: Final = "301305090568"
W = TypeVar("W", bound=QWidget)


class Studio:
    """One desk after another, photographed once nothing is under way any more."""

    def __init__(self, app: QApplication, url: str, folder: Path) -> None:
        self.app = app
        self.url = url
        self.folder = folder
        self.desk: Desk | None = None

    # --- the desk -----------------------------------------------------------------------------

    def at_the_door(self) -> Desk:
        """A desk that asks who is there."""
        self.leave()
        settings = QSettings(
            str(Path(self.url).with_name("window.ini")), QSettings.Format.IniFormat
        )
        self.desk = prepare(self.app, self.url, demo=True, settings=settings)
        self.desk.start()
        self.settle()
        return self.desk

    def sign_in(self, username: str) -> None:
        """Click on the demo account, then on 登录."""
        door = self.at_the_door().sign_in
        self.press(f"sign_in.demo.{username}", door)
        self.press("sign_in.submit", door)
        self.until(lambda: self.desk is not None and self.desk.main is not None)
        self.settle()

    def leave(self) -> None:
        if self.desk is not None:
            self.desk.close()

    @property
    def main(self) -> Any:
        assert self.desk is not None
        assert self.desk.main is not None
        return self.desk.main

    def go(self, page: str, argument: object = None) -> Any:
        """A page of the main window, loaded."""
        self.main.show_page(page, argument)
        self.settle()
        return self.main.pages.page(page)

    # --- hands --------------------------------------------------------------------------------

    def part(self, name: str, inside: QWidget | None = None, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        found: W | None = (inside or self.main).findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name: str, inside: QWidget | None = None) -> None:
        button = self.part(name, inside, QAbstractButton)
        self._bring_into_view(button)
        self.until(lambda: button.isVisible() and button.isEnabled(), name)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def pick(self, table: Any, fits: Callable[[Any], bool]) -> None:
        """Click on the first row that fits."""

        def place() -> int | None:
            rows = table.rows()
            listed = ((at, rows.row_at(at)) for at in range(rows.rowCount()))
            return next((at for at, row in listed if row is not None and fits(row)), None)

        self.until(lambda: place() is not None, table.objectName())
        index = table.rows().index(place(), 0)
        table.scrollTo(index)
        at = table.visualRect(index).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        self.settle()

    def write(self, name: str, text: str, inside: QWidget | None = None) -> None:
        """Type into an empty field or over what is in it, as with a Chinese keyboard."""
        field: QWidget = self.part(name, inside)
        field.setFocus()
        if isinstance(field, QLineEdit | QPlainTextEdit):
            field.selectAll()
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)

    def dialog(self, name: str) -> Any:
        """The open dialog of that name."""

        def there() -> QWidget | None:
            every = self.main.findChildren(QWidget, name)
            return next((one for one in every if one.isWindow() and one.isVisible()), None)

        self.until(lambda: there() is not None, name)
        self.settle()
        return there()

    def prove_identity(self) -> None:
        asked = self.dialog("identity")
        QTest.keyClicks(asked.password, DEMO_PASSWORD)
        QTest.keyClick(asked.password, Qt.Key.Key_Return)
        self.settle()

    @staticmethod
    def _bring_into_view(widget: QWidget) -> None:
        above: QWidget | None = widget
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(widget)
            above = above.parentWidget()

    # --- pictures -----------------------------------------------------------------------------

    def both(
        self, name: str, window: QWidget | None = None, ready: Callable[[], object] | None = None
    ) -> None:
        """The window in both sizes, each time made ready; it is left in the smaller one."""
        whole = window or self.main
        for label in reversed(SIZES):
            whole.resize(SIZES[label])
            self.settle()
            if ready is not None:
                ready()
                self.settle()
            self._save(whole, f"{name}-{label}")

    def one(self, name: str, window: QWidget | None = None) -> None:
        """The window as it stands."""
        self.settle()
        self._save(window or self.main, name if window else f"{name}-1280")

    def _save(self, window: QWidget, name: str) -> None:
        path = self.folder / f"{name}.png"
        if not window.grab().save(str(path), "PNG"):
            raise OSError(f"can't write {path}")
        # Few colours keep the repository small; text stays sharp.
        with Image.open(path) as full:
            full.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
                path, optimize=True
            )
        sys.stdout.write(f"{path.name}\n")

    # --- patience -----------------------------------------------------------------------------

    def settle(self) -> None:
        """Wait until nothing runs and everything is painted."""
        assert self.desk is not None
        desk = self.desk
        for _ in range(3):
            self._turn(120)
            self.until(lambda: not desk.tasks.running())

    def until(self, true: Callable[[], bool], what: str = "") -> None:
        for _ in range(400):
            if true():
                return
            self._turn(50)
        raise TimeoutError(f"the window does not come so far: {what}")

    def _turn(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def shoot(studio: Studio) -> None:
    """The way of one payment as the manual tells it, then a look at everything else."""
    door = studio.at_the_door()
    studio.both("sign-in", door.sign_in)
    studio.sign_in("clerk")
    studio.both("home")
    number = _find(studio)
    _begin(studio)
    _cure(studio, number)
    _ask(studio)
    for username, name in (("checker", "inbox"), ("supervisor", ""), ("cfo", "inbox-3")):
        _approve(studio, username, number, name)
    _outcome(studio)
    _others(studio)
    studio.sign_in("supervisor")
    _reconcile(studio)


def _find(studio: Studio) -> str:
    """The stopped payments, the one of the manual among them, and its detail."""
    context = studio.main._context
    [line] = PaymentList(context.db, context.actor, PaymentFilter(text=FLAGSHIP_ORDER)).page(0, 2)
    page = studio.go("payments", Tab.STOPPED)
    studio.pick(page.table, lambda row: row.number == line.number)
    studio.both("payments", ready=lambda: page.table.scrollTo(page.table.currentIndex()))
    assert studio.desk is not None
    studio.desk.show_theme(theme.Mode.DARK)
    studio.one("payments-dark")
    studio.desk.show_theme(theme.Mode.LIGHT)
    place = page.table.visualRect(page.table.currentIndex()).center()
    QTest.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    detail = studio.dialog("payments_detail")
    studio.both("detail", detail)
    studio.press("payments_detail_close", detail)
    return str(line.number)


def _begin(studio: Studio) -> None:
    """申请恢复, every item looked at, the causes that are left."""
    studio.press("payments_acts_resume")
    wizard = studio.main.pages.page("resume")
    studio.until(lambda: wizard.verify.table.all_rows() != [])
    studio.settle()
    studio.both("resume-verify")
    _tick_all(wizard)
    studio.press("resume.next", wizard)
    studio.both("resume-cure")


def _cure(studio: Studio, number: str) -> None:
    """The name is put right and called back by a second person; the money comes in."""
    studio.press("resume.cure.1.payee")
    change = studio.dialog("change")
    studio.write("change.new.name", RIGHT_NAME, change)
    studio.write("change.new.cnaps", RIGHT_CNAPS, change)
    studio.write("change.reason", "录入时错一字，按发票和合同全称更正", change)
    studio.one("payee-change", change)
    studio.press("change.yes", change)
    studio.press("resume.cure.2.funds")
    studio.press("accounts.balance")
    balance = studio.dialog("accounts.balance")
    studio.write("accounts.balance.book_line", "2000000", balance)
    studio.one("balance", balance)
    studio.press("accounts.balance.ok", balance)
    studio.sign_in("checker")
    inbox = studio.go("inbox")
    studio.pick(inbox.table, lambda row: row.change and row.change.payment_no == number)
    studio.press("inbox.call_back")
    call = studio.dialog("call_back")
    studio.write("call_back.called", "0512-85130348", call)
    studio.write("call_back.spoke", "陆建平", call)
    studio.press("call_back.accept", call)
    studio.one("call-back", call)
    studio.press("call_back.yes", call)
    studio.prove_identity()


def _ask(studio: Studio) -> None:
    """Go on where the wizard was left, look again at what changed, and ask."""
    studio.sign_in("clerk")
    studio.one("draft")
    studio.press("drafts.banner_action")
    wizard = studio.main.pages.page("resume")
    studio.until(lambda: wizard.verify.table.all_rows() != [])
    studio.one("resume-again")
    _tick_all(wizard)
    studio.press("resume.next", wizard)
    studio.press("resume.cure.again", wizard)
    studio.one("resume-cured")
    studio.press("resume.next", wizard)
    studio.write("resume.request.reason", "户名已更正并回拨核实，资金已调入", wizard)
    studio.write("resume.request.measures", "以后按合同全称录入，付款前核对余额", wizard)
    clock = studio.main._context.db.clock
    wizard.request.planned.set_date(business_date(clock.now()))
    studio.press("resume.request.test", wizard)
    studio.both("resume-request")
    studio.press("resume.next", wizard)
    studio.until(lambda: wizard.step() == "done")
    studio.both("resume-done")


def _tick_all(wizard: Any) -> None:
    table = wizard.verify.table
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_Space)


def _approve(studio: Studio, username: str, number: str, name: str) -> None:
    """A person approves in the inbox, with the password."""
    studio.sign_in(username)
    inbox = studio.go("inbox")
    studio.pick(inbox.table, lambda row: row.line and row.line.subject_no == number)
    if name == "inbox":
        studio.both(name)
    elif name:
        studio.one(name)
    studio.press("inbox.approve")
    studio.prove_identity()


def _outcome(studio: Studio) -> None:
    """What the last approval led to, and the paper."""
    outcome = studio.dialog("outcome")
    studio.one("resumed", outcome)
    studio.press("outcome.sheet", outcome)
    sheet = studio.dialog("sheet")
    studio.until(lambda: sheet.view.page_count() > 0)
    studio.one("approval-sheet", sheet)
    sheet.close()
    studio.press("outcome.close", outcome)
    studio.go("release_log")
    studio.one("release-log")


def _others(studio: Studio) -> None:
    """The pages of the short chapters."""
    holds = studio.go("holds")
    studio.pick(holds.table, lambda hold: hold.scope is not HoldScope.PAYMENT)
    studio.one("holds")
    studio.sign_in("clerk")
    page = studio.go("payments")
    studio.press("payments_acts_import", page)
    wizard = studio.dialog("payments_import")
    wizard.choose(str(_list_of_payments(studio)))
    studio.until(lambda: wizard.reading.preview is not None)
    studio.press("payments_import_next", wizard)
    studio.one("import", wizard)
    wizard.close()
    context = studio.main._context
    unknown = PaymentFilter(statuses=frozenset({Status.UNKNOWN}))
    [line, *_] = PaymentList(context.db, context.actor, unknown).page(0, 1)
    studio.go("bank_result", line.number)
    studio.one("bank-unknown")
    agreements = studio.go("agreements")
    studio.pick(agreements.table, lambda row: row.payee == "上海临江供电有限公司")
    studio.both("agreements")
    studio.press("agreements_add", agreements)
    form = studio.dialog("agreements_form")
    studio.one("agreement-form", form)
    form.reject()
    _cancel(studio, agreements)
    studio.sign_in("admin")
    for name in ("people", "matrix", "backup", "calendar"):
        studio.go(name)
        studio.one(name)
    audit = studio.go("audit")
    studio.press("audit.verify", audit)
    studio.pick(audit.table, lambda row: row.act == "resume.done")
    studio.one("audit")


def _cancel(studio: Studio, agreements: Any) -> None:
    """Two agreements and one that is over: from the register to the approval."""
    wanted = ("上海临江燃气有限公司", "上海浦建设备租赁有限公司", "上海张江软件服务有限公司")
    rows = agreements.table.all_rows()
    agreements.table.select_positions([at for at, r in enumerate(rows) if r.payee in wanted])
    studio.settle()
    studio.press("agreements_cancel", agreements)
    wizard = studio.main.pages.page("cancel")
    studio.until(lambda: wizard.verify.table.all_rows() != [])
    studio.settle()
    studio.both("cancel-verify")
    eligible = [row for row in wizard.verify.table.all_rows() if not row.why_not]
    wizard.verify.table.rows().tick(eligible)
    studio.press("cancel.next", wizard)
    studio.both("cancel-impact")
    studio.press("cancel.next", wizard)
    studio.write("cancel.plan.reason", "改为每月对账后付款", wizard)
    owner = wizard.plan.owner
    owner.setCurrentIndex(owner.findData("clerk"))
    owner.activated.emit(owner.currentIndex())
    studio.settle()
    studio.one("cancel-plan")
    studio.press("cancel.next", wizard)
    studio.one("cancel-confirm")
    studio.press("cancel.next", wizard)
    [box] = wizard.findChildren(QMessageBox)
    studio.press("confirm_yes", box)
    studio.prove_identity()
    studio.one("cancel-done")
    studio.sign_in("supervisor")
    inbox = studio.go("inbox")
    studio.pick(inbox.table, lambda row: row.subject.startswith("QK"))
    studio.settle()
    studio.both("cancel-inbox")
    studio.press("inbox.approve", inbox)
    studio.prove_identity()
    studio.sign_in("clerk")
    register = studio.go("agreements")
    studio.pick(register.table, lambda row: row.payee == wanted[0])
    register.side.tabs.setCurrentIndex(2)
    studio.settle()
    studio.one("cancel-progress")
    _letters(studio)


def _incidents(studio: Studio) -> None:
    """An incident in the list, and its five steps."""
    incidents = studio.go("incidents")
    studio.pick(incidents.table, lambda row: bool(row.owner))
    studio.both("incidents")
    response = studio.go("response")
    response.show_argument(incidents.chosen_one().number)
    studio.settle()
    studio.both("response")
    plans = studio.go("plans")
    plans.table.select_positions([0])
    studio.one("plans")
    studio.go("statistics")
    studio.one("statistics")


def _letters(studio: Studio) -> None:
    """From the approval to the letters, and how they are worded."""
    page = studio.go("letters")
    studio.both("letters-missing")
    studio.press("letters_issue", page)
    studio.until(lambda: all(row.number for row in page.table.all_rows()), "letters")
    studio.settle()
    studio.pick(page.table, lambda row: row.state is SlotState.READY and row.party is Party.BANK)
    studio.press("letters_preview", page)
    sheet = studio.dialog("sheet")
    studio.until(lambda: sheet.view.page_count() > 0, "sheet")
    studio.settle()
    studio.one("letter-preview", sheet)
    sheet.close()
    studio.press("letters_mail", page)
    mail = studio.dialog("letters_mail")
    studio.one("letter-mail", mail)
    mail.reject()
    studio.press("letters_dispatch", page)
    form = studio.dialog("letters_dispatch")
    studio.one("letter-dispatch", form)
    form.reject()
    page.table.clearSelection()
    studio.press("letters_mail_many", page)
    batch = studio.dialog("letters_batch")
    studio.one("letter-batch", batch)
    batch.reject()
    studio.pick(page.table, lambda row: row.state is SlotState.LATE)
    studio.both("letters")
    takeovers = studio.go("takeovers")
    studio.pick(takeovers.table, lambda row: row.days_late > 0)
    studio.both("takeovers")
    watch = studio.go("watch")
    studio.pick(watch.table, lambda row: row.state is HitState.NEW)
    studio.both("watch")
    _incidents(studio)
    recheck = studio.go("recheck")
    studio.press("recheck_make", recheck)
    studio.until(lambda: recheck.table.all_rows() != [], "recheck")
    studio.settle()
    recheck.table.select_positions([0])
    studio.one("recheck")
    studio.sign_in("cfo")
    setup = studio.go("letter_setup")
    studio.one("letter-setup")
    setup.tabs.setCurrentIndex(1)
    studio.settle()
    studio.one("letter-template")


def _reconcile(studio: Studio) -> None:
    """The bank held against the journal, and the table that comes of it."""
    page = studio.go("reconcile")
    page.side_choice.setCurrentIndex(1)
    studio.settle()
    page.proposals.selectRow(0)
    studio.both("reconcile")
    while page.proposals.all_rows():
        page.proposals.selectRow(0)
        studio.press("reconcile_accept", page)
    sheets = studio.go("sheets")
    dialog = sheets.prepare(page.account(), page.until.chosen())
    studio.settle()
    studio.one("sheet-prepare-1280", dialog)
    dialog.reject()


def _list_of_payments(studio: Studio) -> Path:
    """A list with one row that can't be paid."""
    clock = studio.main._context.db.clock
    day = business_date(clock.now()) + timedelta(days=1)
    rows = (
        "收款单位,收款账号,开户行,金额,付款日期,用途,付款账号",
        f"上海华峰机械有限公司,31050161393600000123,建设银行张江支行,12000.50,{day},货款,1001234509200678901",
        f"杭州明远材料有限公司,33050161393600000456,建设银行杭州支行,800.00,{day},运费,1001234509200678901",
        f"无锡恒昌贸易有限公司,3205****0789,建设银行无锡支行,1.00,{day},货款,1001234509200678901",
    )
    path = Path(studio.url).with_name("付款清单.csv")
    path.write_bytes("\n".join(rows).encode("gb18030"))
    return path


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["TINGFU_HOME"] = home
        url = ensure_demo(str(Path(home, "demo.sqlite3")))
        translation.prepare_environment()
        app = QApplication([])
        settings = QSettings(str(Path(home, "look.ini")), QSettings.Format.IniFormat)
        settings.setValue("window/theme", "light")
        dress(app, settings)
        studio = Studio(app, url, folder)
        try:
            shoot(studio)
        except BaseException:
            # What stood on the screen tells why.
            for at, window in enumerate(app.topLevelWidgets()):
                if window.isVisible():
                    window.grab().save(str(Path(tempfile.gettempdir(), f"stopped-{at}.png")))
            raise
        finally:
            studio.leave()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
