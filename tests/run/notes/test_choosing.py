"""Notes are of what a tag names, of the newest release of each group, or of the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.run import story as stories
from tests.run.after.test_outgrown import release, two_groups
from tests.run.story import SEVERAL_GROUPS, Story
from tests.run.test_served_files import Tags
from tests.run.told import commit, prepared

from release_sync.errors import Problem, Unreadable
from release_sync.plan.facts import Request
from release_sync.run.notes.choosing import next_notes, released_notes
from release_sync.run.notes.notes import Notes

if TYPE_CHECKING:
    from tests.fakes.context import FakeContext

    from release_sync.seals.pending import Sealed
    from release_sync.workspace.changelogs.entries import ChangelogEntry

CHANGES = b"## Unreleased\n\n- Soon\n\n## 0.1.11\n\n- Done\n"


@dataclass
class Landed(Tags):
    """The releases of a story's remote."""

    context: FakeContext | None = None

    @property
    def machine(self) -> FakeContext:
        """Where they are read."""
        assert self.context is not None
        return self.context

    @property
    def groups(self) -> dict[str, str]:
        """The groups of the story."""
        workspace = self.machine.workspace
        return {one.name: workspace.tag(one.name) for one in workspace.groups if one.members}

    def tags(self) -> dict[str, str]:
        """Return those of the remote."""
        refs = self.machine.repository.there.refs
        return {ref: oid for ref, oid in refs.items() if ref.startswith("refs/tags/")}

    def release(self, tag: str, oid: str) -> Sealed:
        """Read it."""
        del tag
        return self.machine.repository.read_pending(oid).sealed

    def entries(self, sealed: Sealed, group: str, version: str) -> tuple[ChangelogEntry, ...]:
        """Read them in its commit."""
        return self.machine.source.entries(sealed.candidate, group, version)


def landed(story: Story) -> Landed:
    workspace = story.context().workspace
    patterns = tuple(workspace.tag(group.name) for group in workspace.groups if group.members)
    return Landed(patterns, context=story.context())


def noted(story: Story) -> Story:
    """Commit a changelog."""
    commit(story, "CHANGELOG.md", CHANGES)
    story.here.git.refs["refs/heads/main"] = story.remote.refs["refs/heads/main"]
    return story


def texts(found: Notes | str) -> list[str]:
    assert isinstance(found, Notes), found
    return [one.text for group in found.groups for one in group.entries]


def test_of_a_release_its_commit_says_what_is_new() -> None:
    story = noted(Story())
    with pytest.raises(Unreadable, match="there is no group 'nope'") as refused:
        released_notes(landed(story), "", "nope")
    assert refused.value.hint == "there are: default"
    with pytest.raises(Problem, match="there is no release tag here"):
        released_notes(landed(story), "", "default")
    story.publish()
    commit(story, "CHANGELOG.md", b"## 0.1.11\n\n- Afterwards\n")
    for wanted in ("", "v0.1.11", "0.1.11"):
        (found,) = released_notes(landed(story), wanted)
        assert (texts(found), len(found.sealed.artifacts)) == (["- Done"], 6)
    with pytest.raises(Problem, match="no release of a group 'x'") as stopped:
        released_notes(landed(story), "", "x")
    assert stopped.value.hint == "there are: default"
    with pytest.raises(Problem, match=r"0\.1\.11 is no release of 'x'"):
        released_notes(landed(story), "0.1.11", "x")


def test_groups_that_were_released_together_have_notes_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stories, "KIND", SEVERAL_GROUPS)
    story = Story()
    story.publish()
    tags = landed(story)
    first, second = SEVERAL_GROUPS.tags
    for wanted, group in (("", ""), (first, ""), ("", "unstable"), ("", "default")):
        (found,) = released_notes(tags, wanted, group)
        assert [one.tag for one in found.groups] == [first, second]
        assert len(found.sealed.artifacts) == 16
    (found,) = released_notes(tags, second)
    assert [one.tag for one in found.groups] == [second]
    assert len(found.sealed.artifacts) == 8


def test_of_a_group_it_is_its_own_newest_release(monkeypatch: pytest.MonkeyPatch) -> None:
    story = noted(two_groups(monkeypatch))
    release(story, "tools")
    tags = landed(story)
    told = {group: [one.tag for found in released_notes(tags, "", group) for one in found.groups]
            for group in ("", "default", "tools")}  # fmt: skip
    assert told == {
        "": ["v0.1.11", "tools-v0.1.11", "tools-v0.1.12"],
        "default": ["v0.1.11", "tools-v0.1.11"],
        "tools": ["tools-v0.1.12"],
    }


def test_the_next_release_is_what_is_pending_or_what_is_planned() -> None:
    story = noted(Story())
    planned, against = next_notes(story.context(), Request(levels=("minor",)))
    assert against == ()
    assert texts(planned) == ["- Soon"]
    assert isinstance(planned, Notes)
    assert (planned.groups[0].version, planned.sealed.oid) == ("0.2.0", "")

    story.publish()
    assert "nothing was committed since" in str(next_notes(story.context(), Request()))
    planned, (taken, *_) = next_notes(story.context(), Request(levels=("none",)))
    assert isinstance(planned, Notes)
    assert taken.message == "the tag v0.1.11 exists here and on origin"

    pending, against = next_notes(prepared().context(), Request())
    assert against == ()
    assert isinstance(pending, Notes)
    assert len(pending.sealed.artifacts) == 6
