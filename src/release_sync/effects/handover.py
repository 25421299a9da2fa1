"""Secrets leave the environment that this process was started with, before anything else is done.

``/proc/PID/environ`` and ``ps`` show what execve(2) was given, whatever is removed from it later;
and what a release builds, imports and runs as a hook can read it. So the process starts itself once
more without the secrets, and hands them to itself through a pipe, which is empty when it was read.
"""

from __future__ import annotations

import fcntl
import os
import sys

from release_sync.effects.secrets import is_secret, keep

PLACE = "RELEASE_SYNC_SECRETS"
"""The variable that says ``PID:DESCRIPTOR``; execve(2) keeps the number of a process."""

_STREAMS = 3
"""So many descriptors are streams: 0, 1 and 2."""


def put_secrets_away() -> None:
    """Keep what is secret in this process alone; does not return where it starts itself again.

    Where Python can't be started again, the secrets are still in no environment of a child.
    """
    process, _, descriptor = os.environ.pop(PLACE, "").partition(":")
    if process == str(os.getpid()):
        keep(_read(int(descriptor)))
        _close_to_others()
    secrets = {name: value for name, value in os.environ.items() if is_secret(name, value)}
    if secrets:
        for name in secrets:
            del os.environ[name]
        _start_again(secrets)
        keep(secrets)
        _close_to_others()


def _start_again(secrets: dict[str, str]) -> None:
    """Become the same Python with the same arguments, with the secrets in a pipe.

    Returns when that can't be: Python is not where it says, or a secret is larger than a pipe.
    """
    reading, writing = _pipe()
    environ = {**os.environ, PLACE: f"{os.getpid()}:{reading}"}
    try:
        if _fill(writing, secrets):
            os.set_inheritable(reading, True)  # noqa: FBT003 - it takes no keyword
            os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environ)  # noqa: S606 - no shell is wanted
    except OSError:
        pass
    os.close(reading)


def _pipe() -> tuple[int, int]:
    """Make a pipe whose reading end is no stream's number, though the shell closed some (``>&-``).

    Python would take it for that stream when it starts again.
    """
    low, writing = os.pipe()
    reading = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, _STREAMS)
    os.close(low)
    return reading, writing


def _fill(pipe: int, secrets: dict[str, str]) -> bool:
    """Write all of it into a pipe that nobody reads yet, and close it; return whether it fits."""
    data = b"\0".join(os.fsencode(f"{name}={value}") for name, value in secrets.items())
    os.set_blocking(pipe, False)
    try:
        return os.write(pipe, data) == len(data)
    finally:
        os.close(pipe)


def _read(pipe: int) -> dict[str, str]:
    """Empty a pipe, and close it."""
    with os.fdopen(pipe, "rb") as stream:
        variables = os.fsdecode(stream.read()).split("\0")
    return {name: value for name, _, value in (one.partition("=") for one in variables)}


def _close_to_others() -> None:
    from release_sync.effects.isolation import kernel  # noqa: PLC0415 - only for who has a secret

    kernel.close_to_others()
