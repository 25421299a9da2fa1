"""Modules and functions stay small enough to be read at once."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
FILES = sorted([*(TOP / "src").rglob("*.py"), *(TOP / "packages/devclikit/src").rglob("*.py")])
MODULE, FUNCTION = 250, 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(TOP)))
def test_nothing_is_too_long(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= MODULE
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds))
    long = [
        f"{one.name} has {lines} lines"
        for one in functions
        if (lines := (one.end_lineno or 0) - one.lineno + 1) > FUNCTION
    ]
    assert not long
