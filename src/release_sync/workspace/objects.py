"""Questions to git, and the place where a repository keeps what all its worktrees share.

The questions of the hook's green path are asked without ``subprocess``, whose import takes as long
as the interpreter's own start.
"""

from __future__ import annotations

import os

from release_sync.errors import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen

CHUNK = 1 << 20
KIND = 0o170000
REGULAR = 0o100000

PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""What git's environment says of where a repository is (git(1))."""

TOP = ":(top)"
"""The pathspec of everything, wherever git is called (gitglossary(7))."""

BATCH = 900
"""So many names (65 bytes each with SHA-256) fit into a pipe's 64 KiB; writing never blocks."""


def ask(folder: str, *arguments: str) -> bytes:
    """Run ``git -C folder …`` and return what it prints. Raises Unreadable when it fails."""
    command = ["git", "-C", folder, *arguments]
    environment = surroundings()
    reading, writing = os.pipe()
    actions = [
        (os.POSIX_SPAWN_DUP2, writing, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    try:
        child = os.posix_spawnp("git", command, environment, file_actions=actions)
    except OSError as error:
        os.close(reading)
        raise Unreadable("git is not there", hint="install git, or put it on PATH") from error
    finally:
        os.close(writing)
    output = _everything(reading)
    _, status = os.waitpid(child, 0)
    if status:
        raise _failure(folder, arguments)
    return output


def tag_name(root: str, rev: str) -> str:
    """Return the name of the tag that a revision is; ``""`` when it is none."""
    name = rev.removeprefix("refs/tags/").removeprefix("tags/")
    try:
        ask(toplevel(root)[0] or root, "rev-parse", "--verify", "--quiet", f"refs/tags/{name}")
    except Unreadable:
        return ""
    return name


def is_commit(folder: str, name: str) -> bool:
    """Say whether an object is a commit, or a tag of one; it may be a tag of anything."""
    return ask(folder, "cat-file", "-t", f"{name}^{{}}") == b"commit\n"


def surroundings() -> Mapping[str, str]:
    """Return the environment for git, whose own folders in it no longer depend on where we are.

    git sets GIT_DIR for its hooks, and users do; either may be relative, and ``-C`` would turn it
    into another folder (git(1), "The Git Repository").
    """
    told = {name: os.environ[name] for name in PLACES if os.environ.get(name)}
    if all(place.startswith("/") for place in told.values()):
        return os.environ
    return {**os.environ, **{name: os.path.abspath(told[name]) for name in told}}  # noqa: PTH100 - no pathlib here


def toplevel(root: str) -> tuple[str, str]:
    """Return the working tree's top folder around ``root``, and the way down from it.

    The way is empty or ends with a slash. Both are empty where there is no working tree. GIT_DIR
    and GIT_WORK_TREE hold, as they do for git.
    """
    top = start = os.path.realpath(root)
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


def content(path: str) -> bytes | None:
    """Return a regular file's bytes; None for everything else: a pipe would be waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        return _drained(descriptor, status.st_size) if status.st_mode & KIND == REGULAR else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def unstaged(folder: str) -> frozenset[str]:
    """Return the paths that are only announced, by ``git add --intent-to-add``.

    The index lists them as empty files, and no commit has them: so the difference between the
    index and nothing does not either.
    """
    nothing = ask(folder, "hash-object", "-t", "tree", os.devnull).decode().strip()
    asked = ("diff-index", "--cached", "--name-only", "-z", "--ita-invisible-in-index", nothing)
    listed, there = ask(folder, "ls-files", "-z", "--full-name", "--", TOP), ask(folder, *asked)
    return frozenset(paths(listed)).difference(paths(there))


def paths(listing: bytes) -> list[str]:
    """Read what git prints with ``-z``; bytes that are no UTF-8 are kept."""
    return listing.decode("utf-8", "surrogateescape").split("\0")[:-1]


class Blobs:
    """Reads blobs through one ``git cat-file --batch``, started with the first."""

    def __init__(self, folder: str) -> None:
        """Ask the repository around ``folder``."""
        self._folder = folder
        self._process: Popen[bytes] | None = None
        self._known: dict[str, bytes] = {}

    def read(self, name: str, limit: int) -> bytes:
        """Return a blob's bytes. Raises Unreadable when it is not there, or larger than limit."""
        if name in self._known:
            return self._known[name]
        self._ask([name])
        return self._answer(name, limit)

    def fetch(self, names: list[str], limit: int) -> None:
        """Read many blobs before they are asked for, so that nobody waits for each."""
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            self._ask(batch)
            try:
                self._known.update({name: self._answer(name, limit) for name in batch})
            except Unreadable:  # one that perhaps nobody asks for; whoever does will be told
                self.close()
                return

    def _ask(self, names: list[str]) -> None:
        process = self._process or self._start()
        if process.stdin is None:
            raise AssertionError(process)
        process.stdin.write("".join(f"{name}\n" for name in names).encode())
        process.stdin.flush()

    def _answer(self, name: str, limit: int) -> bytes:
        process = self._process
        if process is None or process.stdout is None:
            raise AssertionError(process)
        head = process.stdout.readline().split()
        if len(head) != 3:  # noqa: PLR2004 - name, type and size, or "missing"
            raise Unreadable(f"git has no object {name}", hint="run `git fetch`, or `git fsck`")
        size = int(head[2])
        if size > limit:
            self.close()
            raise Unreadable(f"object {name} is {size:,} bytes long: not what it should be")
        data = process.stdout.read(size)
        process.stdout.read(1)
        return data

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def __del__(self) -> None:
        """End the process with its only user."""
        self.close()

    def _start(self) -> Popen[bytes]:
        from subprocess import DEVNULL, PIPE, Popen  # noqa: PLC0415 - takes as long as python -c pass

        command = ["git", "-C", self._folder, "cat-file", "--batch"]
        self._process = Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=surroundings())
        return self._process


def _everything(descriptor: int) -> bytes:
    parts = []
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while part := stream.read(CHUNK):
            parts.append(part)
    return b"".join(parts)


def _is_meant(top: str) -> bool:
    """Say whether the working tree that we came upon is the one that git was told to use."""
    own, tree = os.environ.get("GIT_DIR"), os.environ.get("GIT_WORK_TREE")
    if own and not (top and os.path.realpath(own) == os.path.realpath(_git_dir(top))):
        return False
    return not tree or os.path.realpath(tree) == top


def _asked_for_top() -> str:
    """Ask git, which knows ``core.worktree``; return ``""`` for a bare repository."""
    try:
        return ask(".", "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape")[:-1]
    except Unreadable:
        return ""


def _git_dir(top: str) -> str:
    """Return a working tree's own git dir: ``.git``, or where that file points."""
    pointer = _line(f"{top}/.git")
    if pointer is None or not pointer.startswith("gitdir: "):
        return f"{top}/.git"
    return os.path.join(top, pointer[len("gitdir: ") :])  # noqa: PTH118 - no pathlib here


def _drained(descriptor: int, size: int) -> bytes:
    data = os.read(descriptor, size + 1)
    while len(data) <= size and (more := os.read(descriptor, CHUNK)):  # a short read: a signal
        data += more
    return data


def _line(path: str) -> str | None:
    data = content(path)
    return None if data is None else data.decode("utf-8", "surrogateescape").partition("\n")[0]


def _failure(folder: str, arguments: tuple[str, ...]) -> Unreadable:
    if arguments[0] == "rev-parse":
        wanted = arguments[-1].removesuffix("^{tree}")
        return Unreadable(f"there is no revision {wanted!r}", hint="see `git log --oneline`")
    return Unreadable(
        f"{folder} is no git repository, or git can't read it",
        hint=f"see what `git -C {folder} {' '.join(arguments)}` says",
    )
