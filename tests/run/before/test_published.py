"""What is published of other groups decides whether one can be released alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import ROOT
from tests.fakes.world import MAIN
from tests.run import story as stories
from tests.run.story import Kind, Story
from tests.run.told import commit, publishing, told

from release_sync.errors import Several
from release_sync.plan.facts import Request

if TYPE_CHECKING:
    from release_sync.errors import Problem


def manifest(name: str, version: str, *needs: str) -> bytes:
    sources = "".join(f"{one[:3]} = {{ workspace = true }}\n" for one in needs)
    return (
        f'[build-system]\nrequires = ["b"]\n[project]\nname = "{name}"\nversion = "{version}"\n'
        f"dependencies = {[*needs]}\n[tool.uv.sources]\n{sources}"
    ).encode()


def story(monkeypatch: pytest.MonkeyPatch, settings: str = "") -> Story:
    """Return a story of ``api`` and ``sdk``, which needs ``lab`` of another group, released."""
    root = (
        f'{ROOT}pin = "compatible"\n{settings}\n'
        '[tool.release-sync.groups.unstable]\nmembers = ["lab"]\n'
    )
    files = {
        "pyproject.toml": root.encode(),
        "packages/api/pyproject.toml": manifest("api", "1.0.0"),
        "packages/sdk/pyproject.toml": manifest("sdk", "1.0.0", "api~=1.0.0", "lab>=0.1"),
        "packages/lab/pyproject.toml": manifest("lab", "0.1.0", "api>=1.0,<1.1"),
    }
    monkeypatch.setattr(stories, "KIND", Kind(files=files))
    one = Story()
    assert told(one, publishing(Request(every=True))).problem is None
    return one


def widened(one: Story, version: str = "") -> None:
    """Let ``lab`` admit any ``api`` below 2, and have a version, which nobody releases."""
    path = "packages/lab/pyproject.toml"
    text = one.remote.objects.trees[one.remote.refs[MAIN]][path]
    text = text.replace(b"<1.1", b"<2").replace(b'"0.1.1"', f'"{version or "0.1.1"}"'.encode())
    path_of_sdk = "packages/sdk/pyproject.toml"
    sdk = one.remote.objects.trees[one.remote.refs[MAIN]][path_of_sdk]
    commit(one, path_of_sdk, sdk.replace(b"api~=1.0", b"api>=1.0"))
    one.here.git.refs[MAIN] = commit(one, path, text)


def refused(one: Story, unreleased: frozenset[str]) -> list[Problem]:
    """Return why 1.1 of the one group is not released alone."""
    heard = told(one, publishing(Request("default", ("minor",))), unreleased=unreleased)
    if heard.problem is None:
        return []
    assert isinstance(heard.problem, Several)
    return [*heard.problem.problems]


@pytest.mark.parametrize(("settings", "version"), [("", ""), ("", "0.2.0"), ('after = "dev"', "")])
def test_what_admits_a_release_only_in_the_files_does_not_help_it(
    settings: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = story(monkeypatch, settings)
    widened(one, version)
    (problem,) = refused(one, frozenset({"lab==0.2.0"}))
    assert problem.message == (
        "sdk requires lab>=0.1, and that requires api>=1.0,<1.1, which excludes this release: sdk"
        " could not be installed without a release of unstable"
    )
    assert "--group default --group unstable" in problem.hint


def test_what_an_index_has_without_a_tag_does(monkeypatch: pytest.MonkeyPatch) -> None:
    one = story(monkeypatch)
    widened(one, "0.2.0")
    assert refused(one, frozenset()) == []


def test_what_is_released_already_needs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    one = story(monkeypatch, 'after = "dev"')
    pin = manifest("lab", "0.1.2.dev0", "api==1.0.2.dev0")
    one.here.git.refs[MAIN] = commit(one, "packages/lab/pyproject.toml", pin)
    unreleased = frozenset({"api==1.0.2.dev0", "api==1.0.3.dev0"})
    assert told(one, publishing(Request(every=True)), unreleased=unreleased).problem is None
    alone = publishing(Request(group="unstable"))
    assert told(one, alone, unreleased=unreleased).labels == ["Nothing"]
