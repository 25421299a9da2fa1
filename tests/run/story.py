"""A release of three packages in a world in memory, by the commands' own code, run by run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fakes import trains
from tests.fakes.context import AT_ONCE, CHAIN, DEVELOPED, TAG_ALONE, FakeContext
from tests.fakes.trains import TRAINS
from tests.fakes.world import MAIN, NAMES, PENDING, FakeIndex, Machine, Remote, cloned

from release_sync.cli.chaos.crash_point import CrashPoint, with_crash_points
from release_sync.errors import Problem, Waiting
from release_sync.plan.facts import Request
from release_sync.run.aborting import abandon, abort
from release_sync.run.events import Done, Undone
from release_sync.run.publishing import publish
from release_sync.run.resuming import resume

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from release_sync.plan.release import Release
    from release_sync.run.events import Event
    from release_sync.steps.ports.world import World
    from release_sync.toml.edits import FileEdit

VERSION = "0.1.11"
FOLLOWS = "Back to development: 0.1.12.dev0"
TAG = f"refs/tags/v{VERSION}"
KEPT = NAMES.sealed(f"v{VERSION}")
MEMBERS = ("low", "mid", "top")
FILES = 2 * len(MEMBERS)
BEFORE_THE_SEAL = {"Bumped", "Locked", "Committed", "Built", "Verified"}
AGAIN = {*BEFORE_THE_SEAL, "Ran", "Tried", "Begun", "Unstaged"}
"""What a second run does again."""


@dataclass(frozen=True)
class Kind:
    """What releases begin with; ``files`` are those of the first commit, or ``CHAIN``.

    Where it is ``tagged``, that commit has the tag already; what ``commits`` nothing releases it as
    it is, and ``merges`` is whether what is committed comes to the branch. It ``develops`` where a
    development version follows there. ``members`` are in the order of their upload, and ``others``
    has the tag of each group beside the first. To ask for ``this`` is to ask for its very version,
    and for the ``following`` to ask for a later one.
    """

    request: Request = field(default_factory=Request)
    files: dict[str, bytes] | None = None
    tagged: bool = False
    commits: bool = True
    merges: bool = True
    develops: bool = False
    members: tuple[str, ...] = MEMBERS
    others: Mapping[str, str] = field(default_factory=dict)
    this: Request = field(default_factory=lambda: Request(version=VERSION))
    following: Request = field(default_factory=lambda: Request(version="0.3.0"))

    @property
    def pending(self) -> tuple[str, ...]:
        """The pending refs of a release, the one of its seal first."""
        return (PENDING, *map(NAMES.pending, self.others))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of a release, the one that is its seal first."""
        return (f"v{VERSION}", *self.others.values())

    @property
    def lands(self) -> str:
        """The ref that is the seal once it has landed."""
        return KEPT if self.tagged else TAG

    def begin(self, remote: Remote) -> None:
        """Make the branch, and the tag."""
        tree = CHAIN if self.files is None else self.files
        remote.refs[MAIN] = remote.objects.commit("Begin", tree=dict(tree))
        if self.tagged:
            remote.refs[TAG] = remote.refs[MAIN]


USUAL = Kind()
FROM_A_TAG = Kind(Request(tag="v0.1.11"), AT_ONCE, tagged=True, commits=False)
STAMPED = Kind(Request(tag="v0.1.11", stamp=True), tagged=True, merges=False)
AFTER_A_MERGE = Kind(Request(if_new=True), AT_ONCE, commits=False)
BY_TAG_ALONE = Kind(files=TAG_ALONE, merges=False)
AND_DEVELOPED = Kind(files=DEVELOPED, develops=True)
SEVERAL_GROUPS = Kind(
    Request(every=True),
    TRAINS,
    members=trains.MEMBERS,
    others={"unstable": f"unstable-v{trains.NEW['unstable']}"},
    this=Request(every=True, group_versions=tuple(trains.NEW.items())),
    following=Request(every=True, group_versions=(("default", "0.3.0"), ("unstable", "0.67b0"))),
)
KIND = USUAL
"""What every story is of."""


class DeadError(BaseException):
    """The process was killed: nothing after this happens, no handler and no tidying."""


class Moments(CrashPoint):
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
class Teller:
    """Hears what a run says, and answers every question with yes."""

    hears: Callable[[Event], None]
    said: list[tuple[str, str]] = field(default_factory=list)

    def line(self, label: str, text: str) -> None:
        """Keep a fact."""
        self.said.append((label, text))

    def plan(self, release: Release) -> None:
        """Take no note."""

    def difference(self, edit: FileEdit) -> None:
        """Take no note."""

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Agree, unless somebody has to type it."""
        assert not typed, question

    def __call__(self, event: Event) -> None:
        """Hear an event."""
        if isinstance(event, Undone):
            self.said.append(("Undone", event.tag))
        self.hears(event)


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
        self.kind = KIND
        self.kind.begin(self.remote)
        self.begun = dict(self.remote.refs)
        self.here = cloned(self.remote)

    def context(
        self, machine: Machine | None = None, around: Callable[[World], World] | None = None
    ) -> FakeContext:
        """Return what a command finds on a machine."""
        return FakeContext(machine or self.here, self.index, around or (lambda world: world))

    def publish(
        self,
        machine: Machine | None = None,
        happens: dict[int, Callable[[], None]] | None = None,
        *,
        resumes: bool = False,
    ) -> None:
        """Run `publish`, or `resume`, with something happening. Raises Problem, DeadError."""
        machine = machine or self.here
        moments = Moments(happens or {})
        self.passed = moments.names
        context = self.context(machine, lambda world: with_crash_points(world, moments))
        teller = Teller(self._watch(machine))
        with context.locked():
            if resumes:
                resume(context, "", "", "", teller)
            else:
                publish(context, self.kind.request, teller)

    def to_the_end(self, machine: Machine | None = None) -> None:
        """Run what the hints say, as often as somebody would. Raises the last Problem."""
        problem: Problem | None = None
        for _ in range(4):
            try:
                self.publish(machine, resumes=isinstance(problem, Waiting))
            except Problem as one:
                problem = one
                continue
            if not isinstance(problem, Waiting):
                return
            problem = None
        if problem is not None:
            raise problem

    def dies(self, at: int, machine: Machine | None = None) -> bool:
        """Run once, to be killed at a boundary; return whether it came so far."""
        try:
            self.publish(machine, {at: die})
        except DeadError:
            return True
        except Problem:
            return len(self.passed) >= at
        return False

    def abort(self) -> None:
        """Run `abort`. Raises Problem."""
        context = self.context()
        with context.locked():
            abort(context, "", Teller(self._watch(self.here)))
        self.done.clear()

    def abandon(self) -> None:
        """Run `abort --abandon`. Raises Problem."""
        context = self.context()
        with context.locked():
            abandon(context, "", Teller(self._watch(self.here)))
        self.done.clear()

    def push(self, message: str = "Somebody else's") -> None:
        """Move the branch, as somebody else would."""
        tip = self.remote.refs[MAIN]
        self.remote.refs[MAIN] = self.remote.objects.commit(message, tip)

    @property
    def is_begun(self) -> bool:
        """Return whether the remote's pending ref is a claim."""
        value = self.remote.refs.get(PENDING)
        return value is not None and self.here.git.read_pending(value).claim is not None

    def _watch(self, machine: Machine) -> Callable[[Event], None]:
        watched = self.ours_alone and machine is self.here

        def hear(event: Event) -> None:
            if isinstance(event, Done) and watched:
                what = event.step.describe()
                assert event.step.title in AGAIN or what not in self.done, what
                self.done.append(what)

        return hear

    # --- how it ended

    def assert_released(self, *machines: Machine, behind: bool = False) -> None:
        """See one release, and nothing left over of it on these machines, or the first one.

        With ``behind``, somebody may have pushed to the branch since.
        """
        self.assert_one()
        for machine in machines or (self.here,):
            expected = self.shown
            if behind:
                expected[MAIN] = machine.git.refs[MAIN]
                assert machine.git.is_ancestor(expected[MAIN], self.remote.refs[MAIN])
            assert machine.git.refs == expected
            assert (machine.store.kept, machine.store.incoming) == ({}, {})

    @property
    def shown(self) -> dict[str, str]:
        """What a clone shows of the remote's refs."""
        return {ref: oid for ref, oid in self.remote.refs.items() if ref != KEPT}

    def assert_one(self) -> None:
        """See everything on the remote and on the index in its place, once."""
        others = {NAMES.tag(one) for one in self.kind.others.values()}
        assert set(self.remote.refs) == {MAIN, TAG, self.kind.lands, *others}
        sealed = self.here.git.read_pending(self.remote.refs[self.kind.lands]).sealed
        history = self.remote.objects.history(self.remote.refs[MAIN])
        messages = [self.remote.objects.commits[one][1] for one in history]
        assert (sealed.candidate in history) == self.kind.merges
        commits = self.kind.commits and self.kind.merges
        assert len([one for one in messages if one.startswith("Published")]) == commits
        assert (sealed.candidate == self.begun[MAIN]) != self.kind.commits
        follow = [one for one in history if self.remote.objects.commits[one][1] == FOLLOWS]
        assert len(follow) == self.kind.develops
        for one in follow:
            assert self.remote.objects.commits[one][0] == (sealed.candidate,)
            assert self.context().source.findings(one) == ()
            group = self.context().source.workspace(one).group("default")
            assert group.version == "0.1.12.dev0"
        assert not self.kind.tagged or self.remote.refs[TAG] == self.begun[TAG]
        assert self.index.served == {one.filename: one.sha256 for one in sealed.artifacts}
        assert sorted(self.index.taken) == sorted(self.index.served)
        assert self.index.staging.stages == {}
        assert [file.split("-")[0] for file in self.index.taken] == [
            member for member in self.kind.members for _ in range(2)
        ]

    def assert_untouched(self) -> None:
        """See nothing of a release, anywhere."""
        assert self.remote.refs == self.begun
        assert self.index.served == {}
        assert self.index.staging.stages == {}
        self.assert_clean()

    def assert_clean(self) -> None:
        """See no pending release, and nothing of it here."""
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


def commands(hint: str) -> list[str]:
    """Return the commands of release-sync that a hint names, in their order."""
    return re.findall(r"`release-sync ([a-z]+(?: --[a-z]+)?)", hint)
