"""Who may import whom: the table that CONTRIBUTING.md explains, held by reading the imports."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from release_sync.guardrail import cache

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[2]
SOURCE = HERE / "src" / "release_sync"
FRAMEWORK = HERE / "packages" / "devclikit" / "src" / "devclikit"
OUTSIDE = frozenset({"os", "io", "shutil", "subprocess", "tempfile", "time", "datetime", "socket"})
"""What touches files, the environment or the clock."""


@dataclass(frozen=True)
class Room:
    """What a room may import: ``ours`` and ``theirs``; and what of the standard library it may not.

    ``late`` are rooms and distributions that may be imported only inside a function, or named for
    a type checker.
    """

    ours: frozenset[str]
    theirs: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


def names(*given: str) -> frozenset[str]:
    return frozenset(given)


GUARD = (
    "standards", "trees", "toml", "configuration", "backends", "workspace", "rules", "fixes",
    "guardrail",
)  # fmt: skip
HOOK = Room(names("errors", "lines", *GUARD), names("rtoml"), late=names("packaging"))
ROOMS = {
    "errors": Room(names()),
    "lines": Room(names()),
    "schema": Room(names()),
    **dict.fromkeys((*GUARD, "hook"), HOOK),
    "seals": Room(
        names("errors", "lines", "seals", "standards", "configuration"),
        names("packaging"),
        never=OUTSIDE,
    ),
    "steps": Room(names("errors", "lines", "seals", "steps"), never=OUTSIDE),
    "plan": Room(
        names("errors", "lines", "plan", "seals", "steps", *GUARD),
        names("packaging"),
        never=OUTSIDE,
    ),
    # The workspace is a value to it, read by an effect and handed on to the plan.
    "run": Room(
        names("errors", "lines", "plan", "run", "seals", "steps"),
        names("packaging"),
        late=names(*GUARD),
    ),
    # The values and the port types of `steps`: an effect is what a port is made of.
    "effects": Room(
        names("effects", "errors", "lines", "seals", "steps", *GUARD),
        names(
            "build",
            "devclikit",
            "filelock",
            "git",
            "packaging",
            "pypi_simple",
            "pypiserver",
            "requests",
        ),
        late=names("uv"),
    ),
    "cli": Room(
        names("cli", "effects", "errors", "lines", "plan", "run", "seals", "steps", *GUARD),
        names("click", "devclikit", "git", "packaging", "rich"),
    ),
}


@dataclass(frozen=True)
class Import:
    """One imported module, where it is imported, and whether that happens at import time."""

    file: Path
    line: int
    module: str
    early: bool

    @property
    def top(self) -> str:
        """The module's distribution, nearly: its first part."""
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        """Say where it is, so that a failure can be clicked."""
        return f"{self.file.relative_to(HERE)}:{self.line} imports {self.module}"


def imports(file: Path) -> Iterator[Import]:
    """Find all imports of a file, those for type checkers too: they tie rooms all the same."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    late = set(inside_functions(tree))
    for node in ast.walk(tree):
        for module in modules(node):
            yield Import(file, node.lineno, module, early=node not in late)  # type: ignore[attr-defined] # an import statement has one


def modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"line {node.lineno}: a relative import"
        return [node.module or ""]
    return []


def inside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk what is not run at import time: bodies of functions, and of ``if TYPE_CHECKING``."""
    for node in ast.walk(tree):
        deferred = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        )
        if deferred:
            for inner in node.body:  # type: ignore[attr-defined] # both kinds have one
                yield from ast.walk(inner)


def files(room: str) -> list[Path]:
    single = SOURCE / f"{room}.py"
    return [single] if single.is_file() else sorted((SOURCE / room).rglob("*.py"))


def wrong(found: Import, room: Room) -> bool:
    """Tell whether an import breaks the rule of its room."""
    if found.top == "release_sync":
        ours = found.module.split(".")[1]
        return ours not in room.ours and (found.early or ours not in room.late)
    if found.top in sys.stdlib_module_names:
        return found.top in room.never
    return found.top not in room.theirs and (found.early or found.top not in room.late)


def test_every_room_has_its_rule() -> None:
    there = {path.name.partition(".")[0] for path in SOURCE.iterdir() if path.suffix != ".typed"}
    assert there - {"__init__", "__pycache__"} - set(ROOMS) == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    found = [one for file in files(room) for one in imports(file)]
    assert found or room == "errors"
    assert [str(one) for one in found if wrong(one, ROOMS[room])] == []


def test_a_remembered_verdict_depends_on_every_room_of_the_guardrail() -> None:
    assert set(cache.ROOMS) == {"", *GUARD}


@pytest.mark.parametrize("room", [*GUARD, "hook"])
def test_the_hooks_rooms_import_subprocess_only_when_they_start_one(room: str) -> None:
    found = [one for file in files(room) for one in imports(file)]
    assert [str(one) for one in found if one.early and one.top == "subprocess"] == []


def test_devclikit_knows_only_click_and_the_standard_library() -> None:
    found = [one for file in sorted(FRAMEWORK.rglob("*.py")) for one in imports(file)]
    allowed = {"click", "devclikit", *sys.stdlib_module_names}
    assert found
    assert [str(one) for one in found if one.top not in allowed] == []


def test_a_package_is_a_docstring_or_nothing() -> None:
    for file in [*SOURCE.rglob("__init__.py"), *FRAMEWORK.rglob("__init__.py")]:
        body = ast.parse(file.read_text(encoding="utf-8")).body
        assert [ast.unparse(one) for one in body if not isinstance(one, ast.Expr)] == [], file


@pytest.mark.parametrize(
    ("text", "room", "is_wrong"),
    [
        ("import click", "workspace", True),
        ("def f():\n    import click", "workspace", True),
        ("import packaging.version", "workspace", True),
        ("def f():\n    from packaging import version", "workspace", False),
        ("from release_sync.plan import order", "workspace", True),
        ("from release_sync.effects.git.repository import Git", "steps", True),
        ("import os", "plan", True),
        ("import graphlib", "plan", False),
        ("from release_sync.run.executor import run", "effects", True),
        ("import rich", "effects", True),
        ("if TYPE_CHECKING:\n    from release_sync.cli.screen import Screen", "run", True),
    ],
)
def test_the_rule_itself_tells_right_from_wrong(
    text: str, room: str, *, is_wrong: bool, tmp_path: Path
) -> None:
    file = tmp_path / "module.py"
    file.write_text(text, encoding="utf-8")
    (found,) = imports(file)
    assert wrong(found, ROOMS[room]) is is_wrong


def test_archives_are_unpacked_in_one_place_that_knows_every_python() -> None:
    # `extractall(filter=…)` is a TypeError before Python 3.11.4, which Debian 12 still ships.
    unpacking = [
        str(file.relative_to(SOURCE))
        for file in sorted(SOURCE.rglob("*.py"))
        if ".extractall(" in file.read_text(encoding="utf-8")
    ]
    assert unpacking == ["effects/build/tar.py"]
