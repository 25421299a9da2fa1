"""Every way in which one decision of a module can be another one, as a change of its syntax tree.

A test is always so, or never; an operand, an element, a case, a call or a raise is left out; a
comparison is its opposite; a member of an enumeration is the next one. Texts are left alone.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Change = tuple[ast.AST, str, object]
"""A node, one of its fields, and what the field is to be."""

Found = tuple[ast.AST, Change, str]
"""What is executed when a change is met, the change, and what it is in words."""

OPPOSITES: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Lt: ast.GtE, ast.GtE: ast.Lt,
    ast.Gt: ast.LtE, ast.LtE: ast.Gt,
}  # fmt: skip
BESIDE: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
ENUMERATIONS: Mapping[str, Sequence[str]] = {
    "Observed": ("ABSENT", "EXACT", "FOREIGN", "UNKNOWN"),
    "State": ("RESERVED", "SEALED", "UPLOADING"),
    "Way": ("PUSH", "BRANCH", "NONE"),
    "ReleaseState": ("FREE", "RESERVED", "SEALED", "UPLOADING", "LANDED", "ABANDONED", "DELETED",
                 "SUPERSEDED", "ORPHANED", "WITHDRAWN"),
}  # fmt: skip
TEXTS = frozenset({"describe", "__repr__", "__str__", "_done"})
"""Functions that only make words."""

TALK = frozenset({"talk.line", "talk.difference", "tell"})
"""Calls that only show something."""


@dataclass(frozen=True)
class Mutant:
    """One change of one function of a module.

    ``lines`` are those whose execution meets it, ``name`` says what it is without a line number.
    """

    module: str
    function: str
    lines: range
    change: Change
    name: str

    def apply(self) -> None:
        """Change the tree; it is not changed back."""
        node, field, value = self.change
        setattr(node, field, value)


def mutants(module: str, tree: ast.Module) -> list[Mutant]:
    """Return every mutant of a module."""
    made: list[Mutant] = []
    times = Counter[str]()
    for name, function in _functions(tree):
        for node in _decisions(function):
            for place, change, said in _changes(node):
                what = " ".join(f"{module.removeprefix('release_sync.')}: {name}: {said}".split())
                times[what] += 1
                what += f" ({times[what]})" if times[what] > 1 else ""
                lines = range(place.lineno, (place.end_lineno or place.lineno) + 1)  # type: ignore[attr-defined]
                made.append(Mutant(module, name, lines, change, what))
    return made


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name not in TEXTS:
                    yield f"{node.name}.{inner.name}", inner


def _decisions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what can be changed below a node: nothing in a text, nor for the sake of types."""
    if isinstance(node, ast.JoinedStr | ast.arguments) or _is_for_types(node):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _decisions(child)


def _is_for_types(node: ast.AST) -> bool:
    """Return whether a branch only holds that something can't be."""
    if not isinstance(node, ast.If) or not isinstance(node.body[0], ast.Raise):
        return False
    return _is_impossible(node.body[0])


def _is_impossible(node: ast.Raise) -> bool:
    """Return whether it is raised where nobody comes by."""
    return isinstance(node.exc, ast.Call) and ast.unparse(node.exc.func) == "AssertionError"


def _changes(node: ast.AST) -> Iterator[Found]:
    yield from _left_out(node)
    match node:
        case ast.If() | ast.IfExp() | ast.While():
            yield from _always(node)
        case ast.BoolOp() if not any(_is_text(one) for one in node.values):
            yield from _operands(node)
        case ast.UnaryOp(op=ast.Not()):
            twice = ast.copy_location(ast.UnaryOp(ast.Not(), node.operand), node)
            yield node, (node, "operand", twice), f"no `not` in `{ast.unparse(node)}`"
        case ast.Compare():
            yield from _comparisons(node)
        case ast.Attribute(value=ast.Name(id=kind)) if kind in ENUMERATIONS:
            yield from _members(node, kind)
        case ast.Constant(value=bool() as value):
            yield node, (node, "value", not value), f"{not value} for {value}"
        case _:
            yield from _fewer(node)


def _fewer(node: ast.AST) -> Iterator[Found]:
    """Leave out a filter, an element of a set, or a case."""
    match node:
        case ast.comprehension():
            for at, one in enumerate(node.ifs):
                yield one, (node, "ifs", _without(node.ifs, at)), f"no `if {ast.unparse(one)}`"
        case ast.Set() if len(node.elts) > 1:
            for at, one in enumerate(node.elts):
                yield node, (node, "elts", _without(node.elts, at)), f"no {ast.unparse(one)} in"
        case ast.MatchOr():
            for at, case in enumerate(node.patterns):
                left = _without(node.patterns, at)
                yield node, (node, "patterns", left), f"no `case {ast.unparse(case)}`"
        case ast.match_case():
            never = ast.copy_location(ast.Constant(value=False), node.pattern)
            said = f"never `case {ast.unparse(node.pattern)}`"
            yield node.pattern, (node, "guard", never), said


def _left_out(node: ast.AST) -> Iterator[Found]:
    """Leave out a raise, or a call that is made for what it does."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if not isinstance(block, list):
            continue
        for at, one in enumerate(block):
            if (isinstance(one, ast.Raise) and not _is_impossible(one)) or _acts(one):
                nothing = ast.copy_location(ast.Pass(), one)
                left = [*block[:at], nothing, *block[at + 1 :]]
                yield one, (node, field, left), f"no `{_short(one)}`"


def _short(node: ast.stmt) -> str:
    """Return a statement without the words that it raises."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return f"raise {ast.unparse(node.exc.func)}"
    return ast.unparse(node)


def _acts(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    return ast.unparse(node.value.func) not in TALK


def _always(node: ast.If | ast.IfExp | ast.While) -> Iterator[Found]:
    for value in (True, False):
        always = ast.copy_location(ast.Constant(value=value), node.test)
        yield node.test, (node, "test", always), f"{value} for `{ast.unparse(node.test)}`"


def _is_text(node: ast.expr) -> bool:
    """Return whether an operand is words, or the name of a constant that is."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Name) and node.id.isupper())


def _operands(node: ast.BoolOp) -> Iterator[Found]:
    whole = ast.unparse(node)
    word, other = ("or", ast.Or()) if isinstance(node.op, ast.And) else ("and", ast.And())
    yield node, (node, "op", other), f"`{word}` in `{whole}`"
    for at, one in enumerate(node.values):
        left = _without(node.values, at)
        yield node, (node, "values", left), f"no `{ast.unparse(one)}` in `{whole}`"


def _comparisons(node: ast.Compare) -> Iterator[Found]:
    for table in (OPPOSITES, BESIDE):
        if len(node.ops) == 1 and type(node.ops[0]) in table:
            op = table[type(node.ops[0])]()
            after = ast.unparse(ast.Compare(node.left, [op], node.comparators))
            yield node, (node, "ops", [op]), f"`{after}`"


def _members(node: ast.Attribute, kind: str) -> Iterator[Found]:
    members = ENUMERATIONS[kind]
    if node.attr in members:
        other = members[(members.index(node.attr) + 1) % len(members)]
        yield node, (node, "attr", other), f"{kind}.{other} for {kind}.{node.attr}"


def _without(values: Sequence[ast.AST], at: int) -> list[ast.AST]:
    """Leave one out; where the syntax wants two, the one that is left stands there twice."""
    left = [one for nth, one in enumerate(values) if nth != at]
    return left * 2 if len(left) == 1 and len(values) == 2 else left
