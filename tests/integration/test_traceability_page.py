"""The page that says which test proves which requirement."""

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

TREE = Path(__file__).resolve().parents[2]

SAMPLE = """
import pytest

def test_beside():  # A1.2
    pass

# A1.10: the comment above
@pytest.mark.parametrize("x", [1])
def test_above(
    x,  # A1.2
):
    text = "A2.1"  # A2.1 is named inside the body: it proves nothing
    assert text

class TestGroup:
    def test_in_class(self):  # A2.1
        pass

def helper():  # A1.1
    pass
"""


@pytest.fixture
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("traceability", TREE / "tests/traceability.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests").mkdir()
    index = "A1.10\tten\nA1.1\tone\nA1.2\ttwo\nA2.1\tthree\n"
    (tmp_path / "docs/requirements-index.tsv").write_text(index, encoding="utf-8")
    (tmp_path / "tests/test_sample.py").write_text(SAMPLE, encoding="utf-8")
    return tmp_path


def test_that_comments_on_and_above_a_test_count_and_nothing_else_does(
    writer: ModuleType, tree: Path
) -> None:
    assert writer.main([], tree) == 0
    rows = (tree / "docs/traceability.md").read_text(encoding="utf-8").splitlines()
    assert rows[2].startswith("3 of 4 requirements ")
    sample = "tests/test_sample.py"
    assert rows[-4:] == [
        "| A1.1 | one | — |",
        f"| A1.2 | two | `{sample}::test_above`<br>`{sample}::test_beside` |",
        f"| A1.10 | ten | `{sample}::test_above` |",
        f"| A2.1 | three | `{sample}::TestGroup::test_in_class` |",
    ]


def test_that_a_stale_page_fails_the_check_until_it_is_written_anew(
    writer: ModuleType, tree: Path
) -> None:
    assert writer.main(["--check"], tree) == 1
    writer.main([], tree)
    assert writer.main(["--check"], tree) == 0
    more = SAMPLE + "\ndef test_more():  # A1.1\n    pass\n"
    (tree / "tests/test_sample.py").write_text(more, encoding="utf-8")
    assert writer.main(["--check"], tree) == 1


def test_that_an_id_that_does_not_exist_is_named_with_its_test(
    writer: ModuleType, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "tests/test_typo.py").write_text("def test_x():  # F9.9\n    pass\n", encoding="utf-8")
    assert writer.main([], tree) == 2
    assert "tests/test_typo.py::test_x names F9.9" in capsys.readouterr().err


def test_that_the_index_holds_every_requirement_of_each_section(writer: ModuleType) -> None:
    sections = Counter(key[0] for key in writer.read_index(TREE))
    assert sections == {"A": 20, "B": 29, "C": 21, "D": 22, "E": 26, "F": 21}
