"""How the changelogs of each group are kept, where a style is set, and where none is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import CHAIN, ROOT, FileTree, member

from release_sync.errors import Unreadable
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.changelogs.kept import KEEP, NOT_KEPT, OFF, Kept, is_dated, kept, owner
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from pathlib import Path

UNRELEASED = "## Unreleased\n"


def found(style: str, group: str = "default", **files: str) -> Kept:
    """Return how a group of ``mid`` and ``top``, beside an independent ``low``, keeps its own."""
    root = ROOT.replace("[tool.release-sync]", '[tool.release-sync]\nindependent = ["low"]')
    root += f"[tool.release-sync.changelog]\n{style}\n"
    given = {"pyproject.toml": root + files.pop("root", "")}
    given |= {f"packages/{name}/pyproject.toml": member(name) for name in ("low", "mid", "top")}
    tree = FileTree({path: text.encode() for path, text in {**given, **files}.items()})
    workspace = read(tree)
    return kept(workspace, tree, workspace.group(group))


def test_a_group_without_a_changelog_of_its_own_has_none() -> None:
    there = {"CHANGELOG.md": UNRELEASED}
    for style in ("", 'style = "keep-a-changelog"'):
        assert found(style, **there) == Kept(KEEP, ("CHANGELOG.md",), ("CHANGELOG.md",))
        assert found(style, "low", **there).files == ()
    towncrier = 'style = "towncrier"'
    configured = {"root": '[tool.towncrier]\ndirectory = "news"\n'}
    assert found(towncrier, **configured).files == ("NEWS.rst",)
    assert found(towncrier, "low", **configured) == NOT_KEPT
    own = {"packages/low/towncrier.toml": "[tool.towncrier]\n"}
    assert found(towncrier, "low", **configured, **own).files == ("packages/low/NEWS.rst",)


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ('style = "keep-a-changelog"', 'CHANGELOG.md has no heading "Unreleased"'),
        ('files = ["docs/x.md"]\nstyle = "keep-a-changelog"', 'docs/x.md has no heading "Unrel'),
        ('style = "towncrier"', "there is no \\[tool.towncrier\\]"),
    ],
)
def test_what_is_set_has_to_be_there(style: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        found(style)


def test_files_that_are_named_count_for_their_groups_alone() -> None:
    style = 'files = ["packages/low/x.md"]\nstyle = "keep-a-changelog"'
    assert found(style) == Kept(KEEP)
    with pytest.raises(Unreadable, match=r"packages/low/x\.md has no heading"):
        found(style, "low")


def test_changes_are_those_of_a_group_and_say_something_or_not() -> None:
    def changes(level: str, *, members: str = "") -> str:
        return f"---\nlevel: {level}\n{members}---\n\nLanes.\n"

    of_low = changes("minor", members="members: [low]\n")
    files = {".changes/a.md": of_low, ".changes/b.md": changes("none")}
    low, rest = found("", "low", **files), found("", **files)
    assert ([one.path for one in low.changes], low.empty, low.level) == (
        [".changes/a.md"], (), "minor",
    )  # fmt: skip
    assert ([one.path for one in rest.changes], rest.empty, rest.level) == (
        [".changes/b.md"], (".changes",), "",
    )  # fmt: skip
    with pytest.raises(Unreadable, match=r"\.changes/c\.md: it has no level"):
        found("", **files, **{".changes/c.md": "---\nmembers: [low]\n---\n\nx\n"})


def test_a_member_without_fragments_is_empty() -> None:
    configured = {"root": '[tool.towncrier]\ndirectory = "news"\n'}
    assert found("", **configured).empty == ("NEWS.rst",)
    assert found("", **configured, **{"news/1.feature": "Lanes."}).empty == ()


@pytest.mark.parametrize(
    ("version", "is_so"), [("0.1.11", True), ("0.1.11rc1", False), ("0.1.10", False)]
)
def test_a_section_is_made_for_a_final_version_that_is_new(version: str, *, is_so: bool) -> None:
    workspace = read(FileTree(CHAIN))
    assert is_dated(workspace, workspace.group("default"), version) is is_so


def test_no_section_is_made_where_the_tag_is_the_version() -> None:
    text = """
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
[project]
name = "a"
dynamic = ["version"]
[tool.hatch.version]
source = "vcs"
"""
    workspace = read(FileTree({"pyproject.toml": text.encode()}))
    assert not is_dated(workspace, workspace.group("default"), "1.0")


def test_files_of_other_names_are_named() -> None:
    files = 'files = ["docs/x.md", "packages/low/x.md"]'
    there = dict.fromkeys(("docs/x.md", "packages/low/x.md", "CHANGELOG.md"), UNRELEASED)
    assert found(files, **there).files == ("docs/x.md",)
    assert found(files, "low", **there).files == ("packages/low/x.md",)
    assert found("", "low", **there).style == OFF


def test_a_file_is_of_the_nearest_member() -> None:
    tree = FileTree(
        {
            "pyproject.toml": b'[tool.uv.workspace]\nmembers = ["a", "a/b", "c"]\n',
            "a/pyproject.toml": member("a").encode(),
            "a/b/pyproject.toml": member("b").encode(),
            "c/pyproject.toml": b'[project]\nname = "c"\nversion = "1"\n',
        }
    )
    workspace = read(tree)
    places = ("x.md", "a/x.md", "a/b/x.md", "ab/x.md", "c/x.md")
    members, groups = zip(*(owner(workspace, path) for path in places), strict=True)
    assert members == ("", "a", "b", "", "c")
    assert groups == ("default", "default", "default", "default", "")


def test_a_link_is_no_changelog_of_its_own_and_is_not_written(tmp_path: Path) -> None:
    def look(style: str = "") -> Kept:
        (tmp_path / "pyproject.toml").write_text(f"{ROOT}[tool.release-sync.changelog]\n{style}\n")
        tree = WorkingTree(str(tmp_path))
        workspace = read(tree)
        return kept(workspace, tree, workspace.group("default"))

    for name in ("low", "mid", "top"):
        (tmp_path / "packages" / name).mkdir(parents=True)
        (tmp_path / "packages" / name / "pyproject.toml").write_text(member(name))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "new.md").write_text(UNRELEASED)
    link = tmp_path / "CHANGELOG.md"
    link.symlink_to("docs/new.md")
    for style in ("", 'style = "changes"', 'files = ["CHANGELOG.md"]'):
        with pytest.raises(Unreadable, match=r"^CHANGELOG\.md is a link, which no release writes"):
            look(style)
    assert look('files = ["docs/new.md"]').files == ("docs/new.md",)
    assert look('style = "off"').files == ("CHANGELOG.md",)
    own = tmp_path / "packages" / "low" / "CHANGELOG.md"
    own.write_text(f"{UNRELEASED}\n- Lanes.\n")
    link.unlink()
    link.symlink_to("packages/low/CHANGELOG.md")
    assert look() == Kept(KEEP, ("packages/low/CHANGELOG.md",))


def test_what_is_unreleased_stands_in_one_place() -> None:
    text = "# A\n\n## Unreleased\n\n### Unreleased too\n\n## [1.0]\n"
    assert found("", **{"CHANGELOG.md": text}).style == KEEP
    with pytest.raises(Unreadable, match=r'has the heading "Unreleased" in the lines 3, 9$'):
        found("", **{"CHANGELOG.md": f"{text}\n## [Unreleased]\n\n- x\n"})
