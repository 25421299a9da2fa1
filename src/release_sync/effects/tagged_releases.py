"""The release tags of this clone: the members that each has, by its own commit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from release_sync.audit.published import Audited, Tagged
from release_sync.effects.git.repository import open_repository
from release_sync.effects.index.address import resolve
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.index.published import PublishedProjects
from release_sync.effects.secrets import environment
from release_sync.effects.uv.settings import settings
from release_sync.errors import Problem
from release_sync.steps.observed import to_nobody
from release_sync.workspace.reading import read
from release_sync.workspace.selection import chosen
from release_sync.workspace.tag_names import named_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.git.repository import Repository
    from release_sync.seals.artifact import Artifact
    from release_sync.steps.observed import Report
    from release_sync.workspace.model import Group, Workspace

SIDE_BY_SIDE = 8
"""How many commits are read at once."""


@dataclass(frozen=True, slots=True)
class TaggedReleases:
    """The groups of a workspace with their release tags, and the index that they are released to.

    ``patterns`` are what the tags of each group look like.
    """

    groups: tuple[Audited, ...]
    index: PublishedProjects
    patterns: Mapping[str, str]


def open_releases(path: str, index: str = "", report: Report = to_nobody) -> TaggedReleases:
    """Read the tags of the workspace around a path, at HEAD, which may be that of a bare clone.

    Raises Unreadable.
    """
    repository = open_repository(path)
    tree = chosen(path, "HEAD", "cd")
    workspace = read(tree)
    folder = None if repository.repo.bare else repository.top / tree.way
    environ = environment()
    uv = settings(workspace.manifest.uv.content, folder, environ)
    address = resolve(index or workspace.configuration.index, uv, environ)
    refs = repository.local_refs("refs/tags")
    groups = [one for one in workspace.groups if one.members]
    return TaggedReleases(
        tuple(_audited(path, repository, refs, workspace, one, report) for one in groups),
        PublishedProjects(
            PackageIndex(address, None, Path(path)),
            tree.way,
            is_configured=any(one.get("name") == address.name for one in uv.get("index", [])),
        ),
        {one.name: workspace.tag(one.name) for one in groups},
    )


def _audited(
    path: str,
    repository: Repository,
    refs: Mapping[str, str],
    workspace: Workspace,
    group: Group,
    report: Report,
) -> Audited:
    """Read every tag of a group; of several that name one version, the shortest."""
    found: dict[Version, str] = {}
    for ref in sorted(refs, key=len, reverse=True):
        version = _version(named_version(f"refs/tags/{workspace.tag(group.name)}", ref))
        if version is not None:
            found[version] = ref
    tags: list[Tagged] = []
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        every = pool.map(lambda ref: _members(path, ref, workspace, group), found.values())
        for (version, ref), members in zip(found.items(), every, strict=True):
            report(f"read the tags of {group.name}", len(tags), len(found), "tags")
            sealed = _sealed(repository, refs[ref])
            tags.append(Tagged(version, ref.removeprefix("refs/tags/"), members, sealed))
    return Audited(group.name, frozenset(group.members), tuple(tags), group.pin)


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:
        return None


def _members(path: str, ref: str, head: Workspace, group: Group) -> frozenset[str] | None:
    """Return the members that a group had at a tag; None where no workspace can be read there.

    What HEAD has still, it puts into a group: what is independent now was so before anybody wrote
    it down. Of others the tag's own commit says which tags they had.
    """
    try:
        then = read(chosen(path, ref, "cd", group.members))
    except Problem:
        return None
    pattern = head.tag(group.name)
    found = set()
    for one in then.members:
        now = head.by_name.get(one.name)
        same = now.group == group.name if now is not None else then.tag(one.group) == pattern
        if same and not one.private and not (now is not None and now.private):
            found.add(one.name)
    return frozenset(found)


def _sealed(repository: Repository, oid: str) -> tuple[Artifact, ...]:
    """Return the artifacts that a tag names; nothing for one that is no seal."""
    try:
        return repository.read_pending(oid).sealed.own.artifacts
    except Problem:
        return ()
