"""RS301 and RS302: the members' runtime dependencies allow a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.workspace.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Requirement, Workspace

Edges = dict[str, dict[str, "Requirement"]]


def cycles(workspace: Workspace) -> Iterator[Fault]:
    """Report each cycle once, where its first member by name requires the next."""
    edges: Edges = {
        member.name: {
            one.name: one
            for one in reversed(member.requirements)
            if one.orders and one.name != member.name
        }
        for member in workspace.members
    }
    for knot in _knots(edges):
        circle = _circle(edges, knot)
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
            if one.orders and not member.private and workspace.member(one.name).private:
                message = f"{member.name} is released and needs {one.name}, which is private"
                yield Fault("RS302", one.place, message, member.name, found=one.name)


def _knots(edges: Edges) -> list[list[str]]:
    """Return the strongly connected parts of more than one member (Tarjan 1972, as a loop)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    held: set[str] = set()
    found = []
    for start in sorted(edges):
        if start in index:
            continue
        work = [(start, iter(sorted(edges[start])))]
        index[start] = low[start] = len(index)
        stack.append(start)
        held.add(start)
        while work:
            name, rest = work[-1]
            below = next(rest, None)
            if below is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    cut = stack.index(name)
                    knot, stack[cut:] = stack[cut:], []
                    held.difference_update(knot)
                    if len(knot) > 1:
                        found.append(sorted(knot))
            elif below not in index:
                index[below] = low[below] = len(index)
                stack.append(below)
                held.add(below)
                work.append((below, iter(sorted(edges[below]))))
            elif below in held:
                low[name] = min(low[name], index[below])
    return found


def _circle(edges: Edges, knot: list[str]) -> list[str]:
    """Return a shortest way from the knot's first member back to it."""
    inside = set(knot)
    ways = [[knot[0]]]
    seen: set[str] = set()
    for way in ways:
        for name in sorted(edges[way[-1]]):
            if name == knot[0]:
                return way
            if name in inside and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    raise AssertionError(knot)
