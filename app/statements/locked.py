"""Files behind a password, and files packed into others: opened into a folder of this moment."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final
from xml.parsers.expat import ExpatError

from app.core.errors import BadInput
from app.tabular.errors import TooLarge, UnreadableTable, WrongType
from app.tabular.model import Limits

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK: Final = 1 << 20
_MOST_MEMBERS: Final = 200
_OFFICE: Final = ("xl/", "word/", "ppt/", "ofd.xml", "meta-inf/manifest.xml")
_UTF8_FLAG: Final = 0x800
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
)
# What the reader of locked workbooks runs into when their description of the lock is damaged.
_CONFUSED: Final = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
)


class PasswordNeeded(BadInput):
    code = "STM-002"
    remedy = "请输入银行或导出人设置的文件密码（常为证件号码后六位或网银页面显示的解压密码）。"


class WrongPassword(PasswordNeeded):
    code = "STM-003"
    remedy = "请核对大小写和空格后重新输入。"


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP of files and no office document."""
    with path.open("rb") as file:
        # An old workbook may hold an archive at its end.
        if file.read(2) != b"PK" or not zipfile.is_zipfile(path):
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename.replace("\\", "/").lower() for info in archive.infolist()]
    except (*_BROKEN, NotImplementedError):
        # Whoever opens it as a workbook says what it is and that it is damaged.
        return False
    return not any(name.startswith(_OFFICE) for name in names)


def is_compound(path: Path) -> bool:
    """Whether a file is an OLE container: an old workbook, or a new one behind a password."""
    with path.open("rb") as file:
        return file.read(len(_OLE)) == _OLE


@contextmanager
def unlocked(path: Path, password: str) -> Iterator[Path]:
    """The workbook without its password, for as long as it is looked at. Raises WrongPassword."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    with TemporaryDirectory(prefix="tingfu-") as folder, path.open("rb") as file:
        plain = Path(folder, path.name)
        try:
            office = msoffcrypto.OfficeFile(file)
            office.load_key(password=password)
            with plain.open("wb") as target:
                office.decrypt(target)
        except (InvalidKeyError, DecryptionError) as error:
            raise WrongPassword(f"文件“{path.name}”的密码不正确。") from error
        except (FileFormatError, ExpatError, struct.error, *_CONFUSED) as error:
            raise UnreadableTable(path, "工作簿的加密方式无法识别，或文件已损坏。") from error
        yield plain


@contextmanager
def unpacked(path: Path, password: str | None, limits: Limits) -> Iterator[list[Path]]:
    """The files of an archive, for as long as they are looked at.

    Raises PasswordNeeded, WrongPassword, TooLarge for a bomb, UnreadableTable.
    """
    import pyzipper

    with TemporaryDirectory(prefix="tingfu-") as folder:
        try:
            with pyzipper.AESZipFile(path) as archive:
                members = [one for one in archive.infolist() if not one.is_dir()]
                _check(path, members, limits)
                if any(one.flag_bits & 1 for one in members) and not password:
                    raise PasswordNeeded(f"压缩包“{path.name}”设有密码。")
                key = password.encode() if password else None
                found = [
                    _extract(path, archive, one, Path(folder, str(place)), key, limits)
                    for place, one in enumerate(members)
                    if not _is_rubbish(one.filename)
                ]
        except NotImplementedError as error:
            why = "压缩包用了不支持的压缩或加密方式。"
            raise UnreadableTable(path, why, "请解压后导入其中的流水文件。") from error
        except RuntimeError as error:
            raise WrongPassword(f"压缩包“{path.name}”的密码不正确。") from error
        except (*_BROKEN, pyzipper.BadZipFile) as error:
            # One wrong password in 256 passes the old cipher's check and unpacks to noise.
            if password and _is_locked(path):
                why = f"压缩包“{path.name}”无法解开，密码不正确或文件已损坏。"
                raise WrongPassword(why) from error
            raise UnreadableTable(path, "压缩包已损坏，或没有下载完整。") from error
        if not found:
            raise WrongType(path, "压缩包里没有文件。")
        yield found


def _is_locked(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(one.flag_bits & 1 for one in archive.infolist())
    except _BROKEN:
        return False


def _check(path: Path, members: list[Any], limits: Limits) -> None:
    size = sum(one.file_size for one in members)
    if size > limits.max_uncompressed or len(members) > _MOST_MEMBERS:
        raise TooLarge(path, f"解压后有 {len(members)} 个文件、{size // 1_000_000} MB，超过上限。")
    packed = max(1, path.stat().st_size)
    if size > limits.ratio_from and size > packed * limits.max_ratio:
        raise TooLarge(path, f"压缩比达 {size // packed} 倍，疑似压缩炸弹。")


def _extract(
    path: Path, archive: Any, member: Any, folder: Path, key: bytes | None, limits: Limits
) -> Path:
    folder.mkdir()
    target = folder / _name_of(member)
    written = 0
    with archive.open(member, pwd=key) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > limits.max_uncompressed:
                # The archive's own index may lie.
                raise TooLarge(path, "解压后的内容超过上限。")
            file.write(chunk)
    return target


def _name_of(member: Any) -> str:
    """The name without its folders; Chinese Windows writes it in GBK and does not say so."""
    name = str(member.filename)
    if not member.flag_bits & _UTF8_FLAG:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = str(member.filename)
    plain = PurePosixPath(name.replace("\\", "/")).name.replace("\0", "")
    return plain if plain not in {"", ".", ".."} else "文件"


def _is_rubbish(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("__MACOSX/") or PurePosixPath(plain).name.startswith("._")
