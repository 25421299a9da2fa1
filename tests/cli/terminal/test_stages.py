"""The stages of a release in one line."""

from __future__ import annotations

import click

from devclikit.terminal.activity import Activity
from devclikit.terminal.medium import Medium
from release_sync.cli.terminal.stages import stages_line, stages_of, together

NAMES = ("bump", "lock", "commit", "build", "verify", "seal", "begin", "upload", "upload", "land")


def test_what_took_long_is_going_on_or_is_to_come_is_in_the_line() -> None:
    stages = stages_of(NAMES)
    assert stages["upload"].left == 2
    for name in ("bump", "lock", "commit", "build"):
        stages[name].left, stages[name].took = 0, 0.1
    stages["build"].took = 2.12
    going_on = [Activity("verify", "verify", began=0.0)]
    going_on[0].tell("import", 3, 8, "modules")
    told = "build ✓ 2.1 s · verify ⠋ 3/8 4 s · upload · land"
    assert stages_line(stages.values(), going_on, 4.0, Medium(width=80)) == told
    coloured = stages_line(stages.values(), going_on, 4.0, Medium(colour=True, width=80))
    assert coloured != told
    assert click.unstyle(coloured) == told
    seal = [Activity("seal", "seal", began=4.0)]
    assert "seal ⠋ · upload" in stages_line(stages.values(), seal, 4.0, Medium(width=80))


def test_what_does_not_fit_is_left_out_and_what_is_over_first() -> None:
    stages = stages_of(NAMES)
    stages["build"].left, stages["build"].took = 0, 2.0
    going_on = [Activity("verify", "verify", began=0.0)]
    lines = [
        stages_line(stages.values(), going_on, 0.0, Medium(width=width)) for width in (36, 30, 20)
    ]
    assert lines == ["verify ⠋ · upload · land"] * 2 + ["verify ⠋ · upload"]


def test_without_a_release_there_is_no_line() -> None:
    assert stages_line((), [Activity("look")], 0.0, Medium(width=80)) == ""


def test_what_is_going_on_of_many_steps_of_one_kind_is_told_as_one() -> None:
    stages = stages_of([*["upload"] * 500, "land"])
    stages["upload"].left = 357
    going_on = [Activity(f"upload {name}", "upload", began=1) for name in ("one", "two")]
    first = together([*going_on, Activity("look", began=2)], stages, 8)
    assert [one.line(11) for one in first] == ["upload: 143 of 500 packages, 10 s", "look: 9 s"]
    assert first[0].is_news(2.5)
    (again,) = together(going_on[1:], stages, 8)
    assert not again.is_news(3)  # it was said, and it is the same
    assert together(going_on, stages, 500) == going_on
