"""Sets the project up and runs it or its checks: see `python3 dev.py help`.

Standard library only, and of that only what Debian's smallest Python holds until the full one is
installed: so `shutil` is imported late.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# First line: what was installed from; second line: "run" or "dev".
STAMP = VENV / "setup-done"
# Stands while packages are being installed, so that an interrupted set-up is seen.
UNFINISHED = VENV / "setup-unfinished"
SYSTEM_PACKAGES = ROOT / "packaging" / "system-packages.txt"
OLDEST_PYTHON = (3, 11)
MOST_WORKERS = 4

USAGE = """\
python3 dev.py demo [ARGS]          set up, then open the demo company   准备环境并打开演示公司
python3 dev.py test [--only lint|tests] [PYTEST ARGS]
                                    set up, then run every check and test
python3 dev.py run [--] ARGS        set up, then pass ARGS to main.py    准备环境并执行命令行
python3 dev.py setup [--dev]        set up only                          只准备环境
python3 dev.py traceability         write docs/traceability.md anew
(Windows: py -3.11 dev.py ...)"""

# Each runs in the project's own Python. Modules instead of scripts: a script names the folder it
# was installed in, and would break when the tree is moved.
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format --check", ("-m", "ruff", "format", "--check", ".")),
    ("mypy", ("-m", "mypy")),
    ("lint-imports", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
    ("traceability", ("tests/traceability.py", "--check")),
)


class SetupFailed(Exception):  # noqa: N818 - an answer to the user, like app's refusals
    """The machine can't be made ready; the message says what to do."""


def say(text: str) -> None:
    """Print at once, so that the lines of the programs started here stay in order."""
    print(text, flush=True)


def call(argv: Sequence[str | Path], env: dict[str, str] | None = None) -> int:
    """Run a program in the project's folder and give its exit code."""
    return subprocess.run([*map(str, argv)], cwd=ROOT, env=env, check=False).returncode


def call_quietly(argv: Sequence[str | Path], env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a program and give its exit code and all that it printed."""
    done = subprocess.run(
        [*map(str, argv)],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout.strip()


def found(program: str) -> bool:
    """Whether the search path holds the program."""
    return any(os.access(Path(folder, program), os.X_OK) for folder in os.get_exec_path())


# --- system packages -------------------------------------------------------------------------


def wanted_packages(*, dev: bool) -> list[str]:
    """Give the names of the system packages that running, or also testing, needs."""
    lines = SYSTEM_PACKAGES.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    names = [name for name, use in rows if dev or use == "run"]
    if any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip")):
        names.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    return names


def missing_packages(names: Sequence[str]) -> list[str]:
    """Give those of the names that dpkg doesn't hold as installed, under the name or as t64."""
    asked = [each for name in names for each in (name, f"{name}t64")]
    # It exits with 1 when it does not know a name: that is an answer here.
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    ).stdout
    rows = [line.split() for line in answer.splitlines()]
    present = {name for status, name in rows if status == "installed"}
    return [name for name in names if not {name, f"{name}t64"} & present]


def is_root() -> bool:
    """Whether the user may install system packages without asking."""
    return os.name != "nt" and os.geteuid() == 0


def install_system_packages(*, dev: bool) -> None:
    """Install what is missing on a Debian-like machine; elsewhere nothing.

    Raises SetupFailed.
    """
    if not (found("apt-get") and found("dpkg-query")):
        return
    missing = missing_packages(wanted_packages(dev=dev))
    if not missing:
        return
    say("Installing system packages 正在安装系统组件: " + " ".join(missing))
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    prefix: list[str] = []
    if not is_root():
        if not found("sudo"):
            raise SetupFailed(
                "System packages are missing. Run this as root, then try again:\n"
                "缺少系统组件，请由管理员执行下面的命令后重试：\n"
                f"    apt-get update && {' '.join(install)}"
            )
        prefix = ["sudo", "env", "DEBIAN_FRONTEND=noninteractive"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for argv in (["apt-get", "update"], install):
        code, output = call_quietly([*prefix, *argv], env)
        if code != 0:
            raise SetupFailed(
                f"{output}\nThis command failed: {' '.join([*prefix, *argv])}\n"
                "系统组件安装失败，请检查网络或软件源后重试。"
            )


# --- the project's own Python ----------------------------------------------------------------


def fingerprint() -> str:
    """Name what the environment is made from: both lists of packages and the kind of Python."""
    digest = hashlib.sha256(str(sys.implementation.cache_tag).encode())
    for name in ("run.txt", "dev.txt"):
        digest.update((ROOT / "requirements" / name).read_bytes())
    return digest.hexdigest()


def installed() -> tuple[str, str]:
    """Give the fingerprint and the level ("run", "dev") of the last finished set-up, or blanks."""
    if not (STAMP.is_file() and PYTHON.exists()):
        return "", ""
    made_from, _, level = STAMP.read_text(encoding="utf-8").partition("\n")
    return made_from, level.strip()


def is_current(*, dev: bool) -> bool:
    """Whether the last set-up finished, from today's lists, and covers what is asked."""
    made_from, level = installed()
    return made_from == fingerprint() and (level == "dev" or not dev)


def answers(code: str) -> str:
    """Give what the project's Python prints for the code, blank when it fails."""
    if not (PYTHON.exists() and (VENV / "pyvenv.cfg").is_file()):
        return ""
    failed, output = call_quietly([PYTHON, "-c", code])
    return "" if failed else output


def discard_environment() -> None:
    """Remove the environment so that an interruption leaves nothing that looks whole."""
    import shutil

    (VENV / "pyvenv.cfg").unlink(missing_ok=True)
    shutil.rmtree(VENV)


def make_environment() -> None:
    """Leave a project Python that has pip, keeping a sound one and replacing any other.

    Raises SetupFailed.
    """
    same_python = answers("import sys; print(sys.implementation.cache_tag)")
    sound = same_python == sys.implementation.cache_tag and not UNFINISHED.exists()
    if VENV.exists() and not sound:
        discard_environment()
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    if sound and not answers("import pip; print(pip.__version__)"):
        code = call([PYTHON, "-m", "ensurepip"])
    elif not sound:
        code = call([sys.executable, "-m", "venv", VENV])
    else:
        code = 0
    if code != 0:
        raise SetupFailed(
            f"Python's venv module failed under {sys.executable}; is it installed whole?\n"
            "无法创建 Python 虚拟环境，请确认 Python 安装完整（含 venv、ensurepip）。"
        )


def set_up(*, dev: bool) -> None:
    """Make the machine ready; where it already is, it costs only the look.

    Raises SetupFailed.
    """
    install_system_packages(dev=dev)
    if is_current(dev=dev):
        return
    say("Preparing the environment, about a minute 正在准备运行环境，约需一分钟……")
    level = "dev" if dev or installed()[1] == "dev" else "run"
    make_environment()
    STAMP.unlink(missing_ok=True)
    install = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    lists = Path("requirements", f"{level}.txt")
    if call([PYTHON, "-m", "pip", "install", *install, "-r", lists]) != 0:
        raise SetupFailed(
            "The packages could not be installed; check the network and run the same command"
            " again.\n程序组件下载或安装失败，请检查网络后重新执行同一命令。"
        )
    STAMP.write_text(f"{fingerprint()}\n{level}\n", encoding="utf-8")
    UNFINISHED.unlink()
    say("Ready 环境已就绪。")


def hand_over(arguments: Sequence[str]) -> int:
    """Become main.py where the system can, else give its exit code."""
    argv = [str(PYTHON), str(ROOT / "main.py"), *arguments]
    sys.stdout.flush()
    if os.name != "nt":
        # One process: signals and the terminal reach the program itself.
        os.execv(argv[0], argv)
    return subprocess.run(argv, check=False).returncode


# --- checks and tests ------------------------------------------------------------------------


@contextmanager
def virtual_display(log: Path) -> Iterator[str]:
    """Give the name of a screen that exists only in memory, gone afterwards.

    Raises SetupFailed.
    """
    read, write = os.pipe()
    screen = ["-screen", "0", "1920x1080x24", "-dpi", "96", "-nolisten", "tcp", "-noreset"]
    with log.open("wb") as errors:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), *screen],
            pass_fds=(write,),
            stdin=subprocess.DEVNULL,
            stderr=errors,
        )
    os.close(write)
    try:
        # Xvfb takes the first free number itself and writes it when it answers: no race, no wait.
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise SetupFailed("Xvfb did not start:\n" + log.read_text(errors="replace"))
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def pytest_environment(folder: Path) -> dict[str, str]:
    """Give the environment of the tests: nothing of the desktop that they were started from."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
    if os.name == "nt":
        return ours
    ours.pop("WAYLAND_DISPLAY", None)
    # Qt warns without a private runtime folder and without UTF-8; a warning fails a test.
    return {**ours, "XDG_RUNTIME_DIR": str(folder), "LC_ALL": "C.UTF-8"}


def run_pytest(arguments: Sequence[str]) -> int:
    """Run the tests, each worker on a virtual screen of its own, and give pytest's exit code.

    Two windows on one screen would take the keyboard from each other.
    Raises SetupFailed.
    """
    argv = [str(PYTHON), "-m", "pytest", "--import-mode=importlib"]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tingfu-")))
        env = pytest_environment(folder)
        if found("Xvfb"):
            count = max(2, min(MOST_WORKERS, os.cpu_count() or 2))
            logs = [folder / f"display-{number}.log" for number in range(count)]
            screens = [stack.enter_context(virtual_display(log)) for log in logs]
            env.update(QT_QPA_PLATFORM="xcb", DISPLAY=screens[0])
            workers = [f"--tx=popen//env:DISPLAY={screen}" for screen in screens]
            argv += ["--dist=loadfile", *workers]
        elif sys.platform == "linux" and "DISPLAY" not in env:
            raise SetupFailed("There is no display and no Xvfb: install Xvfb for the tests.")
        return call([*argv, *arguments], env)


def run_checks() -> int:
    """Run the checks in order up to the first that fails, and give its exit code."""
    for name, arguments in CHECKS:
        say(f"== {name}")
        code = call([PYTHON, *arguments])
        if code != 0:
            return code
    return 0


def test(arguments: list[str]) -> int:
    """Set up, then run the checks and the tests, or the part that `--only` names."""
    only = ""
    if arguments[:1] == ["--only"]:
        only, arguments = "".join(arguments[1:2]), arguments[2:]
        if only not in {"lint", "tests"}:
            raise SetupFailed("--only takes lint or tests")
    set_up(dev=True)
    code = 0 if only == "tests" else run_checks()
    if code != 0 or only == "lint":
        return code
    say("== pytest")
    return run_pytest(arguments)


def dispatch(command: str, arguments: list[str]) -> int:
    """Run one command and give the exit code."""
    if command == "test":
        return test(arguments)
    if command == "traceability":
        return call([sys.executable, "tests/traceability.py", *arguments])
    if command == "setup" and arguments in ([], ["--dev"]):
        set_up(dev=bool(arguments))
        return 0
    if command == "demo":
        set_up(dev=False)
        return hand_over(["demo", *arguments])
    if command == "run":
        set_up(dev=False)
        return hand_over(arguments[1:] if arguments[:1] == ["--"] else arguments)
    print(USAGE)
    return 0 if command in {"help", "-h", "--help"} else 2


def stop(number: int, _frame: object) -> None:
    """Leave in order, so that the virtual screens end too."""
    sys.exit(128 + number)


def main(argv: list[str]) -> int:
    """Give the exit code: the program's own, or 2 when the machine can't be made ready."""
    if sys.version_info < OLDEST_PYTHON:
        print(
            "Python 3.11 or newer is needed, this is 需要 Python 3.11 或更高版本，当前为", end=" "
        )
        print(sys.version.split()[0])
        return 2
    # A console that lacks a character shows a mark instead of ending the program.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, stop)
    try:
        return dispatch("".join(argv[:1]), argv[1:])
    except SetupFailed as failed:
        print(failed, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
