"""What git tells a hook about a push, and the check of what is pushed (githooks(5))."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Unreadable
from release_sync.workspace.checking import check
from release_sync.workspace.guard import GREEN, Verdict, verdict
from release_sync.workspace.reading import declares, find_root, read
from release_sync.workspace.tree import CommitTree

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADS = "refs/heads/"
TAGS = "refs/tags/"


class Push(NamedTuple):
    """An object that a ref of the other side shall point to."""

    ref: str
    name: str


def sent(lines: bytes) -> list[Push]:
    """Read pre-push's lines: local ref, local object, remote ref, remote object."""
    rows = [line.split(" ") for line in lines.decode("utf-8", "surrogateescape").splitlines()]
    return _checked_ones(Push(row[2], row[1]) for row in rows if len(row) == 4)  # noqa: PLR2004 - git's


def received(lines: bytes) -> list[Push]:
    """Read pre-receive's lines: old object, new object, ref."""
    rows = [line.split(" ") for line in lines.decode("utf-8", "surrogateescape").splitlines()]
    return _checked_ones(Push(row[2], row[1]) for row in rows if len(row) == 3)  # noqa: PLR2004 - git's


def guard_push(top: str, lines: bytes) -> Verdict:
    """Check every tip and tag that is about to leave this repository."""
    try:
        root = find_root(top)
    except Unreadable:  # the working tree is no workspace now; what is pushed may be one
        root = top
    return _joined(_guard(root, push) for push in sent(lines))


def guard_receive(git_dir: str, lines: bytes) -> Verdict:
    """Check every tip and tag that arrives; git shows the quarantined objects to its hooks."""
    return _joined(_guard(git_dir, push) for push in received(lines))


def _checked_ones(pushes: Iterable[Push]) -> list[Push]:
    """Leave out what is deleted (an object of zeros) and what is neither branch nor tag."""
    return [push for push in pushes if push.name.strip("0") and push.ref.startswith((HEADS, TAGS))]


def _guard(root: str, push: Push) -> Verdict:
    try:
        tree = CommitTree(root, push.name)
        if not declares(tree):
            return GREEN
        workspace = read(tree)
    except Unreadable as error:
        return Verdict(error.exit_code, "", f"{push.ref}: error: {error.message}\n")
    tag = push.ref.removeprefix(TAGS) if push.ref.startswith(TAGS) else ""
    found = verdict(workspace, check(workspace, tree, tag))
    if found.code:
        return found._replace(talk=f"{push.ref} at {push.name[:7]}: {found.talk}")
    return GREEN


def _joined(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    return Verdict(
        max((one.code for one in found), default=0),
        "".join(one.output for one in found),
        "".join(one.talk for one in found),
    )
