"""The tags that lie behind a commit.

This module is on the path of commits: it imports next to nothing.
"""

from __future__ import annotations

from release_sync.trees.git import content, revision, shared_folder, toplevel
from release_sync.trees.tree import Tags, Unread
from release_sync.trees.walks import is_commit, refs_behind

TAGS = "refs/tags/"


def tags_behind(root: str, rev: str) -> Tags:
    """Return the tags that are reachable from a revision; ``root`` is a tree's. Raises Unread.

    There may be more where there is no repository, in a shallow clone, which lacks those that lie
    deeper, and where a remote has none: many a pipeline fetches no tags.
    """
    git = toplevel(root)[0] or root
    names: list[str] = []
    try:
        names = [one[len(TAGS) :] for one in refs_behind(git, rev, TAGS)]
    except Unread:
        if _is_commit(git, rev):
            raise
    return Tags(names, is_whole=_is_whole(root, has_tags=bool(names)))


def is_shallow(root: str) -> bool:
    """Return whether a repository lacks the commits behind some (git-clone(1), ``--depth``)."""
    return content(f"{shared_folder(root) or root}/shallow") is not None


def _is_whole(root: str, *, has_tags: bool) -> bool:
    """Return whether a repository has all tags, and all commits; False where there is none."""
    config = content(f"{shared_folder(root) or root}/config")
    if config is None or is_shallow(root):
        return False
    return has_tags or b'[remote "' not in config


def _is_commit(git: str, rev: str) -> bool:
    """Return whether a revision is a commit. Raises Unread where git can't read what it names."""
    try:
        found = revision(git, rev)
    except Unread:  # there is no repository
        return False
    return bool(found) and is_commit(git, found)
