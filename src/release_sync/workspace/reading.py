"""Bytes in, a workspace out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from release_sync.configuration.table import configuration
from release_sync.configuration.values import Misconfigured
from release_sync.errors import NoWorkspace, Unreadable
from release_sync.toml.document import Broken
from release_sync.toml.manifest import HATCH, MANIFEST, Manifest, parsed
from release_sync.trees.git import absolute
from release_sync.trees.submodules import submodules
from release_sync.trees.system import slashed
from release_sync.trees.tree import Unread
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.groups import check_names, groups, membership
from release_sync.workspace.members import manifests, member_folders, with_hatch
from release_sync.workspace.mirrors import configured_mirrors, module_mirrors
from release_sync.workspace.model import Fault, Member, VirtualRoot, Workspace
from release_sync.workspace.named import is_meant
from release_sync.workspace.privacy import is_private
from release_sync.workspace.requirements import locked_needs, mistyped, requirements
from release_sync.workspace.tag_names import check_tags
from release_sync.workspace.tag_versions import with_tag_versions
from release_sync.workspace.uv_lock import locks
from release_sync.workspace.versions import version_of

if TYPE_CHECKING:
    from release_sync.configuration.table import Configuration
    from release_sync.trees.tree import Tree


HINT = (
    "add [tool.uv.workspace] with `members`, or [tool.release-sync] with `packages`, which is []"
    " for a package that stands alone"
)


CHANGES = ".changes"
"""The folder of what `release-sync change` writes."""


def find_root(path: str) -> str:
    """Return the nearest folder, from ``path`` upward, whose manifest declares a workspace.

    Raises NoWorkspace when there is none, Unread for a manifest on the way that can't be read, and
    Unreadable when the nearest manifest is broken and of no member of a workspace above it, or the
    working directory is gone.
    """
    start = folder = slashed(os.path.abspath(absolute(path)))  # noqa: PTH100 - a string in, a string out
    broken: Unreadable | None = None
    at = ""
    while True:
        tree = WorkingTree(folder)
        try:
            if declares(tree) and (
                broken is None or _has_member(tree, at.removeprefix(folder).strip("/"))
            ):
                return folder
        except Unread:
            raise
        except Unreadable as error:
            broken, at = (broken, at) if broken else (error, folder)
        parent = os.path.dirname(folder)  # noqa: PTH120 - the same
        if parent == folder:
            break
        folder = parent
    raise broken or _no_workspace(start)


def _has_member(tree: Tree, folder: str) -> bool:
    """Return whether a folder is a member's: then its manifest is among what is checked there."""
    root = _root_manifest(tree)
    try:
        settings = configuration(root.tools.value("release-sync", {}))
        return folder in member_folders(tree, root, settings)[0]
    except Misconfigured:  # which whoever reads this workspace will say
        return True


def declares(tree: Tree) -> bool:
    """Return whether a tree's manifest declares a workspace. Raises Unreadable for a broken one."""
    return _root_manifest(tree).declares_workspace


def read(tree: Tree) -> Workspace:
    """Read the whole workspace. Raises Unreadable for what makes everything else meaningless.

    That is: no manifest at the root or a broken one, a bad ``[tool.release-sync]``, and a
    ``[tool.uv.workspace]`` that uv refuses, too. What is wrong with single members is in
    ``problems``.
    """
    root = _root_manifest(tree)
    if not root.document.content:
        raise NoWorkspace(f"there is no {MANIFEST} here", hint="go to a workspace's root")
    try:
        return _workspace(tree, _with_hatch(tree, root))
    except Misconfigured as error:
        where = _where(tree, error)
        raise Unreadable(f"{MANIFEST}:{where}: {error.message}", error.hint) from error


def _workspace(tree: Tree, root: Manifest) -> Workspace:
    settings = configuration(root.tools.value("release-sync", {}))
    below, odd = member_folders(tree, root, settings)
    found, faulty = manifests(tree, root, below)
    problems = [*odd, *faulty]
    names = frozenset(one.name for one in found)
    if not faulty:
        check_names(settings, {one.name: one.folder for one in found})
    members = _members(tree, found, names, settings, problems)
    members = configured_mirrors(tree, settings, members, problems)
    virtual_root = None if root.is_package else _virtual_root(root, names, problems)
    found_groups = groups(settings, members)
    uv = root.uv.is_table("workspace") or not root.declares_workspace
    found_locks = locks(tree, [one.folder for one in found], uv=uv)
    workspace = Workspace(
        members=tuple(members.values()),
        groups=found_groups,
        configuration=settings,
        uv=uv,
        locks=found_locks,
        manifest=root,
        problems=tuple(problems),
        by_name=members,
        group_by_name={group.name: group for group in found_groups},
        submodules=submodules(tree),
        virtual_root=virtual_root,
        locked_needs={one.name: locked_needs(one) for one in [root, *found] if found_locks},
    )
    check_tags(workspace)
    return with_tag_versions(tree, _with_changes(tree, workspace))


def _with_changes(tree: Tree, workspace: Workspace) -> Workspace:
    """Note what is wrong with the files of changes, where there are any."""
    if not tree.entries(CHANGES):
        return workspace
    from release_sync.workspace.changelogs.faults import change_faults  # noqa: PLC0415 - few have any

    return workspace._replace(problems=(*workspace.problems, *change_faults(tree, workspace)))


def _virtual_root(root: Manifest, names: frozenset[str], problems: list[Fault]) -> VirtualRoot:
    problems.extend(mistyped(root))
    return VirtualRoot(requirements(root, names), root.sources)


def _members(
    tree: Tree,
    found: list[Manifest],
    names: frozenset[str],
    settings: Configuration,
    problems: list[Fault],
) -> dict[str, Member]:
    members: dict[str, Member] = {}
    for manifest in found:
        member = _member(tree, manifest, names, settings, problems)
        other = members.setdefault(member.name, member)
        if other is not member:
            problems.append(_duplicate(manifest, other))
    of_group = membership(settings, members.values())
    return {
        name: member._replace(group=of_group[name]) if of_group[name] else member
        for name, member in members.items()
    }


def _member(
    tree: Tree,
    manifest: Manifest,
    names: frozenset[str],
    settings: Configuration,
    problems: list[Fault],
) -> Member:
    source = version_of(tree, manifest)
    problems.extend(mistyped(manifest))
    private = is_meant(settings.private, manifest.name, manifest.folder) or is_private(manifest)
    in_step = not private or any(manifest.name in one.members for one in settings.groups)
    if source.problem and in_step:
        place = source.place or manifest.project.location()
        problems.append(Fault("RS001", place, source.problem, manifest.name))
    return Member(
        name=manifest.name,
        display=manifest.display,
        folder=manifest.folder,
        manifest=manifest.path,
        version=source.version,
        version_place=source.place,
        dynamic=source.dynamic,
        tag=source.tag,
        private=private,
        requirements=requirements(manifest, names),
        mirrors=module_mirrors(tree, manifest, source),
        sources=manifest.sources,
        elsewhere=manifest.elsewhere,
    )


def _duplicate(manifest: Manifest, other: Member) -> Fault:
    naming, key = manifest.naming
    message = f"{manifest.display} is also the name of {other.manifest}"
    return Fault("RS002", naming.location(key), message, manifest.name, found=other.display)


def _root_manifest(tree: Tree) -> Manifest:
    """Return the root's manifest, an empty one where there is no file."""
    try:
        return parsed(MANIFEST, tree.read(MANIFEST) or b"")
    except Broken as error:
        raise _broken(MANIFEST, error) from error


def _with_hatch(tree: Tree, root: Manifest) -> Manifest:
    try:
        return with_hatch(tree, root)
    except Broken as error:
        raise _broken(HATCH, error) from error


def _broken(path: str, error: Broken) -> Unreadable:
    return Unreadable(
        f"{path}:{error.line}:{error.column}: {error.message}",
        hint="fix the TOML; nothing was checked",
    )


def _where(tree: Tree, error: Misconfigured) -> str:
    from release_sync.toml.positions import line_and_column, positions  # noqa: PLC0415 - only for a mistake

    text = (tree.read(MANIFEST) or b"").decode()
    found = positions(text)
    span = found.keys.get(error.keys) if error.at_key else None
    span = span or found.nearest(error.keys)
    return "{}:{}".format(*line_and_column(text, span.start))


def _no_workspace(start: str) -> NoWorkspace:
    return NoWorkspace(
        f"no workspace: neither {start} nor a folder above it declares one",
        hint=HINT,
    )
