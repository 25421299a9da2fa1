"""Docstrings begin with a plain word: they return, raise, write; they do not tell or say."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[2]
FILES = sorted(file for room in ("src", "packages") for file in (HERE / room).rglob("*.py"))
RIDDLES = ("Tell ", "Tells ", "Say ", "Says ")
PREDICATES = ("is_", "has_", "_is_", "_has_")


def riddles(text: str) -> Iterator[str]:
    """Yield each function whose docstring begins otherwise than it should, with its line."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        words = ast.get_docstring(node)
        if words is None:
            continue
        is_predicate = (
            node.name.startswith(PREDICATES)
            and node.returns is not None
            and ast.unparse(node.returns) == "bool"
        )
        if words.startswith(RIDDLES) or (is_predicate and not words.startswith("Return whether ")):
            yield f"{node.lineno}: {node.name}: {words.splitlines()[0]}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HERE)))
def test_a_docstring_begins_with_a_plain_word(file: Path) -> None:
    assert list(riddles(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ('def f() -> int:\n    """Say what it is."""', True),
        ('class A:\n    def f(self) -> bool:\n        """Tell whether it is so."""', True),
        ('def is_it() -> bool:\n    """Look whether it is so."""', True),
        ('def is_it() -> bool:\n    """Return whether it is so."""', False),
        ('def f() -> int:\n    """Return what it is."""', False),
        ("def is_it() -> bool:\n    return True", False),
    ],
)
def test_the_rule_itself_tells_right_from_wrong(text: str, *, is_wrong: bool) -> None:
    assert bool(list(riddles(text))) is is_wrong
