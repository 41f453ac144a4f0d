"""From starting the program to a sign-in field that takes a key, against a bare window.

Each start is a process of its own; the clock runs from before it is made.

Run: .venv/bin/python -m benchmarks.bench_start [--runs 5] [--quick]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.company import options
from benchmarks.table import Table

ROOT = Path(__file__).resolve().parents[1]
REACH = 2.5
BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from PySide6.QtCore import QTimer
app = QApplication(sys.argv[:1])
window = QWidget()
field = QLineEdit(window)
window.show()
"""
OURS = """
import sys, time
from PySide6.QtWidgets import QApplication
from PySide6.QtCore import QSettings, QTimer
from ui import translation
translation.prepare_environment()
from ui.application import dress, prepare
app = QApplication(sys.argv[:1])
settings = QSettings(sys.argv[2], QSettings.Format.IniFormat)
dress(app, settings)
desk = prepare(app, sys.argv[1], settings=settings)
desk.start()
window = desk.sign_in
field = desk.sign_in.username
"""
# A key is posted as soon as the window is painted; the time is told when the field has it.
KEY = """
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
def tell():
    if field.text():
        print(time.time(), flush=True)
        app.quit()
    else:
        QTimer.singleShot(1, tell)
def press():
    field.setFocus()
    app.postEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A,
                                   Qt.KeyboardModifier.NoModifier, "a"))
    tell()
QTimer.singleShot(0, press)
app.exec()
"""
READY = """
def tell_open():
    if desk._opened is not None:
        print(time.time(), flush=True)
        app.quit()
    else:
        QTimer.singleShot(1, tell_open)
QTimer.singleShot(0, tell_open)
app.exec()
"""


def start(code: str, *arguments: str) -> float:
    """Seconds from before the process to the time that it tells. Raises where it fails."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=60,
        check=False,
    )
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(f"the window did not start: {done.stderr[-2000:]}")
    return float(done.stdout.split()[0]) - began


def main() -> int:
    """Print the table; 1 when the start takes longer than it shall."""
    chosen = options(__doc__, 0, 0)
    table = Table()
    with tempfile.TemporaryDirectory(prefix="tf-bench-") as folder:
        from app.demo.build import ensure_demo

        address = ensure_demo(str(Path(folder, "demo.sqlite3")))
        settings = str(Path(folder, "settings.ini"))
        jobs = {
            "bare": (BARE + KEY,),
            "key": (OURS + KEY, address, settings),
            "open": (OURS + READY, address, settings),
        }
        for job in jobs.values():
            start(*job)  # warm
        taken: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(max(chosen.runs, 5)):
            for name, job in jobs.items():
                taken[name].append(start(*job))
        middle = {name: statistics.median(times) for name, times in taken.items()}
    table.ratio("start to a sign-in field that takes a key", middle["key"], middle["bare"], REACH)
    table.note("start to the open database behind it", middle["open"])
    return 0 if table.reached else 1


if __name__ == "__main__":
    sys.exit(main())
