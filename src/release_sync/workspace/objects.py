"""Questions to git, and the place where a repository keeps what all its worktrees share.

The questions of the hook's green path are asked without ``subprocess``, whose import takes as long
as the interpreter's own start.
"""

from __future__ import annotations

import os

from release_sync.errors import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen

CHUNK = 1 << 20


def ask(folder: str, *arguments: str) -> bytes:
    """Run ``git -C folder …`` and return what it prints. Raises Unreadable when it fails."""
    command = ["git", "-C", folder, *arguments]
    reading, writing = os.pipe()
    actions = [
        (os.POSIX_SPAWN_DUP2, writing, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    try:
        child = os.posix_spawnp("git", command, os.environ, file_actions=actions)
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


def toplevel(root: str) -> tuple[str, str]:
    """Return the working tree's top folder around ``root``, and the way down from it.

    The way is empty or ends with a slash. Both are empty where there is no working tree.
    """
    top = start = os.path.realpath(root)
    if os.path.exists(f"{top}/HEAD") and os.path.exists(f"{top}/objects"):  # noqa: PTH110 - no pathlib here
        return "", ""  # a git dir itself: what lies around it is not its working tree
    while not os.path.lexists(f"{top}/.git"):
        parent = os.path.dirname(top)  # noqa: PTH120 - importing pathlib costs 10 ms
        if parent == top:
            return "", ""
        top = parent
    way = start[len(top) :].strip("/")
    return top, f"{way}/" if way else ""


def shared_folder(root: str) -> str | None:
    """Return the git dir that all worktrees share, without a process (gitrepository-layout(5))."""
    top, _ = toplevel(root)
    own = os.environ.get("GIT_DIR") or f"{top}/.git"
    pointer = _line(own)
    if pointer is not None and pointer.startswith("gitdir: "):
        own = os.path.join(top, pointer[len("gitdir: ") :])  # noqa: PTH118 - no pathlib here
    shared = _line(f"{own}/commondir")
    if shared is not None:
        own = os.path.join(own, shared)  # noqa: PTH118 - no pathlib here
    return own if os.path.isdir(f"{own}/objects") else None  # noqa: PTH112 - no pathlib here


class Blobs:
    """Reads blobs through one ``git cat-file --batch``, started with the first."""

    def __init__(self, folder: str) -> None:
        """Ask the repository around ``folder``."""
        self._folder = folder
        self._process: Popen[bytes] | None = None

    def read(self, name: str, limit: int) -> bytes:
        """Return a blob's bytes. Raises Unreadable when it is not there, or larger than limit."""
        process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise AssertionError(process)
        process.stdin.write(f"{name}\n".encode())
        process.stdin.flush()
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
        self._process = Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        return self._process


def _everything(descriptor: int) -> bytes:
    parts = []
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while part := stream.read(CHUNK):
            parts.append(part)
    return b"".join(parts)


def _line(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - no pathlib here
            return file.readline().rstrip("\n")
    except OSError:
        return None


def _failure(folder: str, arguments: tuple[str, ...]) -> Unreadable:
    if arguments[0] == "rev-parse":
        wanted = arguments[-1].removesuffix("^{tree}")
        return Unreadable(f"there is no revision {wanted!r}", hint="see `git log --oneline`")
    return Unreadable(
        f"{folder} is no git repository, or git can't read it",
        hint=f"see what `git -C {folder} {' '.join(arguments)}` says",
    )
