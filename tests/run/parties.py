"""Two parties: one sleeps at some moment of its command while the other acts, then wakes.

Beside the moments before and after every effect, a party may sleep before and after each look at
the remote and at the index. What everybody was told is kept, and held against what came to be.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.fakes.context import FakeContext
from tests.fakes.world import MAIN, NAMES, PENDING, FakeIndex, Machine, Remote, cloned
from tests.run import story
from tests.run.story import TAG, DeadError, Teller, commands

from release_sync.cli.chaos.crash_point import EFFECTS, CrashingPort
from release_sync.errors import Problem, Waiting
from release_sync.run.aborting import abandon, abort
from release_sync.run.publishing import prepare, publish
from release_sync.run.resuming import resume

if TYPE_CHECKING:
    from collections.abc import Callable

    from release_sync.steps.ports.world import World

LOOKS = {"git": ("remote_refs",), "index": ("look_up_each",), "staging": ("look_up",)}
MOMENTS_OF = {name: (*EFFECTS[name], *LOOKS.get(name, ())) for name in EFFECTS}


@dataclass
class Sleeper:
    """Counts the moments of a command, and lets something happen at one of them."""

    at: int = 0
    happens: Callable[[], None] = lambda: None
    names: list[str] = field(default_factory=list)

    def pass_by(self, name: str) -> None:
        """Pass a moment."""
        self.names.append(name)
        if len(self.names) == self.at:
            self.happens()


class Watched(CrashingPort):
    """A port between whose looks and effects a party may sleep."""

    _port: object
    _name: str

    def __getattr__(self, name: str) -> object:
        """Return the port's own attribute; a look or an effect comes with its moments."""
        attribute = getattr(self._port, name)
        return self._between(name, attribute) if name in MOMENTS_OF[self._name] else attribute


@dataclass
class Ledger:
    """What somebody was told, to be true for ever.

    ``undone`` are seals; ``abandoned`` versions by their tags, each with the number of processes
    that had been given files of it by then.
    """

    undone: set[str] = field(default_factory=set)
    abandoned: dict[str, int] = field(default_factory=dict)


@dataclass
class Party:
    """A machine and who runs commands there; ``hint`` is what the last one said to type next."""

    stage: Stage
    machine: Machine
    hint: str = ""
    said: list[str] = field(default_factory=list)

    def run(
        self, command: Callable[[FakeContext, Teller], None], sleeper: Sleeper | None = None
    ) -> Problem | None:
        """Run a command, note what it says, and hold it against the world. Return its Problem."""
        asleep = sleeper or Sleeper()
        context = FakeContext(self.machine, self.stage.index, lambda world: _watched(world, asleep))
        teller = Teller(lambda _: None)
        problem: Problem | None = None
        try:
            with context.locked():
                command(context, teller)
        except Problem as one:
            problem = one
        self._note(teller, problem)
        return problem

    def _note(self, teller: Teller, problem: Problem | None) -> None:
        labels = dict(teller.said)
        if "Undone" in labels:
            git = self.machine.git
            removed = [git.read_pending(oid).sealed for oid in git.removed]
            self.stage.ledger.undone.add([one.oid for one in removed if not one.primary][-1])
        if "Abandoned" in labels:
            tag = labels["Abandoned"].partition(":")[0].split(" ")[0]
            self.stage.ledger.abandoned[tag] = self.stage.uploads_of(tag)
        if problem is not None:
            self.said.append(f"{problem.message} | {problem.hint}")
            self.hint = problem.hint
            self.stage.hold_to_the_truth(problem)


@dataclass
class Stage:
    """A remote, an index, and two parties with a clone each."""

    remote: Remote = field(default_factory=Remote)
    index: FakeIndex = field(default_factory=FakeIndex)
    ledger: Ledger = field(default_factory=Ledger)

    def __post_init__(self) -> None:
        """Make the branch and the clones."""
        self.kind = story.KIND
        self.kind.begin(self.remote)
        self.first = Party(self, cloned(self.remote, "First"))
        self.second = Party(self, cloned(self.remote, "Second"))

    def uploads_of(self, tag: str) -> int:
        """Return how many processes were given files of a version."""
        version = tag.removeprefix("v")
        return sum(f"-{version}" in names for names in self.index.processes)

    def hold_to_the_truth(self, problem: Problem) -> None:
        """A command that ends with 4 and says that something is pending has seen it so."""
        if not isinstance(problem, Waiting) or self.remote.silent:
            return
        claims = "is pending on" in problem.message or "can't be undone" in problem.message
        deleted = any(
            NAMES.here("default") in one.machine.git.refs for one in (self.first, self.second)
        )
        assert not claims or self.is_pending or deleted, problem.message

    @property
    def is_pending(self) -> bool:
        """Return whether one of the pending refs is there."""
        return bool({*self.kind.pending} & self.remote.refs.keys())

    def settle(self) -> None:
        """Let everything arrive, then follow the hints until nothing is pending."""
        self.index.arrive()
        self.index.trouble = lambda _: ""
        self.index.forgets = self.index.silent = self.remote.silent = False
        self.index.staging.silent = False
        self.remote.loses = lambda: ""
        for _ in range(6):
            if not self.is_pending:
                return
            problem = self.second.run(_resume)
            named = commands(problem.hint) if problem else []
            if "abort --abandon" in named and problem is not None and self.is_pending:
                self.second.run(_abandon)
            elif "abort" in named:
                self.second.run(_abort)
        assert not self.is_pending, (self.first.said, self.second.said)

    def hold(self) -> None:
        """Hold what was promised against what came to be."""
        git = self.first.machine.git
        seals = {
            oid: git.read_pending(oid).sealed for oid in git.objects.tags if _is_seal(git, oid)
        }
        taken = {(name, self.index.served[name]) for name in self.index.served}
        for oid in self.ledger.undone:
            files = {(one.filename, one.sha256) for one in seals[oid].artifacts}
            others = {
                (one.filename, one.sha256)
                for other, sealed in seals.items()
                if other not in self.ledger.undone
                for one in sealed.artifacts
            }
            assert not (files - others) & taken, "a file of an undone release arrived"
        for tag in self.ledger.abandoned:
            lands = NAMES.sealed(tag) if self.kind.tagged else NAMES.tag(tag)
            assert lands not in self.remote.refs, f"{tag} was finished, and given up"
            more = self.uploads_of(tag) - self.ledger.abandoned[tag]
            assert more <= 1, f"{more} uploads of {tag} were begun after it was given up"
        for ref, oid in self.remote.refs.items():
            if ref.startswith(("refs/tags/", NAMES.sealed(""))) and oid in seals:
                files = {(one.filename, one.sha256) for one in seals[oid].artifacts}
                assert files <= taken, f"{ref} has landed, and is not whole"
                for one in seals[oid].companions:
                    there = {self.remote.refs.get(lands(one.tag)) for lands in LANDS}
                    assert one.oid in there, f"{ref} has landed, and {one.tag} has not"


LANDS = (NAMES.tag, NAMES.sealed)
"""The refs at which a seal lands."""


def _is_seal(git: object, oid: str) -> bool:
    try:
        return git.read_pending(oid).claim is None  # type: ignore[attr-defined]
    except Problem:
        return False


def _watched(world: World, sleeper: Sleeper) -> World:
    ports = {name: Watched(getattr(world, name), name, sleeper) for name in EFFECTS}  # type: ignore[arg-type]
    return replace(world, **ports)  # type: ignore[arg-type]


def _publish(context: FakeContext, teller: Teller) -> None:
    publish(context, story.KIND.request, teller)


def _publish_this(context: FakeContext, teller: Teller) -> None:
    asked = story.KIND.request
    publish(context, asked if asked.as_it_is else story.KIND.this, teller)


def _publish_next(context: FakeContext, teller: Teller) -> None:
    publish(context, story.KIND.following, teller)


def _prepare(context: FakeContext, teller: Teller) -> None:
    prepare(context, story.KIND.request, teller)


def _resume(context: FakeContext, teller: Teller) -> None:
    resume(context, "", "", "", teller)


def _abort(context: FakeContext, teller: Teller) -> None:
    abort(context, "", teller)


def _abandon(context: FakeContext, teller: Teller) -> None:
    abandon(context, "", teller)


FIRST = {"publish": _publish, "resume": _resume, "abort": _abort, "abandon": _abandon}
"""What the first party is at when it falls asleep."""

OTHERS: dict[str, tuple[Callable[[FakeContext, Teller], None], ...]] = {
    "aborts": (_abort,),
    "abandons": (_abandon,),
    "resumes": (_resume,),
    "publishes the same": (_publish_this,),
    "prepares": (_prepare,),
    "aborts and publishes": (_abort, _publish),
    "abandons and publishes the next": (_abandon, _publish_next),
    "resumes and publishes the next": (_resume, _publish_next),
    "aborts, or else abandons, and publishes": (_abort, _abandon, _publish),
}
"""What the second party does meanwhile."""


def begun(stage: Stage, at: str) -> None:
    """Bring the world where the first party's command finds something: sealed, or begun."""
    if at in {"resume", "abort"}:
        stage.second.run(_prepare)
    elif at == "abandon":
        dead = Sleeper()
        count = len(moments("publish"))
        dead.at, dead.happens = count * 2 // 3, _die
        try:
            stage.second.run(_publish, dead)
        except DeadError:
            stage.second.machine.store.incoming.clear()


def _die() -> None:
    raise DeadError


def moments(command: str) -> list[str]:
    """Return the names of all moments of a command that nothing happens to."""
    stage, sleeper = Stage(), Sleeper()
    begun(stage, command)
    stage.first.run(FIRST[command], sleeper)
    return sleeper.names


def delete(stage: Stage, ref: str = PENDING) -> None:
    """Delete a pending ref by hand."""
    stage.remote.refs.pop(ref, None)


def move_tag(stage: Stage, *, away: bool) -> None:
    """Delete the tag that was there before the release, or move it to a later commit."""
    push(stage)
    stage.remote.refs.pop(TAG, None)
    if not away:
        stage.remote.refs[TAG] = stage.remote.refs[MAIN]


def push(stage: Stage) -> None:
    """Move the branch, as somebody else would."""
    tip = stage.remote.refs[MAIN]
    stage.remote.refs[MAIN] = stage.remote.objects.commit("Somebody else's", tip)
