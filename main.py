"""停付管家: a command, or the window when none is given."""

import sys
from argparse import Namespace

from app.cli.parser import parse


def main(arguments: list[str]) -> int:
    """Run what the command line asks for; returns the exit code."""
    options = parse(arguments)
    if options.command is None or (options.command == "demo" and not options.build_only):
        return _window(options)
    from app.cli.run import run_command

    return run_command(options)


def _window(options: Namespace) -> int:
    demo = options.command == "demo"
    if demo and options.reset:
        from app.core import paths
        from app.demo.build import ensure_demo

        ensure_demo(options.db or str(paths.demo_database()), reset=True)
    from ui.application import run

    return run(options.db, demo=demo, as_user=options.user)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
