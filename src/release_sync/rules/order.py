"""RS301 and RS302: the members' runtime dependencies allow a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.workspace.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Requirement, Workspace

Edges = dict[str, dict[str, "Requirement"]]


def cycles(workspace: Workspace) -> Iterator[Fault]:
    """Report every cycle where its first member by name requires the next.

    Of cycles that share a member, one is reported; the others when that is resolved.
    """
    edges: Edges = {
        member.name: {
            one.name: one
            for one in reversed(member.requirements)
            if one.is_runtime and one.name != member.name
        }
        for member in workspace.members
    }
    for circle in _circles(edges):
        first = edges[circle[0]][circle[1]]
        names = " → ".join((*circle, circle[0]))
        yield Fault(
            code="RS301",
            place=first.place,
            message=f"these need each other, so none can be released first: {names}",
            member=circle[0],
            found=names,
        )


def private_needs(workspace: Workspace) -> Iterator[Fault]:
    """Report what is released and needs at run time what never will be."""
    for member in workspace.members:
        for one in member.requirements:
            if one.is_runtime and not member.private and workspace.member(one.name).private:
                message = f"{member.name} is released and needs {one.name}, which is private"
                yield Fault("RS302", one.place, message, member.name, found=one.name)


def _circles(edges: Edges) -> Iterator[list[str]]:
    """Yield cycles of which no two share a member, each from its first member by name."""
    left = _left_over(edges)
    if not left:  # importing graphlib takes 0.4 ms, a fortieth of a small workspace's hook
        return
    from graphlib import CycleError, TopologicalSorter  # noqa: PLC0415 - only for a cycle

    while True:
        graph = {name: sorted(edges[name].keys() & left) for name in sorted(left)}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1][:0:-1]
        else:
            return
        start = circle.index(min(circle))
        yield circle[start:] + circle[:start]
        left -= set(circle)


def _left_over(edges: Edges) -> set[str]:
    """Return the members that can't be sorted: those of cycles, and those that need one."""
    users: dict[str, list[str]] = {name: [] for name in edges}
    for name, needs in edges.items():
        for one in needs:
            users[one].append(name)
    missing = {name: len(needs) for name, needs in edges.items()}
    ready = [name for name in edges if not missing[name]]
    for name in ready:
        for user in users[name]:
            missing[user] -= 1
            if not missing[user]:
                ready.append(user)
    return edges.keys() - set(ready)
