"""Signing a finished paper with a certificate (PAdES, SHA-256), and telling what a signature covers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from app.documents.blocks import SEAL_PLACE
from app.documents.credential import Certificate, Credential, certificate_card
from app.documents.errors import BadSignature, NoSealPlace
from app.documents.fonts import FontBook, default_book
from app.documents.stamp import Stamp, stamp_pdf, stamp_size

_FIELD: Final = "TingfuSeal"
_DIGEST: Final = "sha256"
# What the reader raises for files that were cut or changed, besides its own errors.
_BROKEN: Final = (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What a file's newest signature proves. intact: nothing that it covers was changed.

    whole: it covers the file to its end. at: as the signer's machine told it.
    """

    intact: bool
    whole: bool
    at: datetime | None
    card: Certificate

    @property
    def sound(self) -> bool:
        return self.intact and self.whole


@dataclass(frozen=True, slots=True)
class _Place:
    """Page (from 0), and left, bottom, right, top in points from its lower left corner."""

    page: int
    box: tuple[float, float, float, float]


def sign_pdf(pdf: bytes, key: Credential, stamp: Stamp, book: FontBook | None = None) -> bytes:
    """The file with the signature behind it, and its mark in the company's box for the seal.

    What was there stays as it is, byte for byte. Raises NoSealPlace, MissingGlyph.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    place = _seal_place(writer.prev)
    left, low, right, high = place.box
    width, height = stamp_size(right - left, high - low)
    x, y = left + (right - left - width) / 2, low + (high - low - height) / 2
    corners = (round(x), round(y), round(x + width), round(y + height))
    size = (float(corners[2] - corners[0]), float(corners[3] - corners[1]))
    mark = stamp_pdf(stamp, key.card.name, size, book or default_book())
    metadata = signers.PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm=_DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        name=key.card.name,
        reason=f"签发 {stamp.number}",
    )
    field = fields.SigFieldSpec(_FIELD, place.page, corners)
    signer = _signer(metadata, key, _style(mark), field, stamp)
    signed: bytes = signer.sign_pdf(writer).getvalue()
    return signed


def check_signature(pdf: bytes) -> SignatureReport:
    """What the file's newest signature proves. Raises BadSignature where nothing can be read."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    with _readable():
        signatures = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        if signatures:
            return _report(signatures[-1])
    raise BadSignature("该文件没有数字签章。")


def _report(found: Any) -> SignatureReport:
    from cryptography import x509
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    found.compute_integrity_info(skip_diff=True)
    same, genuine = validate_sig_integrity(
        found.signer_info, found.signer_cert, "data", found.compute_digest()
    )
    return SignatureReport(
        intact=same and genuine and _ends_clean(found.pkcs7_content),
        whole=found.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        at=found.self_reported_timestamp,
        card=certificate_card(x509.load_der_x509_certificate(found.signer_cert.dump())),
    )


def _ends_clean(content: bytes) -> bool:
    """Whether nothing but zeros fills the room behind the signature, which nothing else covers."""
    from asn1crypto.parser import peek

    return not any(content[peek(content) :])


@contextmanager
def _readable() -> Iterator[None]:
    """Turns what the reader says of a broken file into a refusal."""
    from pyhanko.pdf_utils.misc import PdfError

    try:
        yield
    except (PdfError, *_BROKEN) as error:
        raise BadSignature("文件的数字签章无法读取：文件已损坏或被改动。") from error


def _seal_place(reader: Any) -> _Place:
    """Where the company's box for the seal has room. Raises NoSealPlace."""
    try:
        place = reader.root["/Dests"][f"/{SEAL_PLACE}"]
    except KeyError as error:
        raise NoSealPlace("该文件没有公章位置，不能加盖数字签章。") from error
    count = int(reader.root["/Pages"]["/Count"])
    pages = [reader.find_page_for_modification(at)[0].reference for at in range(count)]
    left, low, right, high = (float(place[at]) for at in range(2, 6))
    return _Place(pages.index(place.raw_get(0).reference), (left, low, right, high))


def _style(mark: bytes) -> Any:
    """The finished mark as the appearance of the signature, at its own size."""
    from pyhanko.pdf_utils import layout
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.generic import NameObject
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp import StaticStampStyle
    from typing_extensions import override

    class Mark(PdfContent):
        @override
        def render(self) -> bytes:
            assert self.writer is not None
            page = self.writer.import_page_as_xobject(PdfFileReader(BytesIO(mark)))
            self.resources.xobject[NameObject("/Mark")] = page
            _, _, width, height = page.get_object()["/BBox"]
            self.box = layout.BoxConstraints(width=width, height=height)
            return b"/Mark Do"

    whole = layout.SimpleBoxLayoutRule(
        layout.AxisAlignment.ALIGN_MID, layout.AxisAlignment.ALIGN_MID, layout.Margins()
    )
    return StaticStampStyle(
        border_width=0, background=Mark(), background_layout=whole, background_opacity=1.0
    )


def _signer(metadata: Any, key: Credential, style: Any, field: Any, stamp: Stamp) -> Any:
    """What signs at the time that the mark tells, not at another one."""
    from asn1crypto import keys, x509
    from pyhanko.sign import signers
    from pyhanko.sign.signers.pdf_signer import PdfSigningSession
    from pyhanko_certvalidator.registry import SimpleCertificateStore
    from typing_extensions import override

    at = stamp.at.astimezone(stamp.tz)

    class Signer(signers.PdfSigner):
        @override
        def init_signing_session(
            self, pdf_out: Any, existing_fields_only: bool = False
        ) -> PdfSigningSession:
            session = super().init_signing_session(pdf_out, existing_fields_only)
            session.system_time = at
            return session

    known: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    known.register_multiple([x509.Certificate.load(one) for one in key.chain])
    holder = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(key.certificate),
        signing_key=keys.PrivateKeyInfo.load(key.key),
        cert_registry=known,
    )
    return Signer(metadata, signer=holder, stamp_style=style, new_field_spec=field)
