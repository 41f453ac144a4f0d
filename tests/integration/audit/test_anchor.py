"""What this machine saw of a trail finds a cut that the database no longer shows."""

import json

import pytest

from app.audit import anchor
from app.audit.anchor import forget, load, look, verify_here
from app.audit.verify import Seen, verify

CUT = "本机曾验证过的记录不见了：日志尾部被截断或替换。"
OTHER = "本机曾验证过的记录与现在的不同：日志尾部被截断或替换。"


def cut_whole(tamper, last):
    """Cuts the trail and sets the head back, so that the database agrees with itself."""
    tamper(
        "DELETE FROM audit_entry WHERE seq > :last",
        "UPDATE audit_head SET seq = :last,"
        " hash = (SELECT hash FROM audit_entry WHERE seq = :last)",
        last=last,
    )


def note_file(home):
    [path] = (home / "anchors").iterdir()
    return path


@pytest.mark.parametrize("thorough", [True, False])
def test_a_cut_tail_is_found_though_the_head_was_set_back(  # C4.5
    trail, tamper, home, thorough
):
    assert verify_here(trail, home).ok
    cut_whole(tamper, 7)
    assert verify(trail).ok
    verdict = verify_here(trail, home, thorough=thorough)
    assert not verdict.ok
    assert (verdict.first_broken.entry, verdict.first_broken.why) == (10, CUT)


@pytest.mark.parametrize("thorough", [True, False])
def test_a_trail_hashed_anew_is_found(trail, tamper, home, thorough):  # C4.5
    assert verify_here(trail, home).ok
    tamper.rewrite_from(6, "改写")
    assert verify(trail).ok
    verdict = verify_here(trail, home, thorough=thorough)
    assert (verdict.first_broken.entry, verdict.first_broken.why) == (10, OTHER)


def test_a_bad_trail_is_not_remembered(trail, tamper, home):  # C4.5
    verify_here(trail, home)
    cut_whole(tamper, 7)
    verify_here(trail, home)
    assert load(trail, home).seq == 10


def test_an_emptied_trail_is_found(trail, tamper, home):  # C4.5
    verify_here(trail, home)
    tamper("DELETE FROM audit_entry", "DELETE FROM audit_head")
    assert not verify_here(trail, home).ok
    assert not verify_here(trail, home, thorough=False).ok


def test_the_end_moves_on_with_each_good_look(trail, write_trail, home):  # C4.5
    verify_here(trail, home)
    write_trail(5)
    quick = verify_here(trail, home, thorough=False)
    assert (quick.ok, quick.checked) == (True, 5)
    assert load(trail, home) == Seen(15, quick.head.hash)


def test_an_older_end_never_takes_the_place_of_a_later_one(trail, write_trail, home):
    early = verify_here(trail, home).head
    write_trail(5)
    verify_here(trail, home)
    anchor.remember(trail, home, early)
    assert load(trail, home).seq == 15


def test_the_first_look_says_that_nothing_was_known(trail, home):
    first, second = verify_here(trail, home), verify_here(trail, home)
    assert first.ok
    assert "此前没有验证过" in first.detail
    assert second.detail == ""


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"first": "x", "seq": "y", "hash": 1}'])
def test_a_damaged_note_is_no_failure_but_is_told(trail, home, content):
    verify_here(trail, home)
    note_file(home).write_text(content, encoding="utf-8")
    verdict = verify_here(trail, home, thorough=False)
    assert (verdict.ok, verdict.checked) == (True, 10)
    assert "已损坏" in verdict.detail
    assert look(trail, home).remark == ""


def test_another_trail_in_the_same_place_is_told(trail, tamper, home):
    verify_here(trail, home)
    tamper.rewrite_from(1, "从头改写")
    verdict = verify_here(trail, home)
    assert verdict.ok
    assert "另一份日志" in verdict.detail


def test_a_note_that_cannot_be_written_is_told(trail, home):
    home.write_text("a file where the folder should be", encoding="utf-8")
    verdict = verify_here(trail, home)
    assert verdict.ok
    assert "检查点未能保存" in verdict.detail


def test_after_a_restore_the_note_starts_anew(trail, tamper, home):
    verify_here(trail, home)
    cut_whole(tamper, 7)
    forget(trail, home)
    assert verify_here(trail, home).ok
    assert load(trail, home).seq == 7


def test_a_copy_elsewhere_is_another_place(trail, home, new_database_url, open_url):
    verify_here(trail, home)
    other = open_url(new_database_url(migrated=True))
    assert look(other, home).seen is None
    assert verify_here(other, home).ok
    assert load(trail, home).seq == 10


def test_the_note_holds_no_password(trail, home):
    verify_here(trail, home)
    assert set(json.loads(note_file(home).read_text(encoding="utf-8"))) == {
        "database",
        "first",
        "seq",
        "hash",
    }
    assert [path.suffix for path in (home / "anchors").iterdir()] == [".json"]
