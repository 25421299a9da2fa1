"""Groups whose published members would not fit a release come along, or it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.context import ROOT, FileTree

from release_sync.fixes.version_edits import edits
from release_sync.plan.together import fit_together, needed_along, pulled_along
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.workspace.model import Requirement, Workspace


@dataclass
class AsItIs:
    """Of each member one version is published, the one that it has."""

    workspace: Workspace

    def versions(self, name: str) -> list[str]:
        """Return it."""
        return [self.workspace.member(name).version or ""]

    def requires(self, name: str, version: str) -> tuple[Requirement, ...]:
        """Return what it requires."""
        assert [version] == self.versions(name)
        return self.workspace.member(name).requirements


def laid_out(needs: Mapping[str, tuple[str, ...]]) -> FileTree:
    """Return a workspace of independent members at 1.0, each with what it requires."""
    settings = f'{ROOT}pin = "any"\nindependent = {[*needs]}\n'
    files = {"pyproject.toml": settings.encode()}
    for name, said in needs.items():
        files[f"packages/{name}/pyproject.toml"] = (
            f'[build-system]\nrequires = ["b"]\n[project]\nname = "{name}"\nversion = "1.0"\n'
            f"dependencies = {[*said]}\n"
        ).encode()
    return FileTree(files)


def edited(tree: FileTree, workspace: Workspace, versions: Mapping[str, str]) -> Workspace:
    """Return the workspace with the edits of these versions."""
    made = {edit.path: edit.after for edit in edits(workspace, tree, versions)}
    return read(FileTree({**tree._files, **made}))  # noqa: SLF001 - a dictionary is all it is


def along(
    needs: Mapping[str, tuple[str, ...]], *released: str, version: str = "1.1"
) -> list[tuple[str, list[str]]]:
    """Return which groups have to come along with some, and what leads to them."""
    tree = laid_out(needs)
    workspace, to = read(tree), dict.fromkeys(released, version)
    then, published = edited(tree, workspace, to), AsItIs(workspace)
    found = needed_along(workspace, then, to, published)
    reasons = [(need.group, [one.text for one in need.chain]) for need in found]
    assert fit_together(workspace, then, to, published) == (not reasons)
    return reasons


def test_who_is_needed_and_excludes_the_release_has_to_come_along() -> None:
    two = {"api": ("sdk==1.0",), "sdk": ("api==1.0",)}
    assert along(two, "api") == [("sdk", ["sdk==1.0", "api==1.0"])]
    assert along(two, "api", "sdk") == []


def test_a_range_that_admits_it_holds_nobody_back() -> None:
    assert along({"api": ("sdk==1.0",), "sdk": ("api~=1.0",)}, "api") == []
    assert along({"api": ("sdk==1.0",), "sdk": ("api~=1.0",)}, "api", version="2.0") == [
        ("sdk", ["sdk==1.0", "api~=1.0"])
    ]
    assert along({"api": ("sdk==1.0",), "sdk": ("api",)}, "api", version="2.0") == []


def test_who_only_requires_the_release_need_not_come_along() -> None:
    assert along({"api": (), "sdk": ("api==1.0",)}, "api") == []


def test_a_long_way_round_is_found() -> None:
    ring = {"api": ("mid",), "mid": ("far>=1",), "far": ("api==1.0",)}
    assert along(ring, "api") == [("far", ["mid", "far>=1", "api==1.0"])]


def test_whose_pins_break_is_pulled_along_and_so_on() -> None:
    needs = {
        "low": (),
        "mid": ("low==1.0",),
        "top": ("mid==1.0",),
        "loose": ("low>=1.0",),
        "aside": (),
    }
    workspace = read(laid_out(needs))

    def along(group: str, *released: str) -> dict[str, str]:
        return pulled_along(workspace, {group: "1.1"}, lambda _: "1.0.1", lambda _: released)

    assert along("low", "1.0") == {"low": "1.1", "mid": "1.0.1", "top": "1.0.1"}
    assert along("top", "1.0") == {"top": "1.1"}
    assert along("top", "0.9") == {"top": "1.1", "mid": "1.0.1", "low": "1.0.1"}
    assert along("loose", "0.9", "2.0") == {"loose": "1.1"}
    assert along("aside") == {"aside": "1.1"}
