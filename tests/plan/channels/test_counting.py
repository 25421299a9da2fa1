"""Counting up goes behind all that is taken; after a release comes a development version."""

from __future__ import annotations

import pytest
from packaging.version import Version

from release_sync.errors import Problem
from release_sync.plan.channels.counting import (
    counted_up,
    following,
    goes_on_from_the_latest,
    is_counted,
    is_of_series,
    next_version,
)


@pytest.mark.parametrize(
    ("version", "levels", "taken", "found"),
    [
        ("1.3.1.dev1", ["patch", "dev"], [], "1.3.1.dev1"),
        ("1.3.1.dev1", ["patch", "dev"], ["1.3.1.dev1"], "1.3.1.dev2"),
        ("1.3.1.dev1", ["dev"], ["1.3.1.dev7", "1.3.1.dev2", "1.3.2.dev9"], "1.3.1.dev8"),
        ("1.3.1.dev1", ["dev"], ["1.3.1.dev20261124"], "1.3.1.dev20261125"),
        ("1.3.1.dev3", ["dev"], ["1.3.1.dev1"], "1.3.1.dev3"),
        ("0.dev1", ["dev"], ["0.0.dev1"], "0.0.dev2"),
        ("1.3.dev1", ["dev"], ["1.3.0.dev4", "1!1.3.dev9", "1.3.dev9+l"], "1.3.0.dev5"),
        ("1.3.0rc1.dev1", ["dev"], ["1.3.0.dev9", "1.3.0rc1.dev1"], "1.3.0rc1.dev2"),
        ("1.3.0rc1", ["minor", "rc"], ["1.3.0rc3", "1.3.0b7", "1.3.0rc8.dev1"], "1.3.0rc4"),
        ("1.3.0a1", ["alpha"], ["1.3.0a1", "1.3.0rc1"], "1.3.0a2"),
        ("1.3.0.post1", ["post"], ["1.3.0.post4", "1.3.0.post9.dev1"], "1.3.0.post5"),
        ("1.4.0", ["minor"], ["1.4.0"], "1.4.0"),
        ("1.3.1", [], ["1.3.1"], "1.3.1"),
    ],
)
def test_what_is_taken_is_passed_by(
    version: str, levels: list[str], taken: list[str], found: str
) -> None:
    assert counted_up(version, levels, [*taken, "no version"]) == found
    assert is_of_series(found, version, levels)
    assert is_counted(levels) == (version not in {"1.4.0", "1.3.1"})


@pytest.mark.parametrize(
    ("here", "latest", "final", "levels", "found"),
    [
        # what uv makes of the version in the files, where nothing else was released
        ("1.3.0", "", "", "", ("1.3.0", "1.3.1")),
        ("1.3.0", "", "", "minor rc", ("1.3.0", "1.4.0rc1")),
        ("1.3.0rc1", "", "", "rc", ("1.3.0rc1", "1.3.0rc2")),
        ("2.0.dev0", "", "", "minor", ("2.0.dev0", "2.1")),
        # what was released beside the files
        ("1.3.0", "1.3.2.dev4", "1.3.1", "", ("1.3.1", "1.3.2")),
        ("1.3.0", "1.3.2.dev4", "1.3.1", "patch dev", ("1.3.1", "1.3.2.dev1")),
        ("1.3.0", "1.3.2.dev4", "1.3.1", "dev", ("1.3.2.dev4", "1.3.2.dev5")),
        ("1.3.0", "1.4.0rc1", "1.3.1", "rc", ("1.4.0rc1", "1.4.0rc2")),
        ("1.3.0", "1.4.0rc1", "1.3.1", "stable", ("1.4.0rc1", "1.4.0")),
        ("1.3.0", "1.4.0rc1", "1.3.1", "post", ("1.3.1", "1.3.1.post1")),
        # versions that are tags
        ("", "1.4.0rc1", "1.3.1", "minor", ("1.3.1", "1.4.0")),
        ("", "1.4.0rc1", "1.3.1", "", ("1.4.0rc1", "1.4.0rc2")),
        ("", "1.4.0.dev1", "1.3.1", "", ("1.3.1", "1.3.2")),
        ("", "1.4.0rc1.dev2", "1.3.1", "", ("1.3.1", "1.3.2")),
        ("", "0.66b0", "", "", ("0.66b0", "0.66b1")),
        ("", "0.1.dev3", "", "", ("0.1.dev3", "0.1")),
        ("", "0.66b0", "", "minor", ("0.66b0", "0.67")),
        # a development version in the files
        ("1.3.1.dev0", "1.3.0", "1.3.0", "", ("1.3.1.dev0", "1.3.1")),
        ("1.3.1.dev0", "1.3.0", "1.3.0", "patch", ("1.3.0", "1.3.1")),
        ("1.3.1.dev0", "1.3.0", "1.3.0", "minor", ("1.3.0", "1.4.0")),
        ("1.3.1.dev0", "1.3.0", "1.3.0", "dev", ("1.3.1.dev0", "1.3.1.dev1")),
        ("1.3.1.dev0", "1.4.0.dev3", "1.3.0", "dev", ("1.3.1.dev0", "1.3.1.dev1")),
        ("1.3.1.dev0", "1.3.0", "1.3.0", "minor rc", ("1.3.0", "1.4.0rc1")),
        ("1.3.1.dev0", "1.3.0", "1.3.0", "rc", ("1.3.1.dev0", "1.3.1rc1")),
        ("2.0.0.dev0", "1.3.0", "1.3.0", "patch", ("1.3.0", "2.0.0")),
        ("2.0.0.dev0", "1.3.0", "1.3.0", "minor rc", ("1.3.0", "2.0.0rc1")),
        ("1.4.0rc2.dev0", "1.4.0rc1", "1.3.0", "", ("1.4.0rc2.dev0", "1.4.0rc2")),
        ("1.4.0rc2.dev0", "1.4.0rc1", "1.3.0", "rc", ("1.4.0rc2.dev0", "1.4.0rc2")),
        ("1.4.0b2.dev0", "1.4.0b1", "1.3.0", "rc", ("1.4.0b2.dev0", "1.4.0rc1")),
        ("1.4.0rc2.dev0", "1.4.0rc1", "1.3.0", "stable", ("1.4.0rc2.dev0", "1.4.0")),
        ("0.66b1.dev0", "0.66b0", "", "beta", ("0.66b1.dev0", "0.66b1")),
        ("2.1.1.dev0", "2.2.0", "2.2.0", "", ("2.2.0", "2.2.1")),
        ("1!2.0.dev0", "1!1.5", "1!1.5", "minor", ("1!1.5", "1!2.0")),
    ],
)
def test_a_release_goes_on_from_its_line(
    here: str, latest: str, final: str, levels: str, found: tuple[str, str]
) -> None:
    assert next_version(here, latest, final, [*filter(None, levels.split(" "))], None) == found


def test_a_version_that_is_released_but_not_here_is_left_to_its_tag() -> None:
    assert next_version("1.3.0", "1.3.1", "1.3.1", [], "1.3.1") == ("1.3.0", "1.3.1")
    with pytest.raises(Problem, match=r"1\.3\.1 is the current version already"):
        next_version("1.3.1", "1.3.1", "1.3.1", [], "1.3.1")


def test_without_a_version_and_a_release_there_is_nothing_to_go_on_from() -> None:
    with pytest.raises(Problem, match="there is no release tag yet"):
        next_version("", "", "", [], None)


def test_what_would_not_be_greater_than_the_files_is_refused() -> None:
    for levels, version in ((["post"], None), ([], "1.3.0.post1"), ([], "1.3.1.dev0")):
        with pytest.raises(Problem, match=r"1\.3\.1\.dev0"):
            next_version("1.3.1.dev0", "1.3.0", "1.3.0", levels, version)


@pytest.mark.parametrize("other", ["1.3.2.dev1", "1.3.1", "1.3.1rc1", "1.3.1.dev1", "none"])
def test_another_series_is_another_one(other: str) -> None:
    assert not is_of_series(other, "1.3.1.dev2", ["dev"])


@pytest.mark.parametrize(
    ("released", "after"),
    [
        ("1.3.0", "1.3.1.dev0"),
        ("1.3", "1.3.1.dev0"),
        ("2026", "2026.0.1.dev0"),
        ("1!1.3.0", "1!1.3.1.dev0"),
        ("1.3.0.post2", "1.3.1.dev0"),
        ("1.4.0rc1", "1.4.0rc2.dev0"),
        ("0.66b0", "0.66b1.dev0"),
        ("1.0a3", "1.0a4.dev0"),
        ("1.0a3.post1", "1.0.1.dev0"),
        ("1.3.0+local", "1.3.1.dev0"),
        ("1.3.0.dev4", ""),
        ("1.3.0rc1.dev4", ""),
        ("no version", ""),
    ],
)
def test_after_a_release_comes_a_development_version(released: str, after: str) -> None:
    assert following(released) == after
    assert not after or Version(after) > Version(released)


def test_a_level_of_releases_goes_on_from_the_last_one_of_these() -> None:
    assert goes_on_from_the_latest(["dev"])
    assert goes_on_from_the_latest(["rc"])
    assert goes_on_from_the_latest(["stable"])
    for levels in ([], ["patch"], ["patch", "dev"], ["minor", "rc"], ["post"], ["none"]):
        assert not goes_on_from_the_latest(levels)
