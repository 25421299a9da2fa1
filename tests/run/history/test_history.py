"""The history of releases that were made in memory, by the commands' own code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import NAMES
from tests.run import story as stories
from tests.run.story import FROM_A_TAG, SEVERAL_GROUPS, Story
from tests.run.told import begun

from release_sync.errors import Unreadable
from release_sync.run.history.history import GroupHistory, history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.seals.pending import Sealed
    from release_sync.seals.ref_names import RefNames

SEALED_AT = 1_700_000_000
BUILT_IN = 60


@dataclass
class Records:
    """The refs of a story's remote. Implements ``Recorded``."""

    story: Story
    plain: Mapping[str, str] = field(default_factory=dict)
    names: RefNames = NAMES
    remote: str = "origin"

    @property
    def groups(self) -> Mapping[str, str]:
        """Return those of the workspace."""
        workspace = self.story.context().workspace
        return {one.name: workspace.tag(one.name) for one in workspace.groups if one.members}

    def tags(self) -> Mapping[str, str]:
        """Return those of the clone, and what another tool has made."""
        return {**self.story.here.git.local_refs("refs/tags"), **self.plain}

    def made(self) -> Mapping[str, tuple[int, str]]:
        """Return what git says of a tag."""
        return dict.fromkeys(self.plain, (SEALED_AT - 1, "Another"))

    def there(self) -> Mapping[str, str] | None:
        """Ask the remote."""
        return self.story.here.git.remote_refs()

    def release(self, tag: str, oid: str) -> Sealed:
        """Read a seal."""
        del tag
        return self.story.here.git.read_pending(oid).sealed

    def commit_times(self, commits: Sequence[str]) -> Mapping[str, int]:
        """Return that each was made a minute before its seal."""
        return dict.fromkeys(commits, SEALED_AT - BUILT_IN)


def told(records: Records, only: str = "") -> list[GroupHistory]:
    return [*history(records, SEALED_AT, only)]


def test_a_release_is_told_by_its_seal_and_another_tools_by_its_tag() -> None:
    story = Story()
    story.publish()
    (found,) = told(Records(story, {"refs/tags/v0.1.10": story.remote.refs["refs/heads/main"]}))
    new, old = found.releases
    assert (new.version, new.tag, new.time, new.who) == (
        "0.1.11", "v0.1.11", SEALED_AT, "A Releaser <a@example.com>",
    )  # fmt: skip
    assert (new.members, new.files, new.seconds) == (("low", "mid", "top"), 6, BUILT_IN)
    assert (new.seal, new.is_abandoned, new.primary) == (story.remote.refs[stories.TAG], False, "")
    assert (old.version, old.time, old.who, old.seal) == ("0.1.10", SEALED_AT - 1, "Another", "")
    assert (old.members, old.files, old.size, old.seconds) == (None, None, None, None)
    assert (found.summary.releases, found.notes) == (2, ())


def test_what_was_given_up_is_there_and_no_release() -> None:
    story = begun()
    story.abandon()
    story.remote.refs[NAMES.abandoned("v0.1.9")] = story.begun["refs/heads/main"]  # by no release
    (found,) = told(Records(story))
    assert [(one.version, one.is_abandoned, one.files) for one in found.releases] == [
        ("0.1.11", True, 6),
        ("0.1.9", True, None),
    ]
    assert (found.summary.releases, found.summary.abandoned) == (0, 2)

    story.remote.silent = True
    (found,) = told(Records(story))
    assert found.releases == ()
    assert found.notes[0].startswith("origin did not answer: what was given up")


def test_a_release_beside_its_tag_is_one_and_has_made_no_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stories, "KIND", FROM_A_TAG)
    story = Story()
    story.publish()
    records = Records(story, {stories.TAG: story.remote.refs[stories.TAG]})
    (found,) = told(records)
    (one,) = found.releases
    assert (one.seal, one.files, one.seconds) == (story.remote.refs[stories.KEPT], 6, None)


def test_a_release_of_several_groups_is_one_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "KIND", SEVERAL_GROUPS)
    story = Story()
    story.publish()
    records = Records(story)
    first, second = told(records)
    assert [first, second] == [*told(records, "default"), *told(records, "unstable")]
    ((own,), (other,)) = first.releases, second.releases
    assert (own.primary, own.files, other.primary, other.files) == ("", 8, "default", 8)
    assert (own.companions, other.companions) == (("unstable",), ())
    assert {*(own.members or ())}.isdisjoint(other.members or ())
    with pytest.raises(Unreadable, match="there is no group 'x'"):
        told(records, "x")


def test_tags_that_are_not_here_are_said() -> None:
    story = Story()
    story.publish()
    del story.here.git.refs[stories.TAG]
    (found,) = told(Records(story))
    assert found.releases == ()
    assert found.notes == (
        "origin has 1 release tag that this clone lacks: run `git fetch --tags`",
    )
