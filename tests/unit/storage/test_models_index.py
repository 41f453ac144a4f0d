"""Every module with mapped rows takes part in migrations."""

import ast
from pathlib import Path

import app
from app.storage.models_index import MODELS

ROOT = Path(app.__file__).parent


def maps_rows(path):
    """Whether a class of the module names a table."""
    return any(
        isinstance(target, ast.Name) and target.id == "__tablename__"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        for target in node.targets
    )


def test_every_module_that_maps_rows_is_listed():  # F1.2
    found = {
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        for path in ROOT.rglob("*.py")
        if maps_rows(path)
    }
    assert found == set(MODELS)
