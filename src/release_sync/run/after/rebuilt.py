"""The files of a release of three parties: its seal, what the index serves, and what git gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from release_sync.errors import Problem, Unanswered
from release_sync.seals.built_with import differences
from release_sync.steps.observed import Observed, to_nobody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.run.served_files import ServedFile
    from release_sync.seals.artifact import Artifact, Artifacts
    from release_sync.seals.pending import Sealed
    from release_sync.steps.observed import Report

THERE = frozenset({Observed.EXACT, Observed.FOREIGN})
"""The answers of an index that serves something under a name."""


class Rebuilding(Protocol):
    """What builds a release again, and compares it with what an index serves."""

    def build_again(self, report: Report) -> Artifacts: ...  # noqa: D102 - see effects.rebuild
    def compare(self, artifact: Artifact) -> tuple[tuple[str, ...], str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class RebuiltFile:
    """A file of a release, what is served under its name, and the sha256 of what git gives.

    ``sha256`` is empty where nothing of this name is built any more. ``differences`` are those
    between what is served and what git gives, in words; ``unseen`` is why that was not compared.
    """

    served: ServedFile
    sha256: str
    differences: tuple[str, ...] = ()
    unseen: str = ""

    @property
    def artifact(self) -> Artifact:
        """What was sealed."""
        return self.served.artifact

    @property
    def word(self) -> str:
        """What git gives, compared with the seal: `identical`, `differs` or `missing`."""
        if not self.sha256:
            return "missing"
        return "identical" if self.sha256 == self.artifact.sha256 else "differs"

    @property
    def is_identical(self) -> bool:
        """Return whether git gives what was sealed, and what is served, as far as anything is."""
        return self.word == "identical" and not self.differences and not self.unseen

    @property
    def words(self) -> str:
        """What git gives, in words."""
        same = self.served.seen in THERE and not self.differences and not self.unseen
        match self.word:
            case "missing":
                return "not built from git"
            case "identical":
                return "identical to what git gives" if same else "git gives what is sealed"
        return f"git gives another file{', the one that is served' if same else ''}"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A release that was built again: its files, and what its builds were another one with.

    ``notes`` are what somebody should know of the builds, ``more`` the names of files that were
    built, and are not in the seal.
    """

    files: tuple[RebuiltFile, ...]
    built_with: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def is_identical(self) -> bool:
        """Return whether all three parties have the same."""
        return not self.more and all(one.is_identical for one in self.files)


def rebuild(
    sealed: Sealed,
    files: Sequence[ServedFile],
    bench: Rebuilding,
    report: Report = to_nobody,
) -> Rebuilt:
    """Build a release again, and compare it with its seal and what the index serves of it.

    Every file that is served is downloaded: that an index says the sealed hash proves nothing.
    """
    built = bench.build_again(report)
    made = {one.filename: one for one in built.files}
    found = []
    for number, one in enumerate(files):
        report("compare", number, len(files), "files")
        mine = made.pop(one.artifact.filename, None)
        both = mine is not None and one.seen in THERE
        differ, unseen = bench.compare(one.artifact) if both else ((), "")
        found.append(RebuiltFile(one, mine.sha256 if mine else "", differ, unseen))
    notes = built.notes
    if not sealed.environments:
        notes = ("the seal does not say what it was built with", *notes)
    other = differences(sealed.environments, built.environments)
    return Rebuilt(tuple(found), other, notes, tuple(made))


def rebuilt_problem(sealed: Sealed, rebuilt: Rebuilt) -> Problem | None:
    """Return which files are not what git gives; None when all are.

    What is not served as it was sealed is another problem, and not said twice.
    """
    bad = [
        one.artifact.filename
        for one in rebuilt.files
        if one.word != "identical" or (one.differences and one.served.seen is Observed.EXACT)
    ]
    what = [*bad, *(f"{name}, which is not sealed" for name in rebuilt.more)]
    if not what:
        return _not_compared(sealed, rebuilt)
    why = f" (built with {', '.join(rebuilt.built_with)})" if rebuilt.built_with else ""
    return Problem(
        f"{sealed.tag} is not what is built from {sealed.candidate[:7]}: {', '.join(what)}{why}",
        hint="the lines above say what differs, between what is served and what git gives;"
        f" `git cat-file tag {sealed.oid[:12]}` shows what it was built with",
    )


def _not_compared(sealed: Sealed, rebuilt: Rebuilt) -> Problem | None:
    left = [one for one in rebuilt.files if one.unseen and one.served.seen is Observed.EXACT]
    if not left:
        return None
    names = ", ".join(one.artifact.filename for one in left)
    return Unanswered(
        f"{sealed.tag} is rebuilt as it was sealed, and what is served could not be compared:"
        f" {names} ({left[0].unseen})",
        hint="try again when the index answers",
    )
