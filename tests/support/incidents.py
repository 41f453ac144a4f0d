"""An incident brought to where a test begins."""

from app.incidents import cases
from app.incidents.case_view import incident_lines
from app.incidents.states import Cause


def version_of(db, actor, number):
    """The incident's version, as somebody sees it who reads the list."""
    return next(row.version for row in incident_lines(db, actor) if row.number == number)


def take_on(db, actor, number, why, cause=Cause.BANK_INTERFACE):
    """Take the incident over and set its cause."""
    cases.take_over(db, actor, number, version_of(db, actor, number))
    cases.set_cause(db, actor, number, cause, why, version_of(db, actor, number))
