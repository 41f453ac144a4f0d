"""The project's two commands, tried with stand-ins for the machine's own programs."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import psutil
import pytest

TREE = Path(__file__).resolve().parents[2]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tried_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def running_screens() -> int:
    """How many virtual screens this process itself has running."""
    return [child.name() for child in psutil.Process().children()].count("Xvfb")


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class Machine:
    """A copy of dev.py that records what it would run instead of running it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.ran: list[list[str]] = []
        self.last_env: dict[str, str] = {}
        self.fails_at = ""
        self.has_pip = True
        for name in ("dev.py", "packaging/system-packages.txt"):
            target = root / name
            target.parent.mkdir(exist_ok=True)
            shutil.copy(TREE / name, target)
        (root / "requirements").mkdir()
        for level in ("run", "dev"):
            (root / "requirements" / f"{level}.txt").write_text(f"{level}==1\n", encoding="utf-8")
        self.dev = load(root / "dev.py")
        monkeypatch.setattr(self.dev, "call", self.call)
        monkeypatch.setattr(self.dev, "call_quietly", self.call_quietly)
        monkeypatch.setattr(self.dev, "found", lambda _: False)

    def call(self, argv: Sequence[object], env: dict[str, str] | None = None) -> int:
        line = [str(part) for part in argv]
        self.last_env = env or {}
        self.ran.append(line)
        if self.fails_at and self.fails_at in " ".join(line):
            return 7
        if line[1:3] == ["-m", "venv"]:
            executable(self.dev.PYTHON, "")
            (self.dev.VENV / "pyvenv.cfg").touch()
        return 0

    def call_quietly(self, argv: Sequence[object], _env: object = None) -> tuple[int, str]:
        line = " ".join(str(part) for part in argv)
        if "import sys" in line:
            return 0, str(sys.implementation.cache_tag)
        if "import pip" in line:
            return (0, "1") if self.has_pip else (1, "")
        return self.call(argv), "output"

    def lines(self) -> str:
        text = "\n".join(" ".join(line) for line in self.ran)
        self.ran.clear()
        return text


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_that_a_second_set_up_runs_nothing(machine: Machine) -> None:
    assert machine.dev.main(["setup"]) == 0
    assert "--require-hashes -r " + str(Path("requirements/run.txt")) in machine.lines()
    assert machine.dev.main(["setup"]) == 0
    assert machine.ran == []


def test_that_tests_need_more_than_running_and_running_needs_no_more(machine: Machine) -> None:
    machine.dev.main(["setup"])
    machine.lines()
    machine.dev.main(["setup", "--dev"])
    assert "dev.txt" in machine.lines()
    machine.dev.main(["setup"])
    assert machine.ran == []


def test_that_changed_requirements_are_installed_and_stay_at_the_tests_level(
    machine: Machine,
) -> None:
    machine.dev.main(["setup", "--dev"])
    machine.lines()
    (machine.root / "requirements" / "run.txt").write_text("run==2\n", encoding="utf-8")
    machine.dev.main(["setup"])
    lines = machine.lines()
    assert "dev.txt" in lines
    assert "-m venv" not in lines


def test_that_an_interrupted_set_up_is_made_anew_by_the_next_call(machine: Machine) -> None:
    machine.fails_at = "-m pip"
    assert machine.dev.main(["setup"]) == 2
    half_made = machine.dev.VENV / "half-made"
    half_made.touch()
    machine.lines()
    machine.fails_at = ""
    assert machine.dev.main(["setup"]) == 0
    assert "-m venv" in machine.lines()
    assert not half_made.exists()
    assert not machine.dev.UNFINISHED.exists()


def test_that_a_sound_environment_of_another_maker_is_kept_and_given_pip(machine: Machine) -> None:
    machine.call([sys.executable, "-m", "venv"])
    theirs = machine.dev.VENV / "theirs"
    theirs.touch()
    machine.has_pip = False
    machine.lines()
    assert machine.dev.main(["setup"]) == 0
    lines = machine.lines()
    assert "-m ensurepip" in lines
    assert "-m venv" not in lines
    assert theirs.exists()


def test_that_an_old_python_is_refused_with_the_version_it_has(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine.dev, "OLDEST_PYTHON", (99, 0))
    assert machine.dev.main(["setup"]) == 2
    assert sys.version.split()[0] in capsys.readouterr().out
    assert machine.ran == []


@pytest.fixture
def debian(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A Debian that lacks two packages, seen by a user who is not root."""
    monkeypatch.setattr(machine.dev, "found", {"apt-get", "dpkg-query"}.__contains__)
    monkeypatch.setattr(machine.dev, "missing_packages", lambda _: ["libegl1", "xvfb"])
    monkeypatch.setattr(machine.dev, "is_root", lambda: False)
    return machine


def test_that_root_installs_only_what_is_missing(
    debian: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian.dev, "is_root", lambda: True)
    assert debian.dev.main(["setup"]) == 0
    assert debian.lines().splitlines()[:2] == [
        "apt-get update",
        "apt-get install -y --no-install-recommends libegl1 xvfb",
    ]


def test_that_others_install_through_sudo(debian: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian.dev, "found", {"apt-get", "dpkg-query", "sudo"}.__contains__)
    assert debian.dev.main(["setup"]) == 0
    assert debian.lines().startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get update\n")


def test_that_without_rights_the_command_for_the_administrator_is_shown(
    debian: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert debian.dev.main(["setup"]) == 2
    assert "apt-get install -y --no-install-recommends libegl1 xvfb" in capsys.readouterr().err
    assert debian.ran == []


def test_that_running_needs_no_package_that_only_tests_use(machine: Machine) -> None:
    run, dev = (set(machine.dev.wanted_packages(dev=dev)) for dev in (False, True))
    assert {"libegl1", "libxcb-cursor0", "ca-certificates"} <= run
    assert {"xvfb", "poppler-utils"} <= dev - run


def test_that_the_first_failing_check_ends_the_command_with_its_code(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.dev.main(["setup", "--dev"])
    machine.lines()
    capsys.readouterr()
    machine.fails_at = "-m mypy"
    assert machine.dev.main(["test"]) == 7
    assert capsys.readouterr().out.split("\n")[:-1] == [
        "== ruff check",
        "== ruff format --check",
        "== mypy",
    ]
    assert "-m pytest" not in machine.lines()


def test_that_pytest_comes_last_and_gets_the_arguments(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    machine.dev.main(["setup", "--dev"])
    machine.fails_at = "-m pytest"
    assert machine.dev.main(["test", "tests/unit", "-k", "money"]) == 7
    assert machine.ran[-1][1:] == [
        *("-m", "pytest", "--import-mode=importlib"),
        *("tests/unit", "-k", "money"),
    ]


def test_that_only_one_part_can_be_run(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    machine.dev.main(["setup", "--dev"])
    machine.lines()
    assert machine.dev.main(["test", "--only", "tests"]) == 0
    assert len(machine.ran) == 1
    assert "-m pytest" in machine.lines()
    assert machine.dev.main(["test", "--only", "lint"]) == 0
    assert len(machine.ran) == len(machine.dev.CHECKS)


def test_that_the_desktop_does_not_reach_the_tests(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", "2")
    assert "QT_SCALE_FACTOR" not in machine.dev.pytest_environment(tmp_path)


# These stand programs of Linux in for others.
if sys.platform == "linux":

    def test_that_a_library_counts_as_present_under_its_newer_name(
        machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = "installed libgl1\ninstalled libcups2t64\nconfig-files xvfb\n"
        executable(tmp_path / "bin" / "dpkg-query", f"#!/bin/sh\nprintf '{answer}'\nexit 1\n")
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        names = ["libgl1", "libcups2", "xvfb", "poppler-utils"]
        assert machine.dev.missing_packages(names) == ["xvfb", "poppler-utils"]

    @pytest.mark.parametrize(
        ("arguments", "passed"),
        [
            (["demo", "--reset"], ["demo", "--reset"]),
            (["run", "--", "--json", "payments", "list"], ["--json", "payments", "list"]),
            (["run", "selfcheck"], ["selfcheck"]),
        ],
    )
    def test_that_arguments_and_exit_code_are_those_of_the_program(
        machine: Machine, tmp_path: Path, arguments: list[str], passed: list[str]
    ) -> None:
        machine.dev.main(["setup"])
        heard = tmp_path / "heard"
        (tmp_path / "main.py").write_text(
            f"import pathlib, sys\npathlib.Path({str(heard)!r}).write_text('\\n'.join(sys.argv[1:]))\n"
            "sys.exit(5)\n",
            encoding="utf-8",
        )
        machine.dev.PYTHON.unlink()
        machine.dev.PYTHON.symlink_to(sys.executable)
        done = subprocess.run(
            [sys.executable, tmp_path / "dev.py", *arguments],
            env={**os.environ, "PATH": str(tmp_path)},
            check=False,
        )
        assert done.returncode == 5
        assert heard.read_text(encoding="utf-8").split("\n") == passed

    def test_that_ci_runs_the_readme_command_in_the_project_folder(tmp_path: Path) -> None:
        executable(
            tmp_path / "bin" / "python3",
            f'#!/bin/sh\necho "$PWD" "$@" > {tmp_path}/heard\nexit 9\n',
        )
        path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [TREE / ".ci" / "run"],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 9
        assert (tmp_path / "heard").read_text(encoding="utf-8") == f"{TREE} dev.py test\n"

    def test_that_two_virtual_screens_are_apart_and_end_with_their_use(
        machine: Machine, tmp_path: Path
    ) -> None:
        first = machine.dev.virtual_display(tmp_path / "first.log")
        second = machine.dev.virtual_display(tmp_path / "second.log")
        with first as one, second as two:
            assert one != two
            assert running_screens() == 2
        assert running_screens() == 0

    def test_that_each_worker_has_a_screen_of_its_own(
        machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(machine.dev, "found", {"Xvfb"}.__contains__)
        machine.dev.main(["test", "--only", "tests"])
        workers = [part for part in machine.ran[-1] if part.startswith("--tx=")]
        screens = [part.removeprefix("--tx=popen//env:DISPLAY=") for part in workers]
        assert len(set(screens)) == len(screens) >= 2
        assert all(screen.startswith(":") for screen in screens)
        assert machine.last_env["QT_QPA_PLATFORM"] == "xcb"
        assert running_screens() == 0
