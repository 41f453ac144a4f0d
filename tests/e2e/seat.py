"""A person at a desk: what they see in its windows, and what their hands do there."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QInputMethodEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QWidget,
)

from tests.support.people import PASSWORD
from ui.resume.deciding import Todo

PATIENCE = 20_000


class Seat:
    """Works through real widgets only; `desk` is the program from its sign-in window on."""

    def __init__(self, desk, qtbot):
        self.desk = desk
        self.qtbot = qtbot

    @property
    def context(self):
        return self.desk.main._context

    def wait(self, true):
        self.qtbot.waitUntil(true, timeout=PATIENCE)

    def settle(self):
        self.wait(lambda: not self.desk.tasks.running())

    def sign_in(self, username):
        window = self.desk.sign_in
        self.wait(window.password.isEnabled)
        # The last user's name may stand there.
        window.username.selectAll()
        self.qtbot.keyClicks(window.username, username)
        self.qtbot.keyClicks(window.password, PASSWORD)
        self.qtbot.keyClick(window.password, Qt.Key.Key_Return)
        self.wait(lambda: self.desk.main is not None)
        self.settle()

    def go(self, page):
        """Click on the entry of that page."""
        listed = self.desk.main.navigation
        entries = [listed.item(row) for row in range(listed.count())]
        [entry] = [one for one in entries if one.data(Qt.ItemDataRole.UserRole) == page]
        listed.scrollToItem(entry)
        at = listed.visualItemRect(entry).center()
        self.qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=at)
        self.wait(lambda: self.desk.main.pages.current_key() == page)
        self.settle()
        return self.desk.main.pages.page(page)

    def part(self, name, inside=None, kind=QWidget):
        found = (inside or self.desk.main).findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name, inside=None):
        button = self.part(name, inside, QAbstractButton)

        def ready():
            assert button.isVisible(), f"{name} is not to be seen"
            assert button.isEnabled(), f"{name} stays off: {button.toolTip()}"

        self.wait(ready)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose_act(self, name):
        """An entry of a menu or its shortcut."""
        action = self.part(name, kind=QAction)
        self.wait(action.isEnabled)
        action.trigger()

    def write(self, field, text):
        """Type as with a Chinese keyboard: whole words are committed."""
        field.setFocus()
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)

    def turn_to(self, combo, text):
        """Turn a drop-down list to the entry with that text, key by key."""
        self.qtbot.keyClick(combo, Qt.Key.Key_Home)
        for _ in range(combo.count()):
            if text in combo.currentText():
                return
            self.qtbot.keyClick(combo, Qt.Key.Key_Down)
        raise AssertionError(f"{text} is not offered")

    def dialog(self, name, kind=QWidget):
        """An open dialog of this desk by its name."""
        found = []

        def there():
            every = self.desk.main.findChildren(kind, name)
            found[:] = [one for one in every if one.isWindow() and one.isVisible()]
            return bool(found)

        self.wait(there)
        return found[0]

    def choose_file(self, name, path):
        """Name the file in the open file dialog."""
        asked = self.dialog(name, QFileDialog)
        field = self.part("fileNameEdit", asked, QLineEdit)
        field.selectAll()
        # At once: letter by letter, the field completes what it believes to be meant.
        self.write(field, str(path))
        buttons = self.part("buttonBox", asked, QDialogButtonBox)
        [yes] = [
            one
            for one in buttons.buttons()
            if buttons.buttonRole(one) is QDialogButtonBox.ButtonRole.AcceptRole
        ]
        self.qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)

    def row(self, table, fits):
        """Where the first row is that fits, once it is listed."""
        places = []

        def listed():
            model = table.rows()
            every = [(at, model.row_at(at)) for at in range(model.rowCount())]
            places[:] = [at for at, row in every if row is not None and fits(row)]
            return bool(places)

        self.wait(listed)
        return places[0]

    def click_row(self, table, fits):
        """Click on the first row that fits."""
        at = table.visualRect(table.rows().index(self.row(table, fits), 0)).center()
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        self.wait(lambda: table.current_row() is not None and fits(table.current_row()))
        self.settle()

    def mark(self, number):
        """The payment's row in the list, marked alone."""
        listed = self.go("payments")
        self.click_row(listed.table, lambda line: line.number == number)
        self.wait(lambda: [line.number for line in listed._chosen] == [number])
        return listed

    def face(self, number, level):
        """The request about that payment or hold, on that level, before this person's eyes."""
        inbox = self.go("inbox")

        def fits(row: Todo):
            return row.subject == number and row.line is not None and row.line.place == level

        self.click_row(inbox.table, fits)
        return inbox

    def ask_decision(self, inbox, decision):
        """Press the button; the password is typed and stands before the Enter."""
        inbox.banner.clear()
        self.press(f"inbox.{decision}", inbox)
        asked = self.dialog("identity")
        self.qtbot.keyClicks(asked.password, PASSWORD)
        return asked

    def prove(self, asked):
        self.qtbot.keyClick(asked.password, Qt.Key.Key_Return)

    def approve(self, number, level=1):
        """Approve what waits on that level, with the password."""
        inbox = self.face(number, level)
        self.prove(self.ask_decision(inbox, "approve"))
        self.wait(inbox.banner.isVisible)
        self.settle()
        return inbox
