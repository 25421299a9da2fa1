"""What can happen to a release, at every moment of it: each scenario ends with its assertions."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, NAMES, PENDING, cloned
from tests.run import story as stories
from tests.run.story import FILES, MEMBERS, TAG, DeadError, Story, boundaries, commands, die, first

from release_sync.errors import Problem, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Scenario = tuple[str, "Callable[[], None]"]

MOMENTS = range(1, len(boundaries()) + 1)
UPLOADS = first("before index.upload")


def every() -> Iterator[Scenario]:
    """Yield all scenarios but those of two deaths, which are a thousand."""
    yield from at_any(MOMENTS)
    for nth in range(FILES):
        for trouble in ("lost", "taken, and the answer lost"):
            for at in MOMENTS[UPLOADS:]:
                name = f"file {nth} {trouble}, killed at {at}"
                yield name, partial(upload_troubled, nth, trouble, at)
        yield f"file {nth} refused", partial(upload_refused, nth)


def at_any(moments: range) -> Iterator[Scenario]:
    """Yield what can happen at any moment, and has nothing to do with how files are sent."""
    for at in moments:
        yield f"killed at {at}", partial(killed, at)
        yield f"killed at {at}, builds differ", partial(killed, at, differs=True)
        yield f"killed at {at}, then aborted", partial(killed_and_aborted, at)
        yield f"killed at {at}, then abandoned", partial(killed_and_abandoned, at)
        yield f"killed at {at}, finished elsewhere", partial(killed_and_finished_elsewhere, at)
        yield (
            f"killed at {at}, taken over at once",
            partial(killed_and_finished_elsewhere, at, instant=True),
        )
        yield f"raced at {at}", partial(raced, at)
        yield f"raced at {at}, in one second", partial(raced, at, instant=True)
        yield f"pushed to at {at}", partial(pushed_to, at)
        yield f"remote silent from {at}", partial(silent, at, "remote")
        yield f"index silent from {at}", partial(silent, at, "index")
        for ref in stories.KIND.pending:
            yield f"{ref} removed at {at}", partial(lock_lost, at, ref)
        yield f"tagged by the user at {at}", partial(tagged, at)
    for nth in range(2 * len(stories.KIND.members)):
        yield f"another file is there as {nth}", partial(foreign_file, nth)


def of_a_stage(moments: range) -> Iterator[Scenario]:
    """Yield what can happen to the stage of a release at any moment."""
    for at in moments:
        yield f"stage deleted at {at}", partial(stage_deleted, at)
        yield f"stage silent from {at}", partial(stage_silent, at)
        for lost in ("lost", "promoted, and the answer lost"):
            yield f"promotion {lost}, killed at {at}", partial(promotion_troubled, lost, at)


def of_promotions() -> Iterator[Scenario]:
    """Yield what a server may refuse, or have already, when a release is staged and promoted."""
    for nth in range(len(MEMBERS)):
        yield f"promotion {nth} refused", partial(promotion_refused, nth)
        yield f"member {nth} is there by half", partial(half_promoted, nth)
    for nth in range(FILES):
        yield f"file {nth} refused by the stage", partial(refused_by_the_stage, nth)
    yield "it does not install from there", not_installed


def of_a_tag(moments: range) -> Iterator[Scenario]:
    """Yield what can happen at any moment to a tag that was there before its release."""
    for at in moments:
        for away in (True, False):
            name = f"tag {'deleted' if away else 'moved'} at {at}"
            yield name, partial(tag_moved, at, away=away)
            yield f"{name}, and killed", partial(tag_moved, at, away=away, dies=True)


def of_two() -> Iterator[Scenario]:
    """Yield what takes two moments: a death after a death, and a death of who came in between."""
    for at in MOMENTS:
        for again in MOMENTS:
            yield f"killed at {at}, and at {again}", partial(killed, at, again)
            yield f"raced at {at}, killed at {again}", partial(raced, at, again)


def killed(at: int, again: int = 0, *, differs: bool = False) -> None:
    """A second run finishes it, whatever the backends make."""
    story = Story()
    story.here.differs = differs
    assert story.dies(at)
    if again:
        story.dies(again)
    story.to_the_end()
    story.assert_released()
    story.to_the_end()
    story.assert_released()


def killed_and_aborted(at: int) -> None:
    """Until the upload is begun nothing is left; from then on, nothing is undone."""
    story = Story()
    assert story.dies(at)
    if story.is_begun:
        with pytest.raises(Waiting, match="can't be undone: its upload was begun"):
            story.abort()
    elif PENDING in story.remote.refs:
        story.abort()
        story.assert_untouched()
    else:
        with suppress(Problem):  # it has landed, or nothing is pending
            story.abort()
    story.to_the_end()
    story.assert_released()


def killed_and_abandoned(at: int) -> None:
    """Once the upload is begun the version can be given up, whatever the index says."""
    story = Story()
    assert story.dies(at)
    begun = story.is_begun
    story.index.silent = at % 2 == 0
    try:
        story.abandon()
    except Problem:
        assert not begun
    story.index.silent = False
    if not begun:
        return
    assert not {*story.kind.pending} & story.remote.refs.keys()
    assert {NAMES.abandoned(tag) for tag in story.kind.tags} <= story.remote.refs.keys()
    served = _of(story, "0.1.11")
    for command in (story.publish, partial(story.publish, resumes=True)):
        with suppress(Problem):
            command()
    assert story.kind.lands not in story.remote.refs
    assert _of(story, "0.1.11") == served


def _of(story: Story, version: str) -> dict[str, str]:
    return {name: sha256 for name, sha256 in story.index.served.items() if version in name}


def killed_and_finished_elsewhere(at: int, *, instant: bool = False) -> None:
    """Another machine finishes it, or makes it anew; the first one takes note.

    With ``instant`` both begin in the same second, so that git makes the very same commit.
    """
    story = Story()
    story.remote.objects.instant = instant
    assert story.dies(at)
    there = cloned(story.remote)
    story.to_the_end(there)
    story.assert_released(there)
    story.to_the_end()
    assert PENDING not in story.here.git.refs
    story.assert_released(there)


def raced(at: int, killed: int = 0, *, instant: bool = False) -> None:
    """Somebody else's whole release goes on between two moments of ours, or dies there."""
    story = Story(ours_alone=False)
    story.remote.objects.instant = instant
    there = cloned(story.remote)

    def race() -> None:
        with suppress(Problem, DeadError):
            story.publish(there, {killed: die})

    with suppress(Problem):
        story.publish(happens={at: race})
    if PENDING not in story.here.git.refs:
        assert (story.here.store.kept, story.here.store.incoming) == ({}, {})
    story.to_the_end()
    story.to_the_end(there)
    story.assert_one()
    for machine in (story.here, there):
        assert machine.git.refs in (story.shown, story.begun)
        assert machine.store.kept == {}


def pushed_to(at: int) -> None:
    """Somebody else's commit and the released one are both on the branch."""
    story = Story()
    try:
        story.publish(happens={at: story.push})
    except Problem:
        assert not story.index.served
        story.assert_clean()
        story.to_the_end()
    tip = story.remote.refs[MAIN]
    messages = [story.remote.objects.commits[one][1] for one in story.remote.objects.history(tip)]
    assert "Somebody else's" in messages
    story.assert_released(behind=True)


def silent(at: int, which: str) -> None:
    """Who can't be asked is not believed to have nothing."""
    story = Story()
    target = story.remote if which == "remote" else story.index

    def fall_silent() -> None:
        target.silent = True

    try:
        story.publish(happens={at: fall_silent})
    except Problem:
        target.silent = False
        story.to_the_end()
    target.silent = False
    story.to_the_end()
    story.assert_released()


def lock_lost(at: int, ref: str) -> None:
    """Somebody removed a pending ref by hand, and the process was killed."""
    story = Story()

    def remove() -> None:
        story.remote.refs.pop(ref, None)
        die()

    with pytest.raises(DeadError):
        story.publish(happens={at: remove})
    begun = story.here.git.refs.get(PENDING) != _seal(story)
    story.done.clear()
    if ref == PENDING and {*story.kind.pending[1:]} & story.remote.refs.keys() and not begun:
        orphaned(story)
        return
    story.to_the_end()
    story.assert_released()


def _seal(story: Story) -> str | None:
    """Return the seal that the first machine remembers, or that of its claim."""
    value = story.here.git.refs.get(PENDING)
    return None if value is None else story.here.git.read_pending(value).sealed.oid


def orphaned(story: Story) -> None:
    """Of groups whose first one has lost its ref nobody knows whether the upload has begun."""
    for command in (partial(story.publish, resumes=True), story.abort):
        with pytest.raises(Waiting, match="not pending on the remote") as waiting:
            command()
        assert "abort --abandon" in commands(waiting.value.hint or "")
    story.abandon()
    story.publish()
    refs = {ref for ref in story.remote.refs if "release-sync" in ref}
    assert refs == {NAMES.abandoned(tag) for tag in story.kind.tags[1:]}
    assert TAG in story.remote.refs
    assert not {*map(NAMES.tag, story.kind.tags[1:])} & story.remote.refs.keys()


def tagged(at: int) -> None:
    """The user's own tag of that name is never moved; without it, the release is finished."""
    story = Story()
    mine = story.remote.objects.tag("v0.1.11", story.remote.refs[MAIN], "Mine")

    def tag() -> None:
        story.here.git.refs.setdefault(TAG, mine)

    with suppress(Problem):
        story.publish(happens={at: tag})
        story.publish()
    if story.here.git.refs.get(TAG) == mine:
        with suppress(Problem):
            story.publish()
        assert story.here.git.refs.pop(TAG) == mine
    if PENDING not in story.remote.refs:
        story.done.clear()  # it was undone
    story.to_the_end()
    story.assert_released()


def tag_moved(at: int, *, away: bool, dies: bool = False) -> None:
    """Before the first file it is undone; later it does not land until the tag is put back."""
    story = Story()

    def move() -> None:
        story.push()
        story.remote.refs.pop(TAG)
        if not away:
            story.remote.refs[TAG] = story.remote.refs[MAIN]
        if dies:
            die()

    with suppress(Problem, DeadError):
        story.publish(happens={at: move})
    if dies:
        with suppress(Problem):
            story.publish(resumes=True)
    landed = story.kind.lands in story.remote.refs
    if at < first("before index.upload"):
        assert not story.index.processes
        assert dies or PENDING not in story.remote.refs
    if not landed and PENDING not in story.remote.refs:
        story.done.clear()
    story.remote.refs[TAG] = story.begun[TAG]
    story.to_the_end()
    story.assert_released(behind=True)


def upload_troubled(nth: int, trouble: str, at: int) -> None:
    """A file whose upload was not answered is sent once, also when the process dies on it."""
    story = Story()
    asked: list[str] = []

    def once(filename: str) -> str:
        asked.append(filename)
        return trouble if len(asked) == nth + 1 else ""

    story.index.trouble = once
    story.dies(at)
    story.to_the_end()
    story.assert_released()


def upload_refused(nth: int) -> None:
    """The very first refusal undoes the release; a later one leaves it waiting."""
    story = Story()
    story.index.trouble = refusing(nth)
    with pytest.raises(Problem) as refused:
        story.publish()
    if nth == 0:
        story.assert_untouched()
        return
    assert isinstance(refused.value, Waiting)
    story.index.trouble = lambda _: ""
    story.to_the_end()
    story.assert_released()


def refusing(nth: int) -> Callable[[str], str]:
    """Return what refuses the n-th file, whenever it comes."""
    asked: dict[str, str] = {}

    def trouble(filename: str) -> str:
        return asked.setdefault(filename, "refused" if len(asked) == nth else "")

    return trouble


def foreign_file(nth: int) -> None:
    """Another file of that name appears after the seal: nothing is uploaded, nothing is left."""
    story = Story()

    def appear() -> None:
        sealed = story.here.git.read_pending(story.remote.refs[PENDING]).sealed
        story.index.served[sealed.artifacts[nth].filename] = "somebody else's"

    with pytest.raises(Problem, match=r"its sha256 is not the one in the seal; nothing was"):
        story.publish(happens={first("after git.push"): appear})
    assert story.index.taken == []
    story.assert_clean()


def stage_deleted(at: int) -> None:
    """Somebody deletes the stage, and the process dies: it is made again, from what is kept."""
    story = Story()

    def delete() -> None:
        story.index.staging.stages.clear()
        die()

    with pytest.raises(DeadError):
        story.publish(happens={at: delete})
    story.done = [one for one in story.done if "to an index that is made" not in one]
    story.to_the_end()
    story.assert_released()


def stage_silent(at: int) -> None:
    """Who can't be asked about the stage promotes nothing; a stage that stays harms nobody."""
    story = Story()
    staging = story.index.staging

    def fall_silent() -> None:
        staging.silent = True

    try:
        story.publish(happens={at: fall_silent})
    except Problem:
        staging.silent = False
        story.to_the_end()
    assert len(staging.stages) <= staging.silent
    staging.stages.clear()
    story.assert_released()


def promotion_troubled(trouble: str, at: int) -> None:
    """What was not answered is asked about before it is promoted again, also after a death."""
    story = Story()
    asked: list[str] = []

    def once(member: str) -> str:
        asked.append(member)
        return trouble if len(asked) == 1 else ""

    story.index.staging.trouble = once
    story.dies(at)
    story.to_the_end()
    story.assert_released()


def promotion_refused(nth: int) -> None:
    """The first refusal undoes the release, and its stage goes; a later one leaves it pending."""
    story = Story()
    asked: list[str] = []

    def once(member: str) -> str:
        asked.append(member)
        return "refused" if len(asked) == nth + 1 else ""

    story.index.staging.trouble = once
    with pytest.raises(Problem) as refused:
        story.publish()
    if nth == 0:
        story.assert_untouched()
        return
    assert isinstance(refused.value, Waiting)
    assert story.index.staging.stages
    story.to_the_end()
    story.assert_released()


def half_promoted(nth: int) -> None:
    """Of a member that has one file on the index, the other one is uploaded."""
    story = Story()
    member = MEMBERS[nth]

    def appear() -> None:
        sealed = story.here.git.read_pending(story.remote.refs[PENDING]).sealed
        wheel = sealed.of(member)[0]
        story.index.served[wheel.filename] = wheel.sha256

    story.publish(happens={first("before staging.promote"): appear})
    assert story.index.staging.promoted == [one for one in MEMBERS if one != member]
    sent = [names for names in story.index.processes if not names.startswith("promote")]
    assert sent == [f"{member}-0.1.11.tar.gz"]
    assert TAG in story.remote.refs
    assert story.index.staging.stages == {}


def refused_by_the_stage(nth: int) -> None:
    """Nothing is on the index yet, so the release is undone, whichever file was refused."""
    story = Story()

    def refuses() -> None:
        (stage,) = story.index.staging.stages.values()
        stage.trouble = refusing(nth)

    with pytest.raises(Problem, match=r"403; nothing was published, and v0\.1\.11 was undone"):
        story.publish(happens={first("after staging.make"): refuses})
    story.assert_untouched()


def not_installed() -> None:
    """What does not install from its stage is not promoted."""
    story = Story()
    story.index.staging.broken = True
    with pytest.raises(Problem, match=r"not install from me/rs-.*: it can't be resolved; no"):
        story.publish()
    story.assert_untouched()
