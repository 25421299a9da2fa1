"""What is proposed for real workspaces, and for what git says about a repository."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from release_sync.cli.adoption.manifest import rendered, with_table
from release_sync.cli.adoption.proposal import lacking, propose
from release_sync.cli.adoption.setting import Proposal, Setting
from release_sync.cli.adoption.surroundings import Surroundings
from release_sync.cli.adoption.trial import tried
from release_sync.errors import Problem
from release_sync.standards.names import required_name
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.cli.adoption.setting import Value

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

[tool.uv.sources]
low = { workspace = true }
"""
LOW = '[project]\nname = "low"\nversion = "1.0"\n[build-system]\nrequires = []\n'


def proposed(root: Path, around: Surroundings = AROUND) -> Proposal:
    return propose(WorkingTree(str(root)), around)


def left(root: Path, around: Surroundings = AROUND) -> list[str]:
    """Return what the check has against a workspace under the table that is proposed for it."""
    tree = WorkingTree(str(root))
    found = tried(tree, propose(tree, around).settings).findings
    return [f"{one.path} {one.code} {one.member}" for one in found]


def made(root: Path, **files: str) -> Path:
    for name, text in {"top": ROOT, "low": LOW, **files}.items():
        folder = root if name == "top" else root / "packages" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return root


def settings(proposal: Proposal) -> dict[str, Value]:
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
    assert list(found) == ["pin", "groups.unstable.members"]
    assert found["pin"] == "compatible"
    assert len(found["groups.unstable.members"]) == 10
    assert left(corpus / "opentelemetry-1.45") == []


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
        ('"low>=0.9", "low==1.0; python_version < \'4\'"', {"pin": "compatible"}),
    ],
)
def test_the_strictest_policy_that_is_green_is_proposed(
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


@pytest.mark.parametrize(
    "name", ["testpypi", "test-pypi", "pypi-test", "pypitest", "staging", "Dev"]
)
def test_an_index_that_releases_are_tried_with_is_never_proposed(tmp_path: Path, name: str) -> None:
    index = '[[tool.uv.index]]\nname = "{0}"\nurl = "https://x/"\npublish-url = "https://x/"\n'
    root = made(tmp_path, top=ROOT + index.format(name))
    assert settings(proposed(root)) == {}
    made(root, top=ROOT + index.format(name) + index.format("latest"))
    assert settings(proposed(root)) == {"index": "latest"}


SETTINGS = (
    Setting("index", 'a "b" \\ é', "why"),
    Setting("mirrors", ({"path": "README.md", "pattern": "it@{version}"},), "why"),
    Setting("independent", ("three",), "why"),
    Setting("groups.second.members", ("one", "two"), "why"),
    Setting("groups.second.pin", "any", "why"),
    Setting("groups.third.members", ("four",), "why"),
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
    change = with_table(before.encode(), SETTINGS)
    assert change.after.startswith(before.encode())
    document = tomllib.loads(change.after.decode().removeprefix("\ufeff"))
    assert document["tool"]["release-sync"] == {
        "index": 'a "b" \\ é',
        "mirrors": [{"path": "README.md", "pattern": "it@{version}"}],
        "independent": ["three"],
        "groups": {
            "second": {"members": ["one", "two"], "pin": "any"},
            "third": {"members": ["four"]},
        },
    }
    assert (b"\r\n" in change.after) is ("\r" in before)
    assert change.after.count(b"\r\n") in {0, change.after.count(b"\n")}


@pytest.mark.parametrize("before", ['tool = { uv = { workspace = { members = ["a"] } } }\n'])
def test_a_manifest_that_no_table_can_be_added_to_is_refused(before: str) -> None:
    with pytest.raises(Problem) as caught:
        with_table(before.encode(), SETTINGS)
    assert rendered(SETTINGS) in caught.value.hint


def package(name: str, at: str, *needs: str, more: str = "") -> str:
    """Return a manifest; what it needs comes from the workspace."""
    sources = "".join(f"{required_name(one)}.workspace = true\n" for one in needs)
    return (
        f'[project]\nname = "{name}"\nversion = "{at}"\ndependencies = {list(needs)}\n{more}'
        f"[build-system]\nrequires = []\n[tool.uv.sources]\n{sources}"
    )


@pytest.mark.parametrize(
    ("tags", "setting"),
    [
        ((), {}),
        (("v0.9", "v1.0"), {}),
        (("0.9", "1.0"), {"tag": "{version}"}),
        (("0.9",), {"tag": "{version}"}),
        (("1.0", "v0.9"), {"tag": "{version}"}),
        (("0.8", "v0.9"), {}),
        (("v0.9", "release-1.0"), {"tag": "release-{version}"}),
        (("top-v0.9", "top-v1.0"), {"tag": "top-v{version}"}),
        (("python/top@1.0",), {"tag": "python/top@{version}"}),
        (("v0.9", "nightly-2025.01.02", "v1", "latest"), {}),
        (("top-v1.0", "low-v1.0"), {}),
        (("0.9", "1.0", "v1.0", "client/go/v1.0"), {"tag": "{version}"}),
        (("v0.8", "0.9", "v0.9"), {}),
    ],
)
def test_the_tag_is_called_as_the_last_ones_were(
    tmp_path: Path, tags: tuple[str, ...], setting: dict[str, str]
) -> None:
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'))
    assert settings(proposed(root, AROUND._replace(tags=tags))) == setting


def test_who_was_tagged_alone_before_names_no_tag_of_all(tmp_path: Path) -> None:
    more = {name: package(name, "1.0") for name in ("more", "third")}
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), **more)
    for last in ("1.0", "0.9"):
        tags = ("low@0.3", "more-v0.2", "x/docs@0.7", "v-0.9", "top@0.8", f"top@{last}")
        found = settings(proposed(root, AROUND._replace(tags=tags)))
        assert found == {"tag": "top@{version}"}


def test_members_with_versions_and_tags_of_their_own_are_independent(tmp_path: Path) -> None:
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), own=package("own", "7.3"))
    around = AROUND._replace(tags=("own-v7.2", "v1.0", "own-v7.3"))
    assert settings(proposed(root, around)) == {"independent": ("own",)}
    assert left(root, around) == []
    assert settings(proposed(root, AROUND._replace(tags=("v1.0",)))) == {}
    made(root, top=ROOT.replace('"low"', '"low==1.0"'), own=package("own", "7.3", "low>0.9"))
    found = settings(proposed(root, around))
    assert found == {"independent": ("own",), "pins.own.low": "compatible"}
    assert left(root, around) == []


@pytest.mark.parametrize("rest", ["-v", "@", "/v", "=="])
def test_where_each_is_tagged_alone_each_is_a_group(tmp_path: Path, rest: str) -> None:
    root = made(tmp_path, low=package("low", "1.1"), top=ROOT.replace('"low"', '"low>=1.1"'))
    tags = (f"top{rest}0.9", f"low{rest}1.0", f"top{rest}1.0", f"low{rest}1.1")
    around = AROUND._replace(tags=tags)
    found = proposed(root, around)
    assert settings(found) == {
        "pin": "compatible",
        "tag": f"{{group}}{rest}{{version}}",
        "independent": ("top", "low"),
    }
    assert (left(root, around), [one for one in found.remarks if "tag" in one]) == ([], [])


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (("py-v1.0", "own-v7.3"), {"groups.default.tag": "py-v{version}"}),
        (
            ("v1.0", "own@7.3"),
            {"tag": "{group}@{version}", "groups.default.tag": "v{version}"},
        ),
        (("v1.0", "py/own@7.3", "py/two@2.0"), {"tag": "py/{group}@{version}"}),
        (("v1.0", "py-own-7.3", "py-two-2.0"), {"tag": "py-{group}-{version}"}),
        (("1.0", "own@7.3", "two-v2.0", "third@3.0"), {"groups.two.tag": "two-v{version}"}),
        (("1.0", "OWN-v7.3"), {"tag": "{version}", "groups.own.tag": "OWN-v{version}"}),
    ],
)
def test_tags_of_several_forms_are_all_kept(
    tmp_path: Path, tags: tuple[str, ...], expected: dict[str, str]
) -> None:
    others = {"own": package("own", "7.3"), "two": package("two", "2.0")}
    others["third"] = package("third", "3.0")
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), **others)
    found = proposed(root, AROUND._replace(tags=tags))
    assert settings(found).items() >= expected.items()
    assert [one for one in found.remarks if "tag" in one] == []
    under = tried(WorkingTree(str(root)), found.settings)
    assert lacking(under.tree, AROUND._replace(tags=tags)) == ()
    workspace = under.workspace
    named_by = {workspace.tag(group.name, group.version) for group in workspace.groups}
    assert {*tags} <= named_by


def test_tags_of_a_package_that_is_gone_are_not_everybodys(tmp_path: Path) -> None:
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'))
    around = AROUND._replace(tags=("v0.8", "v0.9", "gone==0.2", "gone==1.2"))
    assert settings(proposed(root, around)) == {}


def test_tags_may_leave_out_what_all_names_begin_with(tmp_path: Path) -> None:
    more = {
        "a": package("top-check", "4.2", "top>=1.0"),
        "b": package("top-check-sql", "3.1", "top-check>=4"),
        "c": package("top-cli", "0.4"),
    }
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), **more)
    tags = ("1.0", "check==4.2", "checksql==3.1", "cli==0.4")
    found = settings(proposed(root, AROUND._replace(tags=tags)))
    assert found["tag"] == "{version}"
    assert found["groups.top-check-sql.members"] == ("top-check-sql",)
    assert found["groups.top-check-sql.tag"] == "checksql=={version}"
    assert left(root, AROUND._replace(tags=tags)) == []
    found = settings(proposed(root, AROUND._replace(tags=("1.0", "cli-0.4"))))
    assert "groups.top-cli.tag" not in found


def test_samples_that_outnumber_the_packages_are_not_the_workspace(tmp_path: Path) -> None:
    members = 'members = ["packages/*", "samples/*"]'
    top = ROOT.replace('"low"', '"low==1.0"').replace('members = ["packages/*"]', members)
    samples = {f"../samples/s{number}": package(f"s{number}", "0.1", "low") for number in range(5)}
    root = made(tmp_path, top=top, **samples)
    found = proposed(root)
    assert settings(found) == {"private": ("samples/**",)}
    assert left(root) == []
    made(root, top=top, **{"../samples/s1": package("s1", "1.0", "low==1.0")})
    found = proposed(root)
    assert settings(found) == {"private": ("s0", "s2", "s3", "s4")}
    assert found.remarks[-1].endswith('unless private = ["s1"]')


def test_versions_that_some_share_by_chance_make_no_groups(tmp_path: Path) -> None:
    names = ["a", "b", "c", "d", "e", "low"]
    more = {one: package(one, f"0.{number // 2}.2") for number, one in enumerate(names)}
    root = made(tmp_path, top=ROOT.replace('"low"', '"low>=0.1"'), **more)
    around = AROUND._replace(tags=("v0.9", "v1.0"))
    found = settings(proposed(root, around))
    assert found == {"pin": "compatible", "independent": tuple(names)}
    assert left(root, around) == []
    for one in ("d", "e"):
        (root / "packages" / one / "pyproject.toml").unlink()
    found = settings(proposed(root, around))
    assert found["groups.unstable.members"] == ("a", "b")
    assert found["independent"] == ("c", "low")


def test_samples_beside_packages_whose_version_is_a_tag_are_private(tmp_path: Path) -> None:
    members = 'members = ["packages/*", "examples/*"]'
    dynamic = (
        '[project]\nname = "low"\ndynamic = ["version"]\n[build-system]\n'
        'requires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n'
        '[tool.hatch.version]\nsource = "vcs"\n'
    )
    classified = 'classifiers = ["Programming Language :: Python"]\n'
    shown = package("shown", "0.1", "low", more=classified)
    top = f"[tool.uv.workspace]\n{members}\n"
    root = made(tmp_path, top=top, low=dynamic, **{"../examples/shown": shown})
    assert settings(proposed(root)) == {"private": ("shown",)}
    assert left(root) == []


@pytest.mark.parametrize(
    ("versions", "tags", "key"),
    [
        (("1.1", "2.0", "3.0", "4.0"), (), "independent"),
        (("1.1", "2.0", "3.0", "4.0"), ("v4.0",), ""),
        (("1.1", "4.0", "4.0", "4.0"), (), ""),
        (("1.1", "2.0", "3.0", "4.1"), ("v1.0", "v2.9", "v4.0"), ""),
    ],
)
def test_where_few_have_the_same_version_each_goes_alone(
    tmp_path: Path, versions: tuple[str, ...], tags: tuple[str, ...], key: str
) -> None:
    others = {f"p{at}": package(f"p{at}", one) for at, one in enumerate(versions)}
    top = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    root = made(tmp_path, top=top, low=package("low", versions[-1], "p0"), **others)
    found = settings(proposed(root, AROUND._replace(tags=tags)))
    assert ("independent" in found) is bool(key)
    assert not key or found[key] == ("low", *others)


def test_what_alone_has_its_version_and_was_tagged_is_no_workspace(tmp_path: Path) -> None:
    own = {"own": package("own", "7.3")}
    top = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    root = made(tmp_path, top=top, **own)
    around = AROUND._replace(tags=("own@7.3", "low@1.0", "own@1.0"))
    found = settings(proposed(root, around))
    assert found["independent"] == ("low", "own")
    assert found["tag"] == "{group}@{version}"


def test_the_version_that_was_tagged_is_the_workspaces(tmp_path: Path) -> None:
    tools = {f"t{number}": package(f"t{number}", "0.1") for number in range(4)}
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), **tools)
    around = AROUND._replace(tags=("v1.0",))
    assert settings(proposed(root, around)) == {"groups.unstable.members": ("t0", "t1", "t2", "t3")}
    assert left(root, around) == []


def test_the_last_version_that_was_tagged_outweighs_what_is_more_and_was_tagged_once(
    tmp_path: Path,
) -> None:
    tools = {f"t{number}": package(f"t{number}", "0.1") for number in range(4)}
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), **tools)
    tags = ("python-0.1", "python-0.9", "python-1.0", "t1-v0.1", "dotnet-1.0")
    around = AROUND._replace(tags=tags, below="src/python/")
    found = settings(proposed(root, around))
    assert found["groups.default.tag"] == "python-{version}"
    assert left(root, around) == []
    found = settings(proposed(root, around._replace(below="")))
    assert found["groups.default.tag"] == "dotnet-{version}"


def test_members_that_a_release_forgot_are_no_group_however_many(tmp_path: Path) -> None:
    old = {name: package(name, "1.0") for name in ("a", "b", "c")}
    top = ROOT.replace('"low"', '"low==1.1"').replace('"1.0"', '"1.1"')
    root = made(tmp_path, top=top, low=package("low", "1.1"), **old)
    found = proposed(root, AROUND._replace(tags=("v1.0", "v1.1")))
    assert (settings(found), found.strays) == ({}, ("a", "b", "c"))
    assert (
        "a is at 1.0, the workspace is at 1.1: either `release-sync check --fix --to 1.1`"
        in (found.remarks[0])
    )
    found = proposed(root, AROUND._replace(tags=("v1.1",)))
    assert settings(found) == {"groups.a.members": ("a", "b", "c")}


def test_what_would_outweigh_the_tagged_version_goes_alone(tmp_path: Path) -> None:
    root = made(tmp_path, low=package("low", "3.0"), top=ROOT.replace('"low"', '"low>=3"'))
    top = settings(proposed(root, AROUND._replace(tags=("v3.0",))))
    assert top == {"pin": "compatible", "independent": ("top",)}


def test_what_is_classified_outweighs_what_is_only_more(tmp_path: Path) -> None:
    tools = {f"t{number}": package(f"t{number}", "0.1") for number in range(3)}
    classified = 'classifiers = ["Programming Language :: Python"]\n'
    low = package("low", "1.0", more=classified)
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), low=low, **tools)
    assert settings(proposed(root)) == {"groups.unstable.members": ("t0", "t1", "t2")}


def test_each_group_has_the_policy_of_its_own_requirements(tmp_path: Path) -> None:
    others = {
        "a": package("a", "0.5"),
        "b": package("b", "0.5", "a>=0.4", "low>=0.9"),
        "c": package("c", "0.5", "a~=0.5"),
    }
    root = made(tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), **others)
    around = AROUND._replace(tags=("v1.0",))
    found = settings(proposed(root, around))
    assert found == {
        "groups.unstable.members": ("a", "b", "c"),
        "groups.unstable.pin": "compatible",
    }
    assert left(root, around) == []


def test_requirements_that_keep_a_policy_from_being_stricter_are_named(tmp_path: Path) -> None:
    root = made(
        tmp_path, top=ROOT.replace('"low"', '"low==1.0"'), own=package("own", "1.0", "low>0.9")
    )
    (pin,) = proposed(root).settings
    assert (pin.key, pin.value) == ("pin", "compatible")
    assert pin.why == "1 of 2 are ranges, and no pins: own → low"


def test_what_has_a_tags_version_is_not_asked_to_be_pinned(tmp_path: Path) -> None:
    low = (
        '[project]\nname = "low"\ndynamic = ["version"]\n[build-system]\n'
        'requires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n'
        '[tool.hatch.version]\nsource = "vcs"\n'
    )
    root = made(tmp_path, top=ROOT, low=low)
    assert settings(proposed(root))["pin"] == "any"
    assert left(root) == []


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("", ["pin", "independent", "tag", "groups.default.tag", "branch"]),
        ("pin = 'any'\nbranch = 'b'", ["independent", "tag", "groups.default.tag"]),
        ("tag = 'v{version}'", ["pin", "independent", "branch"]),
        ("private = ['own']", ["tag", "pin", "branch"]),
        ("independent = ['own']", ["pin", "tag", "groups.default.tag", "branch"]),
        (
            (
                "pins = { top = { low = 'any' } }\n"
                "groups.one = { members = ['own'], tag = '{group}@{version}', pin = 'any' }"
            ),
            ["branch", "tag"],
        ),
        (
            "independent = ['own']\npin = 'any'\nbranch = 'b'\ngroups.default.tag = '{version}'",
            ["tag"],
        ),
    ],
)
def test_what_a_table_does_not_speak_of_is_proposed_and_no_more(
    tmp_path: Path, table: str, expected: list[str]
) -> None:
    own, top = package("own", "7.3"), ROOT.replace('"low"', '"low>=1.0"')
    root = made(tmp_path, top=f"{top}[tool.release-sync]\n{table}\n", own=own)
    around = AROUND._replace(branch="trunk", tags=("1.0", "own@7.3"))
    found = lacking(WorkingTree(str(root)), around)
    assert sorted(one.key for one in found) == sorted(expected)


def test_a_shallow_clone_without_tags_is_told(tmp_path: Path) -> None:
    found = proposed(made(tmp_path), AROUND._replace(shallow=True))
    assert any("shallow" in one for one in found.remarks)


UNRELEASED = "# Changelog\n\n## Unreleased\n"
CHANGE = "---\nlevel: minor\n---\n\nLanes.\n"
TOWNCRIER = '[tool.towncrier]\ndirectory = "news"\n'
TAGGED = """\
[project]
name = "top"
dynamic = ["version"]
[build-system]
requires = ["setuptools", "setuptools-scm"]
[tool.setuptools_scm]
[tool.release-sync]
packages = []
"""
ASKED = '[dependency-groups]\ndev = ["towncrier"]\n'


@pytest.mark.parametrize(
    ("files", "remark"),
    [
        ({}, ""),
        ({"CHANGELOG.md": "# Changelog\n"}, ""),
        (
            {"CHANGELOG.md": UNRELEASED, "packages/low/HISTORY.md": UNRELEASED},
            (
                "releases write CHANGELOG.md, packages/low/HISTORY.md,"
                ' from what stands below "Unreleased"'
            ),
        ),
        (
            {"pyproject.toml": ROOT + ASKED, "towncrier.toml": TOWNCRIER},
            "releases write NEWS.rst, by the workspace's own towncrier",
        ),
        (
            {"towncrier.toml": TOWNCRIER},
            "towncrier is configured, and no group of dependencies says which one; run `uv add",
        ),
        (
            {".changes/lanes.md": CHANGE},
            "releases write CHANGELOG.md, from the files in .changes",
        ),
        (
            {"pyproject.toml": TAGGED, "CHANGELOG.md": UNRELEASED},
            "no release writes CHANGELOG.md, for a version that is a tag makes no commit",
        ),
        (
            {".changes/lanes.md": CHANGE, "CHANGELOG.md": UNRELEASED, "towncrier.toml": TOWNCRIER},
            (
                'the changelog is kept in 3 ways: "Unreleased" in CHANGELOG.md, and'
                " [tool.towncrier], and the files in .changes; choose one: in"
                ' [tool.release-sync.changelog], style = "keep-a-changelog"'
                ' or style = "towncrier" or style = "changes"'
            ),
        ),
    ],
)
def test_how_the_changelog_is_written_is_said(
    tmp_path: Path, files: dict[str, str], remark: str
) -> None:
    root = made(tmp_path)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    found = proposed(root)
    assert settings(found) == {}
    assert [one[: len(remark)] for one in found.remarks] == ([remark] if remark else [])
