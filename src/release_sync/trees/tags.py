"""The tags that lie behind a commit.

This module is on the path of commits: it imports next to nothing.
"""

from __future__ import annotations

import os

from release_sync.lines import split_lines
from release_sync.trees.git import ask, revision, shared_folder, toplevel
from release_sync.trees.tree import Tags, Unread


def tags_behind(root: str, rev: str) -> Tags:
    """Return the tags that are reachable from a revision; ``root`` is a tree's. Raises Unread.

    Where there is no repository, no commit, or no tag at all, nobody knows whether there are more:
    many a pipeline fetches none, and a shallow clone lacks those that lie deeper.
    """
    git = toplevel(root)[0] or root
    form = "--format=%(refname:lstrip=2)"
    try:
        listing = ask(git, "for-each-ref", f"--merged={rev}", form, "refs/tags")
    except Unread:
        if _is_commit(git, rev):
            raise
        return Tags()
    shared = shared_folder(root) or git
    is_shallow = os.path.exists(f"{shared}/shallow")  # noqa: PTH110 - importing pathlib costs 10 ms
    names = split_lines(listing)
    return Tags(names, is_whole=bool(names) and not is_shallow)


def _is_commit(git: str, rev: str) -> bool:
    try:
        return bool(revision(git, f"{rev}^{{commit}}"))
    except Unread:  # there is no repository, or what is named is a tree
        return False
