"""Mutates every sample and opens it: no crash, no hang, no row lost in silence.

python -m benchmarks.fuzz_statements --runs 100000 --seed 1

Exit code 1 when something broke; each break is printed with the seed that makes it again.
"""

import argparse
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from types import FrameType

from app.core.errors import Refused
from app.statements.opening import open_statement
from app.statements.parsed import StatementFile
from app.tabular.reader import read_table

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "data" / "statements"
LIMIT = 20  # seconds for one small file
MEMORY = 3 << 30  # bytes for the whole program
BYTES = (
    b"\0",
    b'"',
    b",",
    b"\t",
    b"\n",
    b"\r\n",
    b"=",
    b"-",
    b"<",
    b">",
    b"&",
    b"\xff",
    b"\x81",
    b"\xa1",
    b"9" * 40,
)
WORDS = (
    "合计",
    "交易日期",
    "余额",
    "借",
    "贷",
    "(1,000.00)",
    "1e9",
    "=1+1",
    "2026-02-30",
    "99999999999999999999",
    "期初余额",
    ":61:",
    "<Ntry>",
)


class Hang(Exception):  # noqa: N818 - told as a finding
    """A file took longer than any small file may."""


def mutate(content: bytes, chance: Random) -> bytes:
    """One to four changes of the kinds that files suffer."""
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(CHANGES)(content, chance)
    return content


def flip(content: bytes, chance: Random) -> bytes:
    if not content:
        return content
    at = chance.randrange(len(content))
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def insert(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(BYTES) * chance.randint(1, 3) + content[at:]


def word(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    encoding = chance.choice(("utf-8", "gb18030"))
    return content[:at] + chance.choice(WORDS).encode(encoding) + content[at:]


def cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def lines(content: bytes, chance: Random) -> bytes:
    """Lines dropped, doubled, swapped."""
    rows = content.split(b"\n")
    one, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    match chance.randrange(3):
        case 0:
            del rows[one]
        case 1:
            rows.insert(one, rows[other])
        case _:
            rows[one], rows[other] = rows[other], rows[one]
    return b"\n".join(rows)


def cells(content: bytes, chance: Random) -> bytes:
    """A cell changed, moved or emptied."""
    rows = content.split(b"\n")
    at = chance.randrange(len(rows))
    parts = rows[at].split(b",")
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    match chance.randrange(3):
        case 0:
            parts[one] = b""
        case 1:
            parts[one], parts[other] = parts[other], parts[one]
        case _:
            parts.insert(one, parts[other])
    rows[at] = b",".join(parts)
    return b"\n".join(rows)


def recode(content: bytes, chance: Random) -> bytes:
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding).encode(
                chance.choice(("utf-16", "utf-8-sig", "gb18030"))
            )
        except (UnicodeDecodeError, UnicodeEncodeError):
            continue
    return content


CHANGES = (flip, flip, insert, word, cut, lines, cells, cells, recode)


def lost_rows(path: Path, found: StatementFile) -> set[int]:
    """Rows of a table of one sheet that are neither a line, a problem nor skipped."""
    if found.format not in {"CSV", "HTML", "XLS", "XLSX", "SPREADSHEETML"}:
        return set()
    table = read_table(path)
    if len(table.sheets) > 1:
        return set()
    told = {line.row for line in found.lines}
    told |= {p.row for p in found.all_problems if p.row is not None}
    told |= {s.row for s in found.skipped if s.row is not None}
    header = {row.number for row in table.rows if row.number not in told and not row.blank()}
    # The heading itself is the one row that nothing has to be said of.
    return header if len(header) > 1 else set()


def attempt(path: Path) -> str:
    """What came of one file: its outcome, or what broke."""
    try:
        found = open_statement(path)
    except Refused as refusal:
        return f"refused {refusal.code}" if refusal.message and refusal.hint else "NO CURE"
    if lost := lost_rows(path, found):
        return f"LOST rows {sorted(lost)[:5]}"
    return f"read {found.format}"


def ring(_signal: int, _frame: FrameType | None) -> None:
    raise Hang


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    files = [one for one in sorted(SAMPLES.rglob("*")) if one.is_file() and one.suffix != ".tsv"]
    contents = [(one, one.read_bytes()) for one in files]
    signal.signal(signal.SIGALRM, ring)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    outcomes: Counter[str] = Counter()
    broken, slowest, began = 0, (0.0, ""), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for place in range(chosen.runs):
            chance = Random(chosen.seed * 1_000_003 + place)
            sample, content = chance.choice(contents)
            path = Path(folder, f"x{sample.suffix}")
            path.write_bytes(mutate(content, chance))
            start = time.monotonic()
            signal.alarm(LIMIT)
            try:
                outcome = attempt(path)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                outcome = f"BROKE {type(error).__name__}: {error}"[:120]
            finally:
                signal.alarm(0)
            took = time.monotonic() - start
            slowest = max(slowest, (took, f"{sample.name} #{place}"))
            outcomes[outcome.split(":")[0] if outcome.startswith("BROKE") else outcome] += 1
            if (
                outcome[:4].isupper()
                and outcome[:2].isalpha()
                and not outcome.startswith(("read", "refused"))
            ):
                broken += 1
                print(f"#{place} {sample.name}: {outcome}", flush=True)
    print(
        f"{chosen.runs:,} files in {time.monotonic() - began:.0f} s, slowest {slowest[0]:.2f} s ({slowest[1]})"
    )
    for outcome, count in outcomes.most_common():
        print(f"{count:>9,}  {outcome}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
