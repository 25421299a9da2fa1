"""Questions to git, and the place where a repository keeps what all its worktrees share.

The questions of the hook's green path are asked without ``subprocess``, whose import takes as long
as the interpreter's own start.
"""

from __future__ import annotations

import os

from release_sync.errors import Unreadable
from release_sync.trees.system import KIND, REGULAR, is_absolute, opened, slashed, spawn
from release_sync.trees.tree import Unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.trees.system import Process

CHUNK = 1 << 20

PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""What git's environment says of where a repository is (git(1))."""

OURS = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
    "LC_ALL": "C",
}
"""What we ask is meant as it stands: objects, not what replaces them here and nowhere else
(git-replace(1)), and pathspecs with their magic, which editors turn off for all that they call.
An error begins with a word that we know (``usage.c`` of git)."""


def ask(folder: str, *arguments: str) -> bytes:
    """Run ``git -C folder …`` and return what it prints. Raises Unread when it fails."""
    output, code = run(folder, arguments)
    if code:
        raise failure(folder, arguments, code)
    return output


def revision(folder: str, rev: str) -> str:
    """Return the object that a revision names; ``""`` when there is none. Raises Unread.

    git ends with 1 when it has looked and found nothing (git-rev-parse(1), ``--quiet``).
    """
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", rev)
    output, code = run(folder, arguments)
    if code not in {0, 1}:
        raise failure(folder, arguments, code)
    return output.decode().strip()


def run(folder: str, arguments: tuple[str, ...], *, both: bool = False) -> tuple[bytes, int]:
    """Run git; return its stdout, or ``both``, and its exit code; below 0 for a signal's number."""
    reading, writing = os.pipe()
    try:
        child = start(folder, arguments, None, writing, both=both)
    except Unreadable:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    output = _everything(reading)
    return output, child.wait()


def start(
    folder: str,
    arguments: tuple[str, ...],
    stdin: int | None,
    stdout: int,
    *,
    both: bool = False,
) -> Process:
    """Start ``git -C folder …``; its stderr goes nowhere, or where stdout does. Raises Unread.

    Its other streams are the descriptors; ``None`` is our own.
    """
    try:
        return spawn(["git", "-C", folder, *arguments], surroundings(), stdin, stdout, both=both)
    except OSError as error:
        is_absent = isinstance(error, FileNotFoundError)
        why = "no program of this name is on PATH" if is_absent else error.strerror
        raise Unread(f"git is missing: {why}", hint="install git, or put it on PATH") from error


def tag_name(root: str, rev: str) -> str:
    """Return the name of the tag that a revision is; ``""`` when it is none. Raises Unread."""
    name = rev.removeprefix("refs/tags/").removeprefix("tags/")
    return name if revision(toplevel(root)[0] or root, f"refs/tags/{name}") else ""


def surroundings() -> Mapping[str, str]:
    """Return the environment for git, whose own folders in it no longer depend on where we are.

    git sets GIT_DIR for its hooks, and users do; either may be relative, and ``-C`` would turn it
    into another folder (git(1), "The Git Repository").
    """
    told = [name for name in PLACES if os.environ.get(name)]
    places = {name: os.path.abspath(os.environ[name]) for name in told}  # noqa: PTH100 - no pathlib here
    return {**os.environ, **places, **OURS}


def here() -> str:
    """Return the working directory. Raises Unreadable when somebody has removed it."""
    try:
        return slashed(os.getcwd())  # noqa: PTH109 - importing pathlib costs 10 ms
    except OSError as error:
        raise Unreadable(
            f"the working directory is gone: {error.strerror}",
            hint="`cd` to a folder that is there",
        ) from error


def absolute(path: str) -> str:
    """Return a path from the file system's root on, as it is written. Raises Unreadable."""
    return slashed(path) if is_absolute(path) else f"{here()}/{path}"


def toplevel(root: str) -> tuple[str, str]:
    """Return the working tree's top folder around ``root``, and the way down from it.

    The way is empty or ends with a slash. Both are empty where there is no working tree. GIT_DIR
    and GIT_WORK_TREE hold, as they do for git. Raises Unreadable.
    """
    top = start = slashed(os.path.realpath(absolute(root)))
    if os.path.exists(f"{top}/HEAD") and os.path.exists(f"{top}/objects"):  # noqa: PTH110 - no pathlib here
        return "", ""  # a git dir itself: what lies around it is not its working tree
    while top and not os.path.lexists(f"{top}/.git"):
        top = top.rpartition("/")[0]
    if not _is_meant(top):
        top = _asked_for_top()
    if not top or not f"{start}/".startswith(f"{top}/"):
        return top, ""
    way = start[len(top) :].strip("/")
    return top, f"{way}/" if way else ""


def shared_folder(root: str) -> str | None:
    """Return the git dir that all worktrees share, without a process (gitrepository-layout(5))."""
    top, _ = toplevel(root)
    own = os.environ.get("GIT_DIR") or _git_dir(top)
    shared = _line(f"{own}/commondir")
    if shared is not None:
        own = os.path.join(own, shared)  # noqa: PTH118 - no pathlib here
    return own if os.path.isdir(f"{own}/objects") else None  # noqa: PTH112 - no pathlib here


def is_sparse(root: str) -> bool:
    """Return whether a working tree has, or had, a sparse checkout, without a process.

    Raises Unread.
    """
    top, _ = toplevel(root)
    if not top:
        return False
    own = os.environ.get("GIT_DIR") or _git_dir(top)
    return content(f"{own}/info/sparse-checkout") is not None


def content(path: str) -> bytes | None:
    """Return a regular file's bytes; None where there is none: a pipe would be waited for.

    Raises Unread.
    """
    try:
        descriptor = opened(path, follow=True)
        try:
            status = os.fstat(descriptor)
            is_file = status.st_mode & KIND == REGULAR
            return drained(descriptor, b"", status.st_size) if is_file else None
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except OSError as error:
        from release_sync.trees.failures import must_be_absent  # noqa: PLC0415 - only for a failure

        must_be_absent(path, error)
        return None


def drained(descriptor: int, data: bytes, most: int) -> bytes:
    """Return ``data`` and what follows it in a file, until that is more than ``most`` bytes."""
    parts, size = [data], len(data)
    while size <= most and (more := os.read(descriptor, CHUNK)):
        parts.append(more)
        size += len(more)
    return b"".join(parts)


def _everything(descriptor: int) -> bytes:
    parts = []
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while part := stream.read(CHUNK):
            parts.append(part)
    return b"".join(parts)


def _is_meant(top: str) -> bool:
    """Return whether the working tree that we came upon is the one that git was told to use."""
    own, tree = os.environ.get("GIT_DIR"), os.environ.get("GIT_WORK_TREE")
    if own and not (top and os.path.realpath(own) == os.path.realpath(_git_dir(top))):
        return False
    return not tree or slashed(os.path.realpath(tree)) == top


def _asked_for_top() -> str:
    """Ask git, which knows ``core.worktree``; return ``""`` for a bare repository."""
    try:
        return ask(".", "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape")[:-1]
    except Unread:
        ask(".", "rev-parse", "--git-dir")  # if that fails too, it is not for want of a tree
        return ""


def _git_dir(top: str) -> str:
    """Return a working tree's own git dir: ``.git``, or where that file points."""
    pointer = _line(f"{top}/.git")
    if pointer is None or not pointer.startswith("gitdir: "):
        return f"{top}/.git"
    return os.path.join(top, pointer[len("gitdir: ") :])  # noqa: PTH118 - no pathlib here


def _line(path: str) -> str | None:
    data = content(path)
    return None if data is None else data.decode("utf-8", "surrogateescape").partition("\n")[0]


def failure(folder: str, arguments: tuple[str, ...], code: int) -> Unread:
    """Return what git has against a question that it has answered with this exit code."""
    from release_sync.trees.failures import ending, git_failure  # noqa: PLC0415 - only for a failure

    return git_failure(folder, folder, arguments, surroundings(), ending(code))
