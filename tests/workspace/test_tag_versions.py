"""Members whose versions come from tags of their own: groups, versions, and what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import SmallWorkspace

from release_sync.errors import Unreadable
from release_sync.fixes.findings import check
from release_sync.guardrail.cache import is_cached_green
from release_sync.guardrail.hook_result import GREEN, apply_fixes, guard
from release_sync.guardrail.report.formats import summary
from release_sync.trees.commit import CommitTree
from release_sync.trees.index import IndexTree
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = """\
[tool.uv.workspace]
members = ["packages/*"]
[tool.uv.sources]
pa = { workspace = true }
pb = { workspace = true }
[tool.release-sync]
pin = "compatible"
"""
DYNAMIC = """\
[project]
name = "{name}"
dynamic = ["version"]
dependencies = [{needs}]
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.hatch.version]
"""
PREFIXED = """\
source = "uv-dynamic-versioning"
[tool.uv-dynamic-versioning]
pattern-prefix = "{name}-"
"""


def _member(place: SmallWorkspace, name: str, needs: str = "", settings: str = PREFIXED) -> None:
    backend = DYNAMIC.partition("build-backend")[0] if settings.startswith("[") else DYNAMIC
    text = f"{backend}{settings}".replace("{name}", name).replace("{needs}", needs)
    place.write(f"packages/{name}/pyproject.toml", text)


@pytest.fixture
def tagged(make: Callable[..., SmallWorkspace]) -> SmallWorkspace:
    """Return two members with tags of their own, of which the second requires the first."""
    place = make({"pyproject.toml": ROOT})
    _member(place, "pa")
    _member(place, "pb", '"pa>=0.9"')
    place.commit()
    for tag in ("pa-v0.9", "pa-v1.0.0", "pa-v0.10", "pa-vX", "pb-v7.3.0", "v9.0"):
        place.git("tag", tag)
    return place


def test_each_is_a_group_that_has_the_version_of_its_latest_tag(tagged: SmallWorkspace) -> None:
    workspace = tagged.read()
    assert [(one.name, one.members, one.tag) for one in workspace.groups] == [
        ("pa", ("pa",), "pa-v{version}"),
        ("pb", ("pb",), "pb-v{version}"),
    ]
    assert summary(workspace, ()) == "2 packages: pa at 1.0.0, pb at 7.3.0"
    assert workspace.tag("pa", "2.0") == "pa-v2.0"
    assert tagged.findings() == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("pa>=99", "RS203"),
        ("pa<1", "RS203"),
        ("pa==0.9", "RS202"),
        ("pa", "RS201"),
        ("pa~=1.0", ""),
        ("pa==1.0.0", ""),
        ("pa==1.1", ""),
    ],
)
def test_what_requires_one_is_compared_with_its_latest_tag(
    tagged: SmallWorkspace, said: str, code: str
) -> None:
    tagged.replace("packages/pb/pyproject.toml", "pa>=0.9", said)
    assert tagged.codes() == ([f"packages/pb/pyproject.toml:4:17 {code}"] if code else [])
    assert [one for one in tagged.findings() if "latest tag" in one] == [
        one for one in tagged.findings() if code in {"RS202", "RS203"}
    ]
    tagged.git("add", "-A")
    staged = IndexTree(str(tagged.root))
    assert [one.code for one in check(read(staged), staged)] == ([code] if code else [])
    commit = CommitTree(str(tagged.root), "HEAD")
    assert check(read(commit), commit) == ()
    apply_fixes(str(tagged.root))
    assert (tagged.findings() == []) == (said not in {"pa>=99", "pa<1"})


def test_a_tag_on_another_branch_is_no_version_here(tagged: SmallWorkspace) -> None:
    tagged.git("checkout", "-q", "-b", "other")
    tagged.write("news", "")
    tagged.commit()
    tagged.git("tag", "pa-v5.0")
    assert tagged.read().member("pa").version == "5.0"
    tagged.git("checkout", "-q", "main")
    assert tagged.read().member("pa").version == "1.0.0"
    assert read(CommitTree(str(tagged.root), "other")).member("pa").version == "5.0"


def test_a_remembered_verdict_depends_on_the_tags(tagged: SmallWorkspace) -> None:
    for tree in (WorkingTree(str(tagged.root)), IndexTree(str(tagged.root))):
        assert guard(tree) == GREEN
        assert is_cached_green(tree)
    tagged.replace("packages/pb/pyproject.toml", "pa>=0.9", "pa<2")
    assert guard(WorkingTree(str(tagged.root))) == GREEN
    tagged.git("tag", "pa-v2.0")
    assert not is_cached_green(WorkingTree(str(tagged.root)))
    assert guard(WorkingTree(str(tagged.root))).code == 1


def test_what_no_tag_is_here_for_is_said_once_and_is_not_green(
    tagged: SmallWorkspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tagged.write("news", "")
    tagged.commit()
    shallow = SmallWorkspace(tmp_path_factory.mktemp("shallow"))
    shallow.git("clone", "-q", "--depth=1", f"file://{tagged.root}", ".")
    found = guard(WorkingTree(str(shallow.root)))
    assert (found.code, found.stdout) == (2, "")
    assert found.stderr == (
        "2 packages: what requires pa was not looked at: no tag pa-v{version} is reachable here;"
        " run `git fetch --tags`, in a shallow clone with `--unshallow`\n"
    )
    assert not is_cached_green(WorkingTree(str(shallow.root)))
    shallow.replace("packages/pb/pyproject.toml", "pa>=0.9", "pa[x]>=0.9,pb>=1")
    assert guard(WorkingTree(str(shallow.root))).code == 1
    _member(shallow, "pb")
    assert guard(WorkingTree(str(shallow.root))) == GREEN
    tagged.replace("pyproject.toml", "pb = {", "pc = { workspace = true }\npb = {")
    _member(tagged, "pc")
    _member(tagged, "pb", '"pc>=1"')
    found = guard(WorkingTree(str(tagged.root)))
    assert found.code == 0
    assert found.stderr.endswith("pc was not looked at: there is no tag pc-v{version} yet\n")
    assert not is_cached_green(WorkingTree(str(tagged.root)))


def test_groups_are_named_and_have_one_kind_of_tags(tagged: SmallWorkspace) -> None:
    _member(tagged, "pc")
    tagged.write("pyproject.toml", f"{ROOT}groups.pa.members = ['pb']\n")
    with pytest.raises(Unreadable, match=r"pyproject\.toml:\d+:\d+: pa has tags of its own, pa-v"):
        tagged.read()
    tagged.write("pyproject.toml", ROOT)
    _member(tagged, "pc", settings=PREFIXED.replace("{name}", "pa"))
    assert [(one.name, one.members) for one in tagged.read().groups] == [
        ("pa", ("pa", "pc")),
        ("pb", ("pb",)),
    ]
    tagged.write("pyproject.toml", f"{ROOT}groups.all.members = ['pb', 'pa', 'pc']\n")
    assert [(one.name, one.tag) for one in tagged.read().groups] == [("all", "")]
    tagged.write("pyproject.toml", f"{ROOT}independent = ['pb']\n")
    assert [(one.name, one.tag) for one in tagged.read().groups] == [
        ("default", "pa-v{version}"),
        ("pb", "pb-v{version}"),
    ]


def test_a_table_gives_no_tags_beside_those_that_members_are_built_from(
    tagged: SmallWorkspace,
) -> None:
    tagged.write(
        "pyproject.toml", f"{ROOT}groups.x = {{ members = ['pa'], tag = 'x-{{version}}' }}\n"
    )
    with pytest.raises(Unreadable, match=r"members of x are built from tags like pa-v\{version\}"):
        tagged.read()
    tagged.replace("pyproject.toml", "x-{version}", "pa-v{version}")
    assert tagged.read().tag("x", "1.0") == "pa-v1.0"


def test_a_template_does_not_say_the_version_of_another_group(tagged: SmallWorkspace) -> None:
    hook = '[tool.hatch.metadata.hooks.uv-dynamic-versioning]\ndependencies = ["{}"]\n'
    _member(tagged, "pb", settings=f"{PREFIXED}{hook.format('pa=={{ version }}')}")
    (found,) = tagged.findings()
    assert "RS202 pa is given the version of pb, and is not in its group" in found
    _member(tagged, "pb", settings=PREFIXED.replace("{name}", "pa") + hook.format("pa>=99"))
    assert [one.split(" ")[-1] for one in tagged.codes()] == ["RS203"]


def test_tags_that_can_not_be_elsewhere_are_not_missed(
    make: Callable[..., SmallWorkspace], tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = make({"pyproject.toml": ROOT})
    _member(place, "pa")
    _member(place, "pb", '"pa>=0.9"')
    tree = WorkingTree(str(place.root))
    assert guard(tree).code == 2  # it is no repository
    place.git("init", "-q")
    for when in ("before the first commit", "after it"):
        place.write("news", when)
        found = guard(tree)
        assert found.code == 0
        assert found.stderr.endswith("pa was not looked at: there is no tag pa-v{version} yet\n")
        place.commit()
    clone = SmallWorkspace(tmp_path_factory.mktemp("clone"))
    clone.git("clone", "-q", str(place.root), ".")
    assert guard(WorkingTree(str(clone.root))).code == 2
    place.git("tag", "pa-v1.0")
    clone.git("fetch", "-q", "--tags")
    assert guard(WorkingTree(str(clone.root))) == GREEN


def test_members_with_versions_are_held_to_the_tag_and_beside_them_none_is_missed(
    tagged: SmallWorkspace,
) -> None:
    _member(tagged, "pa", settings='source = "vcs"\n')
    static = '[project]\nname = "{}"\nversion = "1.0"\ndependencies = ["pa>=0.9"]\n'
    tagged.write(
        "packages/pb/pyproject.toml", static.format("pb") + "[build-system]\nrequires = []\n"
    )
    behind = "RS101 pb is at 1.0, but the workspace is at 9.0 (its latest tag)"
    assert tagged.findings() == [f"packages/pb/pyproject.toml:3:11: {behind}"]
    tagged.git("tag", "-d", "v9.0")
    assert guard(WorkingTree(str(tagged.root))) == GREEN
    assert summary(tagged.read(), ()) == "2 packages: in lockstep at 1.0"
    tagged.replace("packages/pb/pyproject.toml", "pa>=0.9", "pa>=99")
    assert [one.partition(" ")[2] for one in tagged.codes()] == ["RS203"]
    tagged.write("packages/pb/pyproject.toml", static.format("pb"))
    tagged.replace(
        "packages/pa/pyproject.toml",
        "[build-system]",
        "classifiers = ['Private :: x']\n[build-system]",
    )
    assert guard(WorkingTree(str(tagged.root))) == GREEN


VCS = 'source = "vcs"\n'
COMMAND = '["git", "describe", "--long", "--match", "core/v*"]'
SETTINGS = {
    f"{VCS}tag-pattern = '^core-v(?P<version>.+)$'\n": "core-v{version}",
    f"{VCS}raw-options.tag_regex = '^core\\-(?P<version>[vV]?\\d+)$'\n": "core-{version}",
    f"{VCS}raw-options = {{ root = '../..', git_describe_command = {COMMAND} }}\n": (
        "core/v{version}"
    ),
    (
        f"{VCS}raw-options.tag_regex = '^(?:core/v|v)(?P<version>.+)$'\n"
        "raw-options.scm.git.describe_command = 'git describe --match=\"core/v[0-9]*\"'\n"
    ): "core/v{version}",
    f"{VCS}raw-options.tag_regex = '^core-v?(?P<version>.+)$'\n": "core-{version}",
    "[tool.setuptools_scm]\ntag.regex = '^core/(?P<version>.+)$'\n": "core/{version}",
    "[tool.setuptools_scm]\ntag.prefix = 'core-v'\n": "core-v{version}",
    "[tool.setuptools_scm]\n[tool.vcs-versioning]\ntag.prefix = 'core-'\n": "core-{version}",
    "[tool.setuptools_scm]\ntag.prefix = 'v'\n": "",
    f"{VCS}raw-options.tag_regex = '^core-{'(' * 90000}{')' * 90000}'\n": "",
    f"{VCS}raw-options.root = '../..'\n": "",
    f"{VCS}raw-options.tag_regex = '^v?(?P<version>.+)$'\n": "",
    f"{VCS}raw-options.tag_regex = '^core-(?P<version>.+)$|x'\n": "",
    f"{VCS}raw-options.tag_regex = '^co..re-(?P<version>.+)$'\ntag-pattern = 1\n": "",
    PREFIXED.replace("{name}", "core"): "core-v{version}",
    f"{PREFIXED}pattern = 'default-unprefixed'\n".replace("{name}", "core"): "core-{version}",
    f"{PREFIXED}pattern = '^r(?P<base>\\d+)'\n".replace("{name}", "core"): "core-r{version}",
    'source = "uv-dynamic-versioning"\n': "",
}


@pytest.mark.parametrize("settings", SETTINGS, ids=range(len(SETTINGS)))
def test_the_settings_of_version_plugins_name_their_tags(
    make: Callable[..., SmallWorkspace], settings: str
) -> None:
    place = make({"pyproject.toml": ROOT})
    _member(place, "pa", settings=settings)
    assert place.read().member("pa").tag == SETTINGS[settings]


GIT = "[tool.setuptools-git-versioning]\n"
BY_PLUGIN: dict[str, dict[str, str | None]] = {
    "versioningit": {
        '[tool.versioningit.vcs]\nmatch = ["core-v*"]\n': "core-v{version}",
        '[tool.versioningit.tag2version]\nrmprefix = "core/"\n': "core/{version}",
        "[tool.versioningit.tag2version]\nregex = '^core-(?P<version>.+)$'\n": "core-{version}",
        '[tool.versioningit]\ndefault-version = "0.0"\n': "",
        '[tool.versioningit.tag2version.method]\nmodule = "own"\nvalue = "f"\n': None,
    },
    "setuptools-git-versioning": {
        f"{GIT}tag_formatter = '^core/(?P<tag>.+)$'\n": "core/{version}",
        f"{GIT}tag_filter = 'core-v?(.*)'\n": "core-{version}",
        f"{GIT}enabled = true\n": "",
        f"{GIT}tag_filter = 'own.tags:is_ours'\n": None,
        f"{GIT}version_file = 'VERSION'\n": None,
    },
    "versioneer": {"[tool.versioneer]\ntag_prefix = 'core-'\n": "core-{version}"},
}


@pytest.mark.parametrize("plugin", BY_PLUGIN)
def test_what_the_table_of_a_plugin_says_of_its_tags_is_read_or_said_not_to_be(
    make: Callable[..., SmallWorkspace], plugin: str
) -> None:
    place = make({"pyproject.toml": ROOT})
    for settings, tag in BY_PLUGIN[plugin].items():
        _member(place, "pa", settings=settings)
        place.replace("packages/pa/pyproject.toml", "hatchling", plugin)
        assert (place.read().member("pa").tag or "") == (tag or "")
        assert any(one.endswith("RS001") for one in place.codes()) is (tag is None)
    by_hatch = 'source = "versioningit"\n[tool.versioningit.tag2version]\nrmprefix = "core-v"\n'
    _member(place, "pa", settings=by_hatch)
    assert place.read().member("pa").tag == "core-v{version}"
