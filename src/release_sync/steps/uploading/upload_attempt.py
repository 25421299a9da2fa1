"""The upload of one member's artifacts to an index that may refuse, forget, lie or be late."""

from __future__ import annotations

from itertools import dropwhile
from typing import TYPE_CHECKING

from release_sync.errors import Final, Partly, Problem, Refused, Taken, Unanswered, Unsent
from release_sync.steps.begin import hold
from release_sync.steps.observed import Observed, worst
from release_sync.steps.uploading.served import because

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known

    Holding: TypeAlias = Callable[[World, Known], None]
    Sending: TypeAlias = Callable[[World, Known, Sequence[Artifact], Callable[[str], None]], None]

PAUSES = (1.0, 2.0, 4.0)
"""Seconds before the second and each further try of what was not answered."""

LONGEST = 10.0
"""The most seconds between two questions whether the index serves a file by now."""


def upload(
    world: World, known: Known, artifacts: Sequence[Artifact], begun: Callable[[str], None]
) -> None:
    """Upload files to the index; ``begun`` is told each one's name. Raises as ``Index.upload``."""
    del known
    with world.store.copies(artifacts) as files:
        world.index.upload(files, begun)


class UploadAttempt:
    """The attempt of one run to upload one member's files, and its answers so far.

    ``ours`` is true once the index may hold something of ours. From then on no refusal is taken
    for a clean one: the release stays pending, and is not undone.
    """

    def __init__(
        self,
        world: World,
        known: Known,
        title: str,
        artifacts: Sequence[Artifact],
        hold: Holding = hold,
        send: Sending = upload,
    ) -> None:
        """Hold what is to be on the index; ``title`` names the member and its version.

        ``hold`` is asked, before each time that some are sent (by ``send``), whether they may be.
        """
        self.world = world
        self.known = known
        self.title = title
        self.artifacts = tuple(artifacts)
        self._hold = hold
        self._send = send
        self.ours = False
        self._settled: set[str] = set()
        self._unsent: Sequence[Artifact] = artifacts
        self._taken: Taken | None = None

    def send(self) -> int:
        """Send what is absent; what was not answered is asked about before it is sent again.

        Returns how many of the files were there already.

        Raises Refused when the index said no and has nothing of it, Unanswered when it does not
        answer, and a plain Problem when it said no after it may have taken something.
        """
        began = self.world.clock.now()
        missing = self._missing()
        before = len(self.artifacts) - len(missing)
        self.ours = before > 0
        problem = self._try(missing) if missing else None
        for pause in PAUSES:
            if problem is None:
                break
            self._rest(problem, pause, self.world.clock.now() - began)
            missing = self._missing()
            together = isinstance(problem, Unsent)
            problem = None
            for some in [missing] if together else [[one] for one in missing]:
                problem = self._try(some) or problem
        if problem is not None:
            raise self._stuck(problem) if isinstance(problem, Unsent) else problem
        return before

    def wait(self) -> float:
        """Wait until the index that resolvers read serves every file with the right hash.

        Returns the seconds that it took. Raises Problem after the seconds that it may take.
        """
        world = self.world
        began = world.clock.now()
        pause = PAUSES[0] / 4
        while (answer := worst(world.index.look_up(one) for one in self.artifacts)) is not (
            Observed.EXACT
        ):
            if answer is Observed.FOREIGN:
                raise self._stuck(Refused(whose(world, self.artifacts), hint=_LOOK))
            waited = world.clock.now() - began
            if waited > world.wait:
                raise self._never(answer, waited)
            world.report(f"wait until {world.index.name} serves it", waited, world.wait, "seconds")
            world.clock.sleep(min(pause, max(world.wait - waited, 0.05)))
            pause = min(2 * pause, LONGEST)
        return world.clock.now() - began

    def _try(self, artifacts: Sequence[Artifact]) -> Problem | None:
        """Send some files; return what makes another try worth while, and None when none is."""
        world = self.world
        try:
            self._hold(world, self.known)
        except Unanswered as problem:
            return problem  # nothing was sent
        except Refused as refused:  # by no index: earlier files may be on their way
            raise self._stuck(refused) from refused
        try:
            self._send(world, self.known, artifacts, self._begun)
        except Taken as taken:
            self._taken = taken
            if len(artifacts) > 1:
                return taken
        except Unsent as problem:
            return problem
        except (Partly, Unanswered) as problem:
            self.ours = True
            return problem
        except Refused as refused:
            seen = [world.index.look_up(one) for one in self.artifacts]
            self.ours = self.ours or Observed.EXACT in seen  # refused on the way, and stored
            if any(one is not Observed.EXACT for one in seen):
                raise self._stuck(refused) from refused
        else:
            self.ours = True
        self._settled.update(one.filename for one in artifacts)
        return None

    def _missing(self) -> list[Artifact]:
        """Return the files to send: neither taken, nor served."""
        left = [one for one in self.artifacts if one.filename not in self._settled]
        missing = [one for one in left if self._ask(one) is Observed.ABSENT]
        self._unsent = missing
        return missing

    def _begun(self, name: str) -> None:
        """Report how much is on the index when the turn of a file comes: what was before it."""
        every = self.artifacts
        left = list(dropwhile(lambda one: one.filename != name, self._unsent))
        done, size = len(every) - len(left), sum(one.size for one in every)
        self.world.report(f"send {name}", done, len(every), "files")
        self.world.report(f"send {name}", size - sum(one.size for one in left), size, "bytes")

    def _ask(self, artifact: Artifact) -> Observed:
        """Return ``ABSENT`` or ``EXACT``. An index that does not answer is asked once more."""
        world = self.world
        answer = world.index.look_up(artifact)
        for pause in PAUSES:
            if answer is not Observed.UNKNOWN:
                break
            self._pause(f"wait to ask {world.index.name} again", pause)
            answer = world.index.look_up(artifact)
        if answer is Observed.FOREIGN:
            raise self._stuck(Refused(whose(world, self.artifacts), hint=_LOOK))
        if answer is Observed.UNKNOWN:
            raise Unanswered(
                f"{world.index.name} could not be asked about {artifact.filename}"
                f"{because(world.index.why)}",
                hint="it was not sent again: try when the index answers",
            )
        return answer

    def _rest(self, problem: Problem, pause: float, waited: float) -> None:
        """Wait before the next try, as long as the index wants; raise when that is too long."""
        again = problem.again if isinstance(problem, Unanswered) else 0.0
        if again > self.world.wait:
            raise Unanswered(
                problem.message,
                hint=f"it asks to be retried after {again:.0f}s: run `release-sync resume` then",
            )
        if waited > self.world.wait:
            raise problem
        self._pause(f"wait to send to {self.world.index.name} again", max(pause, again))

    def _pause(self, what: str, seconds: float) -> None:
        """Wait, and say for what."""
        self.world.report(what, 0, seconds, "seconds")
        self.world.clock.sleep(seconds)

    def _stuck(self, refused: Refused) -> Problem:
        """Return a refusal as it is, or, when something may be there, as what can't be undone."""
        if not self.ours:
            return refused
        kind = Final if isinstance(refused, Final) else Problem
        return kind(refused.message, hint=refused.hint)

    def _never(self, answer: Observed, waited: float) -> Problem:
        name = self.world.index.name
        if answer is Observed.UNKNOWN:
            return Problem(
                f"{name} took {self.title}, and could not be asked for {waited:.0f}s whether it"
                f" serves it{because(self.world.index.why)}",
                hint="run `release-sync resume` when it answers",
            )
        if self._taken is not None and not self.ours:
            return self._taken
        return Problem(
            f"{name} took {self.title}, and does not serve it after {waited:.0f}s",
            hint="run `release-sync resume` when it does; or set a longer `wait`",
        )


_LOOK = "run `release-sync status` to see what is there"


def whose(world: World, artifacts: Sequence[Artifact]) -> str:
    """Return the files that are not ours."""
    foreign = [one.filename for one in artifacts if world.index.look_up(one) is Observed.FOREIGN]
    return (
        f"{world.index.name} serves another file as {', '.join(foreign)}: "
        "its sha256 is not the one in the seal"
    )
