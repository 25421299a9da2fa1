"""What only one system has is asked for in one place; docs/platforms.md lists these places."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[2]
SOURCE = HERE / "src" / "release_sync"
ROOM = "src/release_sync/effects/isolation"

LINUX = frozenset({"linux", "ctypes", "prctl", "unshare", "setns", "getxattr", "pidfd_open"})
"""Words by which code asks for Linux, or for what only Linux has."""

WINDOWS = frozenset({"win32", "O_BINARY"})
ON_WINDOWS = frozenset(
    {
        "src/release_sync/trees/system.py",
        "src/release_sync/trees/failures.py",
        "src/release_sync/backends/regex_timeout.py",
        "src/release_sync/cli/main.py",
        "src/release_sync/cli/platforms.py",
    }
)
"""Where Windows is asked for: all of the guardrail, or to say that there is no release there."""

UNIX = frozenset(
    {"fcntl", "fork", "posix_spawnp", "O_NOFOLLOW", "O_NONBLOCK", "SIGALRM", "termios"}
)
ON_UNIX = ("src/release_sync/effects/", "src/release_sync/cli/", *sorted(ON_WINDOWS))


def words(file: Path) -> Iterator[str]:
    """Yield names, attributes and imported modules, and what a file compares its system with."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name):
                yield name
            case ast.Compare(
                left=ast.Attribute(attr="platform"), comparators=[ast.Constant(value=str(name))]
            ):
                yield name
            case ast.Constant(value=str(text)) if text.startswith("/proc"):
                yield "/proc"
            case ast.Import(names=names):
                yield from (one.name for one in names)


def users(asked: frozenset[str]) -> set[str]:
    """Return the files that use one of some words."""
    return {path for path, found in every().items() if asked & found}


@cache
def every() -> dict[str, set[str]]:
    """Return the words of each file."""
    return {str(file.relative_to(HERE)): {*words(file)} for file in SOURCE.rglob("*.py")}


def test_what_only_linux_has_is_called_in_one_room() -> None:
    layers = "src/release_sync/effects/build/layers.py"  # reads what that room laid over
    assert {one for one in users(LINUX | {"/proc"}) if not one.startswith(ROOM)} == {layers}


def test_windows_is_asked_for_where_it_is_listed() -> None:
    assert users(WINDOWS) == ON_WINDOWS


@pytest.mark.parametrize("word", sorted(UNIX))
def test_the_guardrail_asks_for_nothing_that_windows_lacks(word: str) -> None:
    assert not {one for one in users(frozenset({word})) if not one.startswith(ON_UNIX)}
