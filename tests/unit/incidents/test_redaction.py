"""Nothing confidential leaves the house; what is left can still be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.incidents.vendor.log_lines import RawLine, entries_backwards
from app.incidents.vendor.redaction import Known, Redactor, digits_of, mask_numbers, masked

DIGITS = "0123456789"
ACCOUNTS = st.text(DIGITS, min_size=8, max_size=35)
GAPS = st.sampled_from(["", " ", "-", "\u00a0", "—"])
WIDE = str.maketrans(DIGITS, "０１２３４５６７８９")
# Words without digits, so that what is left of an account can be told from what stood around it.
WORDS = st.text(
    st.characters(exclude_categories=("Nd", "Nl", "No", "Cs", "Cc", "Zl", "Zp")), max_size=12
)
LINE = re.compile(r"\S+ (ERROR|INFO) \S+ ")


def grouped(account, gap, size):
    return gap.join(account[at : at + size] for at in range(0, len(account), size))


def lines_of(text):
    raw = [RawLine("a.log", at, one.encode()) for at, one in enumerate(text.split("\n"))]
    return list(entries_backwards(reversed(raw)))


def runs(text):
    """Every run of digits in any script, also those that people write in groups."""
    return [digits_of(one) for one in re.findall(r"\d(?:[ \t\u00a0\u3000\-‐‑‒–—−]?\d)*", text)]


@given(ACCOUNTS, GAPS, st.integers(3, 6), WORDS, WORDS, st.booleans())
def test_that_no_account_survives_whatever_stands_around_it(  # B3.2
    account, gap, size, before, after, wide
):
    written = grouped(account, gap, size)
    shown = written.translate(WIDE) if wide else written
    told = Redactor(Known()).text(f"{before}{shown}{after}")
    assert all(len(one) < 8 for one in runs(told))


@given(ACCOUNTS, GAPS, st.integers(3, 6), st.text(max_size=20), st.text(max_size=20))
def test_that_a_known_account_is_masked_also_where_it_looks_like_a_date(  # B3.2
    account, gap, size, before, after
):
    redactor = Redactor(Known(accounts=frozenset({account})))
    told = redactor.text(f"{before}|{grouped(account, gap, size)}|{after}")
    assert account not in digits_of(told.partition("|")[2].rpartition("|")[0])


@given(ACCOUNTS, ACCOUNTS, GAPS, st.integers(3, 6), WORDS)
def test_that_accounts_of_several_lengths_are_masked_to_the_end_of_a_line(  # B3.2
    account, other, gap, size, before
):
    redactor = Redactor(Known(accounts=frozenset({account, other})))
    told = redactor.text(f"{before}：{grouped(account, gap, size)}")
    assert account not in digits_of(told)


@given(st.lists(st.tuples(ACCOUNTS, WORDS, st.sampled_from(["ERROR", "INFO"])), max_size=8))
def test_that_the_log_keeps_its_lines_times_and_levels(rows):  # B3.2
    text = "\n".join(
        f"2026-03-02T02:00:{at:02d}+00:00 {level} app.sending {words} 账号{account}"
        for at, (account, words, level) in enumerate(rows)
    )
    told = Redactor(Known(names=frozenset({"某某公司"}))).text(text)
    old, new = lines_of(text), lines_of(told)
    assert [(one.at, one.level, one.source) for one in new] == [
        (one.at, one.level, one.source) for one in old
    ]
    assert told.count("\n") == text.count("\n")


@given(st.text(), st.frozensets(st.text(min_size=2), max_size=4))
def test_that_no_line_is_lost_whatever_is_in_it_and_whatever_names_are_known(text, names):  # B3.2
    told = Redactor(Known(names=names)).text(text)
    assert told.count("\n") == text.count("\n")


@given(st.sampled_from(["苏州恒力精密机械有限公司", "张三"]), WORDS, WORDS)
def test_that_names_of_payees_are_replaced(name, before, after):  # B3.2
    told = Redactor(Known(names=frozenset({name}))).text(f"{before}{name}{after}")
    assert name not in told


def test_that_the_same_name_is_the_same_mark_and_the_longer_one_wins():  # B3.2
    redactor = Redactor(Known(names=frozenset({"恒力机械", "恒力机械苏州厂"})))
    assert (
        redactor.text("恒力机械苏州厂、恒力机械、恒力机械苏州厂")
        == "〔名称1〕、〔名称2〕、〔名称1〕"
    )
    assert redactor.text("恒力机械") == "〔名称2〕"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password=Sommer2026!", "Sommer2026!"),
        ("'smtp_password': 'a b c'", "a b c"),
        ("密码：qwe123qwe", "qwe123qwe"),
        ("postgresql://tingfu:p@ss/w@host/db", "p@ss"),
        ("Authorization: Bearer abcdef.ghijkl", "abcdef.ghijkl"),
        ("请联系 li.gong@example.com.cn 处理", "li.gong@example.com.cn"),
        ("手机 13812345678", "13812345678"),
        ("电话：021-5888 000", "5888 000"),
        ("Tel 58880001", "58880001"),
        ("税号91310115MA1K35RX1P。", "MA1K35RX1P"),
    ],
)
def test_that_secrets_addresses_and_codes_are_hidden(text, secret):  # B3.2
    assert secret not in Redactor(Known()).text(text)


def test_that_a_secret_of_this_machine_is_hidden_wherever_it_stands():  # B3.2
    redactor = Redactor(Known(secrets=frozenset({"Tingfu-2026-pw", "abc"})))
    assert (
        redactor.text("login with Tingfu-2026-pw failed abc") == "login with 〔已隐去〕 failed abc"
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T02:00:00+00:00 ERROR app.sending FK-20260302-0001 状态不明",
        "2026-03-02 10:00 至 2026-03-03 12:30",
        "暂停令 ZT-2026-0035，证据 YJ-2026-0001-E02，错误编号 3F2A8B1C",
        "金额 1,234,567.00 元，第 1234567 行",
        "PAY-002 程序 0.1.0 Python 3.11.9 192.168.10.20:5432",
    ],
)
def test_that_what_the_technician_needs_is_kept(text):  # B3.2
    assert Redactor(Known(frozenset({"6222020200012345678"}))).text(text) == text


def test_that_the_last_four_digits_are_told():  # B3.3
    assert masked("6222 0202-0001 2345 678") == "****5678"
    assert mask_numbers("转 6222 0202 0001 2345 678 元") == "转 ****5678 元"


def test_that_the_persons_folder_is_not_told():  # B3.2
    redactor = Redactor(Known(folders=(("/home/zhangsan", "~"),)))
    assert redactor.line('File "/home/zhangsan/tingfu/app.py"') == 'File "~/tingfu/app.py"'
