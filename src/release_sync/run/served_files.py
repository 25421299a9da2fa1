"""The files of a release as the index serves them, compared with the hashes in its seal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from release_sync.errors import Problem, Unanswered
from release_sync.plan.version import parsed, releases
from release_sync.steps.observed import Observed, to_nobody
from release_sync.steps.uploading.served import because

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.seals.pending import Sealed
    from release_sync.steps.observed import Report

WORDS = {
    Observed.EXACT: "served, and the sha256 is the sealed one",
    Observed.ABSENT: "missing",
    Observed.FOREIGN: "foreign: another file is served under this name",
    Observed.UNKNOWN: "unknown: no answer of a package index, or 404 for the whole project",
}


class ReleasedIndex(Protocol):
    """An index that can be asked for a released file; ``why`` says why it did not answer."""

    name: str
    why: str

    def look_up_released(self, artifact: Artifact) -> tuple[Observed, bool]:  # noqa: D102 - see effects.index
        ...


@dataclass(frozen=True, slots=True)
class ServedFile:
    """An artifact of a release, and what the index serves under its name."""

    artifact: Artifact
    seen: Observed
    is_yanked: bool

    @property
    def is_as_sealed(self) -> bool:
        """Return whether the sealed bytes are served, and not yanked (PEP 592)."""
        return self.seen is Observed.EXACT and not self.is_yanked

    @property
    def words(self) -> str:
        """What is served, in words."""
        return WORDS[self.seen] + ("; yanked" if self.is_yanked else "")


def choose_tags(wanted: str, refs: Mapping[str, str], patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the tags of a version, or, where none is wanted, the newest one of each group.

    ``refs`` are all tags here, ``patterns`` what those of each group look like. Several groups may
    have a tag of one version. Raises Problem where there is none.
    """
    version, found = parsed(wanted), []
    for pattern in patterns:
        theirs = releases(pattern, refs)
        if wanted:
            theirs = [one for one in theirs if parsed(one[0]) == version]
        found += [ref.removeprefix("refs/tags/") for _, ref in theirs[:1]]
    if not found:
        what = f"tag {wanted!r} here, nor one of that version" if wanted else "release tag here"
        raise Problem(f"there is no {what}", hint="run `git fetch --tags` first")
    return tuple(dict.fromkeys(found))


def look_up(
    sealed: Sealed, index: ReleasedIndex, report: Report = to_nobody
) -> tuple[ServedFile, ...]:
    """Ask the index for each file that a seal names; ``report`` is told how many were asked for."""
    found = []
    for number, one in enumerate(sealed.artifacts):
        report("", number, len(sealed.artifacts), "files")
        found.append(ServedFile(one, *index.look_up_released(one)))
    return tuple(found)


def served_problem(tag: str, index: ReleasedIndex, files: Sequence[ServedFile]) -> Problem | None:
    """Return what is wrong with what an index serves; None when nothing is.

    Where a file could not be asked for, nothing is said of the others.
    """
    if any(one.seen is Observed.UNKNOWN for one in files):
        return Unanswered(
            f"{index.name} did not answer for every file of {tag}{because(index.why)}",
            hint="try again when it does",
        )
    bad = [one.artifact.filename for one in files if not one.is_as_sealed]
    if not bad:
        return None
    return Problem(
        f"{index.name} does not serve {tag} as it was sealed: {', '.join(bad)}",
        hint=f"the sealed hashes are in the tag: `git cat-file tag {tag}`",
    )
