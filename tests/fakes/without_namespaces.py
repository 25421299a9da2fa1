"""A program that runs another one as on a machine where no user has namespaces.

The kernel then refuses unshare(2), and clone(2) with a new user namespace, as it does in many
containers, for the program and for all that it starts (seccomp(2)).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

NUMBERS = {"x86_64": (272, 56), "aarch64": (97, 220)}
"""The numbers of unshare and clone, by machine."""

NEW_USER = 0x10000000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IS, _HAS, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER, _FIRST_ARGUMENT = 0, 16


def give_namespaces_up() -> None:
    """Let the kernel refuse them, for ever."""
    unshare, clone = NUMBERS[platform.machine()]
    lines = (
        (_LOAD, 0, 0, _NUMBER),
        (_IS, 3, 0, unshare),
        (_IS, 0, 3, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_HAS, 0, 1, NEW_USER),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = struct.pack("HP", len(lines), ctypes.addressof(code))
    libc = ctypes.CDLL(None)
    done = libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, program)
    if done:
        raise OSError("no filter of system calls can be had here")


if __name__ == "__main__":
    give_namespaces_up()
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606 - no shell is wanted
