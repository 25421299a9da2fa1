"""The groups that can't be released without each other: what is published would not fit.

What a member of another group requires stays as it is published. Where that excludes the version
that is to be released, and a released member needs it at run time, nobody could install both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from release_sync.workspace.requirements import said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from release_sync.workspace.model import Requirement, Workspace

MOST = 400
"""How many choices are tried; what takes more is not said to be impossible."""


class Published(Protocol):
    """What is published of members, as release tags tell it."""

    def versions(self, name: str) -> Sequence[str]:
        """Return the versions of a member, the newest first."""
        ...

    def requires(self, name: str, version: str) -> Sequence[Requirement]:
        """Return what a version of it requires of members; nothing where that is not known.

        Where the version is empty, or no release, it is what the member requires now.
        """
        ...


class Need(NamedTuple):
    """A group that has to come along: what leads to a member of it, and what that excludes.

    ``chain`` are requirements, each of a member that the one before names; the last one is on a
    member whose version it does not admit.
    """

    group: str
    chain: tuple[Requirement, ...]


def fits(
    wanted: Sequence[Requirement],
    to: Mapping[str, str],
    published: Published,
    budget: list[int] | None = None,
) -> bool:
    """Return whether there is a version of all that is wanted, and of what that wants at run time.

    ``to`` are the versions of those that are released now, whose own needs are among the wanted.
    """
    left = [MOST] if budget is None else budget
    taken, open_ = dict(to), list(wanted)
    while open_ and left[0] > 0:
        one = open_.pop()
        if one.name in taken:
            if excludes(one, taken[one.name]):
                return False
            continue
        choices = [each for each in published.versions(one.name) if not excludes(one, each)]
        left[0] -= max(1, len(choices))
        more = [_runtime(published.requires(one.name, each)) for each in choices]
        if len(choices) != 1:  # an exact pin leaves one, and no choice to be taken back
            return any(
                fits([*open_, *needs], {**taken, one.name: each}, published, left)
                for each, needs in zip(choices, more, strict=True)
            )
        taken[one.name] = choices[0]
        open_ += more[0]
    return True


def fit_together(
    workspace: Workspace, edited: Workspace, to: Mapping[str, str], published: Published
) -> bool:
    """Return whether each of some members, in its new version, could be installed.

    ``edited`` is the workspace with these versions. Nothing is said of members that need only each
    other, or what is private.
    """
    private = {member.name for member in workspace.members if member.private}
    needs = {
        name: [one for one in _runtime(edited.member(name).requirements) if one.name not in private]
        for name in to
    }
    if all(
        one.name in to and not excludes(one, to[one.name]) for of in needs.values() for one in of
    ):
        return True
    everything = [one for of in needs.values() for one in of]
    return fits(everything, to, published) or all(
        fits(_closed(name, needs), to, published) for name in to
    )


def _closed(name: str, needs: Mapping[str, Sequence[Requirement]]) -> list[Requirement]:
    """Return what a member requires, and whom of the released ones that brings along."""
    found: list[Requirement] = []
    queue, seen = [name], {name}
    for one in queue:
        found += needs[one]
        more = [each.name for each in needs[one] if each.name in needs and each.name not in seen]
        seen |= {*more}
        queue += more
    return found


def needed_along(
    workspace: Workspace, edited: Workspace, to: Mapping[str, str], published: Published
) -> Iterator[Need]:
    """Yield a reason for each group that could be what these members don't fit together with.

    That is a group of a member that they need at run time, and whose last published version does
    not admit what it requires as it is now.
    """
    found: set[str] = set()
    ways: dict[str, tuple[Requirement, ...]] = dict.fromkeys(sorted(to), ())
    for name in (queue := [*ways]):
        for one in _needs(name, edited, to, published):
            if one.name not in workspace.by_name:
                continue
            other, member = workspace.member(one.name), workspace.member(name)
            chain = (*ways[name], one)
            if name not in to and excludes(one, to.get(one.name) or other.version):
                if member.group not in found:
                    found.add(member.group)
                    yield Need(member.group, chain)
            elif one.name not in ways and not other.private:
                ways[one.name] = chain
                queue.append(one.name)


def _needs(
    name: str, edited: Workspace, to: Mapping[str, str], published: Published
) -> list[Requirement]:
    if name in to:
        return _runtime(edited.member(name).requirements)
    last = next(iter(published.versions(name)), "")
    return _runtime(published.requires(name, last))


def _runtime(requirements: Sequence[Requirement]) -> list[Requirement]:
    return [one for one in requirements if one.is_runtime and one.name != one.owner]


def pulled_along(
    workspace: Workspace,
    groups: Mapping[str, str],
    next_version: Callable[[str], str],
    released: Callable[[str], Sequence[str]] | None = None,
) -> dict[str, str]:
    """Return these groups and their new versions, with those that have to come along.

    That is every group with a member that requires a released one, and does not admit its new
    version; every group of which a released member requires what is not ``released`` yet, where
    that is known; and so on. ``next_version`` says which version such a group gets.
    """
    found = dict(groups)
    for group in (queue := [*found]):
        for other in workspace.groups:
            if other.name in found or not other.members:
                continue
            breaks = any(
                excludes(one, found[group]) for one in _between(workspace, other.name, group)
            )
            lacks = released is not None and any(
                all(excludes(one, version) for version in released(other.name))
                for one in _between(workspace, group, other.name)
            )
            if breaks or lacks:
                found[other.name] = next_version(other.name)
                queue.append(other.name)
    return found


def _between(workspace: Workspace, group: str, other: str) -> list[Requirement]:
    """Return what members of one group require of another at run time."""
    return [
        one
        for name in workspace.group(group).members
        for one in _runtime(workspace.member(name).requirements)
        if workspace.member(one.name).group == other
    ]


def excludes(requirement: Requirement, version: str | None) -> bool:
    """Return whether a requirement does not admit a version of what it names."""
    if version is None:
        return False
    said = said_by(requirement)
    return said.form in {"clauses", "either"} and not said.admits(version)
