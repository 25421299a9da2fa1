"""The upload of artifacts to an index that may refuse, forget, lie or be late."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING

from release_sync.errors import Final, Partly, Problem, Refused, Taken, Unanswered, Unsent
from release_sync.steps.begin import hold
from release_sync.steps.observed import Observed, to_nobody, worst
from release_sync.steps.uploading.following import Following
from release_sync.steps.uploading.foreign import LOOK, whose
from release_sync.steps.uploading.sending import upload
from release_sync.steps.uploading.served import because

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.world import World
    from release_sync.steps.step import Known
    from release_sync.steps.uploading.sending import Holding, Sending

PAUSES = (1.0, 2.0, 4.0)
"""Seconds before the second and each further try of what was not answered."""

LONGEST = 10.0
"""The most seconds between two questions whether the index serves a file by now."""


class UploadAttempt:
    """The attempt of one run to upload the files of one or several members, and its answers so far.

    What one process is given is sent file by file, and that ends with the first that is not taken:
    those before it are on the index, and those behind it were not sent. ``at`` is the member whose
    turn it is. ``ours`` is true once the index may hold something of ours. From then on no refusal
    is taken for a clean one: the release stays pending, and is not undone.
    """

    def __init__(
        self,
        world: World,
        known: Known,
        artifacts: Sequence[Artifact],
        hold: Holding = hold,
        send: Sending = upload,
    ) -> None:
        """Hold what is to be on the index.

        ``hold`` is asked, before each time that some are sent (by ``send``), whether they may be.
        """
        self.world = world
        self.known = known
        self.artifacts = tuple(artifacts)
        self._hold = hold
        self._send = send
        self.ours = False
        self._settled: set[str] = set()
        self._unsent: Sequence[Artifact] = artifacts
        self.at = self.artifacts[0].member if artifacts else ""
        self._turns: list[str] = []
        self._seen = known.seen
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
            for some in [missing] if together else self._apart(missing):
                problem = self._try(some) or problem
        if problem is not None:
            raise self._stuck(problem) if isinstance(problem, Unsent) else problem
        return before

    def wait(self, served: Callable[[str, float], None] = to_nobody) -> float:
        """Wait until the index that resolvers read serves every file with the right hash.

        ``served`` is told each member of which it serves all, and after how many seconds. Returns
        the seconds that it took. Raises Problem after the seconds that it may take.
        """
        world = self.world
        began, pause = world.clock.now(), PAUSES[0] / 4
        left, following = list(self.artifacts), Following(world, self.known)
        while True:
            seen, asked = following.served(left), left
            left = [one for one in left if seen[one.filename] is not Observed.EXACT]
            waited = world.clock.now() - began
            for name in dict.fromkeys(one.member for one in asked):
                if name not in {one.member for one in left}:
                    served(name, waited)
            if not left:
                self.known = following.known
                return waited
            self.at = left[0].member
            answer = worst(seen.values())
            if answer is Observed.FOREIGN:
                raise self._stuck(Refused(whose(world, left), hint=LOOK))
            if waited > world.wait:
                raise self._never(answer, left, waited)
            world.report(f"wait until {world.index.name} serves it", waited, world.wait, "seconds")
            world.clock.sleep(min(pause, max(world.wait - waited, 0.05)))
            pause = min(2 * pause, LONGEST)

    def _try(self, artifacts: Sequence[Artifact]) -> Problem | None:
        """Send some files; return what makes another try worth while, and None when none is."""
        world, self._turns = self.world, []
        try:
            self._hold(world, self.known)
            self.known = replace(self.known, refs=None)  # the next time, they are old
        except Unanswered as problem:
            return problem  # nothing was sent
        except Refused as refused:  # by no index: earlier files may be on their way
            raise self._stuck(refused) from refused
        try:
            with self._counted():
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
            seen = {*world.index.look_up_each(self.artifacts).values()}
            self.ours = self.ours or Observed.EXACT in seen  # refused on the way, and stored
            if seen - {Observed.EXACT}:
                raise self._stuck(refused) from refused
        else:
            self.ours = True
        self._settled.update(one.filename for one in artifacts)
        return None

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Keep of what fails on the way which files were taken: those before the last turn."""
        try:
            yield
        except Problem:
            self._settled.update(self._turns[:-1])
            self.ours = self.ours or len(self._turns) > 1
            raise

    def _apart(self, missing: Sequence[Artifact]) -> list[list[Artifact]]:
        """Return what is sent by one process each: that of which nobody knows, and the others."""
        doubtful = [one for one in missing if one.filename in self._turns[-1:]]
        return [
            some for some in (doubtful, [one for one in missing if one not in doubtful]) if some
        ]

    def _missing(self) -> list[Artifact]:
        """Return the files to send: neither taken, nor served."""
        left = [one for one in self.artifacts if one.filename not in self._settled]
        seen = self._ask(left)
        missing = [one for one in left if seen[one.filename] is Observed.ABSENT]
        self._unsent = missing
        return missing

    def _begun(self, name: str) -> None:
        """Report how much is on the index when the turn of a file comes: what was before it."""
        self._turns.append(name)
        every = self.artifacts
        left = list(dropwhile(lambda one: one.filename != name, self._unsent))
        self.at = left[0].member if left else self.at
        done, size = len(every) - len(left), sum(one.size for one in every)
        self.world.report(f"send {name}", done, len(every), "files")
        self.world.report(f"send {name}", size - sum(one.size for one in left), size, "bytes")

    def _ask(self, artifacts: Sequence[Artifact]) -> Mapping[str, Observed]:
        """Return ``ABSENT`` or ``EXACT`` of each; what was not answered is asked again.

        What was seen just before the first try is not asked for.
        """
        world = self.world
        seen, self._seen = dict(self._seen), {}
        unknown = [one for one in artifacts if one.filename not in seen]
        for pause in (0, *PAUSES):
            if pause and unknown:
                self._pause(f"wait to ask {world.index.name} again", pause)
            seen.update(world.index.look_up_each(unknown))
            unknown = [one for one in unknown if seen[one.filename] is Observed.UNKNOWN]
        if any(seen[one.filename] is Observed.FOREIGN for one in artifacts):
            raise self._stuck(Refused(whose(world, self.artifacts), hint=LOOK))
        if unknown:
            raise Unanswered(
                f"{world.index.name} could not be asked about {unknown[0].filename}"
                f"{because(world.index.why)}",
                hint="it was not sent again: try when the index answers",
            )
        return seen

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

    def _never(self, answer: Observed, left: Sequence[Artifact], waited: float) -> Problem:
        name = self.world.index.name
        what = f"{', '.join(dict.fromkeys(one.member for one in left))} {self.known.seal.version}"
        if answer is Observed.UNKNOWN:
            return Problem(
                f"{name} took {what}, and could not be asked for {waited:.0f}s whether it"
                f" serves it{because(self.world.index.why)}",
                hint="run `release-sync resume` when it answers",
            )
        if self._taken is not None and not self.ours:
            return self._taken
        return Problem(
            f"{name} took {what}, and does not serve it after {waited:.0f}s",
            hint="run `release-sync resume` when it does; or set a longer `wait`",
        )
