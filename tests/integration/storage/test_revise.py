"""The developers' tool writes what the models say, beside the scripts it is given."""

import shutil

import pytest

from app.storage import revise
from app.storage.schema import OURS, Schema


@pytest.fixture
def scripts(tmp_path):
    folder = tmp_path / "scripts"
    shutil.copytree(OURS.scripts, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_without_a_change_of_the_models_the_next_revision_is_empty(scripts):  # F1.2
    made = revise.revise("nothing new", "9999", Schema(OURS.revisions, scripts))
    text = made.read_text(encoding="utf-8")
    assert made == scripts / "versions" / "9999_nothing_new.py"
    assert f'down_revision = "{OURS.head}"' in text.replace("'", '"')
    assert text.count("pass") == 2


@pytest.mark.parametrize("arguments", [[], ["--unknown"], ["two", "words"]])
def test_other_arguments_print_the_usage(arguments, capsys):
    assert revise.main(arguments) == 2
    assert "--rebuild-first" in capsys.readouterr().err
