"""Step 11: resolve the release from the index, as an installer does. Nothing is changed by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Unanswered
from release_sync.steps.observed import Observed, to_nobody
from release_sync.steps.ports.beside import InTurn
from release_sync.steps.step import Known, Learned
from release_sync.steps.uploading.upload_attempt import LONGEST, PAUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.steps.observed import Report
    from release_sync.steps.ports.beside import Begun
    from release_sync.steps.ports.world import World


@dataclass(frozen=True, slots=True)
class Resolve:
    """See which versions an installer takes for the ``roots``, which no other member requires.

    ``versions`` has that of each released member.

    All is released by then, and stays so: what is wrong is left to be looked at by hand. That
    something of others can't be resolved here is none of it; before the upload it was tried.
    """

    versions: Mapping[str, str]
    roots: tuple[str, ...]
    title: str = "Resolved"

    def describe(self) -> str:
        """Return what the step does, with the packages."""
        return f"resolve {self._named} from the index, as an installer does"

    def observe(self, world: World, known: Known) -> Observed:
        """Return ``ABSENT``: what an index served before proves nothing of now."""
        del world, known
        return Observed.ABSENT

    def perform(self, world: World, known: Known) -> Learned:
        """Resolve; where the index is late for installers, wait as long as it may be."""
        try:
            return self._resolved(world, known)
        except KeyboardInterrupt as stop:
            stop.add_note(f"{known.seal.name} is released, and {self._again(world)}")
            raise

    def _resolved(self, world: World, known: Known) -> Learned:
        began, pause, waited = world.clock.now(), PAUSES[0] / 4, 0.0
        world.report(f"resolve from {world.index.name}", 0, 0, "packages")
        problem, late = self._look(world, known.resolved)
        while late and waited < world.wait:
            what = f"wait until installers see it on {world.index.name}"
            world.report(what, waited, world.wait, "seconds")
            world.clock.sleep(min(pause, world.wait - waited))
            pause = min(2 * pause, LONGEST)
            problem, late = self._look(world)
            waited = world.clock.now() - began
        if problem is None:
            after = f" (after {waited:.0f}s)" if waited else ""
            own = "all of this release" if len(self.versions) > 1 else "this release"
            return Learned(f"{self._named} from {world.index.name}: {own}{after}", known)
        if late:
            return self._wrong(
                world, known, f"no installer finds it after {waited:.0f}s: {problem.message}"
            )
        if isinstance(problem, _Mixed):
            return self._wrong(world, known, problem.message)
        note = f"it could not be resolved from {world.index.name} as a whole: {problem.message}"
        known_of = f"all {len(self.versions)} packages are served, and that is all that is known"
        return Learned(known_of, known, (note,))

    def whose(self, world: World, known: Known) -> str:
        """Raise: nothing is ever in the way of a question."""
        raise AssertionError(world, known)

    def asked(self, world: World, report: Report = to_nobody) -> Mapping[str, str]:
        """Return the versions that an installer takes. Raises as ``Index.resolve``."""
        del report
        return world.index.resolve(self._wanted, self.versions)

    def _look(
        self, world: World, begun: Begun[Mapping[str, str]] | None = None
    ) -> tuple[Problem | None, bool]:
        """Return why the roots do not resolve to this release, and whether they may later.

        They may as long as an installer does not see a member, or can't get its file. When it does,
        they are resolved once more: it may have come in between. What was ``begun`` is waited for.
        """
        problem = self._problem(begun or InTurn(partial(self.asked, world)))
        if not isinstance(problem, Refused | Unanswered | _Mixed):
            return problem, False
        try:
            world.index.resolve(self.versions, self.versions, alone=True)
        except (Refused, Unanswered) as hidden:
            return hidden, True
        except Problem as unasked:
            return unasked, False
        problem = self._problem(InTurn(partial(self.asked, world)))
        return problem, isinstance(problem, Unanswered) and self._is_about_ours(problem)

    def _problem(self, asked: Begun[Mapping[str, str]]) -> Problem | None:
        try:
            found = asked.result()
        except Problem as problem:
            return problem
        mixed = [
            f"{one} {found[one]}"
            for one, version in self.versions.items()
            if found.get(one, version) != version
        ]
        return _Mixed(f"an installer takes {', '.join(mixed)} with it") if mixed else None

    def _is_about_ours(self, problem: Problem) -> bool:
        """Return whether a file of this release is named (PEP 427)."""
        versions = self.versions.items()
        ours = (f"{name.replace('-', '_')}-{version}" for name, version in versions)
        return any(one in problem.message for one in ours)

    @property
    def _named(self) -> str:
        by_version: dict[str, list[str]] = {}
        for name in self.roots:
            by_version.setdefault(self.versions[name], []).append(name)
        return ", ".join(f"{', '.join(names)} {one}" for one, names in by_version.items())

    @property
    def _wanted(self) -> dict[str, str]:
        return {name: self.versions[name] for name in self.roots}

    def _again(self, world: World) -> str:
        again = world.index.resolving(self._wanted)
        return f"nothing of it is left to do; look again with `{again}`"

    def _wrong(self, world: World, known: Known, words: str) -> Learned:
        left = Problem(
            f"{known.seal.name} is released, and does not resolve from {world.index.name}: {words}",
            hint=self._again(world),
        )
        return Learned("not as it was released", replace(known, left=(*known.left, left)))


class _Mixed(Problem):
    """The versions that an installer takes are not those of one release."""
