"""What git says about the repository around a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from release_sync.errors import Unreadable
from release_sync.lines import split_lines, split_records
from release_sync.trees.git import ask, toplevel

TAGS = ("for-each-ref", "--sort=creatordate", "--format=%(refname:strip=2)", "refs/tags")
"""What asks git for the names of all tags, the newest last."""


USUAL = ("main", "master")
"""What the branch is called in nearly every repository."""


class Surroundings(NamedTuple):
    """The repository: all of it is empty where there is none.

    ``top`` is the working tree's top folder and ``below`` the way from it to the workspace, empty
    or with a slash at its end. ``branch`` is the remote's default branch (as it was when it was
    cloned), else ``main`` or ``master`` where there is one, else the current one. ``hooks_path`` is
    ``core.hooksPath``, and ``hooks`` the names of the hooks that git runs without it. ``tags`` are
    in the order in which they were made, and may be missing where the clone is ``shallow``.
    ``charts`` are Helm's, of the workspace, by their path from its root.
    """

    top: str = ""
    below: str = ""
    remotes: tuple[str, ...] = ()
    branch: str = ""
    hooks_path: str = ""
    hooks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    shallow: bool = False
    charts: tuple[str, ...] = ()


def surroundings(root: str) -> Surroundings:
    """Ask git about the repository around a workspace's root. Raises Unreadable when it fails."""
    top, below = toplevel(root)
    if not top:
        return Surroundings()
    remotes = tuple(split_lines(ask(top, "remote").decode("utf-8", "replace")))
    return Surroundings(
        top=top,
        below=below,
        remotes=remotes,
        branch=_branch(top, remote_of(remotes)),
        hooks_path=answered(top, "config", "--type=path", "--get", "core.hooksPath"),
        hooks=_hooks(top),
        tags=tuple(_answers(top, *TAGS)),
        shallow=answered(top, "rev-parse", "--is-shallow-repository") == "true",
        charts=tuple(split_records(ask(root, "ls-files", "-z", "--", ":(glob)**/Chart.yaml"))),
    )


def remote_of(remotes: tuple[str, ...]) -> str:
    """Return the remote that releases go to, as far as the names tell: origin, or the only one."""
    return remotes[0] if len(remotes) == 1 else "origin"


def _branch(top: str, remote: str) -> str:
    said = answered(top, "symbolic-ref", "--short", f"refs/remotes/{remote}/HEAD")
    if said:
        return said.removeprefix(f"{remote}/")
    for name in USUAL:
        for place in (f"refs/heads/{name}", f"refs/remotes/{remote}/{name}"):
            if answered(top, "rev-parse", "--verify", "--quiet", place):
                return name
    return answered(top, "symbolic-ref", "--short", "HEAD")


def _hooks(top: str) -> tuple[str, ...]:
    folder = Path(top, answered(top, "rev-parse", "--git-path", "hooks"))
    if not folder.is_dir():
        return ()
    there = sorted(folder.iterdir())
    return tuple(one.name for one in there if one.is_file() and one.suffix != ".sample")


def answered(top: str, *question: str) -> str:
    """Ask git for one line; an answer that is not there is empty."""
    return next(iter(_answers(top, *question)), "")


def _answers(top: str, *question: str) -> list[str]:
    try:
        return split_lines(ask(top, *question).decode("utf-8", "replace"))
    except Unreadable:
        return []
