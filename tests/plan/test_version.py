"""The next version is what uv would make of the present one."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.uv.program import find_uv
from release_sync.errors import Problem, Unreadable
from release_sync.plan.version import chosen, latest, usable

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = (
    "1.2.3", "1.2", "1", "1.2.3.4", "1.2.3a1", "1.2.3b2", "1.2.3rc1", "1.2.3.post1", "1.2.3.dev4",
    "1.2.3a1.dev2", "1.2.3.post1.dev2", "1.2.3+local", "0.0.0", "1!2.3", "1.2.3a1.post2",
)  # fmt: skip
LEVELS = (
    "major", "minor", "patch", "stable", "alpha", "beta", "rc", "post", "dev",
    "patch beta", "minor dev", "beta minor", "major post",
)  # fmt: skip


@pytest.mark.parametrize("current", VERSIONS)
def test_every_level_means_what_uv_means_by_it(current: str, tmp_path: Path) -> None:
    manifest = f'[project]\nname = "one"\nversion = "{current}"\n'
    (tmp_path / "pyproject.toml").write_text(manifest, encoding="utf-8")
    for levels in LEVELS:
        assert (levels, ours(current, levels)) == (levels, uvs(levels, tmp_path))


def ours(current: str, levels: str) -> str | None:
    try:
        return chosen(current, levels.split(), None)
    except Problem:
        return None


def uvs(levels: str, folder: Path) -> str | None:
    bumps = [word for level in levels.split() for word in ("--bump", level)]
    done = subprocess.run(
        [find_uv(), "version", *bumps, "--dry-run", "--short", "--frozen"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else None


@pytest.mark.parametrize("wanted", ["1.2.3", "1.2", "1.2.3.dev1", "1.2.3rc9"])
def test_a_version_that_does_not_increase_is_refused(wanted: str) -> None:
    with pytest.raises(Problem) as caught:
        chosen("1.2.3", ["patch"], wanted)
    same = wanted == "1.2.3"
    said = "1.2.3 is the current version already" if same else "is not greater than 1.2.3"
    assert said in caught.value.message
    assert "--version" in caught.value.hint
    assert ("`--bump none`" in caught.value.hint) is same


def test_a_pre_release_of_what_stands_hints_at_a_release_level() -> None:
    with pytest.raises(Problem) as caught:
        chosen("1.2.3", ["rc"], None)
    assert "--bump patch --bump rc" in caught.value.hint


@pytest.mark.parametrize("wanted", ["one", "", "1.2.3-", "v"])
def test_what_is_no_version_is_a_usage_error(wanted: str) -> None:
    with pytest.raises(Unreadable):
        chosen("1.2.3", ["patch"], wanted)


def test_a_version_is_normalised() -> None:
    assert chosen("1.2.3", ["patch"], "v1.3-RC1") == "1.3rc1"


def test_none_is_the_version_that_stands() -> None:
    assert chosen("1.2.3", ["none"], None) == "1.2.3"


def test_where_the_tag_is_the_version_the_first_one_has_to_be_said() -> None:
    assert chosen("", ["patch"], "0.1") == "0.1"
    for levels in ([], ["minor"], ["none"]):
        with pytest.raises(Problem, match="cannot bump: there is no release tag yet"):
            chosen("", levels, None)


def test_the_latest_tag_is_the_greatest_version() -> None:
    refs = [f"refs/tags/{name}" for name in ("v0.9", "v0.10", "v0.10^{}", "vx", "kit-v2", "0.11")]
    assert latest("v{version}", refs) == "0.10"
    assert latest("kit-v{version}", refs) == "2"
    assert latest("app-{version}", refs) == ""


def test_more_digits_than_python_reads_are_no_version() -> None:
    huge = f"1.{'9' * 5000}"
    assert latest("v{version}", ["refs/tags/v1.2", f"refs/tags/v{huge}"]) == "1.2"
    with pytest.raises(Unreadable):
        chosen("1.0", (), huge)


@pytest.mark.parametrize(
    ("version", "levels", "given_up", "found", "passed"),
    [
        ("1.0.1", [], {"1.0.1", "1.0.2"}, "1.0.3", ("1.0.1", "1.0.2")),
        ("1.0.1", [], {"1.0.2"}, "1.0.1", ()),
        ("1.1.0", ["minor"], {"1.1.0"}, "1.2.0", ("1.1.0",)),
        ("1.1.0rc1", ["rc", "minor"], {"1.1.0rc1"}, "1.1.0rc2", ("1.1.0rc1",)),
        ("1.1.0", ["stable"], {"1.1.0"}, "1.1.0", ()),
    ],
)
def test_a_version_that_was_given_up_is_passed_over(
    version: str, levels: list[str], given_up: set[str], found: str, passed: tuple[str, ...]
) -> None:
    assert usable(version, levels, given_up.__contains__) == (found, passed)
