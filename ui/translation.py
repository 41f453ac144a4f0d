"""Chinese for Qt's own dialogs, and Chinese typing on Linux."""

import logging
import os
from collections.abc import MutableMapping

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

_log = logging.getLogger(__name__)


def prepare_environment(environ: MutableMapping[str, str] = os.environ) -> None:
    """Make Chinese typing possible. Call before QApplication is made.

    Qt's package has no plugin for fcitx, but fcitx also speaks the ibus protocol.
    """
    if environ.get("QT_IM_MODULE", "").lower().startswith("fcitx"):
        environ["QT_IM_MODULE"] = "ibus"


def install(app: QCoreApplication) -> bool:
    """Turn Qt's own dialogs to Chinese; False when its translation is not on this machine."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load("qtbase_zh_CN", folder):
        _log.warning("Qt's Chinese translation is missing from %s", folder)
        return False
    return app.installTranslator(translator)
