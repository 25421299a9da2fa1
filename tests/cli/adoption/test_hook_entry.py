"""The hook is added to every configuration that is there, and lacks it."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from release_sync.cli.adoption.hook_entry import outdated, with_entries
from release_sync.cli.adoption.surroundings import surroundings
from release_sync.errors import Problem

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

URL = "https://example.com/release-sync"


def added(workspace: SmallWorkspace) -> list[str]:
    """Return the files that get the hook."""
    around = surroundings(str(workspace.root))
    changes = list(with_entries(around, f"{URL}@v1"))
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


CONFIGURATIONS = {
    ".pre-commit-config.yaml": (
        "repos:\n  - {repo: https://example.com/it, rev: v0.1.0, hooks: [{id: it}]}\n"
        f"  - repo: {URL}\n    rev: REV # ours\n    hooks: [{{id: release-sync-fix}}]\n"
    ),
    "prek.toml": (
        '[[repos]]\nrepo = "https://example.com/it"\nrev = "v0.1.0"\nhooks = [{ id = "it" }]\n'
        f'[[repos]]\nrepo = "{URL}"\nrev = \'REV\'\nhooks = [{{ id = "release-sync" }}]\n'
    ),
}


@pytest.mark.parametrize("path", CONFIGURATIONS)
def test_an_older_hook_is_drift_and_gets_the_revision_of_this_version(
    green: SmallWorkspace, path: str
) -> None:
    green.commit()
    text = CONFIGURATIONS[path]
    around = surroundings(str(green.root))
    tag = f"v{version('release-sync')}"
    green.write(path, text.replace("REV", "v0.1.0"))
    (change,) = outdated(around)
    assert change.after.decode() == text.replace("REV", tag)
    (change,) = with_entries(around, f"{URL}@v0.1.5")
    assert change.after.decode() == text.replace("REV", "v0.1.5")
    assert change.lines == (f"{path}: the hook is at v0.1.5, no more at v0.1.0",)
    for rev in (tag, "v99.0", "abcdef1", "0.1.0"):
        green.write(path, text.replace("REV", rev))
        assert [*outdated(around), *with_entries(around, URL)] == []
    with pytest.raises(Problem, match="has the hook already, of https"):
        list(with_entries(around, "https://example.com/other@v1"))


def test_a_hook_of_ones_own_never_drifts(green: SmallWorkspace) -> None:
    green.commit()
    local = "repos:\n  - repo: local\n    hooks:\n      - id: release-sync\n        rev: v0.1.0\n"
    for text in (local, "repos: {}\n", "- odd: release-sync\n", "{\n"):
        green.write(".pre-commit-config.yaml", text)
        assert list(outdated(surroundings(str(green.root)))) == []


def test_that_pre_commit_installs_nothing_is_said(green: SmallWorkspace) -> None:
    green.commit()
    green.git("config", "core.hooksPath", ".githooks")
    (change,) = with_entries(surroundings(str(green.root)), f"{URL}@v1")
    assert change.lines[1].startswith("  core.hooksPath is .githooks: ")
