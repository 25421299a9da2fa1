"""RS204: with uv, internal requirements come from the workspace, and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.toml.manifest import MANIFEST
from release_sync.trees.submodules import is_within
from release_sync.workspace.globs import clean, excluded
from release_sync.workspace.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from release_sync.toml.location import Location
    from release_sync.workspace.model import Requirement, Workspace

    Sources = Mapping[str, Location]

RESOLVED = frozenset(
    {
        "project.dependencies",
        "project.optional-dependencies",
        "dependency-groups",
        "build-system.requires",
        "tool.uv.dev-dependencies",
    }
)
"""The tables from which uv resolves."""

OF_THE_ROOT = frozenset(
    {
        "tool.uv.build-constraint-dependencies",
        "tool.uv.constraint-dependencies",
        "tool.uv.override-dependencies",
    }
)
"""Those from which it does in the root's manifest; a member's own are of no account."""

SHOWN = 5
"""So many members are named in a message; there may be hundreds."""


def missing(workspace: Workspace) -> Iterator[Fault]:
    """Report the first place where a member requires a sibling that has no workspace source."""
    for requirement in unsourced(workspace):
        message = f"{requirement.name} has no source in [tool.uv.sources]"
        yield Fault(
            code="RS204",
            place=requirement.place,
            message=f"{message}; write {requirement.name} = {{ workspace = true }}",
            member=requirement.owner,
            expected=f"{requirement.name} = {{ workspace = true }}",
        )


def overridden(workspace: Workspace) -> Iterator[Fault]:
    """Report what a member takes from elsewhere though it is in the workspace: uv refuses that.

    Its own source holds against that of the root.
    """
    for member in workspace.members if workspace.uv else ():
        if not member.folder or not member.elsewhere:
            continue
        needed = {one.name for one in member.requirements if _is_resolved(one)}
        for name in sorted(needed & member.elsewhere.keys() - {member.name}):
            better = f"{name} = {{ workspace = true }}"
            yield Fault(
                code="RS204",
                place=member.elsewhere[name],
                message=f"{name} is in the workspace, and this takes it from elsewhere:"
                f" write {better}, or leave it to the root's [tool.uv.sources]",
                member=member.name,
                expected=better,
            )


def strangers(workspace: Workspace) -> Iterator[Fault]:
    """Report what a manifest takes from the workspace and is no member of it: uv refuses that.

    Nothing is said when a manifest can't be read, or a member may be in a submodule: then nobody
    knows what it is called.
    """
    if not workspace.uv:
        return
    taken: dict[str, tuple[str, Sources]] = {MANIFEST: ("", workspace.manifest.sources)}
    taken |= {member.manifest: (member.name, member.sources) for member in workspace.members}
    for owner, sources in taken.values():
        for name in sorted(sources.keys() - workspace.by_name.keys()):
            if _are_all_known(workspace):
                message = f"{name} is taken from the workspace, and no member has that name"
                there = f"{_some(workspace.by_name)}; see `members` of [tool.uv.workspace]"
                yield Fault("RS204", sources[name], f"{message}: {there}", owner, found=name)


def unsourced(workspace: Workspace) -> Iterator[Requirement]:
    """Yield the requirements that uv would look for on an index: one for each owner and name.

    The sources of the root hold for every member (uv's documentation, concepts/workspaces).
    """
    if not workspace.uv:
        return
    shared = workspace.manifest.sources.keys()
    for member in workspace.owners:
        needed = {
            one.name: one
            for one in reversed(member.requirements)
            if one.name not in shared and _is_resolved(one)
        }
        if needed:
            told = {*member.sources, *(member.elsewhere if member.folder else ()), member.name}
            yield from (needed[name] for name in sorted(needed.keys() - told))


def _is_resolved(requirement: Requirement) -> bool:
    is_root = requirement.place.path == MANIFEST
    return requirement.table in RESOLVED or (is_root and requirement.table in OF_THE_ROOT)


def _are_all_known(workspace: Workspace) -> bool:
    if any(problem.code == "RS001" for problem in workspace.problems):
        return False
    written = workspace.manifest.uv.table("workspace").texts("members")
    patterns = tuple(clean(text) for text in written)
    return not any(
        excluded(patterns, folder) or any(is_within(pattern, (folder,)) for pattern in patterns)
        for folder in workspace.submodules
    )


def _some(names: Iterable[str]) -> str:
    found = sorted(names)
    more = ", …" if len(found) > SHOWN else ""
    return f"there are {', '.join(found[:SHOWN])}{more}" if found else "there are none"
