"""The changelogs of a workspace: how they are kept, and which are a group's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.changelog.change_files import (
    FOLDER,
    BadChange,
    Change,
    change,
    greatest,
    is_change_file,
    looks_like_one,
)
from release_sync.changelog.entry import is_empty
from release_sync.changelog.headings import parsed
from release_sync.errors import Unreadable
from release_sync.standards.versions import is_final, is_same
from release_sync.toml.manifest import MANIFEST
from release_sync.toml.texts import Texts
from release_sync.trees.paths import join
from release_sync.workspace.changelogs.towncrier import configured, fragments_in
from release_sync.workspace.changelogs.unusable import (
    must_be_files,
    must_be_once,
    without_copies,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.toml.edits import FileEdit
    from release_sync.trees.tree import Tree
    from release_sync.workspace.changelogs.towncrier import Fragments
    from release_sync.workspace.model import Group, Workspace

NAMES = frozenset({"changelog.md", "changes.md", "history.md", "news.md"})
"""The names of changelogs, whatever their case."""

DEFAULT_NAME = "CHANGELOG.md"

KEEP, TOWNCRIER, CHANGES, OFF = "keep-a-changelog", "towncrier", "changes", "off"


class Kept(NamedTuple):
    """The changelogs of a group: their ``style``, ``off`` for none, and the files.

    Of the ``files`` those that are ``empty`` have nothing for the next release. ``changes`` are
    what files of changes say of it, ``fragments`` where towncrier finds its own.
    """

    style: str
    files: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    fragments: tuple[Fragments, ...] = ()

    def admits(self, edit: FileEdit) -> bool:
        """Return whether an edit may be towncrier's own."""
        return any(one.admits(edit) for one in self.fragments)

    @property
    def level(self) -> str:
        """The greatest level that the changes ask for; ``""`` for none."""
        return greatest(self.changes)


NOT_KEPT = Kept(OFF)


def is_dated(workspace: Workspace, group: Group, version: str) -> bool:
    """Return whether the changelog of a group gets a section for a version.

    A pre-release leaves what is unreleased to the final release; a version that the group has
    already is released as it is, and one that is a tag makes no commit.
    """
    is_tag = all(workspace.member(name).dynamic for name in group.members)
    return is_final(version) and not is_tag and not is_same(group.version, version)


def kept(workspace: Workspace, tree: Tree, group: Group) -> Kept:
    """Return how the changelogs of a group are kept. Raises Unreadable where that is ambiguous."""
    rule = workspace.configuration.changelog
    files = tuple(without_copies(tree, _files(workspace, tree, group)))
    fragments = tuple(_fragments(workspace, tree, group))
    is_main = owner(workspace, DEFAULT_NAME)[1] == group.name
    style = _found(tree, files, fragments) if rule.style == "auto" else rule.style
    if style in {KEEP, CHANGES}:
        must_be_files(tree, files)
    if style == TOWNCRIER:
        return _by_towncrier(tree, fragments) if fragments or is_main else NOT_KEPT
    if style == CHANGES:
        changes = tuple(one for one in all_changes(tree) if is_of(workspace, one, group))
        return Kept(style, files, () if greatest(changes) else (FOLDER,), changes)
    if style != KEEP:
        return Kept(style, files)
    texts = {path: parsed(Texts(tree).text(path)) for path in files}
    must_be_once(texts)
    there = {path: one.unreleased for path, one in texts.items()}
    left = tuple(path for path in files if there[path] is not None)
    if not left and rule.style == KEEP and (files if rule.files else is_main):
        raise Unreadable(
            f'{", ".join(files) or DEFAULT_NAME} has no heading "Unreleased"',
            hint="add `## [Unreleased]` above the last release",
        )
    empty = [path for path in left if (one := there[path]) and is_empty(texts[path], one)]
    return Kept(KEEP, left, tuple(empty))


def _by_towncrier(tree: Tree, fragments: tuple[Fragments, ...]) -> Kept:
    if not fragments:
        raise Unreadable(
            'style = "towncrier", and there is no [tool.towncrier]',
            hint="add it to pyproject.toml, or towncrier.toml",
        )
    news = tuple(one.news for one in fragments)
    empty = tuple(one.news for one in fragments if not any(fragments_in(tree, one)))
    return Kept(TOWNCRIER, news, empty, fragments=fragments)


def _fragments(workspace: Workspace, tree: Tree, group: Group) -> Iterator[Fragments]:
    """Yield what towncrier is configured to do for a group, at the root and for its members."""
    for folder in _folders(workspace, group):
        if owner(workspace, join(folder, MANIFEST))[1] == group.name:
            found = configured(tree, folder)
            if found is not None:
                yield found


def all_changes(tree: Tree) -> Iterator[Change]:
    """Yield every change that is to be released. Raises Unreadable for a file that is none."""
    for path in change_files(tree):
        try:
            yield change(path, Texts(tree).text(path))
        except BadChange as error:
            raise Unreadable(
                f"{path}: {error.message}", hint="run `release-sync check`, and fix what it names"
            ) from error


def change_files(tree: Tree) -> tuple[str, ...]:
    """Return the files of changes."""
    there = tree.entries(FOLDER)
    names = [one.name for one in there if not one.is_folder and is_change_file(one.name)]
    return tuple(f"{FOLDER}/{name}" for name in names)


def keeps_changes(workspace: Workspace, tree: Tree) -> bool:
    """Return whether the folder of changes is ours: it is set, or one of its files shows it."""
    style = workspace.configuration.changelog.style
    return style == CHANGES or (style == "auto" and _shows_changes(tree))


def changelogs(workspace: Workspace, tree: Tree, group: Group) -> tuple[str, ...]:
    """Return every changelog of a group, by whoever keeps it; one of them may not be there yet.

    Towncrier's is a glob where each version has a file of its own.
    """
    files = tuple(without_copies(tree, _files(workspace, tree, group)))
    news = (one.news for one in _fragments(workspace, tree, group))
    return tuple(dict.fromkeys((*files, main_file(workspace, Kept(OFF, files), group), *news)))


def main_file(workspace: Workspace, found: Kept, group: Group) -> str:
    """Return the changelog of a whole group: the root's, or else its first; it may not be there."""
    root = [path for path in found.files if owner(workspace, path)[0] == ""]
    folder = workspace.member(group.members[0]).folder if group.members else ""
    own = owner(workspace, DEFAULT_NAME)[1] == group.name or not folder
    made = DEFAULT_NAME if own else f"{folder}/{DEFAULT_NAME}"
    return next(iter((*root, *found.files)), made)


def owner(workspace: Workspace, path: str) -> tuple[str, str]:
    """Return whose changelog a file is: the member around it, ``""`` for the root, and its group.

    What is of a private member is of no group. What is of a root without a group is of the group
    ``default``, or else of the first one.
    """
    around = [one for one in workspace.members if one.folder and path.startswith(f"{one.folder}/")]
    if around:
        nearest = max(around, key=lambda one: len(one.folder))
        return nearest.name, nearest.group
    root = next((one.group for one in workspace.members if not one.folder), "")
    groups = [one.name for one in workspace.groups if one.members]
    return "", root or ("default" if "default" in groups else next(iter(groups), ""))


def _found(tree: Tree, files: tuple[str, ...], fragments: tuple[Fragments, ...]) -> str:
    """Return the one style that the files of a workspace show. Raises Unreadable for several."""
    shown = [path for path in files if parsed(Texts(tree).text(path)).unreleased]
    ways = {KEEP: f'"Unreleased" in {shown[0]}'} if shown else {}
    if fragments:
        ways[TOWNCRIER] = "[tool.towncrier]"
    if _shows_changes(tree):
        ways[CHANGES] = f"the files in {FOLDER}"
    if len(ways) > 1:
        raise Unreadable(
            f"the changelog is kept in {len(ways)} ways: {', and '.join(ways.values())}",
            hint="choose one: in [tool.release-sync.changelog], "
            + " or ".join(f'style = "{style}"' for style in ways),
        )
    return next(iter(ways), OFF)


def _shows_changes(tree: Tree) -> bool:
    return any(looks_like_one(Texts(tree).text(path)) for path in change_files(tree))


def is_of(workspace: Workspace, one: Change, group: Group) -> bool:
    """Return whether a change is of a group: one of its members is named, or none at all."""
    if not one.members:
        return owner(workspace, one.path)[1] == group.name
    return bool({*one.members} & {*group.every})


def _folders(workspace: Workspace, group: Group) -> list[str]:
    """Return where the changelogs of a group may be."""
    return sorted({"", *(one.folder for one in workspace.members if one.group == group.name)})


def _files(workspace: Workspace, tree: Tree, group: Group) -> Iterator[str]:
    """Yield the changelogs of a group: of its members, and the root's if that is its own.

    A link in a member's folder is none of its own: what it leads to is kept where that is.
    """
    named = workspace.configuration.changelog.files
    if named:
        yield from (path for path in named if owner(workspace, path)[1] == group.name)
        return
    for folder in _folders(workspace, group):
        above = f"{folder}/" if folder else ""
        if owner(workspace, f"{above}{DEFAULT_NAME}")[1] == group.name:
            yield from (
                f"{above}{one.name}"
                for one in tree.entries(folder)
                if one.name.lower() in NAMES and not one.is_folder and not (folder and one.is_link)
            )
