from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from app.documents.wrapping import wrap

# Written out again, so that a slip in the table of the rules shows.
CLOSING = set("，。、；：？！）】》」』”’〕,.;:?!)]}")
OPENING = set("（【《「『“‘〔￥¥([{")
LETTERS = st.sampled_from(
    "付款审批华东abcXYZ0189，。、；：？！）】》」』”’〕,.;:?!)]}（【《「『“‘〔￥¥([{-_/ \u3000"
)


def half_and_full(character: str) -> float:
    return 0.5 if character.isascii() else 1.0


def is_legal(text: str, at: int) -> bool:
    before, after = text[:at].rstrip(" \u3000"), text[at:].lstrip(" \u3000")
    return not before or not after or (before[-1] not in OPENING and after[0] not in CLOSING)


@given(st.text(LETTERS, max_size=80), st.integers(2, 20))
@example(" ’！", 2)
def test_no_line_starts_with_a_closing_or_ends_with_an_opening_mark(  # C4.5
    text: str, limit: int
) -> None:
    lines = wrap(text, limit, half_and_full)
    for line, following in pairwise(lines):
        joined = line + following
        if not line or not following or is_legal(joined, len(line)):
            continue
        # A break that leaves only spaces before it would make an empty line.
        inner = [at for at in range(1, len(line)) if line[:at].strip(" \u3000")]
        assert not [at for at in inner if is_legal(joined, at)], (line, following)


@given(st.text(LETTERS, max_size=80), st.integers(1, 20))
def test_wrapping_loses_nothing_but_spaces(text: str, limit: int) -> None:  # C4.5
    joined = "".join(wrap(text, limit, half_and_full))
    bare = str.maketrans("", "", " \u3000")
    assert joined.translate(bare) == text.translate(bare)


@given(st.text(LETTERS, max_size=80), st.integers(1, 20))
def test_no_line_is_wider_than_its_column(text: str, limit: int) -> None:  # C4.5
    for line in wrap(text, limit, half_and_full):
        assert sum(map(half_and_full, line)) <= limit or len(line) == 1


def test_a_full_stop_takes_the_character_before_it_along() -> None:  # C4.5
    assert wrap("付款已恢复。", 5, half_and_full) == ["付款已恢", "复。"]


def test_an_opening_quote_moves_to_the_next_line() -> None:  # C4.5
    assert wrap("停付原因“余额不足”", 5, half_and_full) == ["停付原因", "“余额不", "足”"]


def test_an_amount_is_kept_whole() -> None:  # C4.5
    assert wrap("金额 1,234.50 元", 6, half_and_full) == ["金额", "1,234.50 元"]


def test_a_number_wider_than_the_column_is_cut_at_its_hyphen() -> None:  # C4.5
    assert wrap("FK-20260227-0014", 7, half_and_full) == ["FK-20260227-", "0014"]


def test_an_account_wider_than_the_column_runs_on() -> None:  # C4.5
    assert wrap("310066865018800012345", 5, half_and_full) == ["3100668650", "1880001234", "5"]


def test_line_ends_of_every_system_are_line_ends() -> None:  # C4.5
    assert wrap("甲\r\n乙\r丙\n丁", 9, half_and_full) == ["甲", "乙", "丙", "丁"]


def test_an_accent_stays_with_its_letter() -> None:  # C4.5
    assert wrap("付款e\u0301", 3, lambda _: 1.0) == ["付款", "e\u0301"]
