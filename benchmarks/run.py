"""Every benchmark, each in a process of its own, as one table.

Run: .venv/bin/python -m benchmarks.run [--quick] [NAME …]
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What a benchmark needs to be quick, where it does not know --quick.
QUICK = {"audit": ("--entries", "100000")}


def names() -> list[str]:
    """The benchmarks of this folder: bench_NAME.py."""
    return sorted(file.stem.removeprefix("bench_") for file in HERE.glob("bench_*.py"))


def run(name: str, quick: bool, heading: bool) -> bool:
    """Print one benchmark's lines; whether it reached what it shall."""
    arguments = QUICK.get(name, ("--quick",)) if quick else ()
    with subprocess.Popen(
        [sys.executable, "-u", "-m", f"benchmarks.bench_{name}", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE.parent,
    ) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout):
            if heading or number:
                print(line, end="", flush=True)
    return process.returncode == 0


def main() -> int:
    """Print the table; 1 when a benchmark missed its reach or failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small data, few runs")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names())}")
    chosen = parser.parse_args()
    good = [
        run(name, chosen.quick, number == 0) for number, name in enumerate(chosen.names or names())
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
