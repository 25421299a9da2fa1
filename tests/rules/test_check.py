"""Each rule, on a workspace that is green but for one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.fixes.findings import check
from release_sync.fixes.fix import fixes
from release_sync.fixes.version_edits import edits
from release_sync.guardrail.hook_result import apply_fixes
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

LOCK = """\
version = 1

[manifest]
members = [
    "low",
    "top",
]

[[package]]
name = "low"
version = "1.0"
source = { editable = "packages/low" }

[[package]]
name = "top"
version = "1.0"
source = { editable = "." }
"""


def test_members_in_lockstep_are_green(green: SmallWorkspace) -> None:
    assert green.findings() == []


def test_a_broken_manifest_is_reported_where_it_breaks(green: SmallWorkspace) -> None:
    green.write("packages/low/pyproject.toml", '[project]\nname = "low"\nversion = \n')
    assert green.codes()[0] == "packages/low/pyproject.toml:3:11 RS001"


def test_a_manifest_without_a_name_is_reported(green: SmallWorkspace) -> None:
    green.write("packages/odd/pyproject.toml", "[tool.black]\n")
    assert green.codes() == ["packages/odd/pyproject.toml:1:1 RS001"]


def test_bytes_that_are_no_utf8_are_reported_with_their_place(green: SmallWorkspace) -> None:
    green.write("packages/odd/pyproject.toml", b'# ok\nname = "\xff"\n')
    assert green.codes() == ["packages/odd/pyproject.toml:2:9 RS001"]


@pytest.mark.parametrize("name", ["", "-low", "lo w", "x" * 50 + "/../", "é"])
def test_a_name_that_is_no_name_is_reported(green: SmallWorkspace, name: str) -> None:
    green.write("packages/odd/pyproject.toml", f'[project]\nname = "{name}"\nversion = "1.0"\n')
    assert green.codes() == ["packages/odd/pyproject.toml:2:8 RS001"]


def test_two_members_of_one_name_are_reported(green: SmallWorkspace) -> None:
    green.write(
        "packages/zero/pyproject.toml",
        '[project]\nname = "LOW"\nversion = "1.0"\n[build-system]\nrequires = []\n',
    )
    assert green.codes() == ["packages/zero/pyproject.toml:2:8 RS002"]


def test_a_version_that_is_none_is_reported(green: SmallWorkspace) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"one"')
    assert "packages/low/pyproject.toml:3:11 RS003" in green.codes()


@pytest.mark.parametrize(("others", "fixable"), [("1.0", True), ("two", False)])
def test_a_bad_version_is_fixable_when_its_group_has_a_valid_one(
    green: SmallWorkspace, others: str, *, fixable: bool
) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"one"')
    green.replace("pyproject.toml", 'version = "1.0"', f'version = "{others}"')
    tree = WorkingTree(str(green.root))
    workspace = read(tree)
    (bad,) = (
        one
        for one in check(workspace, tree)
        if (one.code, one.path) == ("RS003", "packages/low/pyproject.toml")
    )
    assert bad.fixable == fixable
    changed = {edit.path: edit.after for edit in fixes(workspace, tree)}
    assert (b'version = "1.0"' in changed.get(bad.path, b"")) == fixable


@pytest.mark.parametrize("blank", [" ", "\\n", "\\r", "\\t", "\u2003"])
def test_a_version_with_blanks_around_it_is_none_and_mended(
    green: SmallWorkspace, blank: str
) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', f'"1.0{blank}"')
    assert green.codes() == ["packages/low/pyproject.toml:3:11 RS003"]
    tree = WorkingTree(str(green.root))
    (edit,) = fixes(read(tree), tree)
    assert b'version = "1.0"\n' in edit.after


def test_a_version_that_is_none_is_not_its_groups(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", 'version = "1.0"', 'version = "not.a.ver"')
    green.replace("pyproject.toml", "low==1.0", "low==0.9")
    assert green.read().group("default").version == "1.0"
    assert green.codes() == ["pyproject.toml:3:11 RS003", "pyproject.toml:4:17 RS202"]
    assert apply_fixes(str(green.root)).code == 1
    assert green.findings() == []


def test_nothing_is_compared_with_a_version_that_is_none(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", 'version = "1.0"', 'version = "not.a.ver"')
    green.replace("packages/low/pyproject.toml", '"1.0"', '"nor.this"')
    green.replace("pyproject.toml", "low==1.0", "low>=0.9")
    green.write("packages/low/src/low/__init__.py", '__version__ = "0.9"\n')
    assert {one.split()[-1] for one in green.codes()} == {"RS003"}


def test_a_groups_version_is_written_as_pep_440_does(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", 'version = "1.0"', 'version = "v1.1-RC1"')
    green.replace("pyproject.toml", "low==1.0", "low==0.9")
    apply_fixes(str(green.root))
    assert green.findings() == []
    text = (green.root / "pyproject.toml").read_text()
    assert 'version = "v1.1-RC1"\ndependencies = ["low==1.1rc1"]' in text


def test_versions_are_compared_as_versions(green: SmallWorkspace) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"1.0.0"')
    assert green.findings() == []


def test_a_forgotten_member_is_reported_at_its_version(green: SmallWorkspace) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"0.9"')
    assert green.codes() == ["packages/low/pyproject.toml:3:11 RS101"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("low==1.0", ""),
        ("low == 1.0.0", ""),
        ("low[fast]==1.0; python_version < '4'", ""),
        ("Low (==1.0)", ""),
        ("low===1.0", ""),
        ("low @ file:///low.whl", ""),
        ("low", "RS201"),
        ("low[fast] ; python_version < '4'", "RS201"),
        ("low>=1.0", "RS201"),
        ("low==1.*", "RS201"),
        ("low~=1.0,!=1.0.1", "RS201"),
        ("low==0.9", "RS202"),
        ("low===1.0.0", "RS202"),
        ("low==1!1.0", "RS202"),
        ("low==1.0+local", "RS202"),
        ("low>=1.1", "RS203"),
        ("low==1.0,!=1.0", "RS203"),
        ("low=1.0", "RS203"),
        ("low==", "RS203"),
    ],
)
def test_a_pin_is_judged_by_the_siblings_version(
    green: SmallWorkspace, said: str, code: str
) -> None:
    green.replace("pyproject.toml", '"low==1.0"', f'"{said}"')
    assert green.codes() == ([f"pyproject.toml:4:17 {code}"] if code else [])


@pytest.mark.parametrize(
    ("policy", "said", "code"),
    [
        ("compatible", "low", "RS201"),
        ("compatible", "low>=0.5", ""),
        ("compatible", "low>1.0", "RS203"),
        ("compatible", "low==0.9", "RS202"),
        ("any", "low", ""),
        ("any", "low<1", "RS203"),
        ("any", "low==0.9", "RS202"),
    ],
)
def test_the_policy_says_what_a_pin_must_be(
    green: SmallWorkspace, policy: str, said: str, code: str
) -> None:
    green.replace("pyproject.toml", '"low==1.0"', f'"{said}"')
    green.replace(
        "pyproject.toml", "[tool.uv.w", f'[tool.release-sync]\npin = "{policy}"\n[tool.uv.w'
    )
    assert green.codes() == ([f"pyproject.toml:4:17 {code}"] if code else [])


@pytest.mark.parametrize(
    ("policy", "said", "version", "after"),
    [
        ("exact", "low==1.2.0,<1.3", "1.3.0", "low==1.3.0"),
        ("any", "low==1.2.0,<1.3", "1.3.0", ""),
        ("any", "low==1.2.0,!=1.4", "1.3.0", "low==1.3.0,!=1.4"),
        ("compatible", "low", "1.2.0+cu118", "low~=1.2.0"),
        ("compatible", "low", "2024", "low>=2024"),
        ("compatible", "low", "2024.post1", "low>=2024.post1"),
        ("compatible", "low ~= 1.0 ; extra", "2024", "low >=2024 ; extra"),
        ("compatible", "low~=1.0", "2.0+cu118", "low~=2.0"),
        ("exact", f"low>={'9' * 5000}", "1.0", "low==1.0"),
        ("compatible", f"low<1,>={'9' * 5000}", "1.0", ""),
    ],
)
def test_what_is_written_instead_of_a_wrong_pin_is_right(
    green: SmallWorkspace, policy: str, said: str, version: str, after: str
) -> None:
    setting = f'[tool.release-sync]\npin = "{policy}"\n[tool.uv.w'
    green.replace("pyproject.toml", "[tool.uv.w", setting)
    green.replace("pyproject.toml", 'version = "1.0"', f'version = "{version}"')
    green.replace("packages/low/pyproject.toml", '"1.0"', f'"{version}"')
    green.replace("pyproject.toml", '"low==1.0"', f'"{said}"')
    assert len(green.codes()) == 1
    apply_fixes(str(green.root))
    assert f'"{after or said}"' in (green.root / "pyproject.toml").read_text()
    assert (green.findings() == []) == bool(after)


def test_one_edge_can_have_its_own_policy(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", '"low==1.0"', '"low"')
    settings = '[tool.release-sync.pins]\ntop = { low = "any" }\n[tool.uv.w'
    green.replace("pyproject.toml", "[tool.uv.w", settings)
    assert green.findings() == []


RELEASED = {
    "low==0.9": [],
    "low[fast] == 0.9rc1 ; python_version < '4'": [],
    "low==1.0": [],
    "low==1.1": ["pyproject.toml:4:17 RS202"],
    "low": ["pyproject.toml:4:17 RS201"],
    "low>=0.9": ["pyproject.toml:4:17 RS201"],
    "low<1": ["pyproject.toml:4:17 RS203"],
    "low==0.9,>1": ["pyproject.toml:4:17 RS202"],
}


@pytest.mark.parametrize("said", RELEASED)
def test_one_edge_may_be_pinned_to_what_is_released_already(
    green: SmallWorkspace, said: str
) -> None:
    green.replace("pyproject.toml", '"low==1.0"', f'"{said}"')
    settings = '[tool.release-sync.pins]\ntop = { low = "released" }\n[tool.uv.w'
    green.replace("pyproject.toml", "[tool.uv.w", settings)
    assert green.codes() == RELEASED[said]
    apply_fixes(str(green.root))
    fixed = said if not RELEASED[said] else "low==1.0"
    assert f'"{fixed}"' in (green.root / "pyproject.toml").read_text()
    tree = WorkingTree(str(green.root))
    (bumped,) = (one for one in edits(read(tree), tree, {"low": "2.0"}) if "low" in one.path)
    assert b'"2.0"' in bumped.after
    moved = [one for one in edits(read(tree), tree, {"low": "2.0"}) if one.path == "pyproject.toml"]
    assert moved == []  # a pin on what is released stays where it is


def test_a_dependency_group_may_be_bare_but_not_wrong(green: SmallWorkspace) -> None:
    groups = '[dependency-groups]\ndev = [\n  "low",\n  "low==0.9",\n]\n\n[build'
    green.replace("pyproject.toml", "[build", groups)
    assert green.codes() == ["pyproject.toml:9:3 RS202"]


def test_a_private_member_may_need_its_siblings_bare(green: SmallWorkspace) -> None:
    green.write(
        "packages/dev/pyproject.toml",
        '[project]\nname = "dev"\nversion = "0"\ndependencies = ["low"]\n'
        'classifiers = ["Private :: Do Not Upload"]\n[build-system]\nrequires = []\n',
    )
    assert green.findings() == []


def test_a_released_member_can_not_need_a_private_one(green: SmallWorkspace) -> None:
    green.replace("packages/low/pyproject.toml", "[build", "[tool.uv]\npackage = false\n[build")
    assert green.codes() == ["pyproject.toml:4:17 RS302"]


def test_a_missing_workspace_source_is_reported(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", "low = { workspace = true }", "")
    assert green.codes() == ["pyproject.toml:4:17 RS204"]


def test_what_the_members_globs_miss_is_reported_at_its_source(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", "packages/*", "package/*")
    message = "low is taken from the workspace, and no member has that name: there are top; see"
    (found,) = green.findings()
    assert found == f"pyproject.toml:13:21: RS204 {message} `members` of [tool.uv.workspace]"


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("Some_One = { workspace = true }", "26"),
        ("Some_One.workspace = true", "22"),
        ('Some_One = [{ index = "x" }, { marker = "1", workspace = true }]', "58"),
        ("Some_One = { workspace = false }", ""),
        ('Some_One = { path = "../x" }', ""),
    ],
)
def test_a_member_takes_only_members_from_the_workspace(
    green: SmallWorkspace, source: str, column: str
) -> None:
    green.replace("packages/low/pyproject.toml", "[build", f"[tool.uv.sources]\n{source}\n[build")
    assert green.codes() == ([f"packages/low/pyproject.toml:6:{column} RS204"] if column else [])


@pytest.mark.parametrize("pattern", ["packages/other", "packages/o*", "packages/other/python"])
def test_a_source_may_be_of_a_submodules_package(green: SmallWorkspace, pattern: str) -> None:
    green.replace("pyproject.toml", '"packages/*"', f'"packages/l*", "{pattern}"')
    green.replace("pyproject.toml", "low = {", "other = { workspace = true }\nlow = {")
    submodule = '[submodule "other"]\n\tpath = packages/other\n\turl = ../other\n'
    green.write(".gitmodules", submodule)
    assert green.findings() == []
    if "*" in pattern:
        green.write(".gitmodules", submodule.replace("packages", "vendor"))
        assert green.codes() == ["pyproject.toml:13:23 RS204"]


def test_a_source_is_not_judged_while_a_manifest_can_not_be_read(green: SmallWorkspace) -> None:
    green.write("packages/low/pyproject.toml", "[project\n")
    assert [one.split()[-1] for one in green.codes()] == ["RS001"]


def test_an_extra_does_not_make_a_cycle_and_a_dependency_does(green: SmallWorkspace) -> None:
    back = '[project.optional-dependencies]\nall = ["top==1.0"]\n[build'
    green.replace("packages/low/pyproject.toml", "[build", back)
    green.replace("pyproject.toml", "low = {", "top = { workspace = true }\nlow = {")
    assert green.findings() == []
    green.replace("packages/low/pyproject.toml", back, 'dependencies = ["top==1.0"]\n[build')
    assert green.codes() == ["packages/low/pyproject.toml:5:17 RS301"]


def test_the_lock_is_compared_with_the_manifests(green: SmallWorkspace) -> None:
    green.write("uv.lock", LOCK)
    assert green.findings() == []
    green.write(
        "uv.lock",
        LOCK.replace('"1.0"\nsource = { editable = "p', '"0.9"\nsource = { editable = "p'),
    )
    assert green.codes() == ["uv.lock:11:12 RS401"]


def test_the_lock_lists_exactly_the_members(green: SmallWorkspace) -> None:
    green.write("uv.lock", LOCK.replace("low", "gone"))
    assert [one.split()[-1] for one in green.codes()] == ["RS402", "RS402"]


def test_a_mirror_is_compared_with_its_member(green: SmallWorkspace) -> None:
    green.write("packages/low/src/low/__init__.py", '"""Low."""\n__version__ = "0.9"\n')
    assert green.codes() == ["packages/low/src/low/__init__.py:2:16 RS102"]


def test_a_version_in_a_docstring_is_no_mirror(green: SmallWorkspace) -> None:
    green.write("packages/low/src/low/__init__.py", '"""\n__version__ = "0.9"\n"""\n')
    assert green.findings() == []


def test_a_configured_mirror_is_found_and_compared(green: SmallWorkspace) -> None:
    green.write("README.md", "Use top@1.0.\nOr top@0.9, formerly.\n")
    rule = '[tool.release-sync]\nmirrors = [{ path = "README.md", pattern = "top@{version}" }]\n'
    green.replace("pyproject.toml", "[tool.uv.w", f"{rule}[tool.uv.w")
    assert green.codes() == ["README.md:2:8 RS102"]
    green.write("README.md", "nothing\n")
    assert green.codes() == ["pyproject.toml:10:12 RS102"]


def test_what_is_no_version_is_no_mirror(green: SmallWorkspace) -> None:
    text = "top@1.0.x, top@1-latest; top@0.9-beta! top@1.0.\n"
    green.write("README.md", text)
    rule = '[tool.release-sync]\nmirrors = [{ path = "README.md", pattern = "top@{version}" }]\n'
    green.replace("pyproject.toml", "[tool.uv.w", f"{rule}[tool.uv.w")
    assert green.codes() == ["README.md:1:30 RS102"]
    apply_fixes(str(green.root))
    assert (green.root / "README.md").read_text() == text.replace("0.9-beta", "1.0")


def test_an_ignored_rule_reports_nothing(green: SmallWorkspace) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"0.9"')
    green.replace("pyproject.toml", "low==1.0", "low==0.9")
    green.replace(
        "pyproject.toml", "[tool.uv.w", '[tool.release-sync]\nignore = ["RS101"]\n[tool.uv.w'
    )
    assert green.findings() == []


TABLES = {
    "uv": ('[tool.uv]\nconstraint-dependencies = ["low==0.9"]\n', "RS202"),
    "uv bare": ('[tool.uv]\ndev-dependencies = ["low"]\n', ""),
    "uv override": ('[tool.uv]\noverride-dependencies = ["low>2"]\n', "RS203"),
    "build": ('[build-system]\nrequires = ["low"]\n', "RS201"),
    "pdm": ('[tool.pdm.dev-dependencies]\ntest = ["low==0.9"]\n', "RS202"),
    "hatch": ('[tool.hatch.envs.test]\nextra-dependencies = ["low==0.9"]\n', "RS202"),
    "template": (
        (
            "[tool.hatch.metadata.hooks.uv-dynamic-versioning]\n"
            'dependencies = ["low=={{ version }}"]\n'
        ),
        "",
    ),
    "loose template": (
        (
            "[tool.hatch.metadata.hooks.uv-dynamic-versioning]\n"
            'dependencies = ["low>={{ version }}"]\n'
        ),
        "RS201",
    ),
    "setuptools": (
        '[tool.setuptools_dynamic_dependencies]\ndependencies = ["low == {version}"]\n',
        "",
    ),
    "setuptools stale": (
        '[tool.setuptools_dynamic_dependencies]\ndependencies = ["low==0.9"]\n',
        "RS202",
    ),
    "poetry": ('[tool.poetry.dependencies]\nlow = "1.0"\n', ""),
    "poetry stale": ('[tool.poetry.dependencies]\nlow = "0.9"\n', "RS202"),
    "poetry caret": ('[tool.poetry.dependencies]\nlow = "^1.0"\n', "RS201"),
    "poetry old caret": ('[tool.poetry.dependencies]\nlow = "^0.9"\n', "RS203"),
    "poetry any": ('[tool.poetry.dependencies]\nlow = "*"\n', "RS201"),
    "poetry table": ('[tool.poetry.dependencies]\nlow = { version = "==0.9" }\n', "RS202"),
    "poetry path": ('[tool.poetry.dependencies]\nlow = { path = "../low" }\n', ""),
    "poetry markers": ('[tool.poetry.dependencies]\nlow = [{ version = "~0.9" }]\n', "RS203"),
    "poetry group": ('[tool.poetry.group.dev.dependencies]\nlow = "*"\n', ""),
}


@pytest.mark.parametrize("case", TABLES)
def test_every_table_of_requirements_is_read(green: SmallWorkspace, case: str) -> None:
    text, code = TABLES[case]
    head = '[project]\nname = "other"\nversion = "1.0"\n'
    build = "" if "build-system" in text else "[build-system]\nrequires = []\n"
    green.write("packages/other/pyproject.toml", f"{head}{build}{text}")
    found = [one.split()[-1] for one in green.codes()]
    assert [one for one in found if one != "RS204"] == ([code] if code else [])


MISTYPED = {
    "dependencies": 'project.dependencies = "low==0.1"\n',
    "numbers": "project.dependencies = [1]\n",
    "extras": 'project.optional-dependencies = ["low==0.1"]\n',
    "an extra": 'project.optional-dependencies.fast = "low==0.1"\n',
    "groups": "dependency-groups = true\n",
    "a group": 'dependency-groups.dev = "low==0.1"\n',
    "requires": 'build-system.requires = "low==0.1"\n',
    "uv": 'tool.uv.constraint-dependencies = "low==0.1"\n',
}


@pytest.mark.parametrize("case", MISTYPED)
def test_what_is_no_array_is_said_where_it_stands(green: SmallWorkspace, case: str) -> None:
    head = '\nproject.name = "other"\nproject.version = "1.0"\n'
    build = "" if case == "requires" else "build-system.requires = []\n"
    green.write("packages/other/pyproject.toml", f"{MISTYPED[case]}{head}{build}")
    column = MISTYPED[case].index("=") + 3
    found = green.codes()
    assert found == [f"packages/other/pyproject.toml:1:{column} RS001"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("hatchling=1.27", ["packages/low/pyproject.toml:6:13 RS001"]),
        ("hatchling==1.27", []),
        ("x; python_version >= '3'", []),
    ],
)
def test_what_no_backend_can_be_installed_from_is_said_before_a_build(
    green: SmallWorkspace, text: str, codes: list[str]
) -> None:
    green.replace("packages/low/pyproject.toml", '"hatchling"', f'"{text}"')
    assert green.codes() == codes
    named = f"{text!r} in build-system.requires is no requirement (PEP 508)"
    assert all(named in finding for finding in green.findings())


def test_a_group_may_include_another(green: SmallWorkspace) -> None:
    head = f'[project]\nname = "other"\nversion = "1.0"\n{BUILD}\n[dependency-groups]\n'
    text = 'a = [{ include-group = "b" }]\nb = []\n'
    green.write("packages/other/pyproject.toml", head + text)
    assert green.codes() == []


ELSEWHERE = {
    "pdm override": "[tool.pdm.resolution.overrides]\nlow = {}\n",
    "hatch build": "[tool.hatch.build]\ndependencies = [{}]\n",
    "hatch target": "[tool.hatch.build.targets.wheel]\ndependencies = [{}]\n",
    "hatch hook": "[tool.hatch.build.hooks.custom]\ndependencies = [{}]\n",
    "hatch target's hook": "[tool.hatch.build.targets.wheel.hooks.c]\ndependencies = [{}]\n",
    "hatch override": "[tool.hatch.envs.t.overrides]\nmatrix.a.dependencies = [{}]\n",
    "hatch condition": (
        "[tool.hatch.envs.t.overrides]\n"
        'env.CI.set-extra-dependencies = [{{ value = {}, if = ["1"] }}]\n'
    ),
    "uv build constraint": "[tool.uv]\nbuild-constraint-dependencies = [{}]\n",
    "uv extra build": "[tool.uv.extra-build-dependencies]\nx = [{}]\n",
    "uv matching build": (
        "[tool.uv.extra-build-dependencies]\nx = [{{ requirement = {}, match-runtime = false }}]\n"
    ),
}


@pytest.mark.parametrize("case", ELSEWHERE)
@pytest.mark.parametrize(("said", "code"), [("==1.0", ""), ("==0.9", "RS202"), ("<1", "RS203")])
def test_requirements_of_other_tools_are_held(
    green: SmallWorkspace, case: str, said: str, code: str
) -> None:
    path = "packages/other/pyproject.toml"
    head = f'[project]\nname = "other"\nversion = "1.0"\n{BUILD}\n'
    written = said if case == "pdm override" else f"low{said}"
    green.write(path, head + ELSEWHERE[case].format(f'"{written}"'))
    assert [one.split()[-1] for one in green.codes()] == ([code] if code else [])
    tree = WorkingTree(str(green.root))
    moved = {edit.path: edit.after for edit in edits(green.read(), tree, {"low": "1.1"})}
    assert (b"==1.1" in moved.get(path, b"")) == said.startswith("==")


def test_what_pdm_takes_from_an_address_is_not_judged(green: SmallWorkspace) -> None:
    head = f'[project]\nname = "other"\nversion = "1.0"\n{BUILD}\n'
    text = ELSEWHERE["pdm override"].format('"https://example.com/low.whl"')
    green.write("packages/other/pyproject.toml", head + text)
    assert green.codes() == []


@pytest.mark.parametrize("source", ['{ path = "../low" }', '{ git = "x" }', '[{ index = "x" }]'])
@pytest.mark.parametrize("shared", [True, False])
def test_a_source_of_a_members_own_holds_against_the_roots(
    green: SmallWorkspace, source: str, *, shared: bool
) -> None:
    path = "packages/high/pyproject.toml"
    head = '[project]\nname = "high"\nversion = "1.0"\ndependencies = ["low==1.0"]\n'
    green.write(path, f"{head}{BUILD}\n[tool.uv.sources]\nlow = {source}\n")
    if not shared:
        green.replace("pyproject.toml", "low = { workspace = true }", "")
        green.replace("pyproject.toml", '"low==1.0"', "")
    assert [one.split()[-1] for one in green.codes()] == ["RS204"]
    assert green.codes()[0].startswith(f"{path}:8:")
    green.replace(path, source, "{ workspace = true }")
    assert green.codes() == []


NEEDING = """\
[project]
name = "{name}"
version = "1.0"
{build}
[tool.poetry.dependencies]
"""
BUILD = "[build-system]\nrequires = []"


@pytest.mark.parametrize("way", ['path = "../low"', 'git = "x"', 'url = "x"'])
def test_what_poetry_takes_from_elsewhere_is_needed_all_the_same(
    green: SmallWorkspace, way: str
) -> None:
    low, high = "packages/low/pyproject.toml", "packages/high/pyproject.toml"
    head = NEEDING.format(build=BUILD, name="low")
    green.write(low, f"{head}high = {{ {way}, develop = true }}\n")
    head = NEEDING.format(build=BUILD, name="high")
    green.write(high, f'{head}low = {{ path = "../low" }}\n')
    assert [one.split()[-1] for one in green.codes()] == ["RS301"]
    green.write(high, NEEDING.format(build="", name="high"))
    assert [one.split()[-1] for one in green.codes()] == ["RS302"]


DYNAMIC = '[build-system]\nrequires = []\nbuild-backend = "hatchling.build"\n[tool.hatch.version]\n'


@pytest.mark.parametrize(
    "version", ['path = "v.py"\n', 'source = "vcs"\n'], ids=["in a file", "the tag's"]
)
@pytest.mark.parametrize(("locked", "stale"), [('version = "1.0"\n', True), ("", False)])
def test_a_lock_has_no_version_of_a_member_whose_version_is_dynamic(
    green: SmallWorkspace, version: str, locked: str, *, stale: bool
) -> None:
    head = '[project]\nname = "low"\ndynamic = ["version"]\n'
    green.write("packages/low/pyproject.toml", f"{head}{DYNAMIC}{version}")
    green.write("packages/low/v.py", '__version__ = "1.0"\n')
    green.write("pyproject.toml", (green.root / "pyproject.toml").read_text().replace("==1.0", ""))
    green.write("uv.lock", LOCK.replace('"low"\nversion = "1.0"\n', f'"low"\n{locked}'))
    found = [one for one in green.codes() if "RS401" in one]
    assert found == (["uv.lock:11:12 RS401"] if stale else [])


def test_a_lock_without_the_version_of_a_member_is_stale(green: SmallWorkspace) -> None:
    green.write("uv.lock", LOCK.replace('"low"\nversion = "1.0"\n', '"low"\n'))
    assert green.codes() == ["uv.lock:10:9 RS401"]


ALONE = """\
version = 1

[[package]]
name = "{}"
version = "1.0"
source = {{ virtual = "." }}
dependencies = [
    {{ name = "v" }},
]

[[package]]
name = "v"
version = "0.3"
source = {{ directory = "vendor/v" }}
"""


@pytest.mark.parametrize(("name", "codes"), [("top", []), ("old", ["RS402", "RS402"])])
def test_a_path_dependency_beside_the_only_member_is_no_member(
    green: SmallWorkspace, name: str, codes: list[str]
) -> None:
    (green.root / "packages/low/pyproject.toml").unlink()
    green.replace("pyproject.toml", 'dependencies = ["low==1.0"]', 'dependencies = ["v"]')
    green.replace("pyproject.toml", "low = { workspace = true }", 'v = { path = "vendor/v" }')
    green.write("uv.lock", ALONE.format(name))
    assert [one.split()[-1] for one in green.codes()] == codes


TAGGED = """\
[build-system]
requires = ["hatchling", "uv-dynamic-versioning"]
build-backend = "hatchling.build"

[tool.hatch.version]
source = "uv-dynamic-versioning"
"""
HOOK = "[tool.hatch.metadata.hooks.uv-dynamic-versioning]\n"


@pytest.mark.parametrize(
    ("said", "in_hook", "plainly"),
    [
        ("low=={{ version }}", "", "RS203"),
        ("low[x] == {{version}} ; python_version < '4'", "", "RS203"),
        ("low>={{ version }}", "RS201", "RS203"),
        ("low>={{ version }}; python_version == '3.11'", "RS201", "RS203"),
        ("low=={{ version }}.*", "RS201", "RS203"),
        ("low", "RS201", "RS201"),
        ("low>=1", "RS201", "RS201"),
        ("low==1.0", "RS201", "RS201"),
        ("low=1.0", "RS203", "RS203"),
        ("low @ file:///low.whl", "", ""),
    ],
)
def test_only_a_template_pins_a_version_that_is_the_tags(
    green: SmallWorkspace, said: str, in_hook: str, plainly: str
) -> None:
    tagged = f'[project]\nname = "low"\ndynamic = ["version"]\n{TAGGED}'
    green.write("packages/low/pyproject.toml", tagged)
    green.replace("pyproject.toml", '"low==1.0"', f'"{said}"')
    assert green.codes() == ([f"pyproject.toml:4:17 {plainly}"] if plainly else [])
    green.replace("pyproject.toml", f'dependencies = ["{said}"]\n', "")
    green.replace("pyproject.toml", "[tool.uv.w", f'{HOOK}dependencies = ["{said}"]\n[tool.uv.w')
    assert green.codes() == ([f"pyproject.toml:9:17 {in_hook}"] if in_hook else [])
    before = (green.root / "pyproject.toml").read_bytes()
    apply_fixes(str(green.root))
    assert (green.root / "pyproject.toml").read_bytes() == before
    green.replace("pyproject.toml", "[tool.uv.w", '[tool.release-sync]\npin = "any"\n[tool.uv.w')
    assert [one.split()[-1] for one in green.codes()] == [
        one for one in [in_hook] if one[-1:] == "3"
    ]


DEV = '[project]\nname = "dev"\nversion = "{version}"\n[tool.uv]\npackage = false\n'


def test_a_private_member_of_a_group_is_held_to_its_version_and_brought_to_it(
    green: SmallWorkspace,
) -> None:
    table = '[tool.release-sync.groups]\ndefault.members = ["dev"]\n[tool.uv.w'
    green.replace("pyproject.toml", "[tool.uv.w", table)
    green.write("packages/dev/pyproject.toml", DEV.format(version="0.9"))
    green.write("packages/sample/pyproject.toml", DEV.format(version="0.0.0").replace("dev", "s"))
    mirror = '[[tool.release-sync.mirrors]]\npath = "Chart"\npattern = "v={version}"\n'
    mirror += 'member = "dev"\n'
    green.replace("pyproject.toml", "[tool.uv.w", f"{mirror}[tool.uv.w")
    green.write("Chart", "v=0.9\n")
    assert green.codes() == ["Chart:1:3 RS102", "packages/dev/pyproject.toml:3:11 RS101"]
    apply_fixes(str(green.root))
    assert green.findings() == []
    tree = WorkingTree(str(green.root))
    raised = fixes(read(tree), tree, "2.0")
    assert [one.path for one in raised] == [
        *("Chart", "packages/dev/pyproject.toml"),
        *("packages/low/pyproject.toml", "pyproject.toml"),
    ]


def test_the_released_members_of_a_group_say_what_its_version_is(green: SmallWorkspace) -> None:
    table = '[tool.release-sync.groups]\ndefault.members = ["dev", "ops"]\n[tool.uv.w'
    green.replace("pyproject.toml", "[tool.uv.w", table)
    for name in ("dev", "ops"):
        manifest = DEV.format(version="0.8").replace("dev", name)
        green.write(f"packages/{name}/pyproject.toml", manifest)
    green.replace("packages/low/pyproject.toml", '"1.0"', '"1.1"')
    green.replace("pyproject.toml", '"1.0"', '"1.1"')
    green.replace("pyproject.toml", "low==1.0", "low==1.1")
    assert [one.partition(" ")[2] for one in green.codes()] == ["RS101", "RS101"]
    apply_fixes(str(green.root))
    assert green.findings() == []
    assert green.read().group("default").version == "1.1"


def test_a_group_of_private_members_alone_has_a_version_and_no_tags(green: SmallWorkspace) -> None:
    table = '[tool.release-sync]\ngroups.tools.members = ["dev", "ops"]\n'
    table += 'groups.core.members = ["low", "top"]\n[tool.uv.w'
    green.replace("pyproject.toml", "[tool.uv.w", table)
    for name, version in (("dev", "0.8"), ("ops", "0.7")):
        manifest = DEV.format(version=version).replace("dev", name)
        green.write(f"packages/{name}/pyproject.toml", manifest)
    assert green.codes() == ["packages/ops/pyproject.toml:3:11 RS101"]
    assert green.read().tag("core") == "v{version}"  # nobody else has tags
    green.write("packages/dev/pyproject.toml", DEV.format(version="0.8").replace("version", "v"))
    assert green.codes() == ["packages/dev/pyproject.toml:1:1 RS001"]
