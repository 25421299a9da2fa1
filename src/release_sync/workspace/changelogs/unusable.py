"""Changelogs that a release can't write without doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.changelog.prose import lines
from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from release_sync.changelog.headings import Changelog
    from release_sync.trees.tree import Tree


def is_link(tree: Tree, path: str) -> bool:
    """Return whether a path is a symbolic link."""
    folder, _, name = path.rpartition("/")
    return any(one.name == name and one.is_link for one in tree.entries(folder))


def without_copies(tree: Tree, paths: Iterable[str]) -> Iterator[str]:
    """Yield files, but for links to another one of them: these hold the same."""
    every = tuple(paths)
    own = {tree.read(one) for one in every if not is_link(tree, one)}
    yield from (one for one in every if not is_link(tree, one) or tree.read(one) not in own)


def must_be_files(tree: Tree, paths: Iterable[str]) -> None:
    """Raise Unreadable for a link: a commit of it would have nothing of what it leads to."""
    for path in paths:
        if is_link(tree, path):
            raise Unreadable(
                f"{path} is a link, which no release writes",
                hint="name the file that it leads to in `files` of [tool.release-sync.changelog]",
            )


def must_be_once(changelogs: Mapping[str, Changelog]) -> None:
    """Raise Unreadable where what is unreleased stands in two places."""
    for path, one in changelogs.items():
        every = [each for each in one.headings if each.is_unreleased]
        places = [_line(one.text, each.start) for each in every if each.level == every[0].level]
        if len(places) > 1:
            raise Unreadable(
                f'{path} has the heading "Unreleased" in the lines {", ".join(map(str, places))}',
                hint="put what stands below them below the first",
            )


def _line(text: str, place: int) -> int:
    return sum(1 for _ in lines(text[:place])) + 1
