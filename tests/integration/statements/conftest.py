"""Statements are read by the program as a script would run it."""

from tests.integration.cli.conftest import call, run

__all__ = ["call", "run"]
