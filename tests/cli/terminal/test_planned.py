"""A plan of many packages is summarised; all of it is there when it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.run.story import Story
from tests.run.told import forge, prepared, publishing, told

from devclikit.terminal.medium import Medium
from release_sync.cli.terminal.planned import described, headline, left_over
from release_sync.run.branch import at_the_branch
from release_sync.run.pending import find
from release_sync.seals.pending import State
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from release_sync.plan.release import Release


def large() -> Release:
    """Return the plan of a release of 83 packages, 80 of which are edited."""
    (release,) = told(Story(), publishing()).planned
    names = tuple(f"own-{number:02}" for number in range(83))
    edits = tuple(
        FileEdit(f"packages/{name}/pyproject.toml", b"version = 1\n", b"version = 2\n", ("pin",))
        for name in names[:80]
    )
    draft = replace(release.draft, levels=(names[:82], names[82:]))
    expected = tuple(replace(release.members[0], name=name) for name in names)
    return replace(release, draft=draft, edits=edits, members=expected)


def test_a_large_plan_is_summarised() -> None:
    lines = described(large(), Medium()).split("\n")
    few = "own-00, own-01, own-02, own-03 … and 79 more"
    assert lines[0] == f"Workspace  83 packages in lockstep at 0.1.10: {few}"
    assert "Order      own-00, own-01, own-02, own-03 … and 78 more → own-82" in lines
    edits = next(line for line in lines if line.startswith("Edits"))
    assert edits.startswith("Edits      80 files: packages/own-00/pyproject.toml (1 pin), ")
    assert edits.endswith(" … and 76 more; the first of them:")
    assert lines.count("+version = 2") == 1
    assert f"  4. build {few} (wheel and sdist)" in lines
    assert [line for line in lines if "upload own" in line] == [
        f"  {number}. upload own-{number - 8:02} 0.1.11" for number in range(8, 12)
    ]
    assert "     … and 79 more, to 90." in lines
    assert len(lines) < 50


def test_all_of_it_is_shown_when_it_is_asked_for() -> None:
    release = large()
    text = described(release, Medium(), verbose=True)
    assert text.count("+version = 2") == 80
    assert text.count("upload own-") == 83
    assert "… and" not in text
    assert "own-82" in headline(release)[0][1]


def test_a_plan_is_broken_only_between_words() -> None:
    release = large()
    for verbose in (False, True):
        whole = described(release, Medium(), verbose=verbose).split()
        for width in (60, 80, 133, 200):
            shown = described(release, Medium(width=width), verbose=verbose)
            assert shown.split() == whole
            assert all(len(line) <= width for line in shown.split("\n"))


def test_what_is_pending_names_what_comes_next() -> None:
    story = prepared()
    assert left_of(story).endswith("\n`release-sync resume` finishes it")
    forge(story, state=State.RESERVED, artifacts=())
    assert left_of(story).endswith(
        "\n`release-sync prepare --artifacts DIR` seals what is built of it"
    )


def left_of(story: Story) -> str:
    context, seen = at_the_branch(story.context())
    return left_over(find(context, seen, "default"), (), Medium())
