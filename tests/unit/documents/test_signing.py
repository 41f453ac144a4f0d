"""Signing a finished letter: nothing of it changes, every change afterwards is told."""

import random
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pypdfium2
import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from app.documents.blocks import MM
from app.documents.credential import grouped, load_credential
from app.documents.errors import BadCredential, BadSignature, MissingGlyph, NoSealPlace
from app.documents.fonts import shipped_book
from app.documents.letter import letter_pdf
from app.documents.merging import merged
from app.documents.preview import find_text, page_count, page_text, render_page
from app.documents.signing import check_signature, sign_pdf
from app.documents.stamp import Stamp, stamp_pdf
from app.letters.kinds import KINDS, sample, shipped_text
from app.letters.states import LetterKind
from tests.support.certificates import (
    AUTHORITY,
    NAME,
    PASSPHRASE,
    START,
    make_authority,
    make_certificate,
    make_p12,
    new_key,
    sealed,
)

NOW = datetime(2026, 3, 2, 2, 0, 5, tzinfo=UTC)
COMPANY = "上海㛃䶮𬭎精工制造有限公司"
NUMBER = "华精财函〔2026〕12号"
STAMP = Stamp(COMPANY, NUMBER, NOW)
RED = range(0xB0, 0xD1)


@pytest.fixture(scope="module")
def authority():
    return make_authority()


@pytest.fixture(scope="module", params=["rsa", "ec"])
def key(request, authority):
    return load_credential(make_p12(request.param, authority=authority), PASSPHRASE, NOW)


def letter(kind=LetterKind.BANK_END):
    return letter_pdf(sample(kind, shipped_text(kind), COMPANY), shipped_book()).data


@pytest.fixture(scope="module")
def issued():
    return letter()


@pytest.fixture(scope="module")
def signed(issued, key):
    return sign_pdf(issued, key, STAMP, shipped_book())


def mark_text(data):
    """Page by page, what is only seen, not part of the page's own text."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    found = []
    for at in range(len(document)):
        page = document[at]
        before = page.get_textpage().get_text_range()
        page.flatten()
        after = document[at].get_textpage().get_text_range()
        found.append(after.removeprefix(before).split())
        assert after.startswith(before)
    document.close()
    return found


def red_box(data, page):
    """Where the mark stands: left, top, right, bottom in points from the upper left corner."""
    image = render_page(data, page, 72)
    reds = [
        divmod(at, image.width)
        for at in range(image.width * image.height)
        if image.rgba[4 * at] in RED and image.rgba[4 * at + 1] < 0x30
    ]
    rows, columns = [row for row, _ in reds], [column for _, column in reds]
    return min(columns), min(rows), max(columns), max(rows)


def test_that_the_issued_file_stays_the_beginning_of_the_signed_one(issued, signed):  # D5.2
    assert signed.startswith(issued)
    assert [page_text(signed, at) for at in range(page_count(signed))] == [
        page_text(issued, at) for at in range(page_count(issued))
    ]


def test_that_the_signature_tells_who_when_and_by_which_certificate(key, signed):  # D5.2 D5.4
    report = check_signature(signed)
    assert (report.intact, report.whole, report.sound) == (True, True, True)
    assert report.at == NOW
    assert report.card == key.card
    assert (report.card.name, report.card.issuer) == (NAME, AUTHORITY)
    assert (report.card.valid_from, report.card.valid_until) == (
        START,
        START + timedelta(days=365),
    )
    assert report.card.trust == f"证书由“{AUTHORITY}”签发，是否受信任由收件人判断。"


def test_that_it_is_a_pades_signature_by_sha_256(signed):  # D5.2
    [found] = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert found.signer_info["digest_algorithm"]["algorithm"].native == "sha256"


def test_that_the_mark_says_company_signer_time_and_number_in_any_characters(signed):  # D5.2
    *before, last = mark_text(signed)
    assert not any(before)
    said = "".join(last)
    for wanted in ("数字签章", COMPANY, NAME, "2026-03-0210:00:05", NUMBER):
        assert wanted in said


def test_that_every_font_of_the_mark_is_embedded_as_a_subset(issued, signed):  # D5.2
    added = signed[len(issued) :]
    assert added.count(b"/FontFile2") == added.count(b"/Type0") >= 1


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_mark_stands_in_the_box_for_the_seal_of_the_letter_itself(kind, authority):  # D5.2
    data = letter(kind)
    data = sign_pdf(
        data,
        load_credential(make_p12("ec", authority=authority), PASSPHRASE, NOW),
        STAMP,
        shipped_book(),
    )
    [box] = [one for one in find_text(data, "公章：") if "回" in page_text(data, one.page)][:1]
    left, top, right, bottom = red_box(data, box.page)
    title_left, _, _, title_bottom = box.boxes[0]
    assert title_bottom <= top
    assert title_left - 4 <= left
    assert right - title_left <= 156 * MM / len(KINDS[kind].seals)
    [slip] = find_text(data, "沿此线撕下")
    assert slip.page == box.page
    assert bottom < slip.boxes[0][1]
    assert 15 * MM < bottom - top <= 27 * MM


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="华东精工制造有限公司（张江）㛃䶮𬭎A1 ", min_size=1, max_size=60),
    st.text(alphabet="王财务CN=@_ 0123456789", min_size=1, max_size=120),
    st.sampled_from(((136.0, 70.0), (147.0, 73.0), (120.0, 60.0))),
)
def test_that_no_name_leaves_the_frame_of_the_mark(company, signer, size):  # D5.2
    data = stamp_pdf(Stamp(company, NUMBER, NOW), signer, size, shipped_book())
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    text = page.get_textpage()
    for at in range(text.count_chars()):
        left, low, right, high = text.get_charbox(at)
        assert left >= 0
        assert low >= 0
        assert right <= size[0]
        assert high <= size[1]
    text.close()
    page.close()
    document.close()


def test_that_a_name_that_cannot_be_drawn_is_refused_by_its_character(issued, key):  # D5.2
    with pytest.raises(MissingGlyph, match="没有这个字"):
        sign_pdf(issued, key, Stamp("无字\U000f0000公司", NUMBER, NOW), shipped_book())


def test_that_a_file_without_a_box_for_the_seal_is_refused(key):  # D5.2
    mark = stamp_pdf(STAMP, NAME, (130.0, 70.0), shipped_book())
    with pytest.raises(NoSealPlace, match="没有公章位置"):
        sign_pdf(mark, key, STAMP, shipped_book())


def test_that_one_changed_byte_anywhere_is_told(signed):  # D5.2
    chance = random.Random(20260302)
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", start)
    outside = [at for at in range(len(signed)) if not start <= at < end]
    # Inside stand, in this order: the signature in hex, and zeros up to its end.
    spots = [*chance.sample(outside, 150), *chance.sample(range(end - 400, end), 5), start + 40]
    for at in spots:
        broken = bytearray(signed)
        broken[at] ^= 1
        assert tells_of(bytes(broken)), at


def tells_of(data):
    try:
        return not check_signature(data).sound
    except BadSignature as refusal:
        return "改动" in refusal.message or "没有数字签章" in refusal.message


def test_that_what_was_added_behind_is_told(issued, signed, key):  # D5.2
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root["/PageMode"] = NameObject("/FullScreen")
    writer.update_root()
    later = BytesIO()
    writer.write(later)
    report = check_signature(later.getvalue())
    assert (report.intact, report.whole, report.sound) == (True, False, False)
    assert tells_of(signed + b"\n% more\n%%EOF\n")
    with pytest.raises(BadSignature, match="没有数字签章"):
        check_signature(issued)
    with pytest.raises(BadSignature):
        check_signature(b"no pdf at all")


def test_that_a_print_file_of_many_shows_the_marks_but_claims_no_signature(signed):  # D5.2
    data = merged([signed, signed])
    assert page_count(data) == 2 * page_count(signed)
    assert len(find_text(data, f"签名人：{NAME}")) == 2
    with pytest.raises(BadSignature, match="没有数字签章"):
        check_signature(data)


def test_that_nothing_secret_shows_in_what_is_printed_of_a_credential(key):  # D5.2
    assert "key=" not in repr(key)
    assert key.key.hex() not in repr(key)
    assert repr(key).startswith("Credential(card=Certificate(name=")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"start": START - timedelta(days=700)}, "已于 2025-01-31 08:00 过期"),
        ({"start": NOW + timedelta(days=1)}, "要到 2026-03-03 10:00 才生效"),
        ({"usage": ("key_encipherment",)}, "用途不含数字签名"),
    ],
)
def test_that_a_certificate_that_must_not_sign_is_refused(authority, how, said):  # D5.2
    with pytest.raises(BadCredential, match=said):
        load_credential(make_p12(authority=authority, **how), PASSPHRASE, NOW)


@pytest.mark.parametrize("usage", [None, ("content_commitment",), ("digital_signature",)])
def test_that_a_certificate_for_signing_or_for_anything_is_taken(authority, usage):  # D5.2
    found = load_credential(make_p12("ec", authority=authority, usage=usage), PASSPHRASE, NOW)
    assert found.card.name == NAME


def test_that_a_wrong_password_and_a_wrong_file_are_told_apart(authority):  # D5.2
    data = make_p12("ec", authority=authority)
    for wrong in ("", "falsch", PASSPHRASE + " "):
        with pytest.raises(BadCredential, match="密码不正确") as told:
            load_credential(data, wrong, NOW)
        assert PASSPHRASE not in str(told.value)
    for junk in (b"", b"%PDF-1.4", b"\x30\x03\x02\x01\x03", data[: len(data) // 2]):
        with pytest.raises(BadCredential, match="不是证书文件"):
            load_credential(junk, PASSPHRASE, NOW)


def test_that_a_file_without_a_password_is_opened_without_one(authority):  # D5.2
    assert load_credential(make_p12("ec", "", authority), "", NOW).card.issuer == AUTHORITY


def test_that_a_file_sealed_the_old_way_is_opened(authority):  # D5.2
    key = new_key()
    lock = (
        PrivateFormat.PKCS12.encryption_builder()
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .build(b"abc")
    )
    certificate = make_certificate(key, authority=authority)
    data = pkcs12.serialize_key_and_certificates(b"old", key, certificate, None, lock)
    assert load_credential(data, "abc", NOW).card.name == NAME


def test_that_a_file_without_a_key_or_with_another_s_key_is_refused(authority):  # D5.2
    ours, other = new_key("ec"), new_key("ec")
    certificate = make_certificate(ours, authority=authority)
    with pytest.raises(BadCredential, match="没有私钥"):
        load_credential(sealed(None, None, [certificate]), PASSPHRASE, NOW)
    with pytest.raises(BadCredential, match="没有与私钥对应的证书"):
        load_credential(sealed(other, None, [certificate]), PASSPHRASE, NOW)


def test_that_a_serial_reads_in_groups_of_four():  # D5.2
    assert [grouped(one) for one in ("", "A", "ABCD", "1ABCD2345")] == [
        "",
        "A",
        "ABCD",
        "1 ABCD 2345",
    ]
