"""自诊断: the program, its database and its data, each with what it means and what to do."""

from app.incidents.selfcheck.all_checks import selfcheck, step_titles
from app.incidents.selfcheck.checks import Check, Group, Outside, State
from app.incidents.selfcheck.facts import system_facts

__all__ = ["Check", "Group", "Outside", "State", "selfcheck", "step_titles", "system_facts"]
