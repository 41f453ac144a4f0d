"""A long trail on SQLite is hashed by two processes, with the same verdict as by one."""

import logging
import sys

import pytest

from app.audit import helper
from app.audit import verify as verifying
from app.audit.verify import verify

WHOLE = 1_001


@pytest.fixture
def backend():
    return "sqlite"


@pytest.fixture
def long_trail(write_trail, founded, monkeypatch):
    """1,001 entries, which count as many."""
    monkeypatch.setattr(verifying, "WORTH_TWO", 500)
    write_trail(WHOLE - 1)
    return founded


@pytest.fixture
def answers(monkeypatch):
    """What second processes answered."""
    given = []
    ask = helper.Helper.answer

    def listen(self):
        given.append(ask(self))
        return given[-1]

    monkeypatch.setattr(helper.Helper, "answer", listen)
    return given


def test_the_second_process_takes_the_second_half(long_trail, answers):  # C4.5
    verdict = verify(long_trail)
    assert (verdict.ok, verdict.checked) == (True, WHOLE)
    assert answers == [(WHOLE, verdict.head.hash)]


@pytest.mark.parametrize("seq", [1, 3, 499, 500, 501, 502, 999, WHOLE])
def test_a_changed_entry_is_named_in_either_half(long_trail, tamper, seq):  # C4.5
    tamper("UPDATE audit_entry SET reason = 'x' WHERE seq = :seq", seq=seq)
    assert verify(long_trail).first_broken.entry == seq


@pytest.mark.parametrize("seq", [2, 500, 501, 1000])
def test_a_removed_entry_is_named_in_either_half(long_trail, tamper, seq):  # C4.5
    tamper("DELETE FROM audit_entry WHERE seq = :seq", seq=seq)
    assert verify(long_trail).first_broken.entry == seq


def test_a_cut_tail_is_named(long_trail, tamper):  # C4.5
    tamper("DELETE FROM audit_entry WHERE seq > 900")
    assert verify(long_trail).first_broken.entry == 901


def test_a_trail_cut_below_its_middle_is_named(long_trail, tamper):  # C4.5
    tamper("DELETE FROM audit_entry WHERE seq > 100")
    assert verify(long_trail).first_broken.entry == 101


def test_a_frozen_build_does_it_in_one_process(long_trail, answers, monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert verify(long_trail).ok
    assert answers == [None]


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/interpreter"])
def test_a_second_process_that_fails_only_costs_time(  # C4.5
    long_trail, answers, monkeypatch, caplog, program
):
    monkeypatch.setattr(sys, "executable", program)
    with caplog.at_level(logging.WARNING):
        assert verify(long_trail).ok
    assert answers == [None]
    assert "second process" in caplog.text
