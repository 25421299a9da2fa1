"""Only settings of a release are compared, and each that differs is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import ROOT

from release_sync.effects.uncommitted import uncommitted
from release_sync.toml.manifest import MANIFEST, parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.small_workspace import SmallWorkspace

TABLE = '[tool.release-sync]\nindex = "inner"\n'
INDEX = '[[tool.uv.index]]\nname = "inner"\nurl = "https://a.example/simple"\n'


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", TABLE, ("tool.release-sync",)),
        ("", TABLE + INDEX, ("tool.release-sync", "tool.uv.index")),
        ("", "[tool.release-sync]\n", ()),
        (TABLE, f"# a comment\n{TABLE}", ()),
        (TABLE, 'wait = 1\n"x" = ', (MANIFEST,)),
        (TABLE, TABLE + "wait = 1\n", ("tool.release-sync.wait",)),
        (TABLE, "", ("tool.release-sync.index",)),
        (TABLE + INDEX, TABLE, ("tool.uv.index",)),
        ("", '[tool.other]\nindex = "inner"\n', ()),
    ],
)
def test_what_differs_is_named(
    make: Callable[..., SmallWorkspace], before: str, after: str, found: tuple[str, ...]
) -> None:
    workspace = make({MANIFEST: f"{ROOT}{after}"})
    committed = parsed(MANIFEST, f"{ROOT}{before}".encode())
    assert uncommitted(committed, str(workspace.root)) == found


def test_where_nothing_is_on_disk_everything_is_other(
    make: Callable[..., SmallWorkspace],
) -> None:
    committed = parsed(MANIFEST, f"{ROOT}{TABLE}".encode())
    assert uncommitted(committed, str(make().root)) == ("tool.release-sync.index",)
