"""Who may import whom: the table that CONTRIBUTING.md explains, held by reading the imports."""

from __future__ import annotations

import ast
import graphlib
import re
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
MOST = 20
"""So many files a folder has, ``__init__.py`` counted."""


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


GUARDRAIL = (
    "standards", "trees", "toml", "changelog", "configuration", "backends", "workspace", "rules",
    "fixes", "guardrail",
)  # fmt: skip
"""The rooms that a hook needs: values, and the only code that reads files or asks git for one."""
VALUES = ("errors", "lines", "toml", "workspace")
"""Where the values are that a release is planned from: a workspace, and edits of files."""

ROOMS: dict[str, Room] = {
    "errors": Room(names()),
    "lines": Room(names()),
}
for _name in (*GUARDRAIL, "hook"):
    _ours = names(*ROOMS, _name)
    ROOMS[_name] = Room(_ours, names("rtoml"), late=names("packaging", "tomlkit"))
ROOMS |= {
    "schema": Room(names("configuration")),
    "seals": Room(
        names("errors", "lines", "seals", "standards", "configuration"),
        names("packaging"),
        never=OUTSIDE,
    ),
    "audit": Room(names("audit", "seals"), names("packaging"), never=OUTSIDE),
    "forges": Room(names("errors", "forges"), never=OUTSIDE),
    "steps": Room(names("errors", "lines", "seals", "steps"), never=OUTSIDE),
    "plan": Room(
        names(*VALUES, "forges", "plan", "seals", "steps"), names("packaging"), never=OUTSIDE
    ),
    # The workspace is a value to it, read by an effect and handed on to the plan.
    "run": Room(
        names("audit", "errors", "forges", "lines", "plan", "run", "seals", "steps"),
        names("packaging"),
        late=names("toml", "workspace"),
    ),
    # The values and the port types of `steps`: an effect is what a port is made of.
    "effects": Room(
        names("audit", "effects", "errors", "forges", "lines", "seals", "steps", *GUARDRAIL)
        - names("guardrail"),
        names(
            "devclikit",
            "filelock",
            "git",
            "packaging",
            "psutil",
            "pypi_simple",
            "pyproject_hooks",
            "pypiserver",
            "requests",
        ),
        late=names("pypi_attestations", "readme_renderer", "sigstore", "trove_classifiers", "uv"),
    ),
    "cli": Room(
        names("audit", "cli", "effects", "errors", "forges", "lines", "plan", "run", "seals")
        | names(*GUARDRAIL),
        names("click", "devclikit", "git", "packaging", "ruamel", "tomlkit"),
        late=names("steps"),
    ),
    "__main__": Room(names("cli")),
}
"""The strip: each room imports only from rooms above it here, and from no others than it names."""


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
    """Return whether an import breaks the rule of its room."""
    if found.top == "release_sync":
        ours = found.module.split(".")[1]
        return ours not in room.ours and (found.early or ours not in room.late)
    if found.top in sys.stdlib_module_names:
        return found.top in room.never
    return found.top not in room.theirs and (found.early or found.top not in room.late)


def test_every_room_has_its_rule() -> None:
    there = {path.name.partition(".")[0] for path in SOURCE.iterdir() if path.suffix != ".typed"}
    assert there - {"__init__", "__pycache__"} - set(ROOMS) == set()


def test_the_table_in_contributing_has_the_same_rooms_in_the_same_order() -> None:
    page = (HERE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = page.partition("## The rooms")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([a-z_/]+)` \|", table, re.MULTILINE)
    assert named == [*ROOMS, "packages/devclikit"]


def test_the_table_is_a_strip() -> None:
    order = list(ROOMS)
    for room, rule in ROOMS.items():
        assert rule.ours | (rule.late & {*order}) <= {*order[: order.index(room) + 1]}, room


@pytest.mark.parametrize("folder", sorted({file.parent for file in SOURCE.rglob("*.py")}))
def test_a_folder_has_no_more_than_twenty_files(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) <= MOST, folder


def test_no_files_import_each_other_in_a_circle() -> None:
    # Whatever is imported inside functions, or for a type checker alone, ties files all the same.
    found = {}
    for file in sorted(SOURCE.rglob("*.py")):
        found[module_name(file)] = {one for one in targets(file) if one.startswith("release_sync")}
    assert circle(found) == []


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts)


def targets(file: Path) -> Iterator[str]:
    """Find the modules that a file imports: of a package, the modules that it takes from there."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        yield from modules(node)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def circle(imported: dict[str, set[str]]) -> list[str]:
    """Return the modules of one circle; empty when there is none."""
    try:
        graphlib.TopologicalSorter(imported).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_a_circle_of_two_is_found(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("def f():\n    from release_sync.toml import two\n")
    (tmp_path / "two.py").write_text("if TYPE_CHECKING:\n    from release_sync.toml.one import f\n")
    names = ("one", "two")
    found = {f"release_sync.toml.{one}": {*targets(tmp_path / f"{one}.py")} for one in names}
    assert sorted({*circle(found)}) == ["release_sync.toml.one", "release_sync.toml.two"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    found = [one for file in files(room) for one in imports(file)]
    assert found or room == "errors"
    assert [str(one) for one in found if wrong(one, ROOMS[room])] == []


def test_a_command_decides_nothing_about_a_release() -> None:
    # What a step is, and what one observed, is for `run`; a command may name the ports as types.
    found = [one for file in files("cli") for one in imports(file)]
    ports = "release_sync.steps.ports."
    steps = [one for one in found if one.module.startswith("release_sync.steps")]
    assert [str(one) for one in steps if not one.module.startswith(ports)] == []


def test_a_remembered_verdict_depends_on_every_room_of_the_guardrail() -> None:
    assert set(cache.ROOMS) == {"", *GUARDRAIL}


def test_a_remembered_verdict_depends_on_every_library_but_that_of_fixes() -> None:
    used = {one for room in GUARDRAIL for one in ROOMS[room].theirs | ROOMS[room].late}
    assert used == {*cache.LIBRARIES, "tomlkit"}


@pytest.mark.parametrize("room", [*GUARDRAIL, "hook"])
def test_the_hooks_rooms_import_subprocess_only_when_they_start_one(room: str) -> None:
    found = [one for file in files(room) for one in imports(file)]
    assert [str(one) for one in found if one.early and one.top == "subprocess"] == []


def test_devclikit_knows_only_click_and_the_standard_library() -> None:
    found = [one for file in sorted(FRAMEWORK.rglob("*.py")) for one in imports(file)]
    allowed = {"click", "devclikit", *sys.stdlib_module_names}
    assert found
    assert [str(one) for one in found if one.top not in allowed] == []


def test_a_package_is_a_docstring_or_nothing() -> None:
    rooms = [*SOURCE.rglob("__init__.py"), *FRAMEWORK.rglob("__init__.py")]
    for file in sorted({*rooms} - {FRAMEWORK / "__init__.py"}):  # which has the earlier names
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
        ("from release_sync.rules import check", "workspace", True),
        ("from release_sync.toml import edits", "trees", True),
        ("from release_sync.workspace import model", "rules", False),
        ("from release_sync.effects.git.repository import Git", "steps", True),
        ("import os", "plan", True),
        ("import graphlib", "plan", False),
        ("from release_sync.run.executor import run", "effects", True),
        ("import rich", "effects", True),
        ("from release_sync.steps.observed import Observed", "cli", True),
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
