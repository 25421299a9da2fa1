"""What is needed is uploaded first."""

from __future__ import annotations

import pytest

from release_sync.errors import Problem
from release_sync.plan.order import levels


def test_a_member_comes_after_what_it_needs() -> None:
    needs = {"app": {"core", "cli"}, "cli": {"core"}, "core": set(), "docs": set()}
    assert levels(needs) == (("core", "docs"), ("cli",), ("app",))


def test_what_is_not_released_orders_nothing() -> None:
    assert levels({"app": {"elsewhere"}}) == (("app",),)


def test_a_cycle_is_named_member_by_member() -> None:
    with pytest.raises(Problem) as caught:
        levels({"erk": {"kit"}, "kit": {"erk"}})
    assert caught.value.message.count("erk") + caught.value.message.count("kit") == 3


def test_a_cycle_is_named_in_the_same_order_every_time() -> None:
    names = "abcdefgh"
    needs = {name: set(names) - {name} for name in names}
    said = set()
    for order in (names, reversed(names)):
        with pytest.raises(Problem) as caught:
            levels({name: needs[name] for name in order})
        said.add(caught.value.message)
    assert said == {"the members need each other: a → b → a"}
