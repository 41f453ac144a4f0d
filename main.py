"""停付管家: a command, or the window when none is given."""

import sys

from app.cli.parser import parse


def main(arguments: list[str]) -> int:
    """Run what the command line asks for; returns the exit code."""
    options = parse(arguments)
    if options.command in {None, "demo"} and not getattr(options, "build_only", False):
        from ui.application import run

        return run(
            options.db, demo=options.command == "demo", reset=getattr(options, "reset", False)
        )
    from app.cli.run import run_command

    return run_command(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
