"""A release that is built again is compared with its seal, and with what the index serves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from release_sync.errors import Unanswered
from release_sync.run.after.rebuilt import Rebuilt, rebuild, rebuilt_problem
from release_sync.run.served_files import ServedFile
from release_sync.seals.artifact import Artifact, Artifacts
from release_sync.seals.built_with import BuildRequirement, BuiltWith
from release_sync.seals.pending import Sealed
from release_sync.steps.observed import Observed, to_nobody

if TYPE_CHECKING:
    from release_sync.steps.observed import Report

SDIST, WHEEL = (Artifact("app", f"app-1{end}", 1, "a" * 64) for end in (".tar.gz", ".whl"))
OTHER = replace(WHEEL, sha256="b" * 64)
BEFORE, AFTER = (
    BuiltWith("k", "cpython 3.11.7", "linux", (BuildRequirement("hatchling", version, ()),))
    for version in ("1.27.0", "1.28.0")
)
SEALED = Sealed("c" * 40, "d" * 40, "", "default", "1", "v1", "main", "pypi", (("app",),),
                (SDIST, WHEEL), environments=(BEFORE,))  # fmt: skip


@dataclass
class Bench:
    """Builds these, with that; of a wheel that is served, something differs or nothing."""

    built: tuple[Artifact, ...] = (SDIST, WHEEL)
    environment: BuiltWith = BEFORE
    differs: tuple[str, ...] = ()
    why: str = ""

    def build_again(self, report: Report) -> Artifacts:
        """Build."""
        report("build", 0, 1, "packages")
        return Artifacts(self.built, ("a note",), (self.environment,))

    def compare(self, artifact: Artifact) -> tuple[tuple[str, ...], str]:
        """Compare."""
        return (self.differs, self.why) if artifact.filename == WHEEL.filename else ((), "")


def seen(bench: Bench, wheel: Observed = Observed.EXACT) -> Rebuilt:
    files = [ServedFile(SDIST, Observed.EXACT, False), ServedFile(WHEEL, wheel, False)]  # noqa: FBT003 - as they are
    return rebuild(SEALED, files, bench, to_nobody)


def test_how_far_it_is_is_reported() -> None:
    told: list[tuple[object, ...]] = []
    files = [ServedFile(one, Observed.EXACT, False) for one in (SDIST, WHEEL)]  # noqa: FBT003 - as it is
    rebuild(SEALED, files, Bench(), lambda *far: told.append(far))
    assert told[1:] == [("compare", 0, 2, "files"), ("compare", 1, 2, "files")]


def test_three_parties_that_have_the_same_are_no_problem() -> None:
    found = seen(Bench())
    assert found.is_identical
    assert [one.words for one in found.files] == ["identical to what git gives"] * 2
    assert (found.notes, found.built_with) == (("a note",), ())
    assert rebuilt_problem(SEALED, found) is None


@pytest.mark.parametrize(
    ("bench", "wheel", "word", "words"),
    [
        (Bench((SDIST, OTHER), differs=("x",)), Observed.EXACT, "differs", "another file"),
        (Bench((SDIST, OTHER)), Observed.FOREIGN, "differs", "file, the one that is served"),
        (Bench((SDIST, OTHER)), Observed.ABSENT, "differs", "git gives another file"),
        (Bench((SDIST,), differs=("x",)), Observed.EXACT, "missing", "not built from git"),
        (Bench(differs=("x",)), Observed.EXACT, "identical", "git gives what is sealed"),
    ],
)
def test_what_git_does_not_give_is_named(
    bench: Bench, wheel: Observed, word: str, words: str
) -> None:
    found = seen(bench, wheel)
    assert not found.is_identical
    assert found.files[1].word == word
    assert found.files[1].differences == (() if word == "missing" else bench.differs)
    assert found.files[1].words.endswith(words)
    problem = rebuilt_problem(SEALED, found)
    assert problem is not None
    assert problem.message == f"v1 is not what is built from ddddddd: {WHEEL.filename}"


@pytest.mark.parametrize("wheel", [Observed.FOREIGN, Observed.ABSENT, Observed.UNKNOWN])
def test_what_is_only_served_otherwise_is_said_elsewhere(wheel: Observed) -> None:
    found = seen(Bench(differs=("x",)), wheel)
    assert found.is_identical is (wheel is not Observed.FOREIGN)
    assert found.files[1].differences == (("x",) if wheel is Observed.FOREIGN else ())
    assert found.files[1].words == "git gives what is sealed"
    assert rebuilt_problem(SEALED, found) is None


def test_what_could_not_be_downloaded_is_not_called_another_file() -> None:
    found = seen(Bench(why="no answer"))
    assert not found.is_identical
    assert found.files[1].words == "git gives what is sealed"
    problem = rebuilt_problem(SEALED, found)
    assert isinstance(problem, Unanswered)
    assert problem.message.endswith(f"could not be compared: {WHEEL.filename} (no answer)")
    assert rebuilt_problem(SEALED, seen(Bench(why="too large"), Observed.FOREIGN)) is None
    other = seen(Bench((SDIST, OTHER), why="no answer"))
    assert other.files[1].words == "git gives another file"
    assert not isinstance(rebuilt_problem(SEALED, other), Unanswered)


def test_what_it_was_built_with_and_what_is_not_sealed_is_named() -> None:
    more = replace(WHEEL, filename="app-1-2.whl")
    found = seen(Bench((SDIST, WHEEL, more), AFTER))
    assert (found.built_with, found.more) == (("hatchling 1.27.0 → 1.28.0",), ("app-1-2.whl",))
    assert not found.is_identical
    problem = rebuilt_problem(SEALED, found)
    assert problem is not None
    assert problem.message.endswith(
        ": app-1-2.whl, which is not sealed (built with hatchling 1.27.0 → 1.28.0)"
    )


def test_a_seal_that_does_not_say_what_it_was_built_with_is_said_so() -> None:
    sealed = replace(SEALED, environments=())
    assert rebuild(sealed, (), Bench(())).notes[0].startswith("the seal does not say what")
