"""The calls of Linux that the standard library lacks: namespaces, mounts, capabilities.

Whatever only Linux has is called from here and from nowhere else. On other systems the first three
functions do nothing, and nobody calls the others.
Nothing but the standard library is imported, and no syntax newer than Python 3.8: these files are
run by the Python of a build environment, too. Of it as little as can be: a release starts a dozen
supervisors, and modules such as ``typing``, ``contextlib`` or ``signal`` take each of them longer
than all else that it does.
"""

from __future__ import annotations

import ctypes
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

KILL = 9
"""``signal.SIGKILL``, whose module is not imported for it."""

NEW_MOUNTS = 0x00020000
NEW_IPC = 0x08000000
NEW_USER = 0x10000000
NEW_PIDS = 0x20000000
NEW_NETWORK = 0x40000000
"""The namespaces: unshare(2)."""

_SET_PARENT_DEATH = 1
_SET_DUMPABLE = 4
_DROP_FROM_BOUND = 24
_SET_SUBREAPER = 36
_SET_NO_NEW_PRIVILEGES = 38
_SET_FILE_CAPABILITIES = 31
_LAST_CAPABILITY = 63

_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_NO_SUID = 2
_DETACH = 2
_AT_CURRENT, _AT_RECURSIVE = -100, 0x8000
_READ_ONLY, _ATTRIBUTE_NO_SUID = 1, 2
_MOUNT_SETATTR = 442
_PIVOT_ROOT = {
    "x86_64": 155,
    "aarch64": 41,
    "riscv64": 41,
    "ppc64le": 203,
    "s390x": 217,
    "i686": 217,
    "armv7l": 218,
}


class _Attributes(ctypes.Structure):
    """``struct mount_attr`` of mount_setattr(2)."""

    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


_libc = ctypes.CDLL(None, use_errno=True)

IS_LINUX = sys.platform == "linux"


def reap_descendants() -> None:
    """Become the parent of every descendant that loses its own (a subreaper). Raises OSError."""
    if IS_LINUX:
        _checked(_libc.prctl(_SET_SUBREAPER, 1, 0, 0, 0), "prctl")


def end_with_parent(signal: int) -> None:
    """Be sent a signal when the thread that started this process ends. Raises OSError."""
    if IS_LINUX:
        _checked(_libc.prctl(_SET_PARENT_DEATH, signal, 0, 0, 0), "prctl")


def close_to_others() -> None:
    """Keep this user's other processes from our memory and from ``/proc/PID`` (prctl(2)).

    It holds until the next execve(2): what this process starts is not closed.
    """
    if IS_LINUX:
        _libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def enter_namespaces(what: int) -> None:
    """Leave the namespaces that are named, for new ones; keep user and group. Raises OSError.

    A user has one identity then, the one that it had, and no supplementary group.
    """
    user, group = os.geteuid(), os.getegid()
    _checked(_libc.unshare(what), "unshare")
    _write("setgroups", "deny")
    _write("uid_map", f"{user} {user} 1")
    _write("gid_map", f"{group} {group} 1")


def kill(process: int) -> None:
    """Kill a process, which may have ended."""
    try:
        os.kill(process, KILL)
    except ProcessLookupError:
        return


def drop_privileges(*, nest: bool = False) -> None:
    """Give up every capability, for this process and for whatever it executes. Raises OSError.

    With ``nest`` one is left, without which root can't have namespaces within these: that of giving
    capabilities to files, which count in these namespaces alone (user_namespaces(7)).
    """
    left = 1 << _SET_FILE_CAPABILITIES if nest else 0
    for capability in range(_LAST_CAPABILITY + 1):
        if not left >> capability & 1:
            _libc.prctl(_DROP_FROM_BOUND, capability, 0, 0, 0)  # more than there are: refused
    _checked(_libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    effective, permitted = left, left
    _checked(_libc.capset(header, (ctypes.c_uint32 * 6)(effective, permitted)), "capset")


def separate_mounts() -> None:
    """Keep what is mounted from now on from every other process. Raises OSError."""
    _checked(_libc.unshare(NEW_MOUNTS), "unshare")
    _mount(None, "/", None, _RECURSIVE | _PRIVATE, "")


def bind(source: str, target: str) -> None:
    """Show a file or a folder, and what is mounted below it, at another place. Raises OSError."""
    _mount(source, target, None, _BIND | _RECURSIVE, "")


def overlay(lower: str, upper: str, work: str, target: str) -> None:
    """Show a folder at another place, so that what is written there goes to ``upper``.

    The kernel needs ``work`` beside that; the paths have neither commas nor colons (Documentation/
    filesystems/overlayfs.rst of Linux, since 5.11 without privileges). Raises OSError.
    """
    layers = f"lowerdir={lower},upperdir={upper},workdir={work},userxattr"
    _mount("overlay", target, "overlay", _NO_SUID, layers)


def mount_memory(target: str, mode: str) -> None:
    """Mount an empty folder that is kept in memory; ``mode`` is octal. Raises OSError."""
    _mount("tmpfs", target, "tmpfs", _NO_SUID, f"mode={mode}")


def mount_processes(target: str) -> None:
    """Mount /proc of the current namespace of processes. Raises OSError."""
    _mount("proc", target, "proc", _NO_SUID, "")


def read_only(target: str) -> None:
    """Let nothing be written below a mount, nor in what is mounted below it. Raises OSError."""
    _set_attributes(target, _Attributes(set=_READ_ONLY | _ATTRIBUTE_NO_SUID), _AT_RECURSIVE)


def writable(target: str) -> None:
    """Take ``read_only`` back for one mount that was made here. Raises OSError."""
    _set_attributes(target, _Attributes(clear=_READ_ONLY), 0)


def enter_root(folder: str) -> None:
    """Make a mount the root of all paths, and let go of the old one. Raises OSError."""
    machine = os.uname().machine
    number = _PIVOT_ROOT.get(machine)
    if number is None:
        raise OSError(0, f"pivot_root is not known on {machine}")
    os.chdir(folder)
    _checked(_libc.syscall(number, b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", _DETACH), "umount2")
    os.chdir("/")


def children() -> Iterator[int]:
    """Return the processes whose parent this one is, from /proc (proc(5))."""
    own = os.getpid()
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                parent = int(file.read().rpartition(b")")[2].split(b" ")[2])
        except (OSError, IndexError):
            continue  # it ended
        if parent == own:
            yield int(name)


def _write(name: str, text: str) -> None:
    with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
        file.write(text)


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str) -> None:
    names = [None if one is None else os.fsencode(one) for one in (source, target, kind, data)]
    done = _libc.mount(names[0], names[1], names[2], ctypes.c_ulong(flags), names[3])
    _checked(done, f"mount {target}")


def _set_attributes(target: str, attributes: _Attributes, flags: int) -> None:
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    path = os.fsencode(target)
    done = _libc.syscall(_MOUNT_SETATTR, _AT_CURRENT, path, flags, ctypes.byref(attributes), size)
    _checked(done, f"mount_setattr {target}")


def _checked(done: int, what: str) -> None:
    if done:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
