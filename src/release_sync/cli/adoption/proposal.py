"""What ``[tool.release-sync]`` should say about a workspace, where the defaults are not right."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from release_sync.cli.adoption.grouping import grouping, sorted_out
from release_sync.cli.adoption.listed_mirrors import listed_mirrors
from release_sync.cli.adoption.policies import policies
from release_sync.cli.adoption.setting import Proposal, Setting
from release_sync.cli.adoption.surroundings import remote_of
from release_sync.cli.adoption.tag_pattern import seen, tag_remarks, tag_settings
from release_sync.cli.adoption.trial import ordered, tried
from release_sync.configuration.table import Configuration
from release_sync.errors import Unreadable
from release_sync.plan.amounts import some
from release_sync.rules.versions import lowering
from release_sync.standards.versions import is_greater, is_same, normal
from release_sync.workspace.changelogs.kept import (
    CHANGES,
    KEEP,
    NOT_KEPT,
    OFF,
    TOWNCRIER,
    kept,
    main_file,
)
from release_sync.workspace.changelogs.towncrier import requirements
from release_sync.workspace.groups import DEFAULT
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.cli.adoption.grouping import Members
    from release_sync.cli.adoption.packages import Packages
    from release_sync.cli.adoption.surroundings import Surroundings
    from release_sync.toml.document import Table
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Member, Workspace

WRITTEN = {
    KEEP: 'from what stands below "Unreleased"',
    TOWNCRIER: "by the workspace's own towncrier",
    CHANGES: "from the files in .changes",
}
"""How a release writes the changelog."""

TRIALS = frozenset({"dev", "pypitest", "sandbox", "stage", "staging", "trial"})
"""Words in the name of an index that releases are tried with, beside those that begin with test."""


GROUPING = ("groups", "independent", "private")
SAME = {"pins": ("pin", "pins"), **dict.fromkeys(("members", *GROUPING), GROUPING)}
"""Keys that decide the same: who has written one of them has thought of the others."""


def propose(tree: Tree, around: Surroundings, packages: Packages | None = None) -> Proposal:
    """Return what the table should hold, beside what it says of groups already.

    ``packages`` are what the workspace is made of, where nothing else says that. Raises Problem and
    Unreadable, as ``tried`` does.
    """
    base = (packages.setting,) if packages else ()
    before = tried(tree, base).workspace if base else read(tree)
    tags = seen(around.tags, {one.name: one.folder for one in before.members})
    members = sorted_out(tree, before, tags)
    table = before.manifest.tool("release-sync")
    is_grouped = any(table.has(key) for key in GROUPING)
    groups = () if is_grouped else tuple(grouping(members, before))
    workspace = tried(tree, (*base, *groups)).workspace if groups else before
    mirrors, no_mirrors = listed_mirrors(tree, workspace, around)
    settings = (
        *base,
        *policies(workspace),
        *_branch(around),
        *_remote(around),
        *_index(before),
        *mirrors,
        *groups,
    )
    settings = _with_tags(tree, settings, [*tag_settings(workspace, tags, around.below)])
    remarks = (
        *(packages.remarks if packages else ()),
        *_strays(workspace, members),
        *_private(before),
        *_samples(members.in_step),
        *_tags(around),
        *_changelogs(tree, workspace),
        *no_mirrors,
        *tag_remarks(tried(tree, ordered(settings)).workspace, tags),
    )
    return Proposal(ordered(settings), remarks, tuple(one.name for one in members.strays))


def lacking(tree: Tree, around: Surroundings) -> tuple[Setting, ...]:
    """Return what would be proposed beside a table that is there, and speaks of something else.

    Raises as ``propose`` does.
    """
    table = read(tree).manifest.tool("release-sync")
    found = [one for one in propose(tree, around).settings if not _is_said(table, one.key)]
    try:
        tried(tree, found)
    except Unreadable:  # the two don't go together: it is a table that was thought about
        return ()
    return tuple(found)


def _is_said(table: Table, key: str) -> bool:
    """Return whether a table has a key, or another that decides the same."""
    first, *rest = key.split(".")
    last = rest[-1] if rest and first != "pins" else first
    if any(table.has(one) for one in SAME.get(last, (last,))):
        return True
    for name in (first, *rest)[:-1]:
        table = table.table(name)
    return table.has(key.rpartition(".")[2])


def _with_tags(
    tree: Tree, settings: tuple[Setting, ...], tags: list[Setting]
) -> tuple[Setting, ...]:
    """Add the patterns of tags; an independent member with one of its own is a group with a table.

    Where two groups could have one tag, only the workspace's pattern is added.
    """
    named = [one.key.split(".")[1] for one in tags if one.key.startswith("groups.")]
    found = [*settings, *(one for one in tags if one.key == "tag")]
    alone = [name for one in settings if one.key == "independent" for name in one.names]
    moved = [Setting(f"groups.{name}.members", (name,), "") for name in named if name in alone]
    rest = tuple(name for name in alone if name not in named)
    whole = [one._replace(value=rest) if one.key == "independent" else one for one in found]
    whole = [one for one in whole if one.key != "independent" or rest]
    whole += [*moved, *(one for one in tags if one.key != "tag")]
    try:
        tried(tree, ordered(whole))
    except Unreadable:
        return tuple(found)
    return tuple(whole)


def _branch(around: Surroundings) -> Iterator[Setting]:
    if around.branch and (around.branch,) != Configuration().branch:
        yield Setting("branch", around.branch, "the repository's main branch")


def _remote(around: Surroundings) -> Iterator[Setting]:
    if around.remotes and remote_of(around.remotes) != Configuration().remote:
        yield Setting("remote", remote_of(around.remotes), "the only remote")


def _index(workspace: Workspace) -> Iterator[Setting]:
    named = [
        one.string("name")
        for one in workspace.manifest.uv.array("index")
        if one.has("publish-url") and one.is_string("name")
    ]
    ours = [one for one in named if not _is_for_trials(one)]
    if len(ours) == 1:
        others = ", but for those that releases are tried with" if len(named) > 1 else ""
        why = f"the only [[tool.uv.index]] with a publish-url{others}"
        yield Setting("index", ours[0], why)


def _is_for_trials(name: str) -> bool:
    words = re.split(r"[^a-z]+", name.lower())
    return any(word in TRIALS or word.startswith("test") for word in words)


def _tags(around: Surroundings) -> Iterator[str]:
    if not around.tags and around.shallow:
        yield (
            "this clone is shallow and has no tags, which say more of this:"
            " `git fetch --tags --unshallow` gets them"
        )


def _strays(workspace: Workspace, members: Members) -> Iterator[str]:
    version = normal(members.core[0].version or "") if members.core else ""
    for member in members.strays:
        own, group = member.version or "", workspace.group(DEFAULT)
        remedy = "`release-sync check --fix` fixes it"
        if is_greater(own, version):
            remedy = f"{lowering(group)} lowers it"
        elif not is_same(group.version, version):
            remedy = f"`release-sync check --fix --to {version}` raises it"
        yield (
            f"{member.name} is at {own}, the workspace is at {version}: either"
            f' {remedy}, or independent = ["{member.name}"] allows it'
        )


def _private(workspace: Workspace) -> Iterator[str]:
    names = ", ".join(member.name for member in workspace.members if member.private)
    if names:
        yield f"never uploaded, as their manifests say: {names}"


def _changelogs(tree: Tree, workspace: Workspace) -> Iterator[str]:
    """Yield who writes the changelogs: a release, where their files show how; or why it can't."""
    said: dict[str, list[str]] = {}
    try:
        for group in workspace.groups:
            found = kept(workspace, tree, group) if group.members else NOT_KEPT
            if found.style == TOWNCRIER:
                requirements(workspace, tree)
            if found.style != OFF:
                files = found.files or (main_file(workspace, found, group),)
                is_tag = all(workspace.member(name).dynamic for name in group.members)
                said.setdefault("" if is_tag else WRITTEN[found.style], []).extend(files)
    except Unreadable as problem:
        yield f"{problem.message}; {problem.hint}"
    for how, every in said.items():
        if how:
            yield f"releases write {some(every)}, {how}"
        else:
            why = "a version that is a tag makes no commit"
            yield f"no release writes {some(every)}, for {why}: do it before, as until now"


def _samples(members: tuple[Member, ...]) -> Iterator[str]:
    if members:
        names = json.dumps([one.name for one in members])
        yield f"these lie where samples do, and are uploaded, too, unless private = {names}"
