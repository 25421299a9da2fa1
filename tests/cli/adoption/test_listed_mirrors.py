"""Files that another tool's configuration lists are proposed as mirrors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.command_line import release_sync
from tests.fakes.small_workspace import ROOT

from release_sync.cli.adoption.proposal import propose
from release_sync.cli.adoption.surroundings import Surroundings
from release_sync.cli.adoption.trial import tried
from release_sync.fixes.atomic_write import write
from release_sync.fixes.fix import fixes
from release_sync.guardrail.hook_result import apply_fixes
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.small_workspace import SmallWorkspace

README = "# It\n\nInstall `top@1.0` now.\n"
CHART = "apiVersion: v2\nname: top\nversion: 1.0\nappVersion: 1.0\n"


def mirrors(workspace: SmallWorkspace, *charts: str) -> list[Mapping[str, str]]:
    """Return the mirrors that are proposed; the check must agree with them."""
    tree = WorkingTree(str(workspace.root))
    settings = propose(tree, Surroundings(branch="main", charts=charts)).settings
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
        (
            ".bumpversion.cfg",
            "[bumpversion]\nsearch = @{current_version}\n[bumpversion:file:README.md]\n",
            "@{version}",
        ),
        (
            "setup.cfg",
            "[metadata]\n[bumpversion]\n[bumpversion:file(one):README.md]\nsearch=`top@{current_version}`",
            "`top@{version}`",
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
    green.write("OTHER", "it is 1.0.1, or 11.0\n")
    files = "".join(f'[[file]]\nsrc = "{name}"\n' for name in ("OTHER", "gone", "../x"))
    green.write("tbump.toml", files)
    green.write("setup.cfg", "[bumpversion:file:\n")
    assert mirrors(green) == []
    found = propose(WorkingTree(str(green.root)), Surroundings(branch="main"))
    assert [one.partition(",")[0] for one in found.remarks] == ["OTHER"]


def test_a_text_that_stands_before_other_versions_is_narrowed(green: SmallWorkspace) -> None:
    crate = 'version = "1.0"\n[dependencies]\nx = { version = "0.29" }\n'
    search = "search = 'version = \"{current_version}\"'\n"
    green.write("tbump.toml", f'[[file]]\nsrc = "crate"\n{search}')
    green.write("crate", crate)
    found = propose(WorkingTree(str(green.root)), Surroundings(branch="main"))
    assert found.remarks[0].startswith("crate, which tbump lists, is no mirror")
    green.write("crate", f"[package]\n{crate}")
    assert mirrors(green) == [{"path": "crate", "pattern": '\nversion = "{version}"'}]


def test_the_versions_in_the_settings_of_other_tools_are_mirrors(green: SmallWorkspace) -> None:
    green.write(".bumpversion.cfg", "[bumpversion]\ncurrent_version = 1.0\n")
    green.write(".cz.toml", '[tool.commitizen]\nversion = "1.0"\n')
    green.write("tbump.toml", '[version]\ncurrent = "1.0"\n')
    table = '[tool.bumpversion]\ncurrent_version = "1.0"\n'
    green.write("pyproject.toml", f"{ROOT}{table}")
    found = mirrors(green)
    assert [(one["path"], one["pattern"]) for one in found] == [
        ("pyproject.toml", 'current_version = "{version}"'),
        (".bumpversion.cfg", "current_version = {version}"),
        (".cz.toml", 'version = "{version}"'),
        ("tbump.toml", 'current = "{version}"'),
    ]
    assert release_sync("init", green.root).exit_code == 0
    tree = WorkingTree(str(green.root))
    write(str(green.root), fixes(read(tree), tree, "2.0", "default"))
    for one in found:
        text = (green.root / one["path"]).read_text(encoding="utf-8")
        assert one["pattern"].replace("{version}", "2.0") in text
    assert green.findings() == []


def test_a_file_that_holds_only_the_version_is_a_mirror(green: SmallWorkspace) -> None:
    green.write("VERSION", "1.0\n")
    green.write("version.txt", "1.1\n")
    green.write("packages/low/VERSION", "1.0")
    green.write("tbump.toml", '[[file]]\nsrc = "packages/low/VERSION"\n')
    assert mirrors(green) == [
        {"path": "packages/low/VERSION", "member": "low"},
        {"path": "VERSION"},
    ]
    assert release_sync("init", green.root).exit_code == 0
    green.write("VERSION", " 0.9\n")
    assert green.codes() == ["VERSION:1:2 RS102"]
    apply_fixes(str(green.root))
    assert (green.root / "VERSION").read_text(encoding="utf-8") == " 1.0\n"
    green.write("VERSION", "1.0 or so\n")
    (finding,) = green.findings()
    assert "VERSION does not hold a version, and nothing else" in finding


@pytest.mark.parametrize(
    ("chart", "patterns"),
    [
        ('version: 1.0\nappVersion: "1.0"\n', ["version: {version}", 'appVersion: "{version}"']),
        ("version: 0.1.0\nappVersion: '1.0'\n", ["appVersion: '{version}'"]),
        ("version: 1.0\n", ["version: {version}"]),
        ("version: 1.0\nappVersion: 1.16.0\n", []),
        ("version: 1.0\ndependencies:\n  - name: x\n    version: 2.0\n", []),
    ],
)
def test_a_chart_says_the_version_where_its_application_does(
    green: SmallWorkspace, chart: str, patterns: list[str]
) -> None:
    green.write("charts/top/Chart.yaml", chart)
    found = mirrors(green, "charts/top/Chart.yaml")
    assert [one["pattern"] for one in found] == patterns


def test_files_that_are_read_anyway_are_not_named(green: SmallWorkspace) -> None:
    green.write("src/top/__init__.py", '__version__ = "1.0"\n')
    names = ["src/top/__init__.py", "pyproject.toml", "packages/low/pyproject.toml"]
    green.write("pyproject.toml", f"{ROOT}[tool.commitizen]\nversion_files = {names}\n")
    assert mirrors(green) == []


@pytest.mark.parametrize(
    "listed",
    [
        '[[file]]\nsrc = "README.md"\nsearch = "top@{current_version}"\n',
        '[[file]]\nsrc = "README.md"\n',
    ],
)
def test_drift_in_a_listed_file_is_found_at_once(green: SmallWorkspace, listed: str) -> None:
    green.write("README.md", README.replace("1.0", "0.9"))
    green.write("tbump.toml", listed)
    tree = WorkingTree(str(green.root))
    (finding,) = tried(tree, propose(tree, Surroundings(branch="main")).settings).findings
    assert (finding.code, finding.path, finding.line) == ("RS102", "README.md", 3)


def test_a_root_that_no_release_moves_is_not_whose_version_a_file_repeats(
    make: Callable[..., SmallWorkspace],
) -> None:
    low = '[project]\nname = "low"\nversion = "2.0"\n[build-system]\nrequires = []\n'
    private = ROOT.replace('"low==1.0"', "").replace("[build-system]", "[tool.none]")
    workspace = make(
        {
            "pyproject.toml": private + '[tool.bumpversion]\nfiles = [{filename = "README.md"}]\n',
            "packages/low/pyproject.toml": low,
            "README.md": "Install `low@2.0`.\n",
        }
    )
    assert mirrors(workspace) == [{"path": "README.md", "pattern": "Install `low@{version}`"}]
