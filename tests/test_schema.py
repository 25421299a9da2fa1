"""The schema of ``[tool.release-sync]`` and the code that reads the table say the same."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from validate_pyproject import api, errors

from release_sync.configuration.nested import POLICIES
from release_sync.configuration.rule_codes import NAMES
from release_sync.configuration.table import (
    LANDINGS,
    READERS,
    Configuration,
    configuration,
    field_of,
)
from release_sync.configuration.values import Misconfigured
from release_sync.schema import schema

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = schema()
PROPERTIES: dict[str, dict[str, Any]] = SCHEMA["properties"]
VALIDATOR = api.Validator()


def by_schema(table: Any) -> bool:  # noqa: ANN401 - TOML may hold anything
    """Return whether validate-pyproject, with our plugin as it is installed, accepts a table."""
    try:
        VALIDATOR({"tool": {"release-sync": table}})
    except errors.ValidationError:
        return False
    return True


def by_code(table: Any) -> bool:  # noqa: ANN401 - the same
    try:
        configuration(table)
    except Misconfigured:
        return False
    return True


def test_the_file_for_editors_is_the_schema_that_is_generated() -> None:
    shipped = files("release_sync").joinpath("schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == SCHEMA, "run `make pages`"


def test_schema_and_code_have_the_same_keys() -> None:
    assert list(PROPERTIES) == list(READERS)
    assert {field_of(key) for key in PROPERTIES} == set(Configuration._fields)


@pytest.mark.parametrize("key", PROPERTIES)
def test_schema_and_code_have_the_same_default(key: str) -> None:
    default = PROPERTIES[key]["default"]
    assert configuration({key: default} if default else {}) == Configuration()
    assert configuration({}) == Configuration()
    empty = default in ("", [], {}, 0)
    found = getattr(Configuration(), field_of(key))
    assert (found != type(found)()) is not empty


def test_schema_and_code_have_the_same_choices() -> None:
    assert tuple(SCHEMA["definitions"]["policy"]["enum"]) == POLICIES
    assert tuple(PROPERTIES["land"]["enum"]) == LANDINGS
    assert PROPERTIES["ignore"]["items"]["enum"] == list(NAMES)


@pytest.mark.parametrize("key", PROPERTIES)
def test_every_key_says_what_it_means(key: str) -> None:
    assert PROPERTIES[key]["description"]
    for one in PROPERTIES[key].get("examples", []):
        assert by_code({key: one})
        assert by_schema({key: one})


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"pin": "any", "wait": 0, "branch": "trunk"},
        {"tag": "{group}/{version}", "message": "{version}"},
        {"mirrors": [{"path": "a/b.md", "pattern": "x{version}y{version}", "member": "A_b"}]},
        {"mirrors": [{"path": "a..b/...", "pattern": "x\n{version}"}]},
        {"mirrors": [{"path": "a"}, {"path": "b", "pattern": " {version}\n"}]},
        {"groups": {"one": {"members": [], "pin": "compatible"}}},
        {"groups": {"default": {"tag": "py-{version}"}, "a": {"members": [], "tag": "{version}"}}},
        {"private": ["a", "B_*", "samples/*", "./a/**/", "[a-c]?"], "independent": ["*"]},
        {"groups": {"one": {"members": ["a..b", "a-*", "a/..b"]}}},
        {"pins": {"one": {"two": "any", "three": "released"}}},
        {"tag": "{group}@{version}", "branch": "releases/1.x", "remote": "up-stream"},
        {"tag": "ü/{version}.lock.x", "branch": "a{b}@c", "waiting": ""},
        {"waiting": "refs/release", "groups": {"a.b-c": {"members": []}}},
        {"waiting": "refs/heads/release-sync", "branch": "release"},
        {"branch": ["main"]},
        {"branch": ["main", "release/*", "*"]},
        {"branch": "a*", "waiting": "refs/heads/release/waiting"},
        {"steps": {"verify": ["a.py", {"run": ["./b c.py", ""], "trusted": True}]}},
        {"steps": {"before-upload": [{"run": ["../make", "a"]}], "after-land": []}},
    ],
)
def test_what_is_right_is_accepted_by_both(table: dict[str, Any]) -> None:
    assert by_code(table)
    assert by_schema(table)


ODD_TAGS = [
    "v {version}", "v{version}\t", "v~{version}", "v^{version}", "v:{version}", "v?{version}",
    "v*{version}", "[{version}]", "v\\{version}", "a..{version}", "/{version}", "{version}/",
    "{version}.", ".{version}", "a/.{version}", "a//{version}", "{version}.lock",
    "a.lock/{version}", "v{version}\x7f", "-{version}", "v{version}\n",
]  # fmt: skip
ODD_NAMES = [
    "", "a b", "a..b", "a/", "a.lock", "a.lock/b", "a/.b", "a//b", "a@{b", "a~1", "a^", "a:b", "a*",
    "a?", "[a]", "a\\b", "a.", "HEAD", "a\n",
]  # fmt: skip


def test_git_takes_no_name_that_is_refused_as_odd() -> None:
    versions = [text.replace("{version}", "1.0") for text in ODD_TAGS if text[0] != "-"]
    for name in [*versions, *(text for text in ODD_NAMES if text != "HEAD")]:
        asked = ["git", "check-ref-format", f"refs/heads/{name}"]
        assert subprocess.run(asked, check=False).returncode == 1, name


@pytest.mark.parametrize(
    "table",
    [
        [],
        {"pine": "exact"},
        {"steps": ["a.py"]},
        {"steps": {"after-bumps": ["a.py"]}},
        {"steps": {"verify": "a.py"}},
        {"steps": {"verify": ["make smoke"]}},
        {"steps": {"verify": ["/a.py"]}},
        {"steps": {"verify": ["a/../../b.py"]}},
        {"steps": {"verify": [{"run": "a.py"}]}},
        {"steps": {"verify": [{"run": []}]}},
        {"steps": {"verify": [{"run": [""]}]}},
        {"steps": {"verify": [{"run": ["../a.py"]}]}},
        {"steps": {"verify": [{"run": ["a\0"]}]}},
        {"steps": {"verify": [{"run": ["a.py"], "trusted": 1}]}},
        {"steps": {"verify": [{"trusted": True}]}},
        {"pin": "exactly"},
        {"pin": ["exact"]},
        {"branch": 1},
        {"branch": "a\0b"},
        {"branch": []},
        {"branch": ["main", 1]},
        {"branch": [["main"]]},
        {"remote": "a*"},
        {"wait": -1},
        {"wait": True},
        {"wait": "300"},
        {"ignore": ["RS999"]},
        {"ignore": "RS101"},
        {"private": ["-a"]},
        {"private": ["a\n"]},
        {"private": ["/a/*"]},
        {"independent": ["*", "a/../b"]},
        {"groups": {"one": {"members": ["../*"]}}},
        {"groups": {"one": {"members": ["a*\0"]}}},
        {"mirrors": [{"path": "a", "pattern": "x{version}", "member": "a*"}]},
        {"pins": {"a": {"b*": "none"}}},
        {"packages": "packages/*"},
        {"tag": "v1"},
        {"tag": "v{version}{packages}"},
        {"tag": "v{version"},
        {"message": "{member} {version}"},
        {"mirrors": {"path": "a", "pattern": "x{version}"}},
        {"mirrors": [{"path": "/a", "pattern": "x{version}"}]},
        {"mirrors": [{"path": "a/../b", "pattern": "x{version}"}]},
        {"mirrors": [{"path": "..", "pattern": "x{version}"}]},
        {"mirrors": [{"pattern": "x{version}"}]},
        {"mirrors": [{"path": "a", "pattern": "x"}]},
        {"mirrors": [{"path": "a", "pattern": "x{version}", "members": "a"}]},
        {"groups": {"one": {}}},
        {"groups": {"one": {"tag": "v{version}"}}},
        {"groups": {"default": {"tag": "v"}}},
        {"groups": {"default": {"members": "a"}}},
        {"groups": {"one": []}},
        {"groups": {"a/b": {"members": []}}},
        {"groups": {"one": {"members": ["a"], "pin": "none"}}},
        {"pins": {"one": "any"}},
        {"pins": {"one": {"two": "none"}}},
        {"pin": "released"},
        {"groups": {"one": {"members": ["a"], "pin": "released"}}},
        {"land": "pull"},
        {"waiting": 0},
        *({"tag": text} for text in ODD_TAGS),
        *({key: text} for text in ODD_NAMES for key in ("branch", "remote") if text != "a*"),
        *({"branch": ["main", text]} for text in ODD_NAMES if text != "a*"),
        *({"waiting": f"refs/heads/{text}"} for text in ODD_NAMES if text != "HEAD"),
        {"waiting": "release"},
        {"waiting": "refs/heads"},
        {"waiting": "refs/tags"},
        {"waiting": "refs"},
        {"waiting": "/refs/x"},
        {"groups": {"a..b": {"members": []}}},
        {"groups": {"a.lock": {"members": []}}},
    ],
)
def test_what_is_wrong_is_refused_by_both(table: Any) -> None:  # noqa: ANN401 - anything
    assert not by_code(table)
    assert not by_schema(table)


# TOML's own kinds of values; floats are left out, for to JSON Schema 300.0 is an integer.
TEXT = st.one_of(
    st.sampled_from(["exact", "push", "RS101", "a", "a-b", "..", "v{version}", "{group}", "-"]),
    st.sampled_from(["refs/", "refs/heads", "refs/a", "HEAD", "a.lock", "{version}.lock", "@{"]),
    st.sampled_from(["released", "a-*", "a/*"]),
    st.text("ab.-/{} \n\0~^:?*[\\@", max_size=6),
)
VALUE = st.recursive(
    st.one_of(st.booleans(), st.integers(-2, 2), TEXT),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(["path", "pattern", "member", "members", "pin", "tag", "default", "a", "b"])
SHAPED = st.recursive(
    TEXT, lambda i: st.lists(i, max_size=2) | st.dictionaries(KEYS, i), max_leaves=6
)


@settings(deadline=None)  # the first call compiles the schema
@given(st.dictionaries(st.sampled_from(list(PROPERTIES)), VALUE | SHAPED, min_size=1, max_size=2))
@example({"mirrors": [{"path": "a\0", "pattern": "x{version}"}]})
@example({"tag": "{version}\0"})
def test_schema_and_code_agree_about_any_table(table: dict[str, Any]) -> None:
    assert by_schema(table) is by_code(table)


@pytest.mark.parametrize(("pin", "code"), [("exact", 0), ("exactly", 1)])
def test_validate_pyproject_finds_the_plugin(tmp_path: Path, pin: str, code: int) -> None:
    manifest = tmp_path / "pyproject.toml"
    manifest.write_text(f'[tool.release-sync]\npin = "{pin}"\n', encoding="utf-8")
    run = [sys.executable, "-m", "validate_pyproject", str(manifest)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("tool.release-sync.pin" in done.stdout + done.stderr) is bool(code)
