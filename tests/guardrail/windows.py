"""Windows' paths and files, played on another system.

A drive ``Z:`` whose root is ``/``, backslashes, ``ntpath``; a file is opened as text unless
O_BINARY is said, text is written with CRLF and in cp1252, a folder can't be opened, and ``os.name``
says so. What this can't show: file systems without case, files that can't be replaced while they
are open, git's own shell there, and Windows' bugs.
"""

from __future__ import annotations

import builtins
import errno
import io
import ntpath
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DRIVE = "Z:"
O_BINARY = 0x8000
FORBIDDEN = frozenset('<>"|?*')
"""What no file's name may have there, beside the colon."""

ONE_PATH = (
    *("access", "chdir", "chmod", "listdir", "lstat", "mkdir", "readlink", "remove", "rmdir"),
    *("stat", "unlink", "utime"),
)
"""The functions of ``os`` that take one path, first."""

STARTS = ("GIT_", "HOME", "VIRTUAL_ENV")
"""How the names of variables begin that have a path."""


def here(path: Any) -> Any:
    """Return a path of that system as this one has it; descriptors and bytes stay."""
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(text, str):
        return text
    drive, rest = ntpath.splitdrive(text)
    if ":" in rest or FORBIDDEN & set(rest) or (drive and drive.upper() != DRIVE):
        raise OSError(errno.EINVAL, "The filename, directory name, or volume label is incorrect")
    return rest.replace("\\", "/") or "/"


def there(path: str) -> str:
    """Return a path of this system as that one has it."""
    return DRIVE + path.replace("/", "\\") if path.startswith("/") else path.replace("/", "\\")


class Entry:
    """An ``os.DirEntry``, whose path is as that system has it."""

    def __init__(self, entry: os.DirEntry[str], folder: str) -> None:
        self.name = entry.name
        self.path = ntpath.join(folder, entry.name)
        self.is_dir, self.is_file = entry.is_dir, entry.is_file
        self.is_symlink, self.stat, self.inode = entry.is_symlink, entry.stat, entry.inode

    def __fspath__(self) -> str:
        return self.path


class Listing:
    """What ``os.scandir`` returns."""

    def __init__(self, folder: str, found: Any) -> None:
        self.folder, self.found = folder, found

    def __iter__(self) -> Iterator[Entry]:
        return (Entry(one, self.folder) for one in self.found)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.found.close()

    def close(self) -> None:
        self.found.close()


def become_windows() -> None:
    """Have paths, files and programs as Windows has them."""
    for name in ONE_PATH:
        setattr(os, name, translated(getattr(os, name)))
    for name in ("rename", "replace", "symlink", "link"):
        setattr(os, name, translated(getattr(os, name), 2))
    listed, current, reads = os.scandir, os.getcwd, os.readlink
    os.scandir = lambda path=".": Listing(os.fspath(path), listed(here(path)))  # type: ignore[assignment]
    os.getcwd = lambda: there(current())
    os.readlink = lambda *given, **more: there(reads(*given, **more))  # type: ignore[assignment]
    os.O_BINARY = O_BINARY  # type: ignore[attr-defined]
    tempfile._bin_openflags |= O_BINARY  # type: ignore[attr-defined] # noqa: SLF001 - as it has there
    tempfile.tempdir = there(tempfile.gettempdir())
    os.open = opening(os.open)
    builtins.open = io.open = texts(io.open)
    os.path = sys.modules["os.path"] = ntpath
    os.sep, os.altsep, os.linesep = "\\", "/", "\r\n"
    os.name = "nt"
    become_windows_paths()
    setattr(shutil, "_winapi", SimpleNamespace(NeedCurrentDirectoryForExePath=bool))  # noqa: B010 - no type has it
    subprocess._USE_POSIX_SPAWN = False  # type: ignore[misc] # noqa: SLF001 - it is gone
    subprocess.Popen = programs(subprocess.Popen)  # type: ignore[misc]
    for name in [one for one in os.environ if one.startswith(STARTS)]:
        if os.environ[name].startswith("/"):
            os.environ[name] = DRIVE + os.environ[name]  # with slashes, as git says it
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="cp1252", newline="\r\n")


def become_windows_paths() -> None:
    """Let pathlib make the paths that it makes there."""
    flavour = getattr(pathlib, "_windows_flavour", None)  # Python 3.11
    if flavour is not None:
        flavour.is_supported = True
    elif "__new__" in vars(pathlib.WindowsPath):
        del pathlib.WindowsPath.__new__


def translated(function: Callable[..., Any], count: int = 1) -> Callable[..., Any]:
    """Return a function of ``os`` that takes paths of that system first."""

    def call(*given: Any, **more: Any) -> Any:
        return function(*map(here, given[:count]), *given[count:], **more)

    return call


def opening(function: Callable[..., int]) -> Callable[..., int]:
    """Return ``os.open``: no folder is opened, and no file without O_BINARY."""

    def call(path: Any, flags: int, *given: Any, **more: Any) -> int:
        if str(path).lower() in {"nul", os.devnull}:
            return function("/dev/null", flags & ~O_BINARY, *given, **more)
        plain = here(path)
        if os.path.isdir(path):  # noqa: PTH112 - it is asked as there
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        assert flags & O_BINARY, f"{path} would be read as text: carriage returns would be lost"
        return function(plain, flags & ~O_BINARY, *given, **more)

    return call


def texts(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``open``, whose lines end with CRLF, and whose text is cp1252, unless it says more."""

    def call(
        file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None,
        errors: str | None = None, newline: str | None = None, *given: Any, **more: Any,
    ) -> Any:  # fmt: skip
        if "b" not in mode:
            encoding = encoding or "cp1252"
            newline = "\r\n" if newline is None and not mode.startswith("r") else newline
        return function(here(file), mode, buffering, encoding, errors, newline, *given, **more)

    return call


def programs(base: Any) -> Any:
    """Return ``subprocess.Popen``, which starts this system's programs from there."""

    class Popen(base):  # type: ignore[misc]
        def __init__(self, line: Sequence[str], *given: Any, **more: Any) -> None:
            words = [_argument(word) for word in line]
            program = words[0] if "/" in words[0] else _program(words[0])
            if "cwd" in more and more["cwd"] is not None:
                more["cwd"] = here(more["cwd"])
            environ = more.get("env")
            if environ is not None:
                more["env"] = {name: _variable(name, text) for name, text in environ.items()}
            super().__init__([program, *words[1:]], *given, **more)

        def kill(self) -> None:
            os.kill(self.pid, 9)

    return Popen


def _argument(word: Any) -> Any:
    text = os.fspath(word)
    return here(text) if isinstance(text, str) and text[:2].upper() == DRIVE else text


def _variable(name: str, text: str) -> str:
    return here(text) if name.startswith(STARTS) and text[:2].upper() == DRIVE else text


def _program(name: str) -> str:
    for folder in os.environ["PATH"].split(":"):
        if shutil._access_check(f"{folder}/{name}", os.F_OK | os.X_OK):  # type: ignore[attr-defined] # noqa: SLF001 - `which` asks for endings there
            return f"{folder}/{name}"
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
