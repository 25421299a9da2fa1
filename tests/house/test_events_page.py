"""docs/events.md has a section for every event that is written, and for no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.cli.events_json import _NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[2]
SOURCE = HERE / "src" / "release_sync"
CLI = SOURCE / "cli"
REPORTS = (
    *(CLI / "reporting").glob("*.py"),
    *(CLI / "changing").glob("*.py"),
    CLI / "events_json.py",
)
"""The modules whose mappings are parts of what is written."""

PAGE = (HERE / "docs" / "events.md").read_text(encoding="utf-8")
WRITTEN = re.compile(r"(?:\bwrite(?:_json)?|_write|\)\.report|screen\.report)\(\s*\"(\w+)\"")


def written() -> set[str]:
    """Return the names of events in the command line's modules."""
    texts = (one.read_text(encoding="utf-8") for one in CLI.rglob("*.py"))
    return {*_NAMES.values(), *(name for text in texts for name in WRITTEN.findall(text))}


def test_every_event_has_its_section_and_no_other_has_one() -> None:
    found = re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)
    assert sorted(found) == sorted({*written(), "check"})  # which the guardrail's report writes


def fields(tree: ast.Module, *, is_report: bool) -> Iterator[str]:
    """Yield what a module names a field of an event, and its keys where it makes nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("write", "report")):
            names = (one.arg for one in node.keywords if one.arg)
            yield from (one for one in names if one != "as_json")  # says how, and is not written
        if is_report and isinstance(node, ast.Dict):
            constants = (one.value for one in node.keys if isinstance(one, ast.Constant))
            yield from (one for one in constants if isinstance(one, str))


def test_every_field_of_an_event_is_named() -> None:
    found = {
        field
        for path in CLI.rglob("*.py")
        for field in fields(ast.parse(path.read_text("utf-8")), is_report=path in REPORTS)
    }
    assert len(found) > 100
    assert [one for one in sorted(found) if f"`{one}`" not in PAGE] == []


def test_every_step_is_named() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (SOURCE / "steps").rglob("*.py")]
    classes = [node for text in texts for node in ast.parse(text).body]
    steps = {
        node.name.lower()
        for node in classes
        if isinstance(node, ast.ClassDef)
        and "def perform(" in ast.unparse(node)
        and "OwnStep" not in map(ast.unparse, node.bases)  # is called `step POINT COMMAND`
    }
    part = PAGE.partition("## The names of steps")[2].partition("\n## ")[0]
    assert len(steps) > 15
    lacking = [one for one in sorted(steps) if not re.search(rf"`{one}[` ]", part)]
    assert lacking == ["sealcollected"]  # which is called `seal`, too
