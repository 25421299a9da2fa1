"""What is proposed for real workspaces, and for what git says about a repository."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from release_sync.cli.adoption.manifest import rendered, with_table
from release_sync.cli.adoption.proposal import Proposal, Setting, propose
from release_sync.cli.adoption.surroundings import Surroundings
from release_sync.errors import Problem
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from pathlib import Path

AROUND = Surroundings(top="/", remotes=("origin",), branch="main")
ROOT = """\
[project]
name = "top"
version = "1.0"
dependencies = ["low"]

[build-system]
requires = []

[tool.uv.workspace]
members = ["packages/*"]
"""
LOW = '[project]\nname = "low"\nversion = "1.0"\n[build-system]\nrequires = []\n'


def proposed(root: Path, around: Surroundings = AROUND) -> Proposal:
    return propose(read(WorkingTree(str(root))), around)


def made(root: Path, **files: str) -> Path:
    for name, text in {"top": ROOT, "low": LOW, **files}.items():
        folder = root if name == "top" else root / "packages" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return root


def settings(proposal: Proposal) -> dict[str, str | tuple[str, ...]]:
    return {one.key: one.value for one in proposal.settings}


def test_a_workspace_without_a_default_group_needs_no_setting(tmp_path: Path) -> None:
    tagged = (
        '[project]\nname = "{0}"\ndynamic = ["version"]\n[build-system]\nrequires = []\n'
        "[tool.setuptools_scm]\ntag_regex = '^{0}-(.+)$'\n"
    )
    root = made(
        tmp_path,
        top='[tool.uv.workspace]\nmembers = ["packages/*"]\n',
        low=tagged.format("low"),
        other=tagged.format("other"),
    )
    assert proposed(root) == Proposal((), ())


@pytest.mark.parametrize("name", ["workstack-0.1.10", "workstack-0.1.11", "crewai-1.15.17"])
def test_lockstep_workspaces_need_no_setting(corpus: Path, name: str) -> None:
    assert settings(proposed(corpus / name)) == {}


def test_one_member_apart_is_told_and_not_decided(corpus: Path) -> None:
    found = proposed(corpus / "erk-0.9.11")
    assert settings(found) == {}
    (remark,) = [one for one in found.remarks if "erk-mcp" in one]
    assert 'independent = ["erk-mcp"]' in remark
    assert "--fix" in remark


def test_a_second_lockstep_becomes_a_group_and_the_check_agrees(corpus: Path) -> None:
    found = settings(proposed(corpus / "opentelemetry-1.45"))
    assert list(found) == ["groups.unstable"] or list(found) == ["groups.stable"]
    (members,) = found.values()
    workspace = read(WorkingTree(str(corpus / "opentelemetry-1.45")))
    assert {workspace.member(name).version for name in members} in (
        {"0.66b0.dev"},
        {"1.45.0.dev"},
    )
    assert len(members) >= 3


def test_members_that_say_they_are_private_are_named(corpus: Path) -> None:
    remarks = proposed(corpus / "crewai-1.15.17").remarks
    assert any(one.startswith("never uploaded, as their manifests say: ") for one in remarks)


@pytest.mark.parametrize(
    ("said", "setting"),
    [
        ('"low"', {}),
        ('"low==1.0"', {}),
        ('"low>=0.9"', {"pin": "compatible"}),
        ('"low~=1.0"', {"pin": "compatible"}),
        ('"low>=0.9", "low==1.0; python_version < \'4\'"', {}),
    ],
)
def test_ranges_are_kept_where_nothing_is_pinned(
    tmp_path: Path, said: str, setting: dict[str, str]
) -> None:
    root = made(tmp_path, top=ROOT.replace('"low"', said))
    assert settings(proposed(root)) == setting


def test_the_repositorys_own_names_are_proposed(tmp_path: Path) -> None:
    around = Surroundings(top="/", remotes=("upstream",), branch="trunk")
    found = settings(proposed(made(tmp_path), around))
    assert found == {"branch": "trunk", "remote": "upstream"}


def test_of_several_remotes_none_is_chosen(tmp_path: Path) -> None:
    around = Surroundings(top="/", remotes=("mine", "theirs"), branch="main")
    assert settings(proposed(made(tmp_path), around)) == {}


def test_the_only_index_that_can_be_published_to_is_proposed(tmp_path: Path) -> None:
    index = '[[tool.uv.index]]\nname = "{0}"\nurl = "https://{0}/"\n'
    ours = index.format("ours") + 'publish-url = "https://ours/"\n'
    root = made(tmp_path, top=ROOT + index.format("theirs") + ours)
    assert settings(proposed(root)) == {"index": "ours"}
    made(root, top=ROOT + ours + ours.replace("ours", "third"))
    assert settings(proposed(root)) == {}


SETTINGS = (
    Setting("index", 'a "b" \\ é', "why"),
    Setting("groups.second", ("one", "two"), "why"),
)


@pytest.mark.parametrize(
    "before",
    [
        ROOT,
        ROOT.rstrip("\n"),
        ROOT.replace("\n", "\r\n"),
        "\ufeff" + ROOT,
        ROOT + "# the end",
        ROOT + "[[tool.odd]]\n[tool.odd.x]\n",
        ROOT + "[tool]\n",
    ],
)
def test_the_table_is_added_below_all_that_is_there(before: str) -> None:
    change = with_table(before.encode(), Proposal(SETTINGS, ()))
    assert change.after.startswith(before.encode())
    document = tomllib.loads(change.after.decode().removeprefix("\ufeff"))
    assert document["tool"]["release-sync"] == {
        "index": 'a "b" \\ é',
        "groups": {"second": {"members": ["one", "two"]}},
    }
    assert (b"\r\n" in change.after) is ("\r" in before)
    assert change.after.count(b"\r\n") in {0, change.after.count(b"\n")}


@pytest.mark.parametrize("before", ['tool = { uv = { workspace = { members = ["a"] } } }\n'])
def test_a_manifest_that_no_table_can_be_added_to_is_refused(before: str) -> None:
    with pytest.raises(Problem) as caught:
        with_table(before.encode(), Proposal(SETTINGS, ()))
    assert rendered(SETTINGS) in caught.value.hint
