"""Writes docs/traceability.md: which tests prove which requirement.

A test names what it proves in a comment on its `def` or `@` lines or right above them. With
`--check` nothing is written and the exit code is 1 when the page is stale. Standard library only.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INDEX = "docs/requirements-index.tsv"
PAGE = "docs/traceability.md"
REQUIREMENT = re.compile(r"\b[A-F]\d\.\d+\b")
HOW_TO = "Written by `python3 dev.py traceability`; not edited by hand."

Test = ast.FunctionDef | ast.AsyncFunctionDef


def sort_key(requirement: str) -> tuple[str, int]:
    """Order A1.10 behind A1.9."""
    section, _, number = requirement.partition(".")
    return section, int(number)


def read_index(root: Path) -> dict[str, str]:
    """Give every requirement's id and need, in the order of the ids."""
    lines = (root / INDEX).read_text(encoding="utf-8").splitlines()
    rows = dict(line.split("\t") for line in lines)
    return {key: rows[key] for key in sorted(rows, key=sort_key)}


def comments_of(source: str) -> dict[int, tuple[str, bool]]:
    """Give each comment by its line, and whether it has the line to itself."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: (token.string, not token.line[: token.start[1]].strip())
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def tests_of(tree: ast.AST, prefix: str) -> Iterator[tuple[str, Test]]:
    """Give each test function with its name, its class in front."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from tests_of(node, f"{prefix}{node.name}::")
        elif isinstance(node, Test) and node.name.startswith("test"):
            yield f"{prefix}{node.name}", node


def proven_by(test: Test, comments: dict[int, tuple[str, bool]]) -> set[str]:
    """Give the requirements that stand in comments beside or right above the test."""
    first = min([test.lineno, *(decorator.lineno for decorator in test.decorator_list)])
    lines = list(range(first, max(test.lineno + 1, test.body[0].lineno)))
    above = first - 1
    while comments.get(above, ("", False))[1]:
        lines.append(above)
        above -= 1
    texts = [comments[line][0] for line in lines if line in comments]
    return {found for text in texts for found in REQUIREMENT.findall(text)}


def collect(root: Path) -> list[tuple[str, str]]:
    """Give (requirement, file::test) for everything that the tests claim to prove."""
    claims = []
    for path in sorted((root / "tests").rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        comments = comments_of(source)
        for name, test in tests_of(ast.parse(source), ""):
            place = f"{path.relative_to(root).as_posix()}::{name}"
            claims += [(requirement, place) for requirement in proven_by(test, comments)]
    return sorted(claims)


def page(needs: dict[str, str], claims: list[tuple[str, str]]) -> str:
    """Give the page's text, one row for each requirement.

    Raises LookupError when a test names a requirement that does not exist.
    """
    proofs: dict[str, list[str]] = {requirement: [] for requirement in needs}
    for requirement, place in claims:
        if requirement not in proofs:
            raise LookupError(f"{place} names {requirement}, which is not in {INDEX}")
        proofs[requirement].append(place)
    proven = sum(1 for places in proofs.values() if places)
    rows = [
        f"| {key} | {need.replace('|', '/')} | "
        + ("<br>".join(f"`{place}`" for place in proofs[key]) or "—")
        + " |"
        for key, need in needs.items()
    ]
    head = [
        "# Traceability",
        "",
        f"{proven} of {len(needs)} requirements have at least one test. {HOW_TO}",
        "",
        "| id | need | tests that prove it |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def main(argv: list[str], root: Path = ROOT) -> int:
    """Write or check the page; 1 when it is stale, 2 when a test names what does not exist."""
    try:
        text = page(read_index(root), collect(root))
    except LookupError as unknown:
        sys.stderr.write(f"{unknown.args[0]}\n")
        return 2
    target = root / PAGE
    if argv != ["--check"]:
        target.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{PAGE} is stale: run `python3 dev.py traceability`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
