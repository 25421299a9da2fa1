"""The runner works: a mutant that a story meets is killed, and one that none meets is found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.mutations.mutants import mutants
from tests.mutations.planting import begin, parse
from tests.mutations.run import LISTED, MODULES, listed
from tests.run.told import prepared

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = "release_sync.steps.remote_state"
NAME = "steps.remote_state: is_abandoned: `names.abandoned(one.tag) not in refs`"


def survives(name: str, story: Callable[[], object]) -> bool:
    tree = parse(MODULE)
    mutant = next(one for one in mutants(MODULE, tree) if one.name == name)

    def tell() -> None:
        story()

    _, status = os.waitpid(begin(mutant, tree, [("story", tell)]), 0)
    return status == 0


def test_a_mutant_that_a_story_meets_is_killed() -> None:
    assert not survives(NAME, prepared)


def test_a_mutant_that_no_story_meets_survives() -> None:
    assert survives(NAME, lambda: None)


def test_a_survivor_that_is_explained_is_a_mutant_and_has_a_reason() -> None:
    made = {one.name for module in MODULES for one in mutants(module, parse(module))}
    lines = [line for line in LISTED.read_text(encoding="utf-8").splitlines() if line[:2] == "- "]
    assert all(len(line.partition(" — ")[2]) > 20 for line in lines)
    assert set(listed()) <= made
    assert len(listed()) == len(lines) == len(set(listed()))


def test_a_mutant_is_planted_in_another_process_only() -> None:
    survives(NAME, prepared)
    prepared()
