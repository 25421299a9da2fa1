"""The files of a release as the index serves them, compared with the hashes in its seal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from release_sync.errors import Problem, Unanswered, Waiting
from release_sync.plan.version import parsed
from release_sync.plan.version import releases as released
from release_sync.run.interrupted import HINTS
from release_sync.steps.observed import Observed, to_nobody
from release_sync.steps.uploading.served import because

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.seals.pending import Pending, Sealed
    from release_sync.steps.observed import Report

WORDS = {
    Observed.EXACT: "served, and the sha256 is the sealed one",
    Observed.ABSENT: "missing",
    Observed.FOREIGN: "foreign: another file is served under this name",
    Observed.UNKNOWN: "unknown: no answer of a package index, or 404 for the whole project",
}


SIDE_BY_SIDE = 8
"""How many projects are asked for at once."""


class ReleasedIndex(Protocol):
    """An index that can be asked for a released file; ``why`` says why it did not answer."""

    name: str
    why: str

    def look_up_released(self, artifacts: Sequence[Artifact]) -> list[tuple[Observed, bool, str]]:  # noqa: D102 - see effects.index
        ...


@dataclass(frozen=True, slots=True)
class ServedFile:
    """An artifact of a release, and what the index serves under its name.

    ``provenance`` is the URL of its attestations (PEP 740), if it has some.
    """

    artifact: Artifact
    seen: Observed
    is_yanked: bool
    provenance: str = ""

    @property
    def is_as_sealed(self) -> bool:
        """Return whether the sealed bytes are served, and not yanked (PEP 592)."""
        return self.seen is Observed.EXACT and not self.is_yanked

    @property
    def words(self) -> str:
        """What is served, in words."""
        return WORDS[self.seen] + ("; yanked" if self.is_yanked else "")


class Releases(Protocol):
    """The releases of a repository: tags, and seals that the remote keeps beside its tags."""

    @property
    def patterns(self) -> Sequence[str]: ...  # noqa: D102 - see effects.released_to
    @property
    def lands_beside(self) -> bool: ...  # noqa: D102
    def tags(self) -> Mapping[str, str]: ...  # noqa: D102
    def beside(self) -> Mapping[str, str]: ...  # noqa: D102
    def abandoned(self) -> Mapping[str, str]: ...  # noqa: D102
    def is_seal(self, oid: str) -> bool: ...  # noqa: D102
    def pending(self) -> Sequence[Pending]: ...  # noqa: D102


def choose_seals(wanted: str, releases: Releases) -> dict[str, str]:
    """Return the tags of a version, or, where none is wanted, the newest of each group.

    Each is there with what it points to, which may be no seal. The remote is asked for what is
    beside its tags only where that may count. Raises Waiting where what is wanted is pending,
    Problem where there is none.
    """
    refs = releases.tags()
    found = _chosen(wanted, refs, releases)
    if not found or releases.lands_beside or not all(map(releases.is_seal, found.values())):
        found = _chosen(wanted, {**refs, **releases.beside()}, releases)
        if not found or not all(map(releases.is_seal, found.values())):
            _refuse_pending(wanted, releases)
    if not found:
        for tag in _chosen(wanted, releases.abandoned(), releases) if wanted else ():
            raise Problem(
                f"{tag} was given up: there is no such release",
                hint="`release-sync history` shows what was released, and what was given up",
            )
        what = f"tag {wanted!r} here, nor one of that version" if wanted else "release tag here"
        raise Problem(f"there is no {what}", hint="run `git fetch --tags` first")
    return found


def _refuse_pending(wanted: str, releases: Releases) -> None:
    """Raise Waiting where a release of that tag or version has not landed yet."""
    for one in releases.pending():
        sealed = one.sealed
        if wanted in {"", sealed.tag} or parsed(wanted) == parsed(sealed.version):
            raise Waiting(
                f"{sealed.tag} is pending ({one.state.value}), and not released yet",
                hint=HINTS[one.state],
            )


def _chosen(wanted: str, refs: Mapping[str, str], releases: Releases) -> dict[str, str]:
    exact = f"refs/tags/{wanted}"
    if exact in refs:
        return {wanted: refs[exact]}
    version, found = parsed(wanted), []
    for pattern in releases.patterns:
        theirs = [
            ref for has, ref in released(pattern, refs) if not wanted or parsed(has) == version
        ]
        found += theirs[:1]
    return {ref.removeprefix("refs/tags/"): refs[ref] for ref in found}


def look_up(
    sealed: Sealed, index: ReleasedIndex, report: Report = to_nobody
) -> tuple[ServedFile, ...]:
    """Ask the index for the files that a seal names, for several projects at once.

    ``report`` is told how many were asked for.
    """
    found: dict[str, ServedFile] = {}
    projects: dict[str, list[Artifact]] = {}
    for one in sealed.artifacts:
        projects.setdefault(one.member, []).append(one)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        answers = pool.map(index.look_up_released, projects.values())
        for theirs, seen in zip(projects.values(), answers, strict=True):
            report("", len(found), len(sealed.artifacts), "files")
            for one, answer in zip(theirs, seen, strict=True):
                found[one.filename] = ServedFile(one, *answer)
    return tuple(found[one.filename] for one in sealed.artifacts)


def served_problem(
    sealed: Sealed, index: ReleasedIndex, files: Sequence[ServedFile]
) -> Problem | None:
    """Return what is wrong with what an index serves; None when nothing is.

    Where a file could not be asked for, nothing is said of the others.
    """
    if any(one.seen is Observed.UNKNOWN for one in files):
        return Unanswered(
            f"{index.name} did not answer for every file of {sealed.tag}{because(index.why)}",
            hint="try again when it does",
        )
    bad = [one.artifact.filename for one in files if not one.is_as_sealed]
    if not bad:
        return None
    return Problem(
        f"{index.name} does not serve {sealed.tag} as it was sealed: {', '.join(bad)}",
        hint=f"the sealed hashes are in its seal: `git cat-file tag {sealed.oid[:12]}`",
    )
