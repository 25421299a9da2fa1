"""Run a program of ours as another system would: with what Linux has more of taken away.

    python elsewhere.py windows|darwin|bare SCRIPT [ARGUMENT …]

``darwin`` takes away what only Linux has, ``bare`` also fork, fcntl and what else a guardrail needs
not have; ``windows`` all that Windows lacks, and has its paths and files: see ``windows``.
"""

from __future__ import annotations

import errno
import importlib.abc
import os
import signal
import sys
import sysconfig
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click
import click.shell_completion  # noqa: F401 - the same
import psutil  # type: ignore[import-untyped]  # noqa: F401 - the same

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.guardrail.windows import become_windows

if TYPE_CHECKING:
    from collections.abc import Sequence


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace("\n", "").split(" "))


LINUX = _words("""\
copy_file_range eventfd memfd_create pidfd_open posix_fadvise
 sched_getaffinity sched_setaffinity setns splice timerfd_create unshare""")
"""What of ``os`` only Linux has (its documentation); of what shutil has found already nothing."""

UNIX = _words("""\
O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK POSIX_SPAWN_CLOSE POSIX_SPAWN_DUP2
 POSIX_SPAWN_OPEN WEXITSTATUS WIFEXITED WIFSIGNALED WTERMSIG chown chroot ctermid fchdir fchmod
 fchown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getpgrp getsid getuid
 initgroups killpg lchown lockf mkfifo mknod nice openpty posix_spawn posix_spawnp pread preadv
 pwrite pwritev sendfile set_blocking setegid seteuid setgid setgroups setpgid setsid setuid
 statvfs sync sysconf tcgetpgrp ttyname uname wait wait3 wait4""")
"""What of ``os`` Windows lacks, as far as the standard library does not need it to go on here."""

SIGNALS = _words("""\
SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2
 SIGWINCH alarm pause pthread_kill pthread_sigmask setitimer sigwait""")

MODULES = frozenset(
    {
        "fcntl",
        "grp",
        "nis",
        "pty",
        "pwd",
        "readline",
        "resource",
        "spwd",
        "syslog",
        "termios",
        "tty",
    }
)
"""Modules that Windows lacks."""


class Blocker(importlib.abc.MetaPathFinder):
    """Finds no module that is taken away."""

    def find_spec(self, name: str, _path: object, _target: object = None) -> None:
        """Raise ModuleNotFoundError for what is not there."""
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def take_away(names: Sequence[str], signals: Sequence[str], modules: frozenset[str]) -> None:
    """Remove names from ``os`` and ``signal``, and modules."""
    for name in names:
        if hasattr(os, name):
            delattr(os, name)
    for name in signals:
        if hasattr(signal, name):
            delattr(signal, name)
    for name in modules:
        sys.modules.pop(name, None)
    if modules:
        sys.meta_path.insert(0, Blocker())
    hide_proc()


def hide_proc() -> None:
    """Let nothing below /proc be opened."""
    open_file = os.open

    def opened(path: Any, *arguments: Any, **options: Any) -> int:
        if isinstance(path, str) and path.startswith("/proc"):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return open_file(path, *arguments, **options)

    os.open = opened


def main(kind: str, script: str, *arguments: str) -> None:
    """Become another system, and run a script there."""
    code = compile(Path(script).read_bytes(), script, "exec")
    if kind == "darwin":
        take_away(LINUX, (), frozenset())
    elif kind == "bare":
        kept = ("O_", "POSIX_SPAWN", "posix_spawn", "W")
        take_away([*LINUX, *(one for one in UNIX if not one.startswith(kept))], (), MODULES)
    else:
        take_away([*LINUX, *UNIX], SIGNALS, MODULES)
    proxies = ModuleType("_scproxy")  # urllib asks macOS for the proxies that it is set to use
    proxies.__dict__.update(_get_proxies=dict, _get_proxy_settings=dict)
    sys.modules["_scproxy"] = proxies
    sysconfig.get_config_vars()  # reads a file that is named after the system
    sys.platform = "win32" if kind == "windows" else "darwin"
    sys.argv = [script, *arguments]
    if kind == "windows":
        become_windows()
    exec(code, {"__name__": "__main__", "__file__": script})  # noqa: S102 - what it is there for


if __name__ == "__main__":
    main(*sys.argv[1:])
