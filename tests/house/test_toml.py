"""Raw TOML goes into one room, and values come out of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "release_sync"
ROOMS = ("backends", "workspace", "rules", "fixes", "guardrail", "plan", "run", "steps", "cli")
"""Where a manifest is asked by name. (`configuration` reads one table, with a hint to each key.)"""
FILES = [file for room in ROOMS for file in sorted((SOURCE / room).rglob("*.py"))]
PARSING = {"cli/adoption/manifest.py", "cli/checking/explanation.py"}
"""What reads a file that it has written, and a file that comes with this program."""


def probes(text: str) -> list[str]:
    """Return the calls that look into a document: ``isinstance(…, dict)``, and parsing one."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    found = [ast.unparse(one) for one in calls]
    return [one for one in found if one.startswith("isinstance(") and "dict" in one] + [
        one for one in found if one.startswith(("parse(", "rtoml.", "tomllib."))
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_manifest_is_asked_by_name(file: Path) -> None:
    allowed = str(file.relative_to(SOURCE)) in PARSING
    assert bool(probes(file.read_text(encoding="utf-8"))) is allowed


def test_a_probe_is_seen() -> None:
    assert probes("isinstance(found.get('tool'), dict)\nparse(data)\nparsed(path, data)\n") == [
        "isinstance(found.get('tool'), dict)",
        "parse(data)",
    ]
