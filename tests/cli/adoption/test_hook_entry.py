"""The hook is added to every configuration that is there, and lacks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.cli.adoption.hook_entry import with_entries
from release_sync.cli.adoption.surroundings import surroundings

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

URL = "https://example.com/release-sync"


def added(workspace: SmallWorkspace) -> list[str]:
    """Return the files that get the hook."""
    around = surroundings(str(workspace.root))
    changes = list(with_entries(around, URL, "v1"))
    for one in changes:
        workspace.write(one.path, one.after)
    return [one.path for one in changes]


def test_each_configuration_that_is_there_gets_the_hook_once(green: SmallWorkspace) -> None:
    green.commit()
    green.write("prek.toml", "")
    assert added(green) == ["prek.toml"]
    assert added(green) == []
    green.write(".pre-commit-config.yaml", "repos: []\n")
    assert added(green) == [".pre-commit-config.yaml"]
    assert added(green) == []


def test_that_pre_commit_installs_nothing_is_said(green: SmallWorkspace) -> None:
    green.commit()
    green.git("config", "core.hooksPath", ".githooks")
    (change,) = with_entries(surroundings(str(green.root)), URL, "v1")
    assert change.lines[1].startswith("  core.hooksPath is .githooks: ")
