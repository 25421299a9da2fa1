"""What each table of requirements is for: needed at run time, for development only, or other."""

from __future__ import annotations

import pytest

from release_sync.toml.manifest import parsed
from release_sync.workspace.requirements import requirements

HOOK = "tool.hatch.metadata.hooks.uv-dynamic-versioning"
ARRAY = '["low"]'
TABLES = {
    "project.dependencies": (ARRAY, "runtime", "pep508"),
    "project.optional-dependencies.x": (ARRAY, "other", "pep508"),
    "dependency-groups.x": (ARRAY, "development", "pep508"),
    "build-system.requires": (ARRAY, "other", "pep508"),
    "tool.uv.dev-dependencies": (ARRAY, "development", "pep508"),
    "tool.uv.constraint-dependencies": (ARRAY, "development", "pep508"),
    "tool.uv.override-dependencies": (ARRAY, "development", "pep508"),
    "tool.uv.build-constraint-dependencies": (ARRAY, "development", "pep508"),
    "tool.uv.extra-build-dependencies.x": (ARRAY, "development", "pep508"),
    "tool.hatch.envs.x.dependencies": (ARRAY, "development", "pep508"),
    "tool.hatch.envs.x.overrides.env.Y.set-dependencies": (ARRAY, "development", "pep508"),
    "tool.hatch.build.dependencies": (ARRAY, "development", "pep508"),
    "tool.hatch.build.targets.wheel.hooks.x.dependencies": (ARRAY, "development", "pep508"),
    f"{HOOK}.dependencies": (ARRAY, "runtime", "template"),
    f"{HOOK}.optional-dependencies.x": (ARRAY, "other", "template"),
    "tool.setuptools_dynamic_dependencies.dependencies": (ARRAY, "runtime", "template"),
    "tool.setuptools_dynamic_dependencies.optional-dependencies.x": (ARRAY, "other", "template"),
    "tool.pdm.dev-dependencies.x": (ARRAY, "development", "pep508"),
    "tool.pdm.resolution.overrides.low": ('"1.0"', "development", "poetry"),
    "tool.poetry.dependencies.low": ('"1.0"', "runtime", "poetry"),
    "tool.poetry.dev-dependencies.low": ('"1.0"', "development", "poetry"),
    "tool.poetry.group.x.dependencies.low": ('"1.0"', "development", "poetry"),
}
OPTIONAL = '{ version = "1.0", optional = true }'


@pytest.mark.parametrize("keys", TABLES)
def test_a_table_is_for_one_use(keys: str) -> None:
    value, use, form = TABLES[keys]
    (found,) = requirements(parsed("a/pyproject.toml", f"{keys} = {value}\n".encode()), {"low"})
    assert (found.use, found.form) == (use, form)
    assert found.place.path == "a/pyproject.toml"
    written = keys.split(".") if form == "poetry" else [*keys.split("."), 0]
    assert list(found.place.keys) == written


@pytest.mark.parametrize(
    ("keys", "use"),
    [("tool.poetry.dependencies", "other"), ("tool.poetry.dev-dependencies", "development")],
)
def test_what_is_optional_is_not_needed_at_run_time(keys: str, use: str) -> None:
    manifest = parsed("pyproject.toml", f"{keys}.low = {OPTIONAL}\n".encode())
    (found,) = requirements(manifest, {"low"})
    assert found.use == use


def test_every_place_of_a_constraint_is_read() -> None:
    several = '["1.0", { version = "2.0" }, { path = "../low" }]'
    manifest = parsed("pyproject.toml", f"tool.poetry.dependencies.low = {several}\n".encode())
    found = [(one.text, one.place.keys[4:]) for one in requirements(manifest, {"low"})]
    assert found == [("1.0", (0,)), ("2.0", (1, "version")), ("@ ../low", (2, "path"))]
