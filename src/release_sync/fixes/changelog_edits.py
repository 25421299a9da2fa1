"""The edits of a release: its versions, and the changelogs of what is released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.changelog.change_files import folded, of_others
from release_sync.changelog.keeping import day_of, inserted, released
from release_sync.changelog.titles import Coming
from release_sync.fixes.version_edits import moves, must_be_sayable
from release_sync.toml.edits import FileEdit, Splice, encoded, spliced
from release_sync.toml.texts import Texts
from release_sync.workspace.changelogs.kept import CHANGES, KEEP, is_dated, kept, main_file, owner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from release_sync.changelog.change_files import Change
    from release_sync.changelog.keeping import Span
    from release_sync.trees.tree import Tree
    from release_sync.workspace.changelogs.kept import Kept
    from release_sync.workspace.model import Group, Workspace

WORD = "changelog"


def release_edits(
    workspace: Workspace, tree: Tree, versions: Mapping[str, str], day: str
) -> tuple[FileEdit, ...]:
    """Return the edits of a release: those that bring members to versions, and the changelogs'.

    ``day`` is the release's, as ``2026-11-24``. Raises Unreadable, as ``version_edits.edits`` does,
    and where the changelog of a group is kept in two ways.
    """
    must_be_sayable(workspace, versions)
    texts = Texts(tree)
    splices = [*moves(workspace, texts, versions)]
    collected: dict[str, Change] = {}
    for group, version in _dated(workspace, versions):
        found = kept(workspace, tree, group)
        coming = Coming(version, workspace.tag(group.name, version), day)
        if found.style == KEEP:
            splices += _released(texts, found, coming)
        elif found.style == CHANGES:
            splices += _collected(workspace, texts, group, found, coming)
            collected |= {one.path: one for one in found.changes}
    taken = _taken(workspace, tree, versions, collected.values())
    return tuple(sorted((*spliced(tree, splices), *taken), key=lambda one: one.path))


def day_in(workspace: Workspace, tree: Tree, after: Tree, versions: Mapping[str, str]) -> str:
    """Return the day of a release as its changelogs have it ``after``; ``""`` where none says."""
    texts = Texts(after)
    for group, version in _dated(workspace, versions):
        found = kept(workspace, tree, group)
        for path in dict.fromkeys((*found.files, main_file(workspace, found, group))):
            day = day_of(texts.text(path), version)
            if day:
                return day
    return ""


def _dated(workspace: Workspace, versions: Mapping[str, str]) -> Iterator[tuple[Group, str]]:
    """Yield the groups that get a section, each with its version."""
    moved = {workspace.member(name).group: version for name, version in versions.items()}
    for name, version in moved.items():
        group = workspace.group(name)
        if is_dated(workspace, group, version):
            yield group, version


def _released(texts: Texts, found: Kept, coming: Coming) -> Iterator[Splice]:
    """Yield what makes a section of what stands below "Unreleased"."""
    for path in found.files:
        text = texts.text(path)
        yield from _spliced(path, text, released(text, coming))


def _collected(
    workspace: Workspace, texts: Texts, group: Group, found: Kept, coming: Coming
) -> Iterator[Splice]:
    """Yield what makes a section of the texts of changes, in the file of each member's or group's.

    Where a change is of some members, and stands in the file of all, it is said of whom it is.
    """
    main = main_file(workspace, found, group)
    own = {owner(workspace, path)[0]: path for path in found.files if path != main}
    by_file: dict[str, list[Change]] = {}
    owners: dict[str, str] = {}
    for one in found.changes:
        mine = [name for name in one.members if name in group.every]
        if len(group.every) > 1:
            owners[one.path] = ", ".join(name for name in mine if name not in own)
        for path in dict.fromkeys(own.get(name, main) for name in mine or [""]):
            by_file.setdefault(path, []).append(one)
    for path, changes in by_file.items():
        body = folded(changes, owners if path == main else {})
        if body:
            text = texts.text(path)
            yield from _spliced(path, text, inserted(text, coming, body))


def _spliced(path: str, text: str, spans: Iterable[Span]) -> Iterator[Splice]:
    for one in spans:
        start, end = (len(encoded(text[:at])) for at in (one.start, one.end))
        yield Splice(path, start, end, one.text, WORD)


def _taken(
    workspace: Workspace, tree: Tree, versions: Mapping[str, str], changes: Iterable[Change]
) -> Iterator[FileEdit]:
    """Yield the edits that remove changes, but for what they say of members that stay."""
    moved = {workspace.member(name).group for name in versions}
    for one in changes:
        before = tree.read(one.path) or b""
        others = [
            name
            for name in one.members
            if name in workspace.by_name and workspace.member(name).group not in moved
        ]
        if others:
            left = encoded(of_others(before.decode("utf-8", "surrogateescape"), others))
            yield FileEdit(one.path, before, left, (WORD,))
        else:
            yield FileEdit(one.path, before, b"", (WORD,), gone=True)
