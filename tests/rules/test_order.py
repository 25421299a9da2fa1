"""Members that need each other, in every shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release_sync.rules.order import cycles
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.small_workspace import SmallWorkspace

ROOT = '[project]\nname = "top"\nversion = "1"\n\n[tool.uv.workspace]\nmembers = ["packages/*"]\n'


@pytest.mark.parametrize(
    ("needs", "circles"),
    [
        ({"a": "b", "b": "c", "c": ""}, []),
        ({"a": "a"}, []),
        ({"a": "b", "b": "a"}, ["a → b → a"]),
        ({"c": "a", "b": "c", "a": "b"}, ["a → b → c → a"]),
        ({"a": "b", "b": "a", "d": "c", "c": "d"}, ["a → b → a", "c → d → c"]),
        ({"above": "b c", "b": "c", "c": "b below", "below": ""}, ["b → c → b"]),
        ({"a": "b", "b": "a c", "c": "d", "d": "c a"}, ["a → b → a", "c → d → c"]),
        ({"a": "b", "b": "a c", "c": "b"}, ["a → b → a"]),
    ],
    ids=["none", "own extra", "two", "three", "two pairs", "above and below", "tied", "shared"],
)
def test_all_members_of_a_cycle_are_named_from_the_first_one(
    make: Callable[..., SmallWorkspace], needs: dict[str, str], circles: list[str]
) -> None:
    text = '[project]\nname = "{}"\nversion = "1"\ndependencies = {}\n'
    files = {
        f"packages/{name}/pyproject.toml": text.format(name, [f"{one}==1" for one in line.split()])
        for name, line in needs.items()
    }
    place = make({"pyproject.toml": ROOT, **files})
    found = list(cycles(read(WorkingTree(str(place.root)))))
    assert sorted(one.found for one in found) == circles
    for one in found:
        first, second, *_ = one.found.split(" → ")
        assert (one.member, one.place.path) == (first, f"packages/{first}/pyproject.toml")
        assert second in needs[first].split()
