"""The order in which members are uploaded: dependencies first."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet


def levels(needs: Mapping[str, AbstractSet[str]]) -> tuple[tuple[str, ...], ...]:
    """Sort members into levels: each needs only members of the levels before it.

    ``needs`` maps a normalised name to the names that it requires at run time; names that are not
    keys themselves (not part of this release) are ignored. Raises Problem for a cycle.
    """
    graph = {name: sorted(needs[name] & needs.keys()) for name in sorted(needs)}
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise Problem(
            f"the members need each other: {circle}", hint="see `release-sync explain RS301`"
        ) from error
    result = []
    while sorter.is_active():
        ready = tuple(sorted(sorter.get_ready()))
        sorter.done(*ready)
        result.append(ready)
    return tuple(result)
