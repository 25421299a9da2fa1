"""The workspace's shape, what the configuration says, and hostile input."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from release_sync.errors import Unreadable
from release_sync.fixes.atomic_write import write
from release_sync.fixes.fix import fixes
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import find_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.small_workspace import SmallWorkspace

PLAIN = '[project]\nname = "{name}"\nversion = "1.0"\n[build-system]\nrequires = []\n'


def _settings(place: SmallWorkspace, text: str) -> None:
    place.replace("pyproject.toml", "[tool.uv.w", f"[tool.release-sync]\n{text}\n[tool.uv.w")


def test_a_root_without_a_project_is_no_member(make: Callable[..., SmallWorkspace]) -> None:
    place = make({"pyproject.toml": '[tool.uv.workspace]\nmembers = ["a"]\n'})
    place.write("a/pyproject.toml", PLAIN.format(name="a"))
    assert [member.name for member in place.read().members] == ["a"]


def test_without_uv_the_configuration_names_the_packages(
    make: Callable[..., SmallWorkspace],
) -> None:
    place = make({"pyproject.toml": '[tool.release-sync]\npackages = ["p/*"]\nexclude = ["p/b"]\n'})
    for name in "ab":
        place.write(f"p/{name}/pyproject.toml", PLAIN.format(name=name))
    workspace = place.read()
    assert [member.folder for member in workspace.members] == ["p/a"]
    assert not workspace.uv


def test_two_stars_find_members_at_every_depth(make: Callable[..., SmallWorkspace]) -> None:
    place = make({"pyproject.toml": '[tool.uv.workspace]\nmembers = ["./p/**"]\n'})
    place.write("p/x/y/pyproject.toml", PLAIN.format(name="deep"))
    place.write("p/z/pyproject.toml", PLAIN.format(name="Flat_One"))
    assert {(m.name, m.display) for m in place.read().members} == {
        ("deep", "deep"),
        ("flat-one", "Flat_One"),
    }


def test_the_root_is_found_from_below(green: SmallWorkspace) -> None:
    assert find_root(str(green.root / "packages" / "low")) == str(green.root)


def test_a_broken_manifest_is_passed_over_only_where_it_is_a_members(
    green: SmallWorkspace,
) -> None:
    green.write("packages/low/pyproject.toml", "broken = ")
    assert find_root(str(green.root / "packages" / "low")) == str(green.root)
    green.write("inner/pyproject.toml", "[tool.uv.workspace\n")
    with pytest.raises(Unreadable, match=r"pyproject\.toml:1:"):
        find_root(str(green.root / "inner"))
    _settings(green, "wrong = 1")
    assert find_root(str(green.root / "inner")) == str(green.root)


BORROWED = """\
[project]
name = "{}"
dynamic = ["version"]
[build-system]
requires = []
build-backend = "hatchling.build"
[tool.hatch.version]
path = "../low/pyproject.toml"
pattern = 'version = "(?P<version>.+)"'
"""


def test_who_reads_a_siblings_version_goes_with_the_sibling(green: SmallWorkspace) -> None:
    _settings(green, 'independent = ["low"]\ngroups.other.members = ["named"]')
    green.replace("packages/low/pyproject.toml", "1.0", "2.0")
    green.replace("pyproject.toml", "low==1.0", "low==2.0")
    for name in ("borrower", "named"):
        green.write(f"packages/{name}/pyproject.toml", BORROWED.format(name))
    assert {one.name: one.members for one in green.read().groups} == {
        "default": ("top",),
        "other": ("named",),
        "low": ("borrower", "low"),
    }
    assert green.findings() == []
    tree = WorkingTree(str(green.root))
    write(str(green.root), fixes(green.read(), tree, "3.0", "low"))
    assert {one.version for one in green.read().members} == {"1.0", "3.0"}
    assert green.findings() == []
    green.replace("packages/borrower/pyproject.toml", "low/pyproject.toml", "low/gone")
    assert green.read().member("borrower").group == "default"


def test_members_are_grouped_as_configured(green: SmallWorkspace) -> None:
    green.write("packages/own/pyproject.toml", PLAIN.format(name="own"))
    green.write("packages/dev/pyproject.toml", PLAIN.format(name="dev"))
    _settings(
        green,
        'independent = ["OWN"]\nprivate = ["dev"]\n'
        'groups.core = { members = ["low"], pin = "any" }',
    )
    workspace = green.read()
    assert {one.name: one.members for one in workspace.groups} == {
        "default": ("top",),
        "core": ("low",),
        "own": ("own",),
    }
    assert workspace.group("core").pin == "any"
    assert workspace.member("dev").group == ""


PRIVATE = {
    "by the table": ('private = ["dev"]', PLAIN),
    "by its classifier": ("", PLAIN.replace("[b", 'classifiers = ["Private :: No"]\n[b')),
    "without a build system": ("", PLAIN.partition("[b")[0]),
    "by package = false": ("", f"{PLAIN}[tool.uv]\npackage = false\n"),
}


@pytest.mark.parametrize("reason", PRIVATE)
@pytest.mark.parametrize("group", ["default", "g"])
def test_a_private_member_is_in_the_group_that_names_it_and_in_no_other(
    green: SmallWorkspace, group: str, reason: str
) -> None:
    setting, manifest = PRIVATE[reason]
    for name in ("dev", "other", "sample"):
        green.write(f"packages/{name}/pyproject.toml", manifest.format(name=name))
    setting = setting.replace('"dev"', '"dev", "other", "sample"')
    line = f'groups.{group} = {{ members = ["dev", "low", "o*"] }}'
    _settings(green, f"{setting}\n{line}")
    workspace = green.read()
    assert workspace.group(group).private == ("dev",)
    assert set(workspace.group(group).members) == {"low", *(["top"] * (group == "default"))}
    private = {one.name: one.group for one in workspace.members if one.private}
    assert private == {"dev": group, "other": "", "sample": ""}


@pytest.mark.parametrize("reason", PRIVATE)
def test_a_private_member_is_no_group_of_its_own(green: SmallWorkspace, reason: str) -> None:
    line = 'independent = ["Dev"]'
    setting, manifest = PRIVATE[reason]
    green.write("packages/dev/pyproject.toml", manifest.format(name="dev"))
    green.replace("pyproject.toml", "[b", f"[tool.release-sync]\n{line}\n{setting}\n[b")
    with pytest.raises(Unreadable) as caught:
        green.read()
    where = f"pyproject.toml:7:{line.lower().index('dev')}"
    assert caught.value.message == f"{where}: dev is private: it has no releases of its own"
    assert caught.value.hint.startswith("take it out; or")


MISTAKES = {
    'indipendent = ["low"]': ("8:1", "unknown key 'indipendent'", "did you mean `independent`?"),
    'pin = "exakt"': ("8:7", "pin can't be 'exakt'", "did you mean `exact`?"),
    'private = ["lwo"]': ("8:12", "there is no member 'lwo'", "did you mean `low`?"),
    'ignore = ["RS999"]': ("8:11", "there is no rule 'RS999'", ""),
    "wait = true": ("8:8", "wait is not a number of seconds", ""),
    'tag = "release"': ("8:7", "tag 'release' must hold {version}", ""),
    'message = "{versions}{version}"': ("8:11", "message '{versions}{version}' must", ""),
    'groups.a = { members = ["low"], x = 1 }': ("8:33", "unknown key 'x'", ""),
    'groups.a = { members = ["low", "low"] }': ("8:32", "low is in a and in a", ""),
    'mirrors = [{ path = "../x", pattern = "a{version}" }]': ("8:21", "the mirror '../x'", ""),
    'tag = "v {version}"': (
        "8:7",
        "tag 'v {version}' can't be the name of a tag",
        "git takes no b",
    ),
    'branch = ""': ("8:10", "branch '' can't be the name of a branch", "leave it out"),
    'remote = "a..b"': ("8:10", "remote 'a..b' can't be the name of a remote", "git takes no b"),
    'waiting = "x"': ("8:11", "waiting 'x' is not below refs/", "write such as refs/heads/"),
    'waiting = "refs/heads/main"': ("8:11", "no release can wait below the branch main", "write"),
    'groups."a..b" = { members = [] }': ("8:17", "a group can't be called 'a..b'", "use letters"),
    'pins = { tpo = { low = "any" } }': ("8:10", "there is no member 'tpo'", "did you mean `top`?"),
    'pins = { top = { lwo = "any" } }': ("8:18", "there is no member 'lwo'", "did you mean `low`?"),
    'independent = ["low"]\ngroups.low = { members = [] }': (
        "8:16",
        "low is independent, a group of that name, and there is another group low",
        "give the other group another name",
    ),
    "packages = 1": ("8:12", "packages is not an array", ""),
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_in_the_configuration_is_named_with_its_place(
    green: SmallWorkspace, line: str
) -> None:
    green.replace("pyproject.toml", "[build", f"[tool.release-sync]\n{line}\n\n[build")
    green.replace("pyproject.toml", "\n\n[tool.release", "\n\n\n[tool.release")
    where, message, hint = MISTAKES[line]
    with pytest.raises(Unreadable) as caught:
        green.read()
    assert caught.value.message.startswith(f"pyproject.toml:{where}: {message}")
    assert caught.value.hint.startswith(hint)


def test_an_independent_member_is_not_called_as_the_group_of_all_others(
    green: SmallWorkspace,
) -> None:
    green.write("packages/own/pyproject.toml", PLAIN.format(name="default"))
    _settings(green, 'independent = ["default"]')
    with pytest.raises(Unreadable, match="there is another group default"):
        green.read()


@pytest.mark.parametrize("pattern", ["../other", "/etc", "a/../../b", "a\\u0000b"])
def test_a_pattern_that_leads_out_is_refused(
    make: Callable[..., SmallWorkspace], pattern: str
) -> None:
    place = make({"pyproject.toml": f'[tool.uv.workspace]\nmembers = ["{pattern}"]\n'})
    with pytest.raises(Unreadable, match="leads out of the workspace"):
        place.read()


@pytest.mark.parametrize(
    ("lines", "where", "message"),
    [
        ('members = "packages/*"', "10:11", "members is not an array of strings"),
        ('members = ["packages/*", 1]', "10:11", "members is not an array of strings"),
        ('members = []\nexclude = "packages/low"', "11:11", "exclude is not an array of strings"),
    ],
)
def test_a_workspace_that_uv_refuses_is_not_read_as_an_empty_one(
    green: SmallWorkspace, lines: str, where: str, message: str
) -> None:
    green.replace("pyproject.toml", 'members = ["packages/*"]', lines)
    with pytest.raises(Unreadable) as caught:
        green.read()
    assert caught.value.message == f"pyproject.toml:{where}: tool.uv.workspace.{message}"
    assert caught.value.hint


def test_a_workspace_that_is_no_table_is_refused(make: Callable[..., SmallWorkspace]) -> None:
    place = make({"pyproject.toml": "[tool.uv]\nworkspace = true\n"})
    with pytest.raises(Unreadable, match=r"pyproject.toml:2:13: tool.uv.workspace is no table"):
        place.read()


def test_a_named_member_that_is_not_there_is_reported(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", '["packages/*"]', '["packages/*", "gone"]')
    assert green.codes() == ["pyproject.toml:10:26 RS001"]


def test_links_in_a_circle_are_not_followed_by_two_stars(green: SmallWorkspace) -> None:
    (green.root / "packages" / "low" / "again").symlink_to("..")
    green.replace("pyproject.toml", "packages/*", "packages/**")
    assert green.findings() == []


def test_a_manifest_of_fifty_megabytes_is_refused_at_once(green: SmallWorkspace) -> None:
    with (green.root / "packages/low/pyproject.toml").open("wb") as file:
        file.truncate(50_000_000)
    start = time.process_time()
    assert green.codes()[0] == "packages/low/pyproject.toml:1:1 RS001"
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 9999 + "]" * 9999, "a = " + "{b = " * 9999 + "1" + "}" * 9999]
)
def test_deep_nesting_is_a_broken_manifest(green: SmallWorkspace, text: str) -> None:
    green.write("packages/low/pyproject.toml", text)
    assert "packages/low/pyproject.toml:1:" in green.codes()[0]
    assert green.codes()[0].endswith("RS001")


@pytest.mark.parametrize("version", ["1" * 5000, "1.0+" + "a." * 5000, "9" * 199 + ".0"])
def test_a_monstrous_version_ends_in_a_finding(green: SmallWorkspace, version: str) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', f'"{version}"')
    assert green.codes()


NAMED = '[project]\nname = "low"\n'
NOT_BUILT = "pyproject.toml:4:17 RS302"
"""Without a build system it is private, and the root requires it."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("project = 1\n", "low/pyproject.toml:1:11 RS001"),
        ("[project]\nname = 1\n", "low/pyproject.toml:2:8 RS001"),
        (f"{NAMED}version = 1\n", NOT_BUILT),
        (f'{NAMED}dynamic = "version"\n', NOT_BUILT),
        (f'tool = 1\n{NAMED}version = "1.0"\n', NOT_BUILT),
        (f'{NAMED}version = "1.0"\ndependencies = {{ a = 1 }}\n', "low/pyproject.toml:4:16 RS001"),
        (
            f'{NAMED}version = "1.0"\noptional-dependencies = ["a"]\n',
            "low/pyproject.toml:4:25 RS001",
        ),
        (f'{NAMED}version = "1.0"\n[tool.uv]\nsources = 1\nworkspace = 2\n', NOT_BUILT),
    ],
)
def test_values_of_the_wrong_kind_never_end_in_a_traceback(
    green: SmallWorkspace, text: str, found: str
) -> None:
    green.write("packages/low/pyproject.toml", text)
    assert green.codes()[0].removeprefix("packages/") == found


@pytest.mark.slow
def test_ten_thousand_members_are_read_in_bounded_time(make: Callable[..., SmallWorkspace]) -> None:
    place = make({"pyproject.toml": '[tool.uv.workspace]\nmembers = ["p/*"]\n'})
    for number in range(10_000):
        place.write(f"p/m{number}/pyproject.toml", PLAIN.format(name=f"m{number}"))
    start = time.process_time()
    assert place.findings() == []
    assert time.process_time() - start < 20  # measured: 0.6
