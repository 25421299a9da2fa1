"""What git tells a hook about a push, and the check of what is pushed (githooks(5))."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Unreadable
from release_sync.fixes.findings import check
from release_sync.guardrail.hook_result import GREEN, HookResult, hook_result, joined
from release_sync.lines import split_lines
from release_sync.rules.tags import named
from release_sync.trees.commit import CommitTree
from release_sync.trees.tree import Tags
from release_sync.trees.walks import is_behind, is_commit
from release_sync.workspace.discovery import only_package, roots
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


TAGS = "refs/tags/"
CHECKED = ("refs/heads/", TAGS, "refs/for/")
"""Branches, tags, and what Gerrit is asked to review. Notes and waiting releases are neither."""


class Push(NamedTuple):
    """An object that a ref of the other side shall point to."""

    ref: str
    name: str

    @property
    def tag(self) -> str:
        """The tag's name; ``""`` for what is none."""
        return self.ref.removeprefix(TAGS) if self.ref.startswith(TAGS) else ""


class PushedTree(CommitTree):
    """What a push brings: behind its commit are also the tags that come with it.

    Before it has arrived (pre-receive), or where a tag is only made there, git lists none of these.
    """

    def __init__(self, git: str, push: Push, folder: str, every: Sequence[Push]) -> None:
        """List the commit's files. Raises Unreadable."""
        super().__init__(git, push.name, folder)
        self._arriving = [one for one in every if one.tag]

    def tags(self) -> Tags:
        """Return the tags behind the commit, and those that come with it. Raises Unread."""
        there = super().tags()
        new = [one.tag for one in self._arriving if self._has_behind(one.name)]
        return Tags((*there.names, *new), is_whole=there.is_whole)

    def _has_behind(self, name: str) -> bool:
        return is_commit(self.root, name) and is_behind(self.root, name, self._name)


def sent(lines: bytes) -> list[Push]:
    """Read pre-push's lines: local ref, local object, remote ref, remote object.

    The local ref is what the user typed, and may hold spaces: ``HEAD@{1 day ago}``.
    """
    rows = [line.rsplit(" ", 3) for line in _lines(lines)]
    return _relevant(Push(row[-2], row[-3]) for row in rows if _is_whole(row, 4))


def received(lines: bytes) -> list[Push]:
    """Read pre-receive's lines: old object, new object, ref."""
    rows = [line.split(" ", 2) for line in _lines(lines)]
    return _relevant(Push(row[2], row[1]) for row in rows if _is_whole(row, 3))


def guard_pushes(git: str, pushes: Iterable[Push]) -> HookResult:
    """Check every tip and tag that leaves or arrives; ``git`` is a working tree or a git dir.

    What arrives may still be in quarantine: git shows it to its hooks (git-receive-pack(1)).
    What has no workspace is not ours to refuse: a branch of web pages, the history from before
    there was one, a tag of a blob. Nor is a tag that names no release: it promises nothing.
    """
    every = tuple(pushes)
    return joined(_guard(git, push, every) for push in every)


def _lines(lines: bytes) -> list[str]:
    return [line for line in split_lines(lines) if line]


def _is_whole(row: list[str], size: int) -> bool:
    if len(row) != size:
        raise Unreadable(
            f"{' '.join(row)!r:.200} is not what git tells a hook",
            hint="see githooks(5); this stage reads git's lines from its standard input",
        )
    return True


def _relevant(pushes: Iterable[Push]) -> list[Push]:
    """Leave out what is deleted (an object of zeros) and refs that nobody builds from."""
    return [push for push in pushes if push.name.strip("0") and push.ref.startswith(CHECKED)]


def _guard(git: str, push: Push, every: Sequence[Push]) -> HookResult:
    try:
        found = _found(git, push, every)
    except Unreadable as error:
        hint = f"hint: {error.hint}\n" if error.hint else ""
        return HookResult(error.exit_code, "", f"{push.ref}: error: {error.message}\n{hint}")
    if found.code:
        return found._replace(stderr=f"{push.ref} at {push.name[:7]}: {found.stderr}")
    return GREEN


def _found(git: str, push: Push, every: Sequence[Push]) -> HookResult:
    if not is_commit(git, push.name):
        return GREEN
    whole = PushedTree(git, push, "", every)
    folders = roots(whole, whole.paths()) or only_package(whole, whole.paths())
    trees = [whole if not one else PushedTree(git, push, one, every) for one in folders]
    read_ones = [read(tree) for tree in trees]
    meant = [workspace for workspace in read_ones if named(workspace, push.tag)]
    if push.tag and not meant:
        return GREEN
    # Of several workspaces with one pattern nobody can say which one's version a tag names.
    tag = push.tag if len(meant) == 1 else ""
    return joined(
        hook_result(workspace, check(workspace, tree, tag), folder)
        for folder, tree, workspace in zip(folders, trees, read_ones, strict=True)
    )
