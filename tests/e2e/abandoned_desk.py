"""Run as a program: a clerk resumes a payment as far as the request and says so.

    abandoned_desk.py DATABASE SETTINGS PAYMENT DAY

It prints one line when what was typed is kept, and never ends by itself: it is made to be killed.
"""

import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qt_compat import qt_api
from pytestqt.qtbot import QtBot

from app.access.drafts import load_draft
from app.payments.resuming import WIZARD
from tests.e2e.deeds import fill_request, open_resume, to_request
from tests.e2e.seat import Seat
from ui import translation
from ui.application import dress, prepare


def main(url, settings_file, number, day):
    qt_api.set_qt_api("pyside6")
    translation.prepare_environment()
    app = QApplication(sys.argv[:1])
    settings = QSettings(settings_file, QSettings.Format.IniFormat)
    dress(app, settings)
    desk = prepare(app, url, settings=settings)
    desk.start()
    clerk = Seat(desk, QtBot(None))
    clerk.settle()
    clerk.sign_in("clerk")
    wizard = open_resume(clerk, number)
    to_request(clerk, wizard)
    fill_request(clerk, wizard, date.fromisoformat(day))

    def kept():
        draft = load_draft(clerk.context.db, clerk.context.actor, WIZARD, number)
        return draft is not None and bool(draft.data["planned_on"])

    clerk.wait(kept)
    sys.stdout.write(f"kept {wizard.step()} {len(wizard.verify.table.ticked())}\n")
    sys.stdout.flush()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
