"""What others write is cut at line feeds or NUL alone, by `lines`; the exceptions are listed here.

`str.splitlines` ends a line at eight more characters, and `str.split` without a separator takes all
that Unicode calls a blank for one. git allows some of them in the name of a ref.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
SOURCES = [TOP / "src", *sorted(TOP.glob("packages/*/src"))]

EXCEPTIONS = {
    "src/release_sync/cli/difference.py difference splitlines": "a file, whose diff is shown",
    "src/release_sync/plan/release.py changed_lines splitlines": "bytes of a file, only counted",
    "src/release_sync/trees/cat_file.py _answer split": "bytes: an object name, a type, a size",
    "src/release_sync/backends/literals.py string_span splitlines": "bytes, as Python cuts",
}
"""Every place that cuts in such a way, and why it may."""


def cuts(tree: ast.AST, function: str = "") -> list[str]:
    """Return every use of `splitlines`, and of `split` at blanks, with the function around it."""
    found = []
    for node in ast.iter_child_nodes(tree):
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        inner = node.name if named else function  # type: ignore[attr-defined] # a function has one
        if is_splitlines(node):
            found.append(f"{inner} splitlines")
        if is_split_at_blanks(node):
            found.append(f"{inner} split")
        found += cuts(node, inner)
    return found


def is_splitlines(node: ast.AST) -> bool:
    """Return whether this names the method: it may be called elsewhere, as in ``map``."""
    return isinstance(node, ast.Attribute) and node.attr == "splitlines"


def is_split_at_blanks(node: ast.AST) -> bool:
    """Return whether this is ``split()`` or ``rsplit()`` without a separator, or with None."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "sep")]
    blanks = not given or (isinstance(given[0], ast.Constant) and given[0].value is None)
    return node.func.attr in {"split", "rsplit"} and blanks


def test_nothing_is_cut_where_unicode_sees_an_end_or_a_blank() -> None:
    found = {
        f"{file.relative_to(TOP)} {cut}"
        for source in SOURCES
        for file in source.rglob("*.py")
        for cut in cuts(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == set(EXCEPTIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.splitlines()", [" splitlines"]),
        ("def f():\n    return x.splitlines(keepends=True)", ["f splitlines"]),
        ("map(str.splitlines, x)", [" splitlines"]),
        ("class A:\n    async def f(self):\n        return x.split()", ["f split"]),
        ("x.split(None, 1)", [" split"]),
        ("x.rsplit(maxsplit=1)", [" split"]),
        ("x.split(sep=None)", [" split"]),
        ("x.split(' ')", []),
        ("x.split(sep='\\t')", []),
        ("split_lines(x)", []),
    ],
)
def test_the_rule_itself_knows_what_it_forbids(text: str, expected: list[str]) -> None:
    assert cuts(ast.parse(text)) == expected
