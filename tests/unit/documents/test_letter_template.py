"""The text of a letter as people edit it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.letter_template import Line, Part, Vocabulary, fields_in, fill, parse, problems
from app.letters.kinds import KINDS, shipped_text

KNOWN = Vocabulary(("收件单位", "终止日"), ("协议表", "落款"), frozenset({"协议表"}))
WHOLE = (
    "# 关于终止的函\n@ {收件单位}：\n\n## 一、范围\n自{终止日}起终止。\n[协议表]\n　　　2．附件\n"
)


def wrong(text):
    return [(one.row, one.field) for one in problems(parse(text), KNOWN)]


def test_that_every_line_has_its_part_and_its_row():  # D5.2
    assert parse(WHOLE) == (
        Line(1, Part.TITLE, "关于终止的函"),
        Line(2, Part.ADDRESSEE, "{收件单位}："),
        Line(4, Part.STRONG, "一、范围"),
        Line(5, Part.TEXT, "自{终止日}起终止。"),
        Line(6, Part.PIECE, "协议表"),
        Line(7, Part.TEXT, "　　　2．附件"),
    )


def test_that_a_sound_template_has_no_problems():
    assert wrong(WHOLE) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (WHOLE.replace("{终止日}", "{停止日}"), [(5, "停止日")]),
        (WHOLE.replace("{终止日}", "{终止日"), [(5, "{ }")]),
        (WHOLE.replace("{终止日}", "终止日}"), [(5, "{ }")]),
        (WHOLE.replace("[协议表]", "[协议]"), [(6, "协议"), (None, "协议表")]),
        (WHOLE.replace("# 关于终止的函\n", ""), [(None, "标题")]),
        (WHOLE + "# 又一个标题", [(None, "标题")]),
        (WHOLE.replace("@ {收件单位}：\n", ""), [(None, "收件单位")]),
        (WHOLE.replace("## 一、范围", "##"), [(4, "STRONG")]),
        ("", [(None, "标题"), (None, "收件单位"), (None, "协议表")]),
    ],
)
def test_that_each_fault_is_named_with_its_line(changed, found):
    assert wrong(changed) == found


def test_that_a_fault_says_what_may_be_written_instead():
    [found] = problems(parse(WHOLE.replace("{终止日}", "{停止日}")), KNOWN)
    assert found.message == "没有“{停止日}”这一字段，可用：{收件单位}、{终止日}。"


def test_that_fields_are_filled_and_pieces_left():
    filled = fill(parse(WHOLE), {"收件单位": "工行", "终止日": "2026年3月31日"})
    assert [one.text for one in filled][1:5] == [
        "工行：",
        "一、范围",
        "自2026年3月31日起终止。",
        "协议表",
    ]


def test_that_a_field_without_a_value_is_not_left_blank():
    with pytest.raises(KeyError):
        fill(parse(WHOLE), {"收件单位": "工行"})


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_shipped_templates_are_sound(kind):
    lines = parse(shipped_text(kind))
    assert list(problems(lines, KINDS[kind].known)) == []
    assert fields_in(lines)


@given(st.text(max_size=300))
def test_that_any_text_is_read_or_its_faults_named(text):
    lines = parse(text)
    assert [one.row for one in lines] == sorted({one.row for one in lines})
    if not list(problems(lines, KNOWN)):
        filled = fill(lines, dict.fromkeys(KNOWN.fields, "值"))
        assert all("{" not in one.text for one in filled)


@given(value=st.text(alphabet="{}[]#@甲乙 ", max_size=12))
def test_that_a_value_is_never_read_as_a_mark(value):
    filled = fill(parse(WHOLE), {"收件单位": "工行", "终止日": value})
    assert filled[3].text == f"自{value}起终止。"
    assert len(filled) == 6
