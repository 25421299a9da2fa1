"""What holds for every file that is committed, and between the files that must agree."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parents[2]
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "debian" + ".org",
)
"""Put together here, for this file is read by its own test."""
GIT_HOOKS = ("pre-commit", "pre-merge-commit", "pre-push", "pre-receive")


def tracked() -> list[Path]:
    """Every file that is committed, or would be with the next `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = [HERE / path for path in listed.split("\0") if path]
    return [path for path in paths if path.is_file()]


def read(path: str) -> str:
    return (HERE / path).read_text(encoding="utf-8")


def manifest(path: str) -> dict[str, Any]:
    return tomllib.loads(read(path))


ROOT = manifest("pyproject.toml")
FRAMEWORK = manifest("packages/devclikit/pyproject.toml")


def normalised(requirement: str) -> str:
    """The name of a requirement, as PEP 503 normalises it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_no_file_names_a_registry_or_its_file_host() -> None:
    naming = [
        f"{path.relative_to(HERE)}: {host}"
        for path in tracked()
        for host in HOSTS
        if host in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert naming == []


def test_no_lock_is_committed() -> None:
    assert [path for path in tracked() if path.name == "uv.lock" and path.parent == HERE] == []


def test_both_packages_have_one_version_and_the_pin_is_exact() -> None:
    version = ROOT["project"]["version"]
    assert FRAMEWORK["project"]["version"] == version
    assert f"devclikit=={version}" in ROOT["project"]["dependencies"]
    assert ROOT["tool"]["uv"]["sources"]["devclikit"] == {"workspace": True}


def test_versions_of_devclikit_stay_above_the_strangers() -> None:
    major, minor = map(int, FRAMEWORK["project"]["version"].split(".")[:2])
    assert (major, minor) >= (0, 2)


def test_every_public_hook_is_named_in_the_guide() -> None:
    ids = re.findall(r"^- id: (\S+)$", read(".pre-commit-hooks.yaml"), re.MULTILINE)
    assert ids == ["release-sync", "release-sync-fix"]
    for one in ids:
        assert f"id: {one}" in read("docs/guardrail.md")


def test_every_public_hook_installs_devclikit_from_its_own_clone() -> None:
    hooks = read(".pre-commit-hooks.yaml").split("- id: ")[1:]
    assert len(hooks) == 2
    for hook in hooks:
        assert 'additional_dependencies: ["./packages/devclikit"]' in hook


@pytest.mark.parametrize("name", GIT_HOOKS)
def test_the_git_hooks_are_one_script_under_four_names(name: str) -> None:
    assert read(f"hooks/{name}") == read("hooks/pre-commit")
    assert os.access(HERE / "hooks" / name, os.X_OK)


def dependencies() -> list[str]:
    """Every requirement of ours: at run time, of the extras, to build, and to develop."""
    found = [*ROOT["project"]["dependencies"], *FRAMEWORK["project"]["dependencies"]]
    for table in (ROOT["project"]["optional-dependencies"], ROOT["dependency-groups"]):
        for requirements in table.values():
            found += requirements
    return [*found, *ROOT["build-system"]["requires"]]


@pytest.mark.parametrize("name", sorted({normalised(one) for one in dependencies()}))
def test_every_dependency_has_its_line_in_contributing(name: str) -> None:
    assert f"| {name} |" in read("CONTRIBUTING.md").lower()


def test_contributing_explains_no_dependency_that_is_gone() -> None:
    table = read("CONTRIBUTING.md").partition("## Dependencies")[2].partition("\n## ")[0]
    explained = set(re.findall(r"^\| ([A-Za-z0-9._-]+) \|", table, re.MULTILINE)) - {"name"}
    assert {normalised(one) for one in explained} == {normalised(one) for one in dependencies()}


def test_every_pin_of_the_development_tools_has_a_hash() -> None:
    for path in ("uv.txt", "development.txt", "devpi.txt", "docs.txt"):
        entries = re.split(r"\n(?=\S)", read(f"tools/{path}").strip())
        assert entries
        assert [one for one in entries if "--hash=sha256:" not in one] == []


def pinned() -> set[str]:
    """The names that are pinned for development."""
    lines = read("tools/development.txt").splitlines()
    return {normalised(line) for line in lines if line[0] != " "}


def test_every_requirement_is_pinned_for_development() -> None:
    wanted = {normalised(one) for one in dependencies()} - {"devclikit"}
    assert wanted - pinned() == set()


def test_nothing_is_pinned_that_nothing_requires() -> None:
    here = {f"{normalised(one.name)}=={one.version}": one for one in distributions()}
    pins = set(re.findall(r"^\S+==\S+", read("tools/development.txt"), re.MULTILINE))
    other = sorted(one for one in {*here} - pins if one.partition("==")[0] in pinned())
    if other:
        pytest.skip(f"what is installed has other versions than the pins: {other[0]}")
    required = {normalised(one) for found in here.values() for one in found.requires or ()}
    wanted = {normalised(one) for one in dependencies()}
    assert pinned() - required - wanted == set()
