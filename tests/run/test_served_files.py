"""What an index serves of a release is compared file by file with its seal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from release_sync.errors import Problem, Unanswered, Waiting
from release_sync.run.served_files import choose_seals, look_up, served_problem
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Pending, Sealed
from release_sync.steps.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Sequence

FILES = tuple(Artifact("app", f"app-1{end}", 1, "0" * 64) for end in (".tar.gz", ".whl"))
SEALED = Sealed("", "", "", "default", "1", "v1", "main", "pypi", (("app",),), FILES)
GOOD = (Observed.EXACT, False)


@dataclass
class Index:
    """Answers for the wheel; the sdist is served as it was sealed."""

    wheel: tuple[Observed, bool]
    name: str = "pypi"
    why: str = "a reason"

    def look_up_released(self, artifacts: Sequence[Artifact]) -> list[tuple[Observed, bool, str]]:
        """Answer."""
        return [(*(self.wheel if one.filename.endswith(".whl") else GOOD), "") for one in artifacts]


def test_how_many_were_asked_for_is_reported() -> None:
    told: list[tuple[object, ...]] = []
    look_up(SEALED, Index(GOOD), lambda *far: told.append(far))
    assert told == [("", 0, 2, "files")]


def test_what_is_served_as_it_was_sealed_is_no_problem() -> None:
    assert served_problem(SEALED, Index(GOOD), look_up(SEALED, Index(GOOD))) is None


@pytest.mark.parametrize(
    ("wheel", "words"),
    [
        ((Observed.ABSENT, False), "missing"),
        ((Observed.FOREIGN, False), "foreign"),
        ((Observed.EXACT, True), "yanked"),
    ],
)
def test_what_is_served_otherwise_is_named(wheel: tuple[Observed, bool], words: str) -> None:
    files = look_up(SEALED, Index(wheel))
    assert [one.is_as_sealed for one in files] == [True, False]
    assert words in files[1].words
    problem = served_problem(SEALED, Index(wheel), files)
    assert problem is not None
    assert problem.message.endswith("as it was sealed: app-1.whl")


def test_where_a_file_could_not_be_asked_for_nothing_is_judged() -> None:
    index = Index((Observed.UNKNOWN, False))
    problem = served_problem(SEALED, index, look_up(SEALED, index))
    assert isinstance(problem, Unanswered)
    assert problem.message.endswith("every file of v1 (a reason)")


TAGS = ("v0.9", "v0.10.0", "v0.11rc1", "mcp-v0.10", "mcp-v2", "latest", "v1^{}")
BOTH = ("v{version}", "mcp-v{version}")


@dataclass
class Tags:
    """The tags of a repository, and what its remote keeps beside its own; `plain` is no seal."""

    patterns: tuple[str, ...] = BOTH
    here: tuple[str, ...] = TAGS
    there: tuple[str, ...] = ()
    plain: str = ""
    lands_beside: bool = False
    asked: int = 0
    waiting: tuple[Pending, ...] = ()
    given_up: tuple[str, ...] = ()

    def pending(self) -> tuple[Pending, ...]:
        """Return what is pending there."""
        return self.waiting

    def tags(self) -> dict[str, str]:
        """Return those here."""
        return {f"refs/tags/{tag}": f"the tag {tag}" for tag in self.here}

    def beside(self) -> dict[str, str]:
        """Return those beside the remote's tags."""
        self.asked += 1
        return {f"refs/tags/{tag}": f"the seal {tag}" for tag in self.there}

    def abandoned(self) -> dict[str, str]:
        """Return what was given up."""
        return {f"refs/tags/{tag}": f"the claim {tag}" for tag in self.given_up}

    def is_seal(self, oid: str) -> bool:
        """Return whether it is one."""
        return oid != f"the tag {self.plain}"


@pytest.mark.parametrize(
    ("wanted", "patterns", "found"),
    [
        ("", BOTH, ("v0.11rc1", "mcp-v2")),
        ("", BOTH[:1], ("v0.11rc1",)),
        ("0.10", BOTH, ("v0.10.0", "mcp-v0.10")),
        ("v0.9.0", BOTH, ("v0.9",)),
        ("2", BOTH, ("mcp-v2",)),
        ("", ("other-{version}", *BOTH), ("v0.11rc1", "mcp-v2")),
        ("0.9", (BOTH[0], BOTH[0]), ("v0.9",)),
        ("latest", BOTH, ("latest",)),
    ],
)
def test_the_tags_of_a_version_are_found_and_without_one_the_newest_of_each_group(
    wanted: str, patterns: tuple[str, ...], found: tuple[str, ...]
) -> None:
    tags = Tags(patterns)
    assert choose_seals(wanted, tags) == {one: f"the tag {one}" for one in found}
    assert tags.asked == 0


@pytest.mark.parametrize(
    ("wanted", "tags", "found"),
    [
        ("v3", Tags(there=("v3",)), "the seal v3"),
        ("3", Tags(there=("v3", "v4")), "the seal v3"),
        ("v0.9", Tags(there=("v0.9",), plain="v0.9"), "the seal v0.9"),
        ("v0.9", Tags(there=("v3",), plain="v0.9"), "the tag v0.9"),
        ("", Tags(BOTH[:1], there=("v3",), lands_beside=True), "the seal v3"),
    ],
)
def test_a_seal_beside_the_tags_is_found_where_it_may_count(
    wanted: str, tags: Tags, found: str
) -> None:
    assert [*choose_seals(wanted, tags).values()] == [found]
    assert tags.asked == 1


def test_a_version_that_no_tag_names_is_an_error() -> None:
    for wanted in ("3", "newest", "v9"):
        with pytest.raises(Problem, match=f"there is no tag '{wanted}' here, nor one of that"):
            choose_seals(wanted, Tags())
    with pytest.raises(Problem, match="there is no release tag here"):
        choose_seals("", Tags(here=(), given_up=("v3",)))
    for wanted in ("3", "v3", "3.0"):
        with pytest.raises(Problem, match="v3 was given up") as stopped:
            choose_seals(wanted, Tags(given_up=("v4", "v3")))
    assert "release-sync history" in stopped.value.hint


@pytest.mark.parametrize(
    ("wanted", "tags"),
    [("v1", Tags(here=("v1",), plain="v1")), ("v1", Tags()), ("1.0", Tags()), ("", Tags(here=()))],
)
def test_what_is_pending_is_not_verified_yet(wanted: str, tags: Tags) -> None:
    """The tag may be there: that of a release of a tag that existed before is no seal."""
    tags.waiting = (Pending(SEALED),)
    with pytest.raises(Waiting) as raised:
        choose_seals(wanted, tags)
    assert raised.value.message == "v1 is pending (sealed), and not released yet"
    assert raised.value.hint.startswith("run `release-sync resume` to finish it, or `release-sync")


def test_only_what_is_yanked_is_called_so() -> None:
    sdist, wheel = look_up(SEALED, Index((Observed.EXACT, True)))
    assert "yanked" not in sdist.words
    assert wheel.words == f"{sdist.words}; yanked"
