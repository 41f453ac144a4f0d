"""自诊断: the program, its database and its data, each with what it means and what to do."""

from app.incidents.selfcheck.all_checks import selfcheck, step_titles
from app.incidents.selfcheck.checks import Check, Group, Outside, State
from app.incidents.selfcheck.facts import system_facts
from app.incidents.selfcheck.keeping import (
    Diagnosed,
    RunLine,
    diagnose,
    find_selfcheck,
    make_selfcheck,
    selfcheck_lines,
    selfcheck_of,
)

__all__ = [
    "Check",
    "Diagnosed",
    "Group",
    "Outside",
    "RunLine",
    "State",
    "diagnose",
    "find_selfcheck",
    "make_selfcheck",
    "selfcheck",
    "selfcheck_lines",
    "selfcheck_of",
    "step_titles",
    "system_facts",
]
