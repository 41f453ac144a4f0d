"""Database addresses, as people and scripts write them."""

import pytest

from app.core.errors import BadInput
from app.storage.engine import parse_url
from app.storage.files import shown, sqlite_path


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("data.sqlite3", "data.sqlite3"),
        ("/srv/付款 库.sqlite3", "/srv/付款 库.sqlite3"),
        ("C:\\tingfu\\data.sqlite3", "C:\\tingfu\\data.sqlite3"),
        ("sqlite:////srv/a.sqlite3", "/srv/a.sqlite3"),
        (":memory:", None),
        ("postgresql://u@h/db", None),
    ],
)
def test_a_path_or_a_url_names_the_file(written, path):
    assert sqlite_path(parse_url(written)) == path


def test_postgresql_addresses_get_the_driver_that_is_installed():
    assert parse_url("postgresql://u:p@h:5433/db").drivername == "postgresql+psycopg"


def test_an_address_is_shown_without_its_password():
    assert "secret" not in shown(parse_url("postgresql://clerk:secret@db/tingfu"))


@pytest.mark.parametrize("address", ["mysql://h/db", "http://a/b", "://", "postgresql://u:p@h:x/d"])
def test_an_address_of_another_kind_is_refused_without_its_text(address):
    with pytest.raises(BadInput) as refused:
        parse_url(address)
    assert "u:p" not in refused.value.message
