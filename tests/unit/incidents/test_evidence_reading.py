"""Mails and texts of evidence, read in place."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.incidents.evidence.keeping import Category, category_of
from app.incidents.evidence.reading import SHOWN, readable


def mail(html=False):
    made = EmailMessage()
    made["From"] = "李经理 <li@bank.example>"
    made["To"] = "cw@huadong.example"
    made["Subject"] = "付款查询答复"
    made["Date"] = "Mon, 02 Mar 2026 10:00:00 +0800"
    if html:
        made.set_content(
            "<html><head><style>p{}</style></head><body><p>未扣款</p><script>x()</script>"
            "<p>流水 77</p></body></html>",
            subtype="html",
        )
    else:
        made.set_content("未扣款\n流水 77\n")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="回执.pdf")
    return bytes(made)


@pytest.mark.parametrize("html", [False, True])
def test_that_a_mail_is_shown_with_head_words_and_what_hangs_on_it(html):  # B5.2
    text = readable("答复.eml", mail(html))
    for part in ("李经理", "付款查询答复", "未扣款", "流水 77", "附件：回执.pdf（8 字节）"):
        assert part in text
    assert "x()" not in text
    assert "p{}" not in text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_that_a_mail_that_names_no_encoding_is_readable(encoding):  # B5.2
    head = b"From: a@b.example\r\n\r\n"
    assert "未扣款" in readable("答复.eml", head + "未扣款".encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_that_a_text_is_shown_in_whatever_encoding_it_came(encoding):  # B5.2
    assert readable("日志.log", "通讯超时".encode(encoding)) == "通讯超时"


def test_that_a_long_text_says_that_it_was_cut():
    text = readable("大.txt", b"x" * (SHOWN + 1))
    assert text.startswith("x" * SHOWN)
    assert "另存" in text


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.eml", "a.log"]))
def test_that_whatever_a_file_holds_something_is_shown(data, name):
    assert isinstance(readable(name, data), str)


@given(st.binary(max_size=200))
def test_that_a_mail_with_a_broken_body_is_shown(body):
    head = b"From: a@b.example\r\nContent-Type: text/html; charset=none\r\n\r\n"
    assert readable("a.eml", head + body)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("报错.PNG", Category.SCREENSHOT),
        ("tingfu.log", Category.LOG),
        ("答复.eml", Category.MAIL),
        ("回单.pdf", Category.VOUCHER),
        ("情况说明.docx", Category.LETTER),
        ("清单.xlsx", Category.OTHER),
        ("无后缀", Category.OTHER),
    ],
)
def test_that_a_file_is_put_where_its_name_says(name, category):  # B5.2
    assert category_of(name) is category
