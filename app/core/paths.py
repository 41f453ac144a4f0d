"""Where the program keeps its files on this machine."""

import os
from pathlib import Path

HOME_VARIABLE = "TINGFU_HOME"


def home() -> Path:
    """The folder of databases, logs, backups and anchors; TINGFU_HOME moves it."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("tingfu", appauthor=False)


def default_database() -> Path:
    return home() / "tingfu.sqlite3"


def demo_database() -> Path:
    return home() / "demo" / "demo.sqlite3"


def backup_folder() -> Path:
    return home() / "backups"


def log_file() -> Path:
    return home() / "logs" / "tingfu.log"
