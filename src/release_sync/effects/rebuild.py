"""The rebuild of a release: what git has at its commit is built again, as its seal says."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from release_sync.effects.build.ahead import EnvironmentsAhead
from release_sync.effects.build.artifact_store import ArtifactStore, sha256
from release_sync.effects.build.artifacts import Incomplete, files
from release_sync.effects.build.differing import compared
from release_sync.effects.build.requirements import Unobtainable
from release_sync.effects.isolation.isolation import choose
from release_sync.effects.process_lock import UPLOADING, folder_of, locked
from release_sync.effects.scratch import Scratch
from release_sync.effects.secrets import environment
from release_sync.effects.uv.commands import Uv
from release_sync.effects.workbench import ScratchWorkbench
from release_sync.errors import Problem
from release_sync.seals.artifact import Artifact, Artifacts, Expected
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from release_sync.effects.git.repository import Repository
    from release_sync.effects.index.released_index import ReleasedIndex
    from release_sync.effects.isolation.isolation import Isolation
    from release_sync.effects.released_to import Releases
    from release_sync.seals.built_with import BuiltWith
    from release_sync.seals.pending import Sealed
    from release_sync.steps.observed import Report

NAMES = ("what is served", "what git gives")
ROOM = 1 << 20
"""How much larger than twice what was rebuilt a file may be that is downloaded, in bytes."""


class Rebuild(ScratchWorkbench):
    """A scratch folder for what is built of one commit, and compared with what an index serves.

    Nothing is checked out for it, and nothing goes to the store: so a bare clone will do.
    """

    def __init__(
        self, repository: Repository, prefix: str, uv: Uv, sealed: Sealed, released: ReleasedIndex
    ) -> None:
        """Hold what is needed; nothing is made yet. Raises Problem for a member that is not there.

        ``prefix`` is the workspace's folder inside the repository, ``released`` where it went to.
        """
        folder = folder_of(repository)
        scratch = Scratch(repository, folder / "scratch")
        kept, nothing = ArtifactStore(folder), EnvironmentsAhead()
        super().__init__(
            repository, prefix, uv, kept, scratch, lambda _: (), index="", ahead=nothing
        )
        self.sealed = sealed
        self.released = released
        self.paths: dict[str, Path] = {}
        workspace = read(self._committed(sealed.candidate))
        absent = [name for name in sealed.members if name not in workspace.by_name]
        if absent:
            raise Problem(
                f"{sealed.tag} can't be rebuilt: {sealed.candidate[:7]} has no {', '.join(absent)}",
                hint=f"see who made it with `git show {sealed.tag}`",
            )
        self.members = tuple(
            Expected(name, workspace.member(name).folder, sealed.version) for name in sealed.members
        )

    @property
    def isolation(self) -> Isolation:
        """What keeps the builds apart here."""
        return self.uv.isolation

    def build_again(self, report: Report) -> Artifacts:
        """Build with what was sealed; where that can't be had, with what can. Raises Problem.

        Then a note says why, and the environments say what was another one.
        """
        self._folders.append(self.scratch.make())
        try:
            return self._built(self.sealed.environments, (), report)
        except (Unobtainable, Incomplete) as problem:
            missed = _unobtainable(problem)
            if missed is None:
                raise
            why = f"not built with what was sealed: {missed.sentence}"
            try:
                return self._built((), (why,), report)
            except Problem:
                raise missed from None

    def _built(
        self, sealed: Sequence[BuiltWith], notes: tuple[str, ...], report: Report
    ) -> Artifacts:
        built, environments = self._build(self.members, self.sealed.candidate, sealed, report)
        every = [*files(self.members, built)]
        self.paths = {file.name: file for _, file in every}
        made = tuple(
            Artifact(one.name, file.name, file.stat().st_size, sha256(file)) for one, file in every
        )
        notes += tuple(note for one in built for note in one.notes)
        return Artifacts(made, notes, environments)

    def compare(self, artifact: Artifact) -> tuple[tuple[str, ...], str]:
        """Download what is served under the name of what was rebuilt, and return what differs.

        The second is why it could not be had: it may be larger than what a stranger may send.
        """
        rebuilt = self.paths[artifact.filename]
        served = self._folders[-1] / "served" / artifact.filename
        served.parent.mkdir(exist_ok=True)
        why = self.released.fetch(artifact, served, 2 * rebuilt.stat().st_size + ROOM)
        if why:
            return (), why
        return tuple(compared(served, rebuilt, NAMES, trusted=False)), ""


def _unobtainable(problem: Unobtainable | Incomplete) -> Unobtainable | None:
    """Return what could not be had: for all members, or for one whose hook asked for it."""
    causes = problem.problems.values() if isinstance(problem, Incomplete) else (problem,)
    return next((one for one in causes if isinstance(one, Unobtainable)), None)


@contextmanager
def open_rebuild(releases: Releases, sealed: Sealed, released: ReleasedIndex) -> Iterator[Rebuild]:
    """Hold the lock of the repository, and yield what rebuilds one of its releases.

    How builds are kept apart is configured at HEAD. Raises Problem.
    """
    repository = releases.repository
    repository.fetch_commit(sealed.candidate)
    isolation = choose(releases.workspace.configuration.isolation)
    if isolation.problem is not None:
        raise isolation.problem
    folder = folder_of(repository)
    way = chosen(releases.path, sealed.candidate, "cd", sealed.members).way.rstrip("/")
    uv = Uv(environment(), folder / UPLOADING, isolation)
    found = Rebuild(repository, way or ".", uv, sealed, released)
    with locked(folder):
        found.scratch.sweep()
        try:
            yield found
        finally:
            found.close()
