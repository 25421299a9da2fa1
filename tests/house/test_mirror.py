"""A module's test is where the module's name says: ``tests/ROOM/test_X.py`` is of ``ROOM/X.py``."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SOURCE = TESTS.parent / "src" / "release_sync"
OF_SEVERAL = {
    "backends/test_dynamic_versions.py": "versions that are not in the manifest, of every backend",
    "changelog/test_releases.py": "the commits of releases, for each way to keep a changelog",
    "cli/test_recorded_screens.py": "the screens in the documentation, of any command",
    "guardrail/test_alone.py": "a package without siblings, through all of the room",
    "guardrail/test_commits.py": "a commit, through all of the room",
    "guardrail/test_discovery.py": "where in a repository its workspaces are, through all of it",
    "guardrail/test_elsewhere.py": "other systems, through all of the room",
    "guardrail/test_failing.py": "what can not be read, through all of it",
    "guardrail/test_no_workspace.py": "repositories that are none of ours, through all of it",
    "guardrail/test_sparse.py": "sparse checkouts, through all of it",
    "rules/test_virtual_root.py": "a root that is no package, by every rule",
    "run/test_ends.py": "every way in which a release ends, of whichever command",
    "run/test_every_moment.py": "whatever happens at any moment, to whichever command",
    "run/test_landing.py": "the landing, of whichever command",
    "run/test_overlapping_groups.py": "two releases that share a group, by any command",
    "run/test_several_groups.py": "releases of several groups, by whichever command",
    "run/test_staged.py": "releases by way of a stage, by whichever command",
    "run/test_strangers.py": "seals that somebody forged, by every command that reads one",
    "run/test_two_parties.py": "two parties, each with any command",
    "run/test_year.py": "a year of releases, by the words of commands",
    "steps/test_preparing.py": "the steps before the seal: each is a few lines",
}
"""The tests that are of a room, and of none of its modules alone; and what they are of."""


def of_rooms() -> list[str]:
    """Return the tests of rooms, and those of modules outside of all rooms."""
    files = [file.relative_to(TESTS) for file in TESTS.rglob("test_*.py")]
    return sorted(str(one) for one in files if is_of_a_room(one))


def is_of_a_room(test: Path) -> bool:
    return len(test.parts) == 1 or (SOURCE / test.parts[0]).is_dir()


def module(test: str) -> Path:
    """Return the module that a test is named after."""
    path = Path(test)
    return SOURCE / path.parent / path.name.removeprefix("test_")


@pytest.mark.parametrize("test", sorted({*of_rooms()} - {*OF_SEVERAL}))
def test_a_test_is_named_after_the_module_beside_it(test: str) -> None:
    assert module(test).is_file(), f"{test}: there is no {module(test).relative_to(SOURCE)}"


def test_pytest_looks_into_every_folder_of_tests(pytestconfig: pytest.Config) -> None:
    folders = {
        name for test in TESTS.rglob("test_*.py") for name in test.relative_to(TESTS).parent.parts
    }
    passed_over = pytestconfig.getini("norecursedirs")
    assert [one for one in folders if any(fnmatch(one, glob) for glob in passed_over)] == []


@pytest.mark.parametrize("test", OF_SEVERAL)
def test_a_test_of_several_modules_is_in_their_room(test: str) -> None:
    assert test in of_rooms()
    assert not module(test).is_file(), f"{test} is a module's own"
