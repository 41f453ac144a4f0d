"""Whatever is done to the trail behind the program's back is found and named."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.audit import verify as verifying
from app.audit.trail import GENESIS, Event, record
from app.audit.verify import Seen, verify


def broken(database, **options):
    verdict = verify(database, **options)
    assert not verdict.ok
    return verdict.first_broken.entry, verdict.first_broken.why


def head_of(database):
    with database.engine.connect() as connection:
        return Seen(*connection.execute(text("SELECT seq, hash FROM audit_head")).one())


def test_an_untouched_trail_is_whole(trail):  # C4.5
    verdict = verify(trail)
    assert (verdict.ok, verdict.entries, verdict.checked) == (True, 10, 10)
    assert verdict.first_broken is None
    assert verdict.head == head_of(trail)


def test_a_new_database_without_a_company_has_a_whole_empty_trail(database):
    verdict = verify(database)
    assert (verdict.ok, verdict.entries) == (True, 0)
    assert verdict.head == Seen(0, GENESIS)


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_the_trail(trail, act):  # C4.5
    with trail.engine.connect() as connection, pytest.raises(DatabaseError, match="is refused"):
        connection.execute(text(act))
    assert verify(trail).ok


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-03-02T02:00:00.000001+00:00"),
        ("actor", "clerk 陈经办"),
        ("machine", "别的电脑"),
        ("act", "hold.lifted"),
        ("subject", "hold:99"),
        ("before", '{"a":1}'),
        ("after", "{}"),
        ("reason", "没有原因"),
        ("hash", "f" * 64),
    ],
)
def test_a_changed_field_is_found_in_its_entry(trail, tamper, column, value):  # C4.5
    tamper(f"UPDATE audit_entry SET {column} = :value WHERE seq = 4", value=value)
    assert broken(trail) == (4, "记录内容与校验值不符：内容被改动。")


def test_text_behind_a_nul_is_found(trail, tamper, backend):  # C4.5
    if backend == "postgresql":
        with pytest.raises(DatabaseError):
            tamper("UPDATE audit_entry SET reason = 'x' || chr(0) || 'y' WHERE seq = 4")
    else:
        tamper("UPDATE audit_entry SET reason = reason || char(0) || '另有隐情' WHERE seq = 4")
        assert broken(trail)[0] == 4


def test_bytes_that_are_no_text_are_found_and_do_not_stop_the_look(trail, tamper, backend):  # C4.5
    cure = "CAST(x'ff41' AS TEXT)" if backend == "sqlite" else "'x'"
    tamper(f"UPDATE audit_entry SET reason = {cure} WHERE seq = 4")
    assert broken(trail)[0] == 4


def test_text_moved_over_a_field_border_is_found(trail, tamper):  # C4.5
    tamper(
        "UPDATE audit_entry SET actor = actor || :mark || machine, machine = act, act = subject,"
        " subject = before, before = after, after = reason, reason = '' WHERE seq = 4",
        mark="\x1f",
    )
    assert broken(trail)[0] == 4


def test_an_entry_hashed_anew_no_longer_links_to_the_next(trail, tamper):  # C4.5
    tamper.rehash(4, reason="改写")
    assert broken(trail) == (5, "与第 4 条记录不衔接：其中一条被改动或替换。")


def test_the_last_entry_hashed_anew_no_longer_agrees_with_the_head(trail, tamper):  # C4.5
    tamper.rehash(10, reason="改写")
    assert broken(trail) == (10, "末条记录的校验值与日志头登记不符。")


def test_a_link_to_another_entry_is_found(trail, tamper):  # C4.5
    tamper.rehash(7, previous="a" * 64)
    assert broken(trail) == (7, "与第 6 条记录不衔接：其中一条被改动或替换。")


@pytest.mark.parametrize("gone", [1, 5, 9])
def test_a_removed_entry_is_found(trail, tamper, gone):  # C4.5
    tamper("DELETE FROM audit_entry WHERE seq = :seq", seq=gone)
    assert broken(trail) == (gone, f"缺少第 {gone} 条记录：记录被删除或改了编号。")


def test_an_entry_in_front_of_the_first_is_found(trail, tamper):  # C4.5
    tamper(
        "INSERT INTO audit_entry SELECT -1, at, actor, machine, act, subject, before, after,"
        " reason, previous, hash FROM audit_entry WHERE seq = 1"
    )
    assert broken(trail) == (10, "应有 10 条记录，实有 11 条。")


def test_a_cut_tail_is_found_by_the_head(trail, tamper):  # C4.5
    tamper("DELETE FROM audit_entry WHERE seq > 7")
    assert broken(trail) == (8, "日志尾部被截断：应到第 10 条，现只到第 7 条。")


def test_a_removed_head_is_found(trail, tamper):  # C4.5
    tamper("DELETE FROM audit_head")
    assert broken(trail) == (10, "日志头登记被删除，无法确认这是最后一条。")


def test_a_head_that_was_set_back_is_found(trail, tamper):  # C4.5
    tamper("UPDATE audit_head SET seq = 8")
    assert broken(trail) == (9, "日志头只登记到第 8 条：日志头被改回，或其后的记录是补写的。")


def test_a_head_with_another_hash_is_found(trail, tamper):  # C4.5
    tamper("UPDATE audit_head SET hash = :hash", hash="b" * 64)
    assert broken(trail) == (10, "末条记录的校验值与日志头登记不符。")


def test_an_emptied_trail_is_found(trail, tamper):  # C4.5
    tamper("DELETE FROM audit_entry")
    assert broken(trail) == (1, "日志尾部被截断：应到第 10 条，现只到第 0 条。")


def test_a_trail_emptied_with_its_head_is_found(trail, tamper):  # C4.5
    tamper("DELETE FROM audit_entry", "DELETE FROM audit_head")
    assert broken(trail) == (1, "公司已建立，操作日志却是空的：日志被清空。")


def test_the_first_of_several_faults_is_named(trail, tamper):  # C4.5
    tamper("DELETE FROM audit_entry WHERE seq IN (9, 10)")
    tamper("UPDATE audit_entry SET reason = 'x' WHERE seq = 3")
    assert broken(trail)[0] == 3


def test_from_a_checkpoint_only_what_came_after_is_hashed(trail, write_trail):  # C4.5
    seen = head_of(trail)
    write_trail(4)
    verdict = verify(trail, since=seen)
    assert (verdict.ok, verdict.entries, verdict.checked) == (True, 14, 4)


def test_a_fault_behind_the_checkpoint_is_found(trail, write_trail, tamper):  # C4.5
    seen = head_of(trail)
    write_trail(4)
    tamper("UPDATE audit_entry SET reason = 'x' WHERE seq = 12")
    assert broken(trail, since=seen) == (12, "记录内容与校验值不符：内容被改动。")


def test_an_entry_removed_in_front_of_the_checkpoint_is_counted(trail, tamper):  # C4.5
    seen = head_of(trail)
    tamper("DELETE FROM audit_entry WHERE seq = 2")
    assert broken(trail, since=seen) == (10, "应有 10 条记录，实有 9 条。")


def test_a_change_of_the_checkpoint_itself_is_found(trail, tamper):  # C4.5
    seen = head_of(trail)
    tamper("UPDATE audit_entry SET reason = 'x' WHERE seq = 10")
    assert broken(trail, since=seen) == (10, "记录内容与校验值不符：内容被改动。")


def test_an_act_that_is_under_way_does_not_disturb_the_look(trail):  # C4.5
    with trail.write() as uow:
        record(uow, "clerk 陈经办", Event("hold.placed", "hold:1"))
        assert verify(trail).entries == 10
        uow.commit()
    assert verify(trail).entries == 11


def test_progress_is_told_and_can_end_the_look(write_trail, founded, monkeypatch):
    monkeypatch.setattr(verifying, "_EVERY", 250)
    write_trail(600)
    told = []
    verify(founded, progress=lambda done, total: told.append((done, total)))
    assert told == [(250, 601), (500, 601)]

    class Left(Exception):  # noqa: N818
        pass

    def leave(done, total):
        raise Left

    with pytest.raises(Left):
        verify(founded, progress=leave)


def test_an_engine_can_be_verified_alone(trail):
    assert verify(trail.engine).entries == 10
