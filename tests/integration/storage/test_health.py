"""The database's probes find what they look for, and only that."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.storage import health
from app.storage.health import (
    clock_sanity,
    disk_space,
    integrity,
    probes,
    references,
    safe_settings,
    schema_version,
)


def test_a_sound_database_passes_every_probe(safe_server, founded):  # B2.4
    found = [*probes(founded), *probes(founded, thorough=True)]
    assert [probe for probe in found if not probe.ok and probe.name != "disk"] == []
    assert all(probe.detail for probe in found)
    assert all(bool(probe.cure) != probe.ok for probe in found)


def test_a_row_that_refers_to_nothing_is_found(founded):  # B2.4
    with founded.engine.connect() as connection:
        if founded.dialect == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute(
                text("INSERT INTO sign_in (user_id, machine, at, fresh_at) VALUES (999, 'm', 1, 1)")
            )
        else:
            connection.execute(
                text(
                    "ALTER TABLE sign_in DROP CONSTRAINT fk_sign_in_user_id,"
                    " ADD CONSTRAINT fk_sign_in_user_id FOREIGN KEY (user_id)"
                    " REFERENCES app_user (id) NOT VALID"
                )
            )
        connection.commit()
    probe = references(founded)
    assert not probe.ok
    assert "sign_in" in probe.detail
    assert probe.cure


def test_a_newer_schema_is_found(founded, newer_schema):  # F1.2
    probe = schema_version(founded, newer_schema())
    assert not probe.ok
    assert "不一致" in probe.detail


@pytest.mark.parametrize(("needed", "ok"), [(0, True), (1 << 60, False)])
def test_the_free_disk_is_measured_against_what_is_needed(founded, needed, ok):  # B2.4
    probe = disk_space(founded, least_bytes=needed)
    assert probe.ok is ok
    assert "MB" in probe.detail


def test_the_disk_is_called_low_under_500_megabytes():  # B2.4
    assert health.LOW_DISK_BYTES == 524_288_000


def test_a_clock_before_the_last_act_is_found(founded):  # B2.4
    assert clock_sanity(founded).ok
    founded.clock.move_to(datetime(2026, 3, 2, 1, 59, 59, tzinfo=UTC))
    probe = clock_sanity(founded)
    assert not probe.ok
    assert "2026-03-02 09:59:59" in probe.detail
    assert "2026-03-02 10:00:00" in probe.detail


def test_a_clock_before_2025_is_found_in_an_empty_database(database):  # B2.4
    database.clock.move_to(datetime(2024, 12, 31, 23, 59, tzinfo=UTC))
    assert not clock_sanity(database).ok
    database.clock.move_to(datetime(2025, 1, 1, tzinfo=UTC))
    assert clock_sanity(database).ok


def test_unsafe_settings_are_found(founded):  # B2.4
    unsafe = {"sqlite": "PRAGMA synchronous=OFF", "postgresql": "SET synchronous_commit=off"}
    with founded.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute(unsafe[founded.dialect])
        raw.commit()
    probe = safe_settings(founded)
    assert not probe.ok
    assert "synchronous" in probe.detail


def test_an_index_that_is_not_valid_is_found(postgres_server, request, tmp_path, open_url):  # B2.4
    url = postgres_server.fresh(tmp_path, migrated=True)
    request.addfinalizer(lambda: postgres_server.give_back(url))
    db = open_url(url)
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE pg_index SET indisvalid = false"
                " WHERE indexrelid = 'ix_payment_due'::regclass"
            )
        )
    probe = integrity(db)
    assert not probe.ok
    assert "ix_payment_due" in probe.detail
