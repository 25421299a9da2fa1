"""The inside of a cell: what a program sees of the machine, and that nothing outlives it.

Run by the Python of a build environment, too: see ``kernel``.
"""

from __future__ import annotations

import os
import sys

from release_sync.effects.isolation import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

INSIDE = "/release-sync"
"""Where a build finds its files in a cell, on every machine."""

MEMBER, MEMBERS = f"{INSIDE}/member", f"{INSIDE}/members"
"""The folder of the one member that is built; and, outside, those of all with its environment."""

SOURCES = f"{INSIDE}/sources"
"""Where the sources of the release are, read-only."""

UPPER, WORK = "upper", "work"
"""The folders of a member's layers: what it changes of the sources, and what the kernel needs."""

FIXED = ("source", "sdist", "out", "control")
"""The folders of a member."""

FRESH = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - nothing is taken from there: they are made
"""Folders that are empty at first, and private."""

DEVICES = ("null", "zero", "full", "random", "urandom")
"""The devices of a cell. A file system that is read-only keeps nobody from writing to a disk."""

NO_CELL = 125
"""The exit status when a cell can't be made."""


def separate(*, network: bool) -> None:
    """Enter new namespaces: of users and, for children, of processes. Raises OSError."""
    wanted = kernel.NEW_USER | kernel.NEW_PIDS | kernel.NEW_IPC
    kernel.enter_namespaces(wanted if network else wanted | kernel.NEW_NETWORK)


def furnish(cell: Mapping[str, Any]) -> None:
    """Show the machine's files read-only, and of the ``mounts`` what is writable. Raises OSError.

    The first of all processes in the cell is to call it, for /proc is made for it. Then nothing can
    be mounted any more. ``cell`` is what ``Isolation`` describes.
    """
    root = cell["root"]
    kernel.separate_mounts()
    kernel.mount_memory(root, "755")
    for name in sorted(os.listdir("/")):
        _show(root, name)
    kernel.mount_processes(f"{root}/proc")
    for path in cell["hidden"]:
        _hide(root + path)
    for path in cell["fresh"]:
        if os.path.isdir(root + path):
            kernel.mount_memory(root + path, "1777")
    for source, target, _ in cell["mounts"]:
        _place(source, root + target)
    kernel.read_only(root)
    own = ["/proc"] if cell["nests"] else []
    for path in (*own, *cell["fresh"], *(to for _, to, writable in cell["mounts"] if writable)):
        if os.path.exists(root + path):
            kernel.writable(root + path)
    kernel.enter_root(root)
    kernel.drop_privileges(nest=cell["nests"])


def narrow(folder: str) -> None:
    """In a cell within a cell, show one member's folder as ``MEMBER``, and no other's.

    What is read from outside of the cell, below ``FIXED``, can't be replaced by a link. Where the
    member has layers, it sees the sources through them. The Python that runs this is shown, too.
    """
    kernel.separate_mounts()
    python = os.path.dirname(os.path.dirname(os.path.realpath(sys.executable)))
    shown = os.open(python, os.O_RDONLY)
    kernel.bind(folder, MEMBER)
    for name in FIXED:
        kernel.bind(f"{folder}/{name}", f"{MEMBER}/{name}")
    layers = layers_of(folder)
    if os.path.isdir(layers):
        kernel.overlay(SOURCES, f"{layers}/{UPPER}", f"{layers}/{WORK}", f"{MEMBER}/{FIXED[0]}")
    for path in (MEMBERS, SOURCES):
        kernel.mount_memory(path, "755")
    kernel.mount_processes("/proc")
    fresh = [path for path in FRESH if os.path.isdir(path)]
    for path in fresh:
        kernel.mount_memory(path, "1777")
    if any(python.startswith(f"{path}/") for path in fresh):
        _place(f"/proc/self/fd/{shown}", python)
    os.close(shown)
    kernel.read_only("/")
    for path in (MEMBER, *(f"{MEMBER}/{name}" for name in FIXED), *fresh):
        kernel.writable(path)
    kernel.drop_privileges()


def layers_of(folder: str) -> str:
    """Return where the layers of a member's folder are: beside it, out of its own reach."""
    return f"{folder}-layers"


def trial_of_layers(folder: str) -> int:
    """Return 0 where the layers in a folder can be laid over its ``lower``, and changed.

    In that is a folder ``there`` with a ``file``: it is replaced, which some file systems can't
    write down (those without extended attributes of users). Raises OSError.
    """
    separate(network=False)

    def prepare() -> None:
        kernel.separate_mounts()
        kernel.overlay(*(f"{folder}/{one}" for one in ("lower", UPPER, WORK, "target")))

    def act() -> None:
        there = f"{folder}/target/there"
        os.remove(f"{there}/file")
        os.rmdir(there)
        os.mkdir(there)

    return as_first(prepare, act)


def trial() -> int:
    """Return 0 where a cell can be made in this one. Raises OSError."""
    separate(network=False)

    def prepare() -> None:
        kernel.separate_mounts()
        kernel.mount_processes("/proc")
        kernel.read_only("/")

    return as_first(prepare, lambda: None)


def in_new_process(act: Callable[[], None]) -> int:
    """Fork, and return the status that ``act`` ends with: an exit status, or 128 and a signal."""
    child = os.fork()
    if child == 0:
        _end(act)
    return status_of(child)


def as_first(
    prepare: Callable[[], None], act: Callable[[], None], left: Callable[[int], None] | None = None
) -> int:
    """Run ``act`` in a child of the first process of new namespaces, and return how it ended.

    That process calls ``prepare`` before, and ``left`` with the number of processes that ``act``
    left running. Where it can't prepare, ``NO_CELL`` is returned, and the reason is on stderr. The
    kernel ends all that are left with the first one, however it ends.
    """

    def first() -> None:
        try:
            prepare()
        except OSError as error:
            os.write(2, f"no cell: {error}\n".encode())
            os._exit(NO_CELL)
        kernel.end_with_parent(kernel.KILL)
        code = in_new_process(act)
        if left is not None:
            left(end_descendants())
        os._exit(code)

    return in_new_process(first)


def status_of(child: int) -> int:
    """Wait for a child, and for whoever else ends meanwhile; return its status as shells do."""
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == child:
            return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def end_descendants() -> int:
    """End every child, and those that get this parent when theirs ends; return how many ran.

    Only a subreaper has the grandchildren (Linux). Elsewhere it returns 0.
    """
    ended = 0
    while kernel.IS_LINUX:
        for child in kernel.children():
            kernel.kill(child)
        try:
            _, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return ended
        ended += os.WIFSIGNALED(status)  # what had ended, and was not waited for, exited
    return ended


def _end(act: Callable[[], None]) -> None:
    """Be a child that does one thing: never go on where the parent is."""
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - the boundary of a process
        try:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(1)
    os._exit(0)


def _show(root: str, name: str) -> None:
    path, shown = f"/{name}", f"{root}/{name}"
    if os.path.islink(path):
        os.symlink(os.readlink(path), shown)
    elif os.path.isdir(path):
        os.mkdir(shown)
        if name == "dev":
            _make_devices(shown)
        elif name != "proc":
            kernel.bind(path, shown)


def _make_devices(folder: str) -> None:
    kernel.mount_memory(folder, "755")
    os.mkdir(f"{folder}/shm")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{number}", f"{folder}/{name}")
    os.symlink("/proc/self/fd", f"{folder}/fd")
    for name in DEVICES:
        _place(f"/dev/{name}", f"{folder}/{name}")


def _hide(path: str) -> None:
    if os.path.isdir(path):
        kernel.mount_memory(path, "755")
    elif os.path.exists(path):
        kernel.bind(os.devnull, path)


def _place(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT))
    kernel.bind(source, target)
