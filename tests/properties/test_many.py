"""Every property once more, for many more workspaces than a daily run has time for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from tests.properties import test_entrances, test_fixing
from tests.properties.workspaces import workspaces

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = int(os.environ.get("RELEASE_SYNC_EXAMPLES", "2000"))

PROPERTIES: list[Callable[..., None]] = [
    test_fixing.test_what_fix_wrote_is_green,
    test_fixing.test_whoever_is_behind_its_group_is_told_and_no_other,
    test_fixing.test_a_second_fix_changes_nothing,
    test_fixing.test_a_fix_changes_no_byte_outside_of_what_was_wrong,
    test_entrances.test_a_finding_stands_where_its_text_stands,
]


@pytest.mark.slow
@pytest.mark.parametrize("known", PROPERTIES, ids=lambda known: known.__name__)
def test_a_property_holds_for_many_workspaces(known: Callable[..., None]) -> None:
    body: Callable[..., None] = known.hypothesis.inner_test  # type: ignore[attr-defined] # hypothesis adds it
    settings(max_examples=MANY)(given(generated=workspaces())(body))()
