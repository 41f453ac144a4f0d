"""Breaks every sample of a statement in many small ways and holds the readers to their word.

Whatever a file holds, open_statement answers or refuses (no other exception), within LONGEST
seconds of the processor, and no row is lost silently: each is a line, a problem or skipped. The same seed always
makes the same files; a failing one is written beside the samples' names into --keep.

Run: .venv/bin/python -m benchmarks.fuzz_statements [--mutations 100000] [--seed 1] [--from 0]
"""

import argparse
import csv
import io
import json
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.core.errors import Refused
from app.statements.columns import find_layout
from app.statements.opening import open_statement
from app.statements.parsed import StatementFile
from app.statements.report import document
from app.tabular.reader import read_table

SAMPLES = Path(__file__).parents[1] / "tests" / "data" / "statements"
LONGEST = 10.0
# Of the whole run: a file that wants more fails with MemoryError.
MEMORY = 3_000_000_000
# Of the samples that are locked.
PASSWORD = "Tf-1234"
_TABLES = {"CSV", "XLSX", "XLS", "HTML", "SPREADSHEETML"}
_ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5")
_TOKENS = (
    '"', "'", "\0", ",", "\t", ";", "|", "\r", "\n", "\r\n", "=", "-", "—", "/", "(", ")", ":61:",
    ":86:", ":20:", ":62F:", "-}", "?32", "<", ">", "&", "</Ntry>", "<Ntry>", "<STMTTRN>", "\u3000",
    "\ufeff", "\ud7ff", "合计", "本页小计", "期初余额", "借", "贷", "收入", "支出", "不计收支", "账号", "0", "9" * 30,
    "99999999999999999999.99", "1e5", "NaN", "inf", "0.001", "-0.00", "1,00", "１２", "٣", "²",
)  # fmt: skip
_VALUES = (
    "", "-", "0", "0.00", "-1.00", "(5.00)", "5.00-", "１２３．４５", "1,234.50", "¥5", "CNY 5", "5DR", "1.005",
    "45992", "45992.5", "20260230", "2026-13-01", "2026-01-05 25:61", "12/31/2025", "昨天", "借", "贷", "D",
    "C", "往账", "未知", "USD", "JPY", "人民币", "合计", "小计", "期初余额", "承前页", "交易日期", "余额", "9" * 17,
    "9" * 25, "9" * 5000, "x" * 300, "\x00", "\u200b", "=1+1", "账号：6222020200112233445", "不计收支", "/",
)  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


class Hang(BaseException):
    """A file took longer than any may."""


@dataclass
class Tally:
    ran: int = 0
    read: int = 0
    refused: int = 0
    slowest: tuple[float, str] = (0.0, "")
    failed: list[str] = field(default_factory=list)
    by_sample: Counter[str] = field(default_factory=Counter)


# --- bytes ---------------------------------------------------------------------------------------


def flip(rng: random.Random, content: bytes) -> bytes:
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def cut_bytes(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.choice((1, 2, 7, 50)) :]


def truncate(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(1, len(content) + 1)]


def nuls(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + b"\0" * rng.choice((1, 2, 3)) + content[start:]


# --- text ----------------------------------------------------------------------------------------


def _decoded(content: bytes) -> tuple[str, str]:
    for name in ("utf-8-sig" if content[:3] == b"\xef\xbb\xbf" else "utf-8", "gb18030"):
        try:
            return content.decode(name), name
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _text(change: Callable[[random.Random, str], str]) -> Mutation:
    def one(rng: random.Random, content: bytes) -> bytes:
        text, encoding = _decoded(content)
        return change(rng, text).encode(encoding, "replace") if text else content

    one.__name__ = change.__name__
    return one


def _lines(change: Callable[[random.Random, list[str]], list[str]]) -> Mutation:
    def by_lines(rng: random.Random, text: str) -> str:
        return "".join(change(rng, text.splitlines(keepends=True)))

    by_lines.__name__ = change.__name__
    return _text(by_lines)


def cut_line(rng: random.Random, lines: list[str]) -> list[str]:
    del lines[rng.randrange(len(lines))]
    return lines


def double_line(rng: random.Random, lines: list[str]) -> list[str]:
    place = rng.randrange(len(lines))
    return lines[:place] + [lines[place]] * rng.choice((2, 2, 5)) + lines[place + 1 :]


def shuffle_lines(rng: random.Random, lines: list[str]) -> list[str]:
    start = rng.randrange(len(lines))
    part = lines[start : start + rng.choice((2, 5, 100))]
    rng.shuffle(part)
    return lines[:start] + part + lines[start + len(part) :]


def insert_token(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(_TOKENS) + text[place:]


def change_number(rng: random.Random, text: str) -> str:
    found = list(re.finditer(r"\d+(?:[.,]\d+)?", text))
    if not found:
        return text
    one = rng.choice(found)
    new = rng.choice((str(rng.randrange(10**6)), "-" + one[0], one[0] + "9", one[0][1:], *_VALUES))
    return text[: one.start()] + new + text[one.end() :]


def change_line_ends(rng: random.Random, text: str) -> str:
    return "\n".join(text.splitlines()).replace("\n", rng.choice(("\r\n", "\r", "\n\n", "\n")))


def change_encoding(rng: random.Random, content: bytes) -> bytes:
    text, _ = _decoded(content)
    return text.encode(rng.choice(_ENCODINGS), "replace")


# --- cells ---------------------------------------------------------------------------------------


def cells(rng: random.Random, content: bytes) -> bytes:
    """The table of a text with some cells changed, written anew as another kind of text."""
    text, encoding = _decoded(content)
    try:
        rows = list(csv.reader(io.StringIO(text)))
    except csv.Error:
        return content
    return _written(rng, _changed(rng, [row for row in rows if row]), encoding)


def _written(rng: random.Random, rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    out = io.StringIO()
    delimiter = rng.choice((",", ",", ",", "\t", ";", "|"))
    writer = csv.writer(out, delimiter=delimiter, escapechar="\\", lineterminator="\r\n")
    writer.writerows([[cell.replace("\0", "") for cell in row] for row in rows])
    return out.getvalue().encode(rng.choice((encoding, *_ENCODINGS[:4])), "replace")


def _changed(rng: random.Random, rows: list[list[str]]) -> list[list[str]]:
    for _ in range(rng.choice((1, 1, 2, 4))):
        if not rows:
            break
        row = rng.choice(rows)
        place = rng.randrange(len(row)) if row else 0
        if row and rng.random() < 0.5:
            _change_cell(rng, rows, row, place)
        else:
            _change_shape(rng, rows, row, place)
    return rows


def _change_cell(rng: random.Random, rows: list[list[str]], row: list[str], place: int) -> None:
    match rng.randrange(4):
        case 0:
            row[place] = rng.choice(_VALUES)
        case 1:
            other = rng.choice([one for one in rows if one])
            at = rng.randrange(len(other))
            row[place], other[at] = other[at], row[place]
        case 2:
            row[place] += rng.choice(_TOKENS)
        case _:
            del row[place]


def _change_shape(rng: random.Random, rows: list[list[str]], row: list[str], place: int) -> None:
    match rng.randrange(5):
        case 0:
            for one in rows:
                one.insert(min(place, len(one)), rng.choice(("", "x", *_VALUES)))
        case 1:
            for one in rows:
                del one[place : place + 1]
        case 2:
            rows.insert(rng.randrange(len(rows) + 1), [rng.choice(_VALUES) for _ in row])
        case 3:
            rows.remove(row)
        case _:
            rows.insert(rng.randrange(len(rows) + 1), list(row))


def inside(rng: random.Random, content: bytes) -> bytes:
    """A workbook or archive with one of its parts broken, packed again with a right checksum."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if any(info.flag_bits & 1 for info in archive.infolist()):
            return flip(rng, content)
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    likely = [one for one in parts if "sheet" in one or "shared" in one.lower()] or list(parts)
    name = rng.choice(likely if rng.random() < 0.8 else list(parts))
    if parts[name]:
        parts[name] = rng.choice(TEXTS + BYTES)(rng, parts[name])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, held in parts.items():
            archive.writestr(one, held)
    return out.getvalue()


BYTES: tuple[Mutation, ...] = (flip, cut_bytes, truncate, nuls)
TEXTS: tuple[Mutation, ...] = (
    *map(_lines, (cut_line, double_line, shuffle_lines)),
    *map(_text, (insert_token, change_number, change_number, change_line_ends)),
)


def mutated(rng: random.Random, name: str, content: bytes) -> bytes:
    """The sample with one to three changes."""
    if content.startswith(b"PK"):
        return rng.choice((inside, inside, inside, *BYTES))(rng, content)
    if content.startswith(b"\xd0\xcf"):
        return rng.choice(BYTES)(rng, content)
    for _ in range(rng.choice((1, 1, 2, 3))):
        kinds: tuple[Mutation, ...] = (*BYTES[:3], *TEXTS, *TEXTS, change_encoding, nuls)
        if name.endswith(".csv"):
            kinds = (*kinds, *[cells] * 14)
        content = rng.choice(kinds)(rng, content)
        if not content:
            break
    return content


# --- what must hold ------------------------------------------------------------------------------


def check(path: Path, found: StatementFile) -> None:
    """Raises AssertionError for a row that is nowhere, or what no database would take."""
    said = json.dumps(document(found))
    assert said
    for line in found.lines:
        for text in (line.name, line.payee_account, line.payee_bank, line.text, line.reference):
            assert "\0" not in text, f"row {line.row}: a NUL"
            text.encode()
        assert abs(line.minor) < 10**18
        assert line.balance is None or abs(line.balance) < 10**18
        assert (
            max(len(line.reference) - 80, len(line.payee_account) - 60, len(line.name) - 200) <= 0
        )
    if path.suffix == ".zip" or path.name.startswith("locked"):
        return
    if found.format in _TABLES:
        _check_rows(path, found)
    elif found.format.startswith("MT94"):
        _check_count(path, found, r"(?m)^:61:")
    elif found.format.startswith("camt"):
        _check_count(path, found, r"<(?:\w+:)?Ntry[\s>]")
    elif found.format in {"OFX", "QFX"}:
        _check_count(path, found, r"(?i)<STMTTRN>")


def _check_rows(path: Path, found: StatementFile) -> None:
    counted: Counter[int | None] = Counter(line.row for line in found.lines)
    seen = set(counted)
    seen |= {one.row for one in found.all_problems} | {one.row for one in found.skipped}
    named = {one.reason.partition("”")[0] for one in found.skipped if one.row is None}
    table = read_table(path)
    sheets = len(table.sheets)
    for name in table.sheets or ("",):
        if any(one.endswith(f"“{name}") for one in named):
            continue
        one = table if name in {"", table.sheet} else read_table(path, sheet=name)
        header = find_layout(one).row
        lost = [r.number for r in one.rows if not r.blank() and r.number not in seen | {header}]
        assert not lost, f"rows lost: {lost[:10]}"
    if sheets < 2:
        assert max(counted.values(), default=0) <= 1, f"a row taken twice: {counted.most_common(1)}"
        lines, skipped = set(counted), {one.row for one in found.skipped}
        assert not lines & skipped, f"both line and skipped: {sorted(lines & skipped)[:5]}"


def _check_count(path: Path, found: StatementFile, pattern: str) -> None:
    text = path.read_bytes().decode("latin-1")
    if "\0" in text:
        text = path.read_bytes().decode("utf-16", "replace")
    held = len(re.findall(pattern, text.replace("\r\n", "\n").replace("\r", "\n")))
    kept = len(found.lines) + len(found.all_problems) + len(found.skipped)
    # A message that can't be read at all says how many of its lines were lost with it.
    kept += sum(int(n) for p in found.problems for n in re.findall(r"其中 (\d+) 笔", p.message))
    assert held <= kept, f"{held} in the file, {kept} told of"


# --- the run -------------------------------------------------------------------------------------


def samples() -> list[tuple[str, bytes]]:
    paths = sorted(one for one in SAMPLES.rglob("*") if one.is_file() and one.suffix != ".tsv")
    return [(str(one.relative_to(SAMPLES)), one.read_bytes()) for one in paths]


def files(start: int, count: int, seed: int, only: str) -> Iterator[tuple[int, str, bytes]]:
    held = [one for one in samples() if only in one[0]]
    for number in range(start, start + count):
        rng = random.Random(f"{seed}:{number}")
        name, content = held[number % len(held)]
        yield number, name, mutated(rng, name, content)


def _alarm(*_: object) -> None:
    raise Hang


def look(path: Path) -> bool:
    """Whether the file was read; False where it was refused. Raises what it should not."""
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        found = open_statement(path, password=PASSWORD)
        check(path, found)
    except Refused as refusal:
        if not refusal.message:
            raise ValueError("a refusal that says nothing") from refusal
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return True


def run(options: argparse.Namespace) -> Tally:
    tally = Tally()
    signal.signal(signal.SIGPROF, _alarm)
    keep = Path(options.keep) if options.keep else None
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number, name, content in files(
            options.start, options.mutations, options.seed, options.only
        ):
            path = Path(folder, Path(name).name)
            path.write_bytes(content)
            began = time.process_time()
            try:
                done = look(path)
                tally.read += done
                tally.refused += not done
            except (Exception, Hang) as error:  # noqa: BLE001 - what the run looks for
                place = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{Path(place.filename).name}:{place.lineno}"
                tally.failed.append(f"{number} {name}: {type(error).__name__} {error} @ {where}")
                print("FAILED", tally.failed[-1][:300], flush=True)
                if keep:
                    (keep / f"{number}-{path.name}").write_bytes(content)
            took = time.process_time() - began
            tally.slowest = max(tally.slowest, (took, f"{number} {name}"))
            tally.by_sample[name] += 1
            tally.ran += 1
            if tally.ran % 10_000 == 0:
                print(f"{tally.ran:,} ran, {len(tally.failed)} failed", flush=True)
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="start", type=int, default=0)
    parser.add_argument("--only", default="", help="samples whose name holds this")
    parser.add_argument("--keep", default="", help="a folder for the files that fail")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    began = time.perf_counter()
    tally = run(parser.parse_args())
    took = time.perf_counter() - began
    print(
        f"{tally.ran:,} mutations of {len(tally.by_sample)} samples in {took:.0f} s: "
        f"{tally.read:,} read, {tally.refused:,} refused, {len(tally.failed)} failed; "
        f"slowest {tally.slowest[0]:.2f} s ({tally.slowest[1]})"
    )
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
