"""The trail as a file: whole, verifiable alone, never half."""

import json

import pytest

from app.audit.export import export, verify_file
from app.core.errors import BadInput
from app.documents.errors import ExportCancelled, ExportFailed


@pytest.fixture
def exported(trail, tmp_path):
    path = tmp_path / "trail.jsonl"
    assert export(trail, path) == 10
    return path


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def change(path, number, **values):
    lines = lines_of(path)
    lines[number - 1] = json.dumps({**json.loads(lines[number - 1]), **values}, ensure_ascii=False)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def cut(path, keep):
    path.write_text("\n".join(keep(lines_of(path))) + "\n", encoding="utf-8")


def fault(path):
    verdict = verify_file(path)
    assert not verdict.ok
    return verdict.first_broken.entry, verdict.first_broken.why


def test_the_file_holds_one_entry_a_line_and_the_head_at_its_end(exported):  # C4.5
    lines = [json.loads(line) for line in lines_of(exported)]
    assert [line["seq"] for line in lines[:-1]] == list(range(1, 11))
    assert lines[0]["act"] == "company.founded"
    assert json.loads(lines[1]["after"]) == {"单号": 0}
    assert lines[-1] == {"entries": 10, "head": {"seq": 10, "hash": lines[9]["hash"]}}


def test_an_exported_file_is_verified_alone(exported):  # C4.5
    verdict = verify_file(exported)
    assert (verdict.ok, verdict.entries, verdict.head.seq) == (True, 10, 10)


@pytest.mark.parametrize("field", ["at", "actor", "act", "subject", "after", "reason", "hash"])
def test_a_changed_line_is_named(exported, field):  # C4.5
    change(exported, 4, **{field: "x"})
    assert fault(exported) == (4, "记录内容与校验值不符：内容被改动。")


def test_a_removed_line_is_named(exported):  # C4.5
    cut(exported, lambda lines: lines[:4] + lines[5:])
    assert fault(exported) == (5, "缺少第 5 条记录。")


def test_a_file_cut_at_its_end_is_named(exported):  # C4.5
    cut(exported, lambda lines: lines[:7])
    assert fault(exported) == (8, "文件不完整：缺少结尾行。")


def test_a_file_cut_in_front_of_its_closing_line_is_named(exported):  # C4.5
    cut(exported, lambda lines: lines[:7] + lines[-1:])
    assert fault(exported) == (8, "文件尾部与登记不符：应到第 10 条。")


def test_lines_behind_the_closing_line_are_named(exported):  # C4.5
    cut(exported, lambda lines: [*lines, lines[3]])
    assert fault(exported)[1] == "结尾行之后还有内容，是后来添加的。"


def test_a_cut_in_the_database_shows_in_the_file(trail, tamper, tmp_path):  # C4.5
    tamper("DELETE FROM audit_entry WHERE seq > 7")
    export(trail, tmp_path / "trail.jsonl")
    assert fault(tmp_path / "trail.jsonl") == (8, "文件尾部与登记不符：应到第 10 条。")


@pytest.mark.parametrize("content", ["这是一封信\n", "[1]\n", '{"a": 1}\n', '{"head": 3}\n'])
def test_another_kind_of_file_is_refused(tmp_path, content):
    path = tmp_path / "letter.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=r"letter\.txt”不是操作日志导出文件"):
        verify_file(path)


def test_a_cancelled_export_leaves_the_old_file(trail, tmp_path):
    path = tmp_path / "trail.jsonl"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ExportCancelled):
        export(trail, path, cancelled=lambda: True)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.glob("*.tmp")) == []


def test_an_export_into_no_folder_is_refused(trail, tmp_path):
    with pytest.raises(ExportFailed, match=r"trail\.jsonl"):
        export(trail, tmp_path / "nowhere" / "trail.jsonl")


def test_progress_is_told_to_the_end(trail, tmp_path):
    told = []
    export(trail, tmp_path / "t.jsonl", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (10, 10)
