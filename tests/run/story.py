"""A release of three packages in a world in memory, told run by run, with deaths in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fakes.world import MAIN, WAITING, FakeIndex, Machine, Remote, cloned

from release_sync.effects.mortal import Fate, make_mortal
from release_sync.errors import Problem, Waiting
from release_sync.plan.release import Release, finishing, steps
from release_sync.plan.standing import Standing, stand
from release_sync.run.events import Done
from release_sync.run.executor import run
from release_sync.run.undoing import settle, undo
from release_sync.steps.artifact import Sealed
from release_sync.steps.world import Expected
from release_sync.workspace.editing import FileEdit

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.run.events import Event
    from release_sync.steps.step import Step
    from release_sync.steps.world import World

VERSION = "0.1.11"
TAG = f"refs/tags/v{VERSION}"
MEMBERS = tuple(Expected(name, f"packages/{name}", VERSION) for name in ("low", "mid", "top"))
FILES = 2 * len(MEMBERS)
BEFORE_THE_SEAL = {"Bumped", "Locked", "Committed", "Built", "Verified"}


class DeadError(BaseException):
    """The process was killed: nothing after this happens, no handler and no tidying."""


class Moments(Fate):
    """Something happens at some of the boundaries, which are counted from one."""

    def __init__(self, happens: dict[int, Callable[[], None]]) -> None:
        """Hold what happens when."""
        super().__init__(Path(), 0)
        self.names: list[str] = []
        self.happens = happens

    def pass_by(self, name: str) -> None:
        """Pass a boundary."""
        self.names.append(name)
        self.happens.get(len(self.names), _nothing)()


def die() -> None:
    """Be killed."""
    raise DeadError


def _nothing() -> None:
    pass


@dataclass
class Story:
    """One release, its remote, its index, and everything that the runs told.

    While it is ``ours_alone``, no step is done twice on the first machine.
    """

    remote: Remote = field(default_factory=Remote)
    index: FakeIndex = field(default_factory=FakeIndex)
    done: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    ours_alone: bool = True

    def __post_init__(self) -> None:
        """Make the branch, and the machine that releases."""
        self.remote.refs[MAIN] = self.remote.objects.commit("Begin")
        self.begun = dict(self.remote.refs)
        self.here = cloned(self.remote)

    def publish(
        self,
        machine: Machine | None = None,
        happens: dict[int, Callable[[], None]] | None = None,
        *,
        resume: bool = False,
    ) -> None:
        """Do what the commands do: finish what waits, or else begin. Raises Problem, DeadError."""
        machine = machine or self.here
        moments = Moments(happens or {})
        self.passed = moments.names
        if machine.git.local_ref(WAITING) is None:
            machine.store.clear()  # every command sweeps first
        standing, sealed = self._find(machine)
        if standing is Standing.HELD and not resume:
            raise Waiting("somebody holds the release")
        world = make_mortal(machine.world(self.index, sealed), moments)
        over = (Standing.FREE, Standing.OVER)
        if settle(world, standing) not in over and sealed is not None:
            machine.git.set_local_ref(WAITING, sealed.oid, machine.git.local_ref(WAITING))
            self._run(finishing(sealed, "origin", MEMBERS, ""), world, machine, waited=True)
        elif TAG not in self.remote.refs:
            self._free(machine)
            work = steps(self.release())
            self._run(work, make_mortal(machine.world(self.index), moments), machine)

    def publish_to_the_end(self, machine: Machine | None = None) -> None:
        """Run it as often as somebody would who reads the hints. Raises the last Problem."""
        for _ in range(3):
            try:
                self.publish(machine, resume=True)
            except Problem:
                continue
            return
        self.publish(machine, resume=True)

    def dies(self, at: int, machine: Machine | None = None, *, resume: bool = False) -> bool:
        """Run once, to be killed at a boundary; tell whether it came so far."""
        try:
            self.publish(machine, {at: die}, resume=resume)
        except DeadError:
            return True
        except Problem:
            return len(self.passed) >= at
        return False

    def abort(self) -> None:
        """Do what ``release-sync abort`` does. Raises Problem."""
        standing, sealed = self._find(self.here)
        if sealed is None:
            return
        world = self.here.world(self.index, sealed)
        if settle(world, standing) not in (Standing.FREE, Standing.OVER):
            undo(world)
        self.done.clear()

    def push(self, message: str = "Somebody else's") -> None:
        """Move the branch, as somebody else would."""
        tip = self.remote.refs[MAIN]
        self.remote.refs[MAIN] = self.remote.objects.commit(message, tip)

    def release(self) -> Release:
        """Draw up the release of what the branch has now."""
        base = self.remote.refs[MAIN]
        levels = tuple((member.name,) for member in MEMBERS)
        draft = Sealed("", "", base, "default", VERSION, f"v{VERSION}", "main", "fake", levels, ())
        edits = tuple(
            FileEdit(f"{member.folder}/pyproject.toml", b"0.1.10", b"0.1.11", ("version",))
            for member in MEMBERS
        )
        lock = FileEdit("uv.lock", b"0.1.10", b"0.1.11", ("lock",))
        return Release(draft, "origin", "0.1.10", "Published", MEMBERS, (*edits, lock))

    def _find(self, machine: Machine) -> tuple[Standing, Sealed | None]:
        here, there = machine.git.local_ref(WAITING), self.remote.refs.get(WAITING)
        oid = there or here
        sealed = None if oid is None else machine.git.read_tag(oid)
        landed = None if sealed is None else self.remote.refs.get(TAG)
        return stand(here, there, landed), sealed

    def _free(self, machine: Machine) -> None:
        """Refuse what the checks before a release refuse."""
        if self.index.silent or self.index.served or TAG in machine.git.refs:
            raise Problem("the version is not free")

    def _run(
        self, work: tuple[Step, ...], world: World, machine: Machine, *, waited: bool = False
    ) -> None:
        watched = self.ours_alone and machine is self.here

        def tell(event: Event) -> None:
            if isinstance(event, Done) and watched:
                title = event.step.title
                early = title in BEFORE_THE_SEAL
                assert not (early and waited), f"{title} again"
                what = event.step.describe()
                assert early or what not in self.done, f"{what} again"
                self.done.append(what)

        run(work, world, tell, withdraw_refused=not waited)

    # --- how it ended

    def assert_released(self, *machines: Machine, behind: bool = False) -> None:
        """See one release, and nothing left over of it on these machines, or the first one.

        With ``behind``, somebody may have pushed to the branch since.
        """
        self.assert_one()
        for machine in machines or (self.here,):
            expected = dict(self.remote.refs)
            if behind:
                expected[MAIN] = machine.git.refs[MAIN]
                assert machine.git.is_ancestor(expected[MAIN], self.remote.refs[MAIN])
            assert machine.git.refs == expected
            assert (machine.store.kept, machine.store.incoming) == ({}, {})

    def assert_one(self) -> None:
        """See everything on the remote and on the index in its place, once."""
        assert set(self.remote.refs) == {MAIN, TAG}
        sealed = self.here.git.read_tag(self.remote.refs[TAG])
        history = self.remote.objects.history(self.remote.refs[MAIN])
        messages = [self.remote.objects.commits[one][1] for one in history]
        assert sealed.candidate in history
        assert messages.count("Published") == 1
        assert self.index.served == {one.filename: one.sha256 for one in sealed.artifacts}
        assert sorted(self.index.taken) == sorted(self.index.served)
        assert [file.split("-")[0] for file in self.index.taken] == [
            member.name for member in MEMBERS for _ in range(2)
        ]

    def assert_untouched(self) -> None:
        """See nothing of a release, anywhere."""
        assert self.remote.refs == self.begun
        assert self.index.served == {}
        self.assert_clean()

    def assert_clean(self) -> None:
        """See no release that waits, and nothing of it here."""
        assert set(self.remote.refs) == set(self.begun)
        assert self.here.git.refs == self.begun


def boundaries() -> list[str]:
    """Return the names of all boundaries of a release that nothing happens to."""
    story = Story()
    story.publish()
    return story.passed


def first(name: str) -> int:
    """Return the number of the first boundary of that name, from one."""
    return boundaries().index(name) + 1
