"""Every place where a build backend may keep a version, read without running anything."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from release_sync.errors import Unreadable
from release_sync.fixes.atomic_write import write
from release_sync.fixes.findings import check
from release_sync.fixes.fix import fixes
from release_sync.fixes.version_edits import edits
from release_sync.guardrail.cache import is_cached_green
from release_sync.guardrail.hook_result import GREEN, apply_fixes, guard
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

HEAD = '[project]\nname = "odd"\ndynamic = ["version"]\n'


def _odd(green: SmallWorkspace, backend: str, text: str, files: dict[str, str]) -> None:
    build = f'[build-system]\nrequires = []\nbuild-backend = "{backend}"\n'
    green.write("packages/odd/pyproject.toml", f"{HEAD}{build}{text}")
    for path, content in files.items():
        green.write(f"packages/odd/{path}", content)


INIT = '"""Odd."""\n__version__ = "1.0"\n'
NODE = """\
[build-system]
requires = []
build-backend = "hatchling.build"
[tool.hatch.version]
source = "nodejs"
"""
METADATA = "[metadata]\n"

KNOWN = {
    "hatch path": (
        "hatchling.build",
        '[tool.hatch.version]\npath = "src/odd/__init__.py"\n',
        {"src/odd/__init__.py": INIT},
    ),
    "hatch pattern": (
        "hatchling.build",
        "[tool.hatch.version]\npath = \"V\"\npattern = 'is (?P<version>.+);'\n",
        {"V": "it is 1.0;\n"},
    ),
    "hatch code": (
        "hatchling.build",
        '[tool.hatch.version]\nsource = "code"\npath = "v.py"\nexpression = "VERSION"\n',
        {"v.py": 'import os\nVERSION: str = ("1.0")\n'},
    ),
    "hatch.toml": (
        "hatchling.build",
        '[tool.hatch.version]\npath = "gone.py"\n',
        {"hatch.toml": '[version]\npath = "odd/about.py"\n', "odd/about.py": INIT},
    ),
    "hatch.toml that leaves the version to the manifest": (
        "hatchling.build",
        '[tool.hatch.version]\npath = "odd/about.py"\n',
        {"hatch.toml": "[envs.default]\n", "odd/about.py": INIT},
    ),
    "hatch regex_commit": (
        "hatchling.build",
        '[tool.hatch.version]\nsource = "regex_commit"\npath = "odd.py"\n',
        {"odd.py": INIT},
    ),
    "hatch nodejs": (
        "hatchling.build",
        '[tool.hatch.version]\nsource = "nodejs"\n',
        {"package.json": '{"x": {"version": "0"}, "y": [1],\n  "version" : "1.0", "z": ""}\n'},
    ),
    "hatch nodejs elsewhere": (
        "hatchling.build",
        '[tool.hatch.version]\nsource = "nodejs"\npath = "js/package.json"\n',
        {"js/package.json": '\n{ "version": "1.0" }'},
    ),
    "uv-dynamic-versioning from a file": (
        "hatchling.build",
        (
            '[tool.hatch.version]\nsource = "uv-dynamic-versioning"\n'
            '[tool.uv-dynamic-versioning.from-file]\nsource = "../../VERSION"\n'
        ),
        {"../../VERSION": "1.0\n"},
    ),
    "poetry-dynamic-versioning from a file": (
        "poetry_dynamic_versioning.backend",
        (
            "[tool.poetry-dynamic-versioning]\nenable = true\n"
            "from-file = { source = 'V', pattern = 'is \\((?:it) (\\S+)' }\n"
        ),
        {"V": "this is (it 1.0 !\n"},
    ),
    "setuptools attr": (
        "setuptools.build_meta",
        '[tool.setuptools.dynamic]\nversion = { attr = "odd.about.V" }\n',
        {"src/odd/about.py": 'V = "1.0"\n'},
    ),
    "setuptools attr below package-dir": (
        "setuptools.build_meta",
        '[tool.setuptools]\npackage-dir = { "" = "lib" }\ndynamic.version = { attr = "odd.V" }\n',
        {"lib/odd/__init__.py": 'V = "1.0"\n'},
    ),
    "setuptools attr in a package's own folder": (
        "setuptools.build_meta",
        (
            "[tool.setuptools]\npackage-dir = { odd = 'code/here' }\n"
            'dynamic.version = { attr = "odd.about.V" }\n'
        ),
        {"code/here/about.py": 'V = "1.0"\n', "odd/about.py": 'V = "0.9"\n'},
    ),
    "setuptools attr where packages are found": (
        "setuptools.build_meta",
        (
            "[tool.setuptools]\npackages.find.where = ['python']\n"
            'dynamic.version = { attr = "odd.V" }\n'
        ),
        {"python/odd.py": 'V = "1.0"\n'},
    ),
    "setuptools attr without a module": (
        "setuptools.build_meta",
        '[tool.setuptools.dynamic]\nversion = { attr = "V" }\n',
        {"__init__.py": 'V = "1.0"\n'},
    ),
    "setuptools file": (
        "setuptools.build_meta",
        '[tool.setuptools.dynamic]\nversion = { file = ["VERSION"] }\n',
        {"VERSION": "\n1.0\n"},
    ),
    "setup.cfg": (
        "setuptools.build_meta",
        "",
        {"setup.cfg": f"[x]\nversion=0\n{METADATA}name = a\n#\nVersion: 1.0 \n\n[y]\nversion=2"},
    ),
    "setup.cfg attr": (
        "setuptools.build_meta",
        "",
        {
            "setup.cfg": "[metadata]\r\nversion = attr: odd.V\r\n",
            "src/odd/__init__.py": "V = '1.0'",
        },
    ),
    "setup.cfg file": (
        "setuptools.build_meta",
        "",
        {"setup.cfg": "[metadata]\nversion = file: VERSION", "VERSION": "1.0\n"},
    ),
    "setup.py": (
        "setuptools.build_meta",
        "",
        {
            "setup.py": "import setuptools\nsetuptools.setup(name='odd', version='1.0', **{})\n",
            "setup.cfg": "[metadata]\nversion = 7\n",
        },
    ),
    "setup.py by a name": (
        "setuptools.build_meta",
        "",
        {"setup.py": "from setuptools import setup\nV = '1.0'\nsetup(version=V)\n"},
    ),
    "setup.py that leaves it to setup.cfg": (
        "setuptools.build_meta",
        "",
        {"setup.py": "__import__('setuptools').setup()", "setup.cfg": "[metadata]\nversion=1.0"},
    ),
    "flit": ("flit_core.buildapi", "", {"odd.py": INIT}),
    "pdm": (
        "pdm.backend",
        '[tool.pdm.version]\nsource = "file"\npath = "odd/v.py"\n',
        {"odd/v.py": "__version__ = '1.0'  # ours\n"},
    ),
    "maturin": ("maturin", "", {"Cargo.toml": '[package]\nname = "odd"\nversion = "1.0"\n'}),
    "maturin elsewhere": (
        "maturin",
        '[tool.maturin]\nmanifest-path = "../../crates/odd/Cargo.toml"\n',
        {"../../crates/odd/Cargo.toml": '[package]\nversion = "1.0"\n'},
    ),
    "maturin workspace": (
        "maturin",
        "",
        {
            "Cargo.toml": "[package]\nversion.workspace = true\n",
            "../../Cargo.toml": '[workspace.package]\nversion = "1.0"\n',
        },
    ),
    "scikit-build-core": (
        "scikit_build_core.build",
        (
            "[tool.scikit-build.metadata.version]\n"
            'provider = "scikit_build_core.metadata.regex"\ninput = "odd/__init__.py"\n'
        ),
        {"odd/__init__.py": INIT},
    ),
}


@pytest.mark.parametrize("case", KNOWN)
def test_a_dynamic_version_is_found_and_can_be_moved(green: SmallWorkspace, case: str) -> None:
    _odd(green, *KNOWN[case])
    assert green.read().member("odd").version == "1.0"
    assert green.findings() == []
    tree = WorkingTree(str(green.root))
    (edit,) = edits(green.read(), tree, {"odd": "2.0"})
    said = b"2.0.0" if edit.path.endswith(("Cargo.toml", "package.json")) else b"2.0"
    assert edit.after == edit.before.replace(b"1.0", said)


TAGGED = {
    "hatch-vcs": ("hatchling.build", '[tool.hatch.version]\nsource = "vcs"\n'),
    "uv-dynamic-versioning": (
        "hatchling.build",
        '[tool.hatch.version]\nsource = "uv-dynamic-versioning"\n',
    ),
    "setuptools-scm": ("setuptools.build_meta", "[tool.setuptools_scm]\n"),
    "setup.py with setuptools-scm": ("setuptools.build_meta", ""),
    "pdm-scm": ("pdm.backend", '[tool.pdm.version]\nsource = "scm"\n'),
    "poetry-dynamic-versioning": (
        "poetry_dynamic_versioning.backend",
        "[tool.poetry-dynamic-versioning]\nenable = true\n",
    ),
}


@pytest.mark.parametrize("case", TAGGED)
def test_a_version_from_tags_is_consistent_by_construction(
    green: SmallWorkspace, case: str
) -> None:
    beside = {"setup.py": "setup(use_scm_version=True)\n"}
    _odd(green, *TAGGED[case], {"src/odd/_version.py": '__version__ = "0.0"\n', **beside})
    member = green.read().member("odd")
    assert (member.version, member.dynamic, member.mirrors) == (None, True, ())
    assert green.findings() == []


UNKNOWN = {
    "hatch env": (
        "hatchling.build",
        '[tool.hatch.version]\nsource = "env"\nvariable = "V"\n',
        "hatch's version source 'env' can't be read here",
    ),
    "hatch nothing": ("hatchling.build", "", "hatch's version source 'regex' can't be read here"),
    "missing file": (
        "hatchling.build",
        '[tool.hatch.version]\npath = "gone.py"\n',
        "there is no packages/odd/gone.py",
    ),
    "outside": (
        "hatchling.build",
        '[tool.hatch.version]\npath = "../../../gone.py"\n',
        "'../../../gone.py' is not a file of the workspace",
    ),
    "bad pattern": (
        "hatchling.build",
        '[tool.hatch.version]\npath = "pyproject.toml"\npattern = "("\n',
        "the pattern '(' is no regular expression: missing ), unterminated subpattern",
    ),
    "pattern without the group": (
        "hatchling.build",
        '[tool.hatch.version]\npath = "pyproject.toml"\npattern = "project"\n',
        "the pattern 'project' has no group `version`",
    ),
    "endless pattern": (
        "hatchling.build",
        f'[tool.hatch.version]\npath = "pyproject.toml"\npattern = "(a+)+!"\n# {"a" * 40}\n',
        "the pattern '(a+)+!' takes too long: given up after 2 seconds",
    ),
    "setuptools module": (
        "setuptools.build_meta",
        '[tool.setuptools.dynamic]\nversion = { attr = "__version__" }\n',
        "there is no module __init__, which should say the version",
    ),
    "setuptools files": (
        "setuptools.build_meta",
        '[tool.setuptools.dynamic]\nversion = { file = ["VERSION", "X"] }\n',
        "setuptools puts the version together from 2 files",
    ),
    "maturin outside": (
        "maturin",
        '[tool.maturin]\nmanifest-path = "../../../Cargo.toml"\n',
        "'../../../Cargo.toml' is not a file of the workspace",
    ),
    "setup.py": ("setuptools.build_meta", "", "nothing says the version: neither [tool.setup"),
    "pdm call": (
        "pdm.backend",
        '[tool.pdm.version]\nsource = "call"\ngetter = "a:b"\n',
        "pdm's version source 'call' runs code",
    ),
    "stranger": ("strange.build", "", "how 'strange.build' finds a dynamic version is not known"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_can_not_be_read_is_said_with_its_reason(green: SmallWorkspace, case: str) -> None:
    backend, text, reason = UNKNOWN[case]
    _odd(green, backend, text, {})
    (found,) = green.findings()
    assert f": RS001 {reason}" in found


BESIDE = {
    "setup(version=find())": "setup.py finds the version by running code",
    "setup(version='1' + '.0')": "setup.py finds the version by running code",
    "V = '1.0'\nV = '2.0'\nsetup(version=V)": "setup.py finds the version by running code",
    "setup(version='1.0')\nsetup(version='1.0')": "setup.py finds the version by running code",
    "setup(**found)": "setup.py finds the version by running code",
    "setup(": "setup.py can't be parsed",
    "[metadata]\nversion = 1.0\n  2.0\n": "setup.cfg says the version in several lines",
    "[metadata]\nversion =\n    file: VERSION": "setup.cfg says the version in several lines",
    "[metadata]\nversion = file: gone": "there is no packages/odd/gone",
    "[metadata]\nversion = attr: odd.gone": "there is no module odd",
}


@pytest.mark.parametrize("text", BESIDE)
def test_what_lies_beside_a_manifest_is_read_and_never_run(
    green: SmallWorkspace, text: str
) -> None:
    name = "setup.cfg" if text.startswith("[") else "setup.py"
    _odd(green, "setuptools.build_meta", "", {name: f"{text}\nraise SystemExit\n"})
    (found,) = green.findings()
    assert f": RS001 {BESIDE[text]}" in found
    manifest = "packages/odd/pyproject.toml"
    green.replace(manifest, "requires = []", 'requires = ["setuptools-scm"]')
    by_plugin = BESIDE[text].startswith("setup.py")
    assert (green.findings() == [], green.read().member("odd").dynamic) == (by_plugin, by_plugin)


@pytest.mark.parametrize("source", ["code", "regex", "nodejs", "env"])
def test_a_plugin_that_is_merely_required_finds_no_version(
    green: SmallWorkspace, source: str
) -> None:
    text = f'[tool.hatch.version]\nsource = "{source}"\npath = "odd.py"\nexpression = "find()"\n'
    _odd(green, "hatchling.build", text, {"odd.py": "VERSION = find()\n"})
    manifest = "packages/odd/pyproject.toml"
    green.replace(manifest, "requires = []", 'requires = ["uv-dynamic-versioning"]')
    assert [one.partition(" ")[2][:5] for one in green.findings()] == ["RS001"]
    green.replace(manifest, source, "dunamai")
    assert green.read().member("odd").dynamic


def test_a_remembered_verdict_depends_on_every_file_that_may_say_a_version(
    green: SmallWorkspace,
) -> None:
    _odd(green, *KNOWN["setup.cfg"])
    green.write("packages/js/pyproject.toml", HEAD.replace("odd", "js") + NODE)
    green.write("packages/js/package.json", '{ "version": "1.0" }')
    green.commit()
    tree = WorkingTree(str(green.root))
    beside = ("odd/setup.cfg", "odd/setup.py", "js/package.json", "js/hatch.toml")
    for path in [f"packages/{one}" for one in beside]:
        assert guard(tree) == GREEN
        assert is_cached_green(tree)
        file = green.root / path
        before = file.read_bytes() if file.exists() else None
        green.write(path, (before or b"") + b"\n")
        assert not is_cached_green(tree)
        file.unlink() if before is None else file.write_bytes(before)


@pytest.mark.parametrize(
    "text", ["[1]", "{", '{"a": {"version": "1"}}', '{"version": "1", "b"', "[" * 9999]
)
def test_what_is_no_package_json_says_no_version(green: SmallWorkspace, text: str) -> None:
    green.write("packages/odd/pyproject.toml", HEAD + NODE)
    green.write("packages/odd/package.json", text)
    (found,) = green.findings()
    assert "RS001 packages/odd/package.json says no version that can be read" in found


def test_a_long_package_json_is_read_at_once(green: SmallWorkspace) -> None:
    pairs = "".join(f'"{number}": 1, ' for number in range(50_000))
    green.write("packages/odd/pyproject.toml", HEAD + NODE)
    green.write("packages/odd/package.json", f'{{{pairs}"version": "1.0"}}')
    start = time.perf_counter()
    assert green.read().member("odd").version == "1.0"
    assert time.perf_counter() - start < 5


def test_a_byte_order_mark_hides_a_version_from_hatch(green: SmallWorkspace) -> None:
    _odd(green, "hatchling.build", '[tool.hatch.version]\npath = "v.py"\n', {})
    green.write("packages/odd/v.py", b"\xef\xbb\xbf__version__ = '1.0'\n")
    (found,) = green.findings()
    assert "RS001 a byte order mark hides the version" in found


def test_a_path_that_leads_up_is_shown_without_the_way(green: SmallWorkspace) -> None:
    _odd(green, *KNOWN["maturin elsewhere"])
    green.write("crates/odd/Cargo.toml", '[package]\nversion = "0.9"\n')
    assert green.codes() == ["crates/odd/Cargo.toml:2:11 RS101"]


def test_a_version_that_hatch_takes_from_a_text_is_reported_once(green: SmallWorkspace) -> None:
    text = '[tool.hatch.version]\npath = "odd/__init__.py"\n'
    _odd(green, "hatchling.build", text, {"odd/__init__.py": '__version__ = "v0.9.0"\n'})
    assert green.codes() == ["packages/odd/odd/__init__.py:1:17 RS101"]
    (edit,) = edits(green.read(), WorkingTree(str(green.root)), {"odd": "2.0"})
    assert edit.after == b'__version__ = "v2.0"\n'


def test_poetrys_own_table_names_and_versions_a_member(green: SmallWorkspace) -> None:
    green.write(
        "packages/odd/pyproject.toml",
        '[tool.poetry]\nname = "odd"\nversion = "0.9"\n[build-system]\nrequires = []\n',
    )
    assert green.codes() == ["packages/odd/pyproject.toml:3:11 RS101"]


CODE = """\
[build-system]
requires = []
build-backend = "hatchling.build"
[tool.hatch.version]
source = "code"
path = "v.py"
"""
DECOY = '"""Version 0.9."""\nOLD = "0.9"\n'


@pytest.mark.parametrize(
    ("written", "column", "after"),
    [
        ('"0." "9"', 15, ""),
        ('("0."\n"9")', 16, ""),
        ('u"0.\\x39"', 15, ""),
        ('"0.9\\\n"', 15, ""),
        ('u"0.9"; x = 1', 17, 'u"1.0"; x = 1'),
        ("('''0.9''')", 19, "('''1.0''')"),
        ('V = "0.9"', 20, 'V = "1.0"'),
    ],
)
@pytest.mark.parametrize("before", ["", DECOY, f"\ufeff{DECOY}", f"{DECOY}\x0cX = '\u2028é'\n"])
def test_a_version_in_code_is_moved_where_it_stands_or_not_at_all(
    green: SmallWorkspace, before: str, written: str, column: int, after: str
) -> None:
    text = f"{before}__version__ = {written}\nLATER = '0.9'\n"
    green.write("packages/odd/pyproject.toml", HEAD + CODE)
    green.write("packages/odd/v.py", text)
    tree = WorkingTree(str(green.root))
    (found,) = check(green.read(), tree)
    line = before.count("\n") + 1
    assert (found.line, found.column, found.fixable) == (line, column, bool(after))
    apply_fixes(str(green.root))
    assert (green.root / "packages/odd/v.py").read_bytes() == text.replace(
        f"= {written}", f"= {after or written}"
    ).encode()


CARGO = '[package]\nname = "odd"\nversion = "0.9.0"\n'
SPELLINGS = {
    "1.1": "1.1.0",
    "1.1.0a1": "1.1.0-alpha.1",
    "v1.1.0-Beta2": "1.1.0-beta.2",
    "2rc3": "2.0.0-rc.3",
    "1.1.0.0": "1.1.0",
}


@pytest.mark.parametrize("version", SPELLINGS)
def test_cargos_manifest_is_written_as_cargo_reads_it(green: SmallWorkspace, version: str) -> None:
    green.write("packages/odd/src/odd/__init__.py", '__version__ = "0.9.0"\n')
    _odd(green, "maturin", "", {"Cargo.toml": CARGO})
    tree = WorkingTree(str(green.root))
    write(str(green.root), fixes(green.read(), tree, version))
    said = CARGO.replace("0.9.0", SPELLINGS[version])
    assert (green.root / "packages/odd/Cargo.toml").read_text() == said
    assert green.findings() == []


@pytest.mark.parametrize("version", ["1.1.post1", "1.1.dev1", "1!1.1", "1.1+local", "1.1.0.1"])
def test_what_cargo_has_no_version_for_is_refused(green: SmallWorkspace, version: str) -> None:
    _odd(green, "maturin", "", {"Cargo.toml": CARGO})
    tree = WorkingTree(str(green.root))
    with pytest.raises(Unreadable, match=r"odd/Cargo\.toml can't say"):
        fixes(green.read(), tree, version)
    with pytest.raises(Unreadable, match=r"odd/Cargo\.toml can't say"):
        edits(green.read(), tree, {"odd": version})
    green.replace("pyproject.toml", 'version = "1.0"', f'version = "{version}"')
    green.replace("packages/low/pyproject.toml", '"1.0"', f'"{version}"')
    odd = [one for one in check(green.read(), tree) if one.member == "odd"]
    assert [(one.code, one.fixable) for one in odd] == [("RS101", False)]
    assert "packages/odd/Cargo.toml" not in {one.path for one in fixes(green.read(), tree)}
