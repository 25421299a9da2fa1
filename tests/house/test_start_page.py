"""docs/start.md: its commands, typed in an empty folder, print what it shows."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from tests.fakes.console_page import Console, without_what_varies
from tests.fakes.proxy import proxy
from tests.misbehaving.table import REWRITE

from release_sync.effects.index.address import resolve
from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = Path(__file__).parents[2] / "docs" / "start.md"
PLAN, REHEARSAL = "## Plan a release", "## Rehearse it"
"""Parts of it: the first asks PyPI, the second takes a while."""


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """Return the console of a newcomer, in an empty folder."""
    known = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    known["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{known['PATH']}"
    (tmp_path / "projects").mkdir()
    return Console(tmp_path / "projects", known)


@pytest.fixture
def new_to_pypi(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """Return the environment in which an empty index is PyPI."""
    host = urlsplit(resolve("pypi", {}, {}).read).hostname
    assert host is not None
    (tmp_path / "served").mkdir()
    with (
        embedded_index(tmp_path / "served") as index,
        proxy(tmp_path, host, index.upload, {}) as there,
    ):
        yield there.environ


def test_what_start_shows_of_the_guardrail_is_what_was_printed(console: Console) -> None:
    text, _, _ = PAGE.read_text(encoding="utf-8").partition(PLAN)
    assert without_what_varies(console.played(text)) == without_what_varies(text)


@pytest.mark.slow
def test_what_start_shows_is_what_was_printed(
    console: Console, new_to_pypi: Mapping[str, str]
) -> None:
    text = PAGE.read_text(encoding="utf-8")
    guardrail, plan, rest = text.partition(PLAN)
    plan, rehearsal, rest = (plan + rest).partition(REHEARSAL)
    shown, usual = console.played(guardrail), console.environ
    console.environ = {**usual, **new_to_pypi}
    shown += console.played(plan)
    console.environ = usual
    shown += console.played(rehearsal + rest)
    if os.environ.get(REWRITE):
        PAGE.write_text(shown, encoding="utf-8")
    assert "Rehearsed " in shown
    assert without_what_varies(shown) == without_what_varies(PAGE.read_text(encoding="utf-8"))
