"""What the changelogs of a group say of a version, whoever keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.context import CHAIN, FileTree
from tests.fakes.trains import TRAINS

from release_sync.trees.edited import EditedTree
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.changelogs.entries import entries

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

KEEP = b"## [Unreleased]\n\n- Soon\n\n## [1.3.0] - 2026-11-24\n\n### Added\n\n- Lanes\n"


def said(files: dict[str, bytes], version: str) -> list[tuple[str, str, str]]:
    found = entries(FileTree({**CHAIN, **files}), "default", version)
    return [(one.member, one.path, one.text) for one in found]


def test_what_has_no_section_of_its_own_is_what_is_unreleased() -> None:
    files = {"CHANGELOG.md": KEEP}
    assert said(files, "1.3") == [("", "CHANGELOG.md", "### Added\n\n- Lanes")]
    assert said(files, "1.4.0rc1") == [("", "CHANGELOG.md", "- Soon")]
    assert said({"CHANGELOG.md": KEEP.replace(b"- Soon", b"")}, "1.4") == []
    assert said({}, "1.3") == []


def test_a_group_has_the_changelogs_of_its_members_and_one_of_them_the_root() -> None:
    files = {"packages/api/NEWS.md": KEEP, "packages/shim/HISTORY.md": KEEP, "CHANGES.md": KEEP}
    tree = FileTree({**TRAINS, **files})
    found = {name: entries(tree, name, "1.3.0") for name in ("default", "unstable", "none")}
    assert {name: [(one.member, one.path) for one in many] for name, many in found.items()} == {
        "default": [("", "CHANGES.md"), ("api", "packages/api/NEWS.md")],
        "unstable": [("shim", "packages/shim/HISTORY.md")],
        "none": [],
    }


def test_what_towncrier_collects_is_found_in_one_file_or_in_one_for_each_version() -> None:
    news = b"acme 1.3.0 (2026-11-24)\n=======================\n\n- Lanes\n"
    table = CHAIN["pyproject.toml"] + b"[tool.towncrier]\n"
    files = {"pyproject.toml": table, "NEWS.rst": news}
    assert said(files, "1.3.0") == [("", "NEWS.rst", "- Lanes")]
    table += b'single_file = false\nfilename = "docs/{version}.rst"\n'
    files = {"pyproject.toml": table, "docs/1.3.0.rst": news, "docs/new": news}
    assert said(files, "1.3.0") == [("", "docs/1.3.0.rst", "- Lanes")]

    at_the_root = table.replace(b"docs/", b"")
    files = {"pyproject.toml": at_the_root, "1.3.0.rst": news, "1.rst/x.rst": news, "x.rst": b""}
    assert said(files, "1.3.0") == [("", "1.3.0.rst", "- Lanes")]
    odd = CHAIN["pyproject.toml"] + b'[tool.towncrier]\nfilename = "NEWS[1].rst"\n'
    files = {"pyproject.toml": odd, "NEWS[1].rst": news, "NEWS1.rst": news}
    assert said(files, "1.3.0") == [("", "NEWS[1].rst", "- Lanes")]

    before, path = FileTree({**CHAIN, "pyproject.toml": table}), "docs/1.3.0.rst"
    after = EditedTree(before, {path: news})
    assert [one.path for one in entries(after, "default", "1.3.0", [path, "x.rst"])] == [path]


def test_a_link_in_a_members_folder_is_no_changelog_of_its_own(green: SmallWorkspace) -> None:
    green.write("CHANGELOG.md", KEEP.decode())
    (green.root / "packages/low/CHANGELOG.md").symlink_to("../../CHANGELOG.md")
    (found,) = entries(WorkingTree(str(green.root)), "default", "1.3.0")
    assert (found.member, found.path) == ("", "CHANGELOG.md")
