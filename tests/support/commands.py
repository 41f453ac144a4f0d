"""The program run as a script would run it: another process, no display."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Command-pass-7"


@pytest.fixture
def call(tmp_path):
    """Runs the program as a script would: another process, no display, one password."""
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}
    } | {"TINGFU_HOME": str(tmp_path / "home"), "TINGFU_PASSWORD": PASSWORD}

    def one(*arguments):
        return subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return one


@pytest.fixture
def run(call):
    """The exit code and the JSON document of a command."""

    def one(*arguments):
        done = call("--json", *arguments)
        return done.returncode, json.loads(done.stdout)

    return one


@pytest.fixture
def say(call):
    """The exit code of a command and what it says to people, errors included."""

    def one(*arguments):
        done = call(*arguments)
        return done.returncode, done.stdout + done.stderr

    return one
