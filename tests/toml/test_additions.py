"""What is added to a TOML file is lines, and nothing else of the file changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.toml.additions import Insertion, addition, inserted
from release_sync.toml.document import parse
from release_sync.toml.verify import says

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("tool", "uv", "sources")
VALUES = {"xx-low": "{ workspace = true }", "xx-zed": "{ workspace = true }"}
MEANT = [((*KEYS, name, "workspace"), True) for name in VALUES]
LINES = "xx-low = { workspace = true }\nxx-zed = { workspace = true }\n"
TABLE = f"[tool.uv.sources]\n{LINES}"


def added(text: str) -> str | None:
    """Add, and hold what was added against the promise; None where nothing can be."""
    found = addition(text, KEYS, VALUES)
    if found is None:
        return None
    before, after = text[: found.offset], text[found.offset :]
    whole = before + found.text + after
    # Lines: they begin where a line begins, or begin one, and end with an end of line.
    assert before.endswith("\n") or before in {"", "\ufeff"} or found.text.startswith(("\n", "\r"))
    assert found.text.endswith("\n")
    if "\r\n" in text:
        assert found.text.count("\n") == found.text.count("\r\n")
    assert says(text.encode(), whole.encode(), MEANT)
    return whole


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", TABLE),
        ("\ufeff", f"\ufeff{TABLE}"),
        ("[a]\nb = 1\n", f"[a]\nb = 1\n\n{TABLE}"),
        ("[a]\nb = 1", f"[a]\nb = 1\n\n{TABLE}"),
        ("[a]\r\nb = 1\r\n", f"[a]\r\nb = 1\r\n\r\n{TABLE}".replace("\r\n", "\n")),
        ("\ufeff[a]\nb = 'ä'\n", f"\ufeff[a]\nb = 'ä'\n\n{TABLE}"),
        (
            "[tool.uv]\na = 1\n\n# A linter.\n[tool.ruff]\nb = 1\n",
            f"[tool.uv]\na = 1\n\n{TABLE}\n# A linter.\n[tool.ruff]\nb = 1\n",
        ),
        ("[tool.uv]\n[tool.ruff]\n", f"[tool.uv]\n\n{TABLE}\n[tool.ruff]\n"),
        (
            "[tool.uv.sources]\nx.path = 'x' # y\n\n# A linter.\n[tool.ruff]\nb = 1\n",
            f"[tool.uv.sources]\nx.path = 'x' # y\n{LINES}\n# A linter.\n[tool.ruff]\nb = 1\n",
        ),
        ("[tool.uv.sources]\nx.path = 'x'", f"[tool.uv.sources]\nx.path = 'x'\n{LINES}"),
        (
            "[tool.uv]\nsources.x.path = 'x'\n",
            f"[tool.uv]\nsources.x.path = 'x'\n{LINES}".replace("xx", "sources.xx"),
        ),
        ("[tool.uv]\nsources = { x = { path = 'x' } }\n", None),
        ("[tool]\nuv = { package = false }\n", None),
        ("tool.uv = 1\n", None),
        ("a = '''\n# ''' # no comment\n", f"a = '''\n# ''' # no comment\n\n{TABLE}"),
        ("# \u2028 a separator\x85\n[a]\n", f"# \u2028 a separator\x85\n[a]\n\n{TABLE}"),
    ],
)
def test_lines_go_below_what_they_belong_to(text: str, after: str | None) -> None:
    found = added(text)
    assert (found if found is None else found.replace("\r\n", "\n")) == after


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("a = 1\nb = 2\n", "a = 1\nc = 3\nb = 2\n", Insertion(6, "c = 3\n")),
        ("[a.b]\n[a.c]\n", "[a.b]\n[a.d]\n[a.c]\n", Insertion(6, "[a.d]\n")),
        ("a = 1\n", "a = 1\n", Insertion(6, "")),
        ("a = 1\nb = 2\n", "a=1\nc = 3\nb = 2\n", None),
        ("a = 1\nb = 2\n", "a = 1\nc = 3\nb=2\n", None),
        ("a = 1\nb = 2\n", "b = 2\na = 1\nc = 3\n", None),
        ("a = 1\nb = 2\n", "a = 1\n", None),
        ("a = {}\n", "a = {b = 1}\n", None),
    ],
)
def test_lines_that_were_put_in_are_told_from_any_other_change(
    before: str, after: str, found: Insertion | None
) -> None:
    assert inserted(before, after) == found


def variants(text: str) -> dict[str, str]:
    plain = text.replace("\r\n", "\n")
    return {
        "as it is": text,
        "crlf": plain.replace("\n", "\r\n"),
        "mark": f"\ufeff{text}",
        "no last end": text.rstrip("\r\n"),
        "trailing": f"{text}\n\n# the end\n",
    }


REFUSED: set[str] = set()
"""The manifests of real workspaces to which nothing can be added."""


def test_sources_are_added_to_real_manifests_and_nothing_else_changes(corpus: Path) -> None:
    refused = set()
    seen = 0
    for file in sorted(corpus.rglob("pyproject.toml")):
        text = file.read_bytes().decode()
        parse(text.encode())
        seen += 1
        for name, variant in variants(text).items():
            if added(variant) is None:
                refused.add(f"{file.relative_to(corpus)} {name}")
    assert seen
    assert refused == REFUSED
