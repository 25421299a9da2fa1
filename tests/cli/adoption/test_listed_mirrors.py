"""Files that another tool's configuration lists are proposed as mirrors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import ROOT

from release_sync.cli.adoption.proposal import propose
from release_sync.cli.adoption.surroundings import Surroundings
from release_sync.cli.adoption.trial import tried
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.small_workspace import SmallWorkspace

README = "# It\n\nInstall `top@1.0` now.\n"
CHART = "apiVersion: v2\nname: top\nversion: 1.0\nappVersion: 1.0\n"


def mirrors(workspace: SmallWorkspace) -> list[Mapping[str, str]]:
    """Return the mirrors that are proposed; the check must agree with them."""
    tree = WorkingTree(str(workspace.root))
    settings = propose(tree, Surroundings(branch="main")).settings
    assert tried(tree, settings).findings == ()
    return [
        one
        for setting in settings
        if setting.key == "mirrors"
        for one in setting.value
        if not isinstance(one, str)
    ]


@pytest.mark.parametrize(
    ("path", "text", "pattern"),
    [
        (
            "pyproject.toml",
            '[tool.bumpversion]\nsearch = "@{current_version}"\nfiles = [{filename = "README.md"}]',
            "@{version}",
        ),
        (
            ".bumpversion.toml",
            '[[tool.bumpversion.files]]\nfilename = "README.md"\n',
            "Install `top@{version}`",
        ),
        (
            "pyproject.toml",
            '[tool.commitizen]\nversion_files = ["README.md:Install", "pyproject.toml:version"]\n',
            "Install `top@{version}`",
        ),
        ("tbump.toml", '[[file]]\nsrc = "README.md"\n', "Install `top@{version}`"),
        (
            "tbump.toml",
            '[[file]]\nsrc = "README.md"\nsearch = "`top@{current_version}`"\n',
            "`top@{version}`",
        ),
    ],
)
def test_a_listed_file_is_a_mirror(
    green: SmallWorkspace, path: str, text: str, pattern: str
) -> None:
    green.write("README.md", README)
    green.write(path, (ROOT if path == "pyproject.toml" else "") + text)
    assert mirrors(green) == [{"path": "README.md", "pattern": pattern}]


def test_a_members_own_file_repeats_its_own_version(green: SmallWorkspace) -> None:
    green.write("packages/low/Chart.yaml", CHART)
    green.write("tbump.toml", '[[file]]\nsrc = "packages/low/Chart.yaml"\n')
    (mirror,) = mirrors(green)
    assert mirror == {
        "path": "packages/low/Chart.yaml",
        "pattern": "version: {version}",
        "member": "low",
    }


def test_what_can_be_no_mirror_is_told(green: SmallWorkspace) -> None:
    green.write("VERSION", "1.0\n")
    green.write("OTHER", "it is 1.0.1, or 11.0\n")
    files = "".join(f'[[file]]\nsrc = "{name}"\n' for name in ("VERSION", "OTHER", "gone", "../x"))
    green.write("tbump.toml", files)
    assert mirrors(green) == []
    found = propose(WorkingTree(str(green.root)), Surroundings(branch="main"))
    assert [one.partition(",")[0] for one in found.remarks] == ["VERSION", "OTHER"]


def test_files_that_are_read_anyway_are_not_named(green: SmallWorkspace) -> None:
    green.write("src/top/__init__.py", '__version__ = "1.0"\n')
    names = ["src/top/__init__.py", "pyproject.toml", "packages/low/pyproject.toml"]
    green.write("pyproject.toml", f"{ROOT}[tool.commitizen]\nversion_files = {names}\n")
    assert mirrors(green) == []


def test_drift_in_a_listed_file_is_found_at_once(green: SmallWorkspace) -> None:
    green.write("README.md", README.replace("1.0", "0.9"))
    green.write("tbump.toml", '[[file]]\nsrc = "README.md"\nsearch = "top@{current_version}"\n')
    tree = WorkingTree(str(green.root))
    (finding,) = tried(tree, propose(tree, Surroundings(branch="main")).settings).findings
    assert (finding.code, finding.path, finding.line) == ("RS102", "README.md", 3)
