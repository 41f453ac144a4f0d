"""Whether a window can be shown at all, asked before Qt ends the program over it."""

import os
import socket
import sys
from collections.abc import Mapping

_WAIT_SECONDS = 2.0


def window_possible(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """False on a Linux machine whose display is missing or does not answer."""
    if not platform.startswith("linux"):
        return True
    chosen = environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen and chosen not in {"xcb", "wayland"}:
        return True
    if environ.get("WAYLAND_DISPLAY"):
        return True
    return _answers(environ.get("DISPLAY", ""))


def _answers(display: str) -> bool:
    host, colon, rest = display.rpartition(":")
    number = rest.split(".")[0]
    if not colon or not number.isdecimal():
        return False
    if host in {"", "unix"}:
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where every X server listens
        return any(_connects(socket.AF_UNIX, address) for address in (path, f"\0{path}"))
    try:
        socket.create_connection((host, 6000 + int(number)), _WAIT_SECONDS).close()
    except OSError:
        return False
    return True


def _connects(family: int, address: str) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(_WAIT_SECONDS)
        try:
            line.connect(address)
        except OSError:
            return False
    return True
