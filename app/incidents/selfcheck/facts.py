"""The health of software and machine, as the diagnosis of payments asks for it."""

from app.core import paths
from app.core.logs import recent_errors
from app.payments.diagnosis.facts import SystemFacts
from app.storage import health
from app.storage.health import Probe
from app.storage.work import Database


def system_facts(db: Database) -> SystemFacts:
    """What is wrong now, if anything."""
    found = {probe.name: probe for probe in health.probes(db)}
    with db.read() as work:
        now = work.now
    return SystemFacts(
        database_trouble=_trouble(found, "integrity", "references", "schema", "settings"),
        upgrade_trouble=_trouble(found, "upgrade"),
        disk_trouble=_trouble(found, "disk"),
        clock_trouble=_trouble(found, "clock"),
        errors=recent_errors(paths.log_file(), now),
    )


def _trouble(found: dict[str, Probe], *names: str) -> str | None:
    sick = [found[name].detail for name in names if name in found and not found[name].ok]
    return "；".join(sick) or None
