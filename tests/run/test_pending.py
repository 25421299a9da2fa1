"""The remote's refs, and what is remembered here, say how a release stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.world import MAIN, NAMES, PENDING, FakeGit, Objects, Remote
from tests.run.story import Story
from tests.run.told import companions, forge, prepared, sealed
from tests.steps.held import ended

from release_sync.errors import Problem, Unanswered, Waiting
from release_sync.run.branch import at_the_branch
from release_sync.run.pending import AllPending, Found, Secondary, all_pending, find, remote_refs
from release_sync.run.release_state import ReleaseState, release_state
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Companion, Pending, Sealed, State
from release_sync.seals.ref_names import RefNames
from release_sync.seals.tag_objects import UnreadableSeal, write_claim, write_seal

if TYPE_CHECKING:
    from collections.abc import Mapping

TAG, ABANDONED, KEPT = NAMES.tag("v1"), NAMES.abandoned("v1"), NAMES.sealed("v1")


class Made:
    """Two seals of one version, a claim on the first, and a plain tag."""

    def __init__(self) -> None:
        """Make them."""
        objects = Objects()
        self.git = FakeGit(objects, Remote(objects))
        base = objects.commit("Begin")
        artifacts = (Artifact("a", "a-1.tar.gz", 1, "a" * 64),)
        draft = Sealed(
            "", base, base, "default", "1", "v1", "main", "pypi", (("a",),), artifacts, "0.2.0"
        )
        text = write_seal(draft, "Published")
        self.sealed, self.other = objects.tag("v1", base, text), objects.tag("v1", base, text)
        self.claim = objects.tag("v1", self.sealed, write_claim("v1", "host", "nonce"))
        self.plain = objects.tag("v1", base, "Mine")

    def standing(self, here: str, there: str, refs: Mapping[str, str]) -> ReleaseState:
        """Judge; the names are those of the attributes."""
        found = {name: getattr(self, oid) for name, oid in refs.items()}
        return release_state(self.git, NAMES, self._pending(here), self._pending(there), found)

    def found(self, here: str, there: str) -> Found:
        """Return what would be found."""
        return Found("default", ReleaseState.SEALED, self._pending(there), self._pending(here))

    def _pending(self, name: str) -> Pending | None:
        return self.git.read_pending(getattr(self, name)) if name else None


@pytest.mark.parametrize(
    ("here", "there", "refs", "expected"),
    [
        ("", "", {}, ReleaseState.FREE),
        ("", "", {TAG: "other"}, ReleaseState.FREE),
        ("sealed", "sealed", {}, ReleaseState.SEALED),
        ("", "sealed", {}, ReleaseState.SEALED),
        ("sealed", "other", {}, ReleaseState.SEALED),
        ("sealed", "sealed", {TAG: "plain"}, ReleaseState.SEALED),
        ("", "claim", {}, ReleaseState.UPLOADING),
        ("claim", "claim", {}, ReleaseState.UPLOADING),
        ("claim", "sealed", {}, ReleaseState.SEALED),
        ("", "claim", {TAG: "plain"}, ReleaseState.UPLOADING),
        ("", "claim", {TAG: "other"}, ReleaseState.SUPERSEDED),
        ("", "claim", {KEPT: "other"}, ReleaseState.SUPERSEDED),
        ("", "claim", {TAG: "sealed"}, ReleaseState.LANDED),
        ("", "claim", {KEPT: "sealed"}, ReleaseState.LANDED),
        ("", "claim", {KEPT: "sealed", ABANDONED: "other"}, ReleaseState.LANDED),
        ("", "claim", {ABANDONED: "other"}, ReleaseState.ABANDONED),
        ("", "sealed", {ABANDONED: "sealed"}, ReleaseState.ABANDONED),
        ("sealed", "", {}, ReleaseState.WITHDRAWN),
        ("sealed", "", {TAG: "sealed"}, ReleaseState.LANDED),
        ("sealed", "", {TAG: "other"}, ReleaseState.WITHDRAWN),
        ("sealed", "", {ABANDONED: "sealed"}, ReleaseState.ABANDONED),
        ("claim", "", {}, ReleaseState.DELETED),
        ("claim", "", {TAG: "plain"}, ReleaseState.DELETED),
        ("claim", "", {TAG: "other"}, ReleaseState.SUPERSEDED),
        ("claim", "", {TAG: "sealed"}, ReleaseState.LANDED),
        ("claim", "", {KEPT: "sealed"}, ReleaseState.LANDED),
        ("claim", "", {ABANDONED: "sealed"}, ReleaseState.ABANDONED),
    ],
)
def test_the_refs_tell_the_standing(
    here: str, there: str, refs: dict[str, str], expected: ReleaseState
) -> None:
    assert Made().standing(here, there, refs) is expected


def test_a_group_whose_primary_one_lost_its_ref_counts_as_begun() -> None:
    made = Made()
    found = made.git.read_pending(made.sealed)
    secondary = Pending(replace(found.sealed, primary="alpha"))
    assert release_state(made.git, NAMES, None, secondary, {}) is ReleaseState.ORPHANED


def test_what_is_reserved_is_not_sealed() -> None:
    made = Made()
    found = made.git.read_pending(made.sealed)
    reserved = Pending(replace(found.sealed, state=State.RESERVED, artifacts=()))
    assert release_state(made.git, NAMES, None, reserved, {}) is ReleaseState.RESERVED


@pytest.mark.parametrize(
    ("here", "there", "ours"),
    [
        ("sealed", "sealed", True),
        ("sealed", "claim", True),
        ("claim", "sealed", True),
        ("sealed", "other", False),
        ("", "sealed", False),
        ("claim", "", True),
        ("", "", False),
    ],
)
def test_ours_is_what_this_repository_remembers(here: str, there: str, *, ours: bool) -> None:
    assert Made().found(here, there).is_ours == ours


# --- what is found


def find_it(story: Story, group: str = "default", **changes: Any) -> Found:  # noqa: ANN401 - fields
    """Find it, as every command does."""
    context, seen = at_the_branch(replace(story.context(), **changes))
    return find(context, seen, group)


WAITS = RefNames(prefix="refs/heads/release-waits")


def test_a_branch_of_the_users_beside_pending_refs_that_are_branches_is_no_release() -> None:
    story = Story()
    story.remote.refs[WAITS.pending("mine")] = story.begun[MAIN]
    context, seen = at_the_branch(replace(story.context(), names=WAITS))
    assert all_pending(context, seen) == AllPending((), ())


@pytest.mark.parametrize(
    ("names", "group"), [(WAITS, "default"), (NAMES, "default"), (NAMES, "mine")]
)
def test_what_can_not_be_read_is_pending_all_the_same(names: RefNames, group: str) -> None:
    story = Story()
    story.remote.refs[names.pending(group)] = story.begun[MAIN]
    context, seen = at_the_branch(replace(story.context(), names=names))
    every = all_pending(context, seen)
    assert every.found == ()
    assert ["can't be read" in problem.message for problem in every.unreadable] == [True]
    assert isinstance(every.unreadable[0], Waiting)


def test_nothing_is_read_where_nothing_is_remembered() -> None:
    assert find_it(Story()).state is ReleaseState.FREE


@pytest.mark.parametrize("primary", ["gone", "unreadable", "of another release"])
def test_a_group_belongs_to_a_release_that_lists_it(primary: str) -> None:
    story = prepared()
    companions(story)
    assert isinstance(ended(lambda: find_it(story, "other")), Secondary)
    refs = story.remote.refs
    if primary == "of another release":
        forge(story, companions=())
    elif primary == "unreadable":
        refs[PENDING] = story.begun[MAIN]
    else:
        del refs[PENDING]
    assert find_it(story, "other").state is ReleaseState.ORPHANED


def test_a_ref_without_a_group_is_no_primary_one() -> None:
    story, names = prepared(), RefNames(path="folder")
    made, refs = sealed(story), story.remote.refs
    refs[names.pending("default")] = refs.pop(PENDING)
    beside = (Companion("default", made.version, made.tag, ("top",), made.oid),)
    listing = replace(made, group="alpha", tag="alpha-v1", companions=beside)
    text = write_seal(listing, "Published")
    refs[names.pending("")] = story.remote.objects.tag("alpha-v1", made.candidate, text)
    assert find_it(story, names=names).state is ReleaseState.SEALED


# --- a remote that can't be asked


def test_what_is_pending_here_counts_for_its_own_group() -> None:
    story = prepared()
    story.remote.silent = True
    assert isinstance(ended(lambda: find_it(story)), Waiting)
    assert not isinstance(ended(lambda: find_it(story, "other")), Waiting)


def test_a_remote_of_which_nobody_says_what_is_wrong_could_not_be_asked() -> None:
    story = Story()
    context, seen = at_the_branch(story.context())
    unasked = replace(seen, refs=None)
    assert ended(lambda: remote_refs(context, unasked)).message == "origin could not be asked"


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (UnreadableSeal("it is damaged"), "when nobody is releasing, "),
        (UnreadableSeal("it is newer", hint="upgrade"), "upgrade; or, when nobody is releasing, "),
        (Unanswered("no answer"), "try again; or, when nobody is releasing, "),
        (Unanswered("no answer", hint="log in"), "log in; or, when nobody is releasing, "),
    ],
)
def test_what_can_not_be_read_says_what_may_help(error: Problem, begins: str) -> None:
    story = prepared()

    def read(oid: str) -> Pending:
        del oid
        raise error

    del story.here.git.refs[PENDING]
    story.here.git.read_pending = read  # type: ignore[method-assign]
    assert ended(lambda: find_it(story)).hint.startswith(begins)
