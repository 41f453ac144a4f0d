"""A certificate with its private key, read from a PKCS#12 file; neither is ever kept or shown."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.clock import SHANGHAI, local_text
from app.documents.errors import BadCredential

if TYPE_CHECKING:
    from cryptography import x509

_LARGEST: Final = 1024 * 1024
_RENEW: Final = "请更换有效的证书后再签章。"
_OTHER: Final = "请使用 RSA 或 ECC 算法的证书文件；国密（SM2）证书和 U 盾请使用其配套软件签章。"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of itself. serial: hex, as viewers show it."""

    name: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime

    @property
    def grouped_serial(self) -> str:
        """In groups of four, to be compared with what another program shows."""
        return grouped(self.serial)

    @property
    def trust(self) -> str:
        """Who vouches; no judgement, which is the recipient's."""
        return f"证书由“{self.issuer}”签发，是否受信任由收件人判断。"


@dataclass(frozen=True, slots=True)
class Credential:
    """What signs, for as long as a window is open: DER of certificate, key (PKCS#8), chain."""

    card: Certificate
    certificate: bytes = field(repr=False)
    key: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)

    def check_valid(self, now: datetime, tz: ZoneInfo = SHANGHAI) -> None:
        """Raises BadCredential before and after the time that the certificate is made for."""
        card = self.card
        if now > card.valid_until:
            said = local_text(card.valid_until, tz)
            raise BadCredential(f"证书“{card.name}”已于 {said} 过期。", _RENEW)
        if now < card.valid_from:
            said = local_text(card.valid_from, tz)
            raise BadCredential(
                f"证书“{card.name}”要到 {said} 才生效。", "请核对电脑时间，或等证书生效后再签章。"
            )


def grouped(serial: str) -> str:
    """A serial in groups of four from its end; a line may break between them."""
    first = len(serial) % 4
    rest = (serial[at : at + 4] for at in range(first, len(serial), 4))
    return " ".join(filter(None, (serial[:first], *rest)))


def read_file(path: Path) -> bytes:
    """A certificate file's bytes. Raises BadCredential where it can't be read or is far too large."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadCredential(f"{path.name} 太大，不是证书文件。", "请选择 .pfx 或 .p12 文件。")
        return path.read_bytes()
    except OSError as error:
        raise BadCredential(
            f"无法读取证书文件 {path.name}。", "请确认文件仍在原处、可以打开，再重新选择。"
        ) from error


def load_credential(
    p12: bytes, passphrase: str, now: datetime, tz: ZoneInfo = SHANGHAI
) -> Credential:
    """What the file holds, fit for signing now. Raises BadCredential."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    _check_format(p12)
    key, certificate, chain = _opened(p12, passphrase)
    if key is None:
        raise BadCredential(
            "证书文件中没有私钥，不能用于签章。", "请重新导出证书，并选择“包含私钥”。"
        )
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise BadCredential("不支持该证书的算法。", _OTHER)
    if certificate is None or certificate.public_key() != key.public_key():
        raise BadCredential("证书文件中没有与私钥对应的证书。", "请重新导出证书和私钥。")
    der = certificate.public_bytes(Encoding.DER)
    _check_usage(der)
    found = Credential(
        certificate_card(certificate),
        der,
        key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        tuple(one.public_bytes(Encoding.DER) for one in chain),
    )
    found.check_valid(now, tz)
    return found


def certificate_card(certificate: "x509.Certificate") -> Certificate:
    """What is told of a certificate."""
    return Certificate(
        _name(certificate.subject),
        _name(certificate.issuer),
        f"{certificate.serial_number:X}",
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def _check_format(p12: bytes) -> None:
    """Tell what is no PKCS#12 file at all from what only a password keeps shut."""
    from asn1crypto import pkcs12 as structure

    try:
        whole = structure.Pfx.load(p12, strict=True)
        known = whole["version"].native == "v3" and bool(whole["auth_safe"]["content_type"].native)
    except (ValueError, TypeError, KeyError):
        known = False
    if not known:
        raise BadCredential(
            "该文件不是证书文件（PKCS#12），或已损坏。", "请选择 .pfx 或 .p12 文件。"
        )


def _opened(
    p12: bytes, passphrase: str
) -> "tuple[object, x509.Certificate | None, list[x509.Certificate]]":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(p12, passphrase.encode() or None)
    except UnsupportedAlgorithm as error:
        raise BadCredential("不支持该证书文件的算法。", _OTHER) from error
    except ValueError as error:
        raise BadCredential("证书密码不正确。", "请重新输入证书文件的密码，注意大小写。") from error
    return key, certificate, chain


def _check_usage(der: bytes) -> None:
    """Reads nothing else of the certificate: some authorities write odd extensions."""
    from asn1crypto import x509 as structure

    usage = structure.Certificate.load(der).key_usage_value
    if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
        raise BadCredential(
            "该证书的用途不含数字签名，不能用于签章。", "请选择签名证书，不要选加密证书。"
        )


def _name(name: "x509.Name") -> str:
    """The common name, else the organisation, else everything."""
    from cryptography.x509.oid import NameOID

    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(kind)
        if found and str(found[0].value).strip():
            return str(found[0].value).strip()
    return name.rfc4514_string() or "（未写名称）"
