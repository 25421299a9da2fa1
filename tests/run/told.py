"""One command, told as a user sees it: what it shows, and how it ends; and seals made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.fakes.world import MAIN, PENDING
from tests.run.story import Story, first

from release_sync.errors import Problem
from release_sync.plan.facts import Request
from release_sync.plan.sequence import finishing
from release_sync.run.aborting import abandon, abort
from release_sync.run.advancing.ready import without_delay
from release_sync.run.branch import at_the_branch
from release_sync.run.executor import run
from release_sync.run.pending import find
from release_sync.run.publishing import prepare, publish
from release_sync.run.resuming import resume
from release_sync.seals.artifact import Expected
from release_sync.seals.pending import Companion
from release_sync.seals.tag_objects import write_claim, write_seal
from release_sync.steps.step import Known
from release_sync.steps.way import Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.context import FakeContext
    from tests.fakes.world import Machine

    from release_sync.plan.release import Release
    from release_sync.run.events import Event
    from release_sync.seals.pending import Sealed
    from release_sync.toml.edits import FileEdit


@dataclass
class Told:
    """What one command showed and asked, and the Problem that it ended with."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)
    planned: list[Release] = field(default_factory=list)
    problem: Problem | None = None

    @property
    def labels(self) -> list[str]:
        """The words that the lines begin with."""
        return [label for label, _ in self.lines]

    @property
    def ended(self) -> Problem:
        """The Problem, which there is."""
        assert self.problem is not None, self.lines
        return self.problem

    def line(self, label: str, text: str) -> None:
        """Keep a fact."""
        self.lines.append((label, text))

    def plan(self, release: Release) -> None:
        """Keep a plan."""
        self.planned.append(release)

    def difference(self, edit: FileEdit) -> None:
        """Keep the file."""
        self.edits.append(edit.path)

    def confirm(self, question: str, *, typed: bool = False) -> None:
        """Agree to everything."""
        self.asked.append((question, typed))

    def __call__(self, event: Event) -> None:
        """Keep an event."""
        self.events.append(event)


def told(
    story: Story,
    command: Callable[[FakeContext, Told], Any],
    machine: Machine | None = None,
    **changes: Any,  # noqa: ANN401 - fields of the context
) -> Told:
    """Run a command."""
    heard = Told()
    context = replace(story.context(machine), **changes)
    try:
        with context.locked():
            command(context, heard)
    except Problem as problem:
        heard.problem = problem
    return heard


def preparing(context: FakeContext, heard: Told) -> None:
    """Run `prepare`."""
    prepare(context, Request(), heard)


def preparing_all(context: FakeContext, heard: Told) -> None:
    """Run `prepare --all`."""
    prepare(context, Request(every=True), heard)


def publishing(request: Request | None = None) -> Callable[[FakeContext, Told], None]:
    """Return `publish`, for what is asked for."""

    def command(context: FakeContext, heard: Told) -> None:
        asked = request or Request()
        with without_delay(context, asked):
            publish(context, asked, heard)

    return command


def resuming(seal: str = "", land: str = "") -> Callable[[FakeContext, Told], None]:
    """Return `resume`, of a seal by name, and landing in a way."""
    return lambda context, heard: resume(context, "", seal, land, heard)


def unapproved(context: FakeContext, heard: Told) -> None:
    """Run the steps that are left of a release whose like no command makes yet."""
    there, seen = at_the_branch(context)
    found = find(there, seen, "default")
    made = found.sealed
    members = tuple(Expected(name, f"packages/{name}", made.version) for name in made.members)
    before = None if found.there is None else found.there.oid
    steps = finishing(made, before, "origin", members, Way.PUSH)
    run(steps, there.world("default"), heard, Known(sealed=made), ours=False)


def aborting(context: FakeContext, heard: Told) -> None:
    """Run `abort`."""
    abort(context, "", heard)


def abandoning(context: FakeContext, heard: Told) -> None:
    """Run `abort --abandon`."""
    abandon(context, "", heard)


def prepared() -> Story:
    """Return a story in which a release is sealed, and pending."""
    story = Story()
    assert told(story, preparing).problem is None
    return story


def begun() -> Story:
    """Return a story that died when its upload had begun, and before a file was sent."""
    story = Story()
    assert story.dies(first("before index.upload"))
    return story


def uploaded() -> Story:
    """Return a story that died before it landed, with everything on the index."""
    story = Story()
    refuses = story.remote.refuses
    story.remote.refuses = lambda update: update.ref.startswith("refs/tags/")
    assert told(story, publishing()).problem is not None
    story.remote.refuses = refuses
    return story


def sealed(story: Story) -> Sealed:
    """Return the seal that is pending."""
    return story.here.git.read_pending(story.remote.refs[PENDING]).sealed


def forge(story: Story, *, claimed: bool = False, **changes: Any) -> Sealed:  # noqa: ANN401 - fields
    """Put a seal in the place of the one that is pending, some of whose fields are others."""
    made = replace(sealed(story), **changes)
    oid = story.remote.objects.tag(made.tag, made.candidate, write_seal(made, "Published"))
    story.remote.refs[PENDING] = claim(story, oid, made.tag) if claimed else oid
    return replace(made, oid=oid)


def claim(story: Story, seal: str, tag: str = "v0.1.11") -> str:
    """Make a claim of somebody else."""
    text = write_claim(tag, "elsewhere", "nonce")
    return story.remote.objects.tag(tag, seal, text, "Somebody Else")


def companions(story: Story, *, claimed: bool = False) -> Sealed:
    """Release another group in the same act: its pending ref is beside the first one."""
    beside = Companion("other", "0.1.11", "other-v1", ("top",))
    other = replace(sealed(story), companions=(beside,)).of_group(beside)
    text = write_seal(other, "Published")
    oid = story.remote.objects.tag(other.tag, other.candidate, text)
    story.remote.refs["refs/release-sync/other"] = oid
    return forge(story, claimed=claimed, companions=(replace(beside, oid=oid),))


def commit(story: Story, path: str, content: bytes, message: str = "Change") -> str:
    """Commit a file on the remote's branch."""
    objects, tip = story.remote.objects, story.remote.refs[MAIN]
    made = objects.commit(message, tip, tree={**objects.trees[tip], path: content})
    story.remote.refs[MAIN] = made
    return made
