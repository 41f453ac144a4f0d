"""Takes every screenshot of the manual from the real program on the demo company.

    xvfb-run -a -s "-screen 0 1920x1080x24" .venv/bin/python docs/make_screenshots.py [FOLDER]

The pictures show one payment on its way back, so that they never tell of an older program.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image
from PySide6.QtCore import QEventLoop, QSettings, QSize, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from app.access.approvals import Decision
from app.access.sign_in import confirm_identity, sign_in
from app.accounts.service import RecordBalance, record_balance
from app.core.clock import business_date
from app.core.cnaps import bank_codes
from app.core.money import Money
from app.demo.accounts import DEMO_PASSWORD
from app.demo.build import ensure_demo
from app.demo.trouble import FLAGSHIP_ORDER
from app.payees.changes import ConfirmChange
from app.payments.detail import payment_detail
from app.payments.listing import PaymentFilter, PaymentList
from app.payments.payee_cure import confirm_change
from app.storage.upgrade import open_database
from ui import theme, translation
from ui.application import Desk, dress, prepare
from ui.resume.change_dialog import ChangeDialog
from ui.resume.outcome_dialog import OutcomeDialog
from ui.resume.sheet_dialog import SheetDialog

_COLOURS: Final = 96
SIZES: Final = {"1280": QSize(1280, 800), "1920": QSize(1920, 1080)}


class Studio:
    """One window after another, photographed once nothing is under way any more."""

    def __init__(self, app: QApplication, url: str, folder: Path) -> None:
        self.app = app
        self.url = url
        self.folder = folder
        self.desk: Desk | None = None

    def sign_in(self, username: str) -> Desk:
        """A desk on which that person is signed in."""
        desk = self.at_the_door()
        desk.sign_in.username.setText(username)
        desk.sign_in.password.setText(DEMO_PASSWORD)
        desk.sign_in.submit()
        self.until(lambda: desk.main is not None)
        self.settle()
        return desk

    def at_the_door(self) -> Desk:
        """A desk that asks who is there."""
        if self.desk is not None:
            self.desk.close()
        settings = QSettings(
            str(Path(self.url).with_name("window.ini")), QSettings.Format.IniFormat
        )
        self.desk = prepare(self.app, self.url, demo=True, settings=settings)
        self.desk.start()
        self.settle()
        return self.desk

    def go(self, page: str, argument: object = None) -> QWidget:
        """A page of the main window, loaded."""
        assert self.desk is not None
        assert self.desk.main is not None
        self.desk.main.show_page(page, argument)
        self.settle()
        shown = self.desk.main.pages.page(page)
        assert shown is not None
        return shown

    def take(self, name: str, window: QWidget | None = None, *, both: bool = True) -> None:
        """The window as a picture, in both sizes where it is the main one."""
        assert self.desk is not None
        whole = window or self.desk.main
        assert whole is not None
        if window is not None:
            self.settle()
            self.save(whole, name)
            return
        for label, size in SIZES.items():
            if both or label == "1280":
                whole.resize(size)
                self.settle()
                self.save(whole, f"{name}-{label}")
        whole.resize(SIZES["1280"])
        self.settle()

    def save(self, window: QWidget, name: str) -> None:
        path = self.folder / f"{name}.png"
        if not window.grab().save(str(path), "PNG"):
            raise OSError(f"can't write {path}")
        # Few colours keep the repository small; text stays sharp.
        with Image.open(path) as full:
            full.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
                path, optimize=True
            )
        sys.stdout.write(f"{path.name}\n")

    def settle(self) -> None:
        """Wait until nothing runs and everything is painted."""
        assert self.desk is not None
        desk = self.desk
        for _ in range(3):
            self._turn(120)
            self.until(lambda: not desk.tasks.running())

    def until(self, true: Callable[[], bool]) -> None:
        for _ in range(600):
            if true():
                return
            self._turn(50)
        raise TimeoutError("the window does not come so far")

    def _turn(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def shoot(studio: Studio) -> None:
    """The whole way of one payment, and a look at each other page."""
    door = studio.at_the_door()
    for label, size in SIZES.items():
        door.sign_in.resize(size)
        studio.take(f"sign-in-{label}", door.sign_in)
    desk = studio.sign_in("clerk")
    assert desk.main is not None
    db, actor = desk.main._context.db, desk.main._context.actor
    [line] = PaymentList(db, actor, PaymentFilter(text=FLAGSHIP_ORDER)).page(0, 2)
    studio.take("home")
    studio.go("payments", line.number)
    studio.take("payments")
    page = studio.go("payments", line.number)
    page.open_detail(line)
    studio.settle()
    dialog = studio.app.activeModalWidget() or studio.app.activeWindow()
    assert dialog is not None
    for label, size in SIZES.items():
        dialog.resize(size * 0.9)
        studio.take(f"detail-{label}", dialog)
    dialog.close()
    desk.show_theme(theme.Mode.DARK)
    studio.take("payments-dark", both=False)
    desk.show_theme(theme.Mode.LIGHT)
    wizard = studio.go("resume", line.number)
    studio.take("resume-verify")
    wizard.verify.table.rows().tick(wizard.verify.table.all_rows())
    _press(studio, wizard, "resume.next")
    studio.take("resume-cure")
    _cure(studio, line.number)
    wizard = studio.go("resume", line.number)
    wizard.verify.table.rows().tick(wizard.verify.table.all_rows())
    studio.settle()
    while wizard.step() != "request":
        _press(studio, wizard, "resume.next")
    wizard.request.reason.setPlainText("户名已按合同更正并回拨核实，资金已调入")
    wizard.request.measures.setPlainText("收款信息已变更并由复核回拨；以后录入按合同全称")
    wizard.request.planned.set_date(business_date(db.clock.now()))
    _press(studio, wizard, "resume.request.test")
    studio.take("resume-request")
    _press(studio, wizard, "resume.next")
    studio.take("resume-done")
    _decide(studio, "checker", line.number, "inbox")
    _decide(studio, "supervisor", line.number, "inbox-2")
    _decide(studio, "cfo", line.number, "inbox-3")
    studio.go("release_log")
    studio.take("release-log", both=False)
    studio.go("holds")
    studio.take("holds", both=False)
    studio.sign_in("admin")
    for page in ("people", "matrix", "audit", "accounts", "backup"):
        studio.go(page)
        studio.take(page, both=False)


def _cure(studio: Studio, number: str) -> None:
    """The name is changed with a call-back by a second person, and the money comes in."""
    desk = studio.desk
    assert desk is not None
    assert desk.main is not None
    context = desk.main._context
    detail = payment_detail(context.db, context.actor, number)
    dialog = ChangeDialog(context, detail, desk.main)
    dialog.open()
    assert detail.document is not None
    _type(dialog, "change.new.name", detail.document.payee_name)
    wrong = detail.fields.payee_cnaps
    right = next(c.code for c in bank_codes() if c.code[:-2] == wrong[:-2])
    _type(dialog, "change.new.cnaps", right)
    dialog.reason.setPlainText("录入时漏字，按合同全称更正")
    studio.take("payee-change", dialog)
    dialog.submit()
    studio.settle()
    [change] = payment_detail(context.db, context.actor, number).changes
    other = open_database(studio.url)
    checker = sign_in(other, "checker", DEMO_PASSWORD).actor
    confirm_identity(other, checker, DEMO_PASSWORD)
    phone = change.known_phone or "0512-66880000"
    confirm_change(other, checker, ConfirmChange(change.number, phone, "吴会计", True, "属实"))
    other.close()
    now = context.db.clock.now() - timedelta(minutes=1)
    record_balance(
        context.db,
        context.actor,
        RecordBalance(
            detail.fields.account_number, Money.parse("2000000"), Money(0), now, "网银余额"
        ),
    )
    studio.settle()


def _decide(studio: Studio, username: str, number: str, name: str) -> None:
    """A person approves in the inbox; the last one sees what came of it."""
    desk = studio.sign_in(username)
    assert desk.main is not None
    inbox = studio.go("inbox")
    rows = inbox.table.all_rows()
    place = next(
        (n for n, row in enumerate(rows) if row.line and row.line.subject_no == number), None
    )
    if place is None:
        return
    inbox.table.setCurrentIndex(inbox.table.model().index(place, 0))
    studio.settle()
    studio.take(name, both=name == "inbox")
    context = desk.main._context
    confirm_identity(context.db, context.actor, DEMO_PASSWORD)
    inbox._decide(inbox.table.selected_rows(), Decision.APPROVE, "")
    studio.settle()
    for shown in studio.app.topLevelWidgets():
        if isinstance(shown, OutcomeDialog) and shown.isVisible():
            studio.take("resumed", shown)
            sheet = shown.show_sheet()
            assert isinstance(sheet, SheetDialog)
            studio.take("approval-sheet", sheet)
            sheet.close()
            shown.close()


def _type(window: QWidget, name: str, text: str) -> None:
    field = window.findChild(QLineEdit, name)
    assert field is not None, name
    field.setText(text)


def _press(studio: Studio, page: QWidget, name: str) -> None:
    button = page.findChild(QPushButton, name)
    assert button is not None, name
    assert button.isEnabled(), f"{name}: {page.findChild(QWidget, 'resume.why')}"
    button.click()
    studio.settle()


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
        finally:
            if studio.desk is not None:
                studio.desk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
