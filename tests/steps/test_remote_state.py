"""What a remote's refs say of a version, beside its pending ref."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import MAIN, NAMES, FakeGit
from tests.run.story import TAG
from tests.run.told import prepared
from tests.steps.held import known

from release_sync.steps.remote_state import has_landed, over, taken

if TYPE_CHECKING:
    from release_sync.seals.pending import Pending


class Unread(FakeGit):
    """A repository in which nothing is read."""

    def read_pending(self, oid: str) -> Pending:
        """Raise."""
        raise AssertionError(oid)


def test_without_a_tag_nothing_is_read() -> None:
    story = prepared()
    git = Unread(story.remote.objects, story.remote)
    assert over(git, NAMES, known(story).seal, {MAIN: story.begun[MAIN]}) == ""


@pytest.mark.parametrize(
    ("ref", "whose", "why"),
    [
        (NAMES.abandoned("v0.1.11"), "anybody's", "v0.1.11 was given up"),
        (TAG, "ours", "v0.1.11 has landed"),
        (NAMES.sealed("v0.1.11"), "ours", "v0.1.11 has landed"),
        (NAMES.sealed("v0.1.11"), "anybody's", "another v0.1.11 has landed"),
        (TAG, "another seal", "another v0.1.11 has landed"),
        (TAG, "anybody's", ""),
        (NAMES.sealed("v0.1.10"), "ours", ""),
    ],
)
def test_a_version_is_over_by_one_ref(ref: str, whose: str, why: str) -> None:
    story = prepared()
    sealed = known(story).seal
    text = story.remote.objects.tags[sealed.oid].partition("\n\n")[2]
    another = story.remote.objects.tag(sealed.tag, sealed.candidate, text)
    oid = {"ours": sealed.oid, "another seal": another}.get(whose, story.begun[MAIN])
    assert over(story.here.git, NAMES, sealed, {ref: oid}) == why
    assert has_landed(NAMES, sealed, {ref: oid}) == (why == "v0.1.11 has landed")
    assert bool(taken(NAMES, sealed, {ref: oid})) == ("0.1.10" not in ref)
