"""Python's garbage is collected on the window's thread only.

A cycle that holds widgets may be collected by whichever thread allocates next; a widget that is
destroyed on a worker's thread ends the program.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 250
_keepers = 0


class GarbageKeeper(QObject):
    """While at least one exists and runs, nothing is collected but from its timer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running = True
        _count(1)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is full; call it on the window's thread."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation] > 0:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Leave the garbage to Python again; may be called twice."""
        if self._running:
            self._running = False
            self._timer.stop()
            _count(-1)


def _count(step: int) -> None:
    global _keepers  # noqa: PLW0603 - the collector is one for the whole process, too
    _keepers += step
    if _keepers:
        gc.disable()
    else:
        gc.enable()
