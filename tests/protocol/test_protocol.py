"""The protocol of the pending ref keeps its promises, and needs its rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.protocol import configurations
from tests.protocol.explore import explore, main
from tests.protocol.rules import RULES
from tests.protocol.world import Settings

if TYPE_CHECKING:
    from tests.protocol.configurations import Configuration, LeftOut


def name(left_out: LeftOut) -> str:
    return "+".join((*left_out.rules, *left_out.features))


def keeps_its_promises(configuration: Configuration) -> None:
    found = explore(configuration.settings())
    assert found.story == []
    assert found.states == configuration.states


@pytest.mark.parametrize("which", configurations.QUICK)
def test_every_promise_holds(which: str) -> None:
    keeps_its_promises(configurations.QUICK[which])


@pytest.mark.slow
@pytest.mark.parametrize("which", configurations.WIDE)
def test_every_promise_holds_within_wide_bounds(which: str) -> None:
    keeps_its_promises(configurations.WIDE[which])


@pytest.mark.parametrize("left_out", configurations.MATTERS, ids=name)
def test_without_this_rule_a_promise_breaks(left_out: LeftOut) -> None:
    assert left_out.broken in explore(left_out.settings()).story[-1]


@pytest.mark.slow
@pytest.mark.parametrize("left_out", configurations.MATTERS_LATE, ids=name)
def test_without_this_rule_a_promise_breaks_after_many_steps(left_out: LeftOut) -> None:
    assert left_out.broken in explore(left_out.settings()).story[-1]


@pytest.mark.slow
@pytest.mark.parametrize("left_out", configurations.REDUNDANT, ids=name)
def test_without_these_rules_no_promise_breaks(left_out: LeftOut) -> None:
    assert explore(left_out.settings()).story == []


def test_every_rule_is_left_out_somewhere() -> None:
    tried = (*configurations.MATTERS, *configurations.MATTERS_LATE, *configurations.REDUNDANT)
    assert {rule for one in tried for rule in one.rules} == set(RULES)


def test_the_program_prints_the_story_of_a_broken_promise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--without", "begin"]) == 1
    told = capsys.readouterr().out
    assert "broken" in told
    assert "A begins 0 without a word" in told
    assert main(["--files", "1", "--commands", "1", "1"]) == 0
    assert "every promise holds" in capsys.readouterr().out


def test_a_release_that_cannot_land_is_stuck_without_abandon() -> None:
    settings = configurations.with_features(Settings(files=(0,), left=(1, 1)), "tags")
    assert explore(settings).story == []
    found = explore(replace(settings, commands=("publish", "resume", "abort")))
    assert "no single command can free P" in found.story[-1]
