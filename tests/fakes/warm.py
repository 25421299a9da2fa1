"""Programs of ours in processes of their own, forked from one that has imported everything.

Of the 0.6 s that the program of a release works, 0.4 s are imports, and the tests make hundreds of
releases. A child gets the arguments, folder, environment and streams that a new Python would get.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import shutil
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

READ_AT_START = ("LANG", "LC_", "LD_", "PYTHON")
"""A Python reads the variables that begin like this when it starts."""

LIBRARIES = (
    "filelock", "git", "packaging.metadata", "psutil", "pypi_simple", "pypiserver",
    "pyproject_hooks", "requests", "rtoml", "ruamel.yaml", "tomlkit",
)  # fmt: skip
"""What is imported inside functions."""

PROGRAMS = tuple(
    f"release_sync.{name}" for name in ("__main__", "cli.main", "cli.chaos.crashing_release")
)
"""What is run, and so is not imported before."""

ORDER = 1 << 20
"""So many bytes an order has at most."""


def run(
    module: str, *arguments: str, cwd: Path, environ: Mapping[str, str], seconds: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a module as ``python -m`` does, without an input, and return how it ended.

    Where the environment would make another Python of it, it is really started; and on macOS, whose
    sockets do not keep orders apart.
    """
    if sys.platform != "linux" or _read_at_start(environ) != _read_at_start(os.environ):
        return start(module, *arguments, cwd=cwd, environ=environ, seconds=seconds)
    order = {"module": module, "arguments": arguments, "cwd": str(cwd), "environ": dict(environ)}
    (out, out_end), (err, err_end), (said, said_end) = (os.pipe() for _ in range(3))
    nothing = os.open(os.devnull, os.O_RDONLY)
    ends = [nothing, out_end, err_end, said_end]
    socket.send_fds(_server(), [json.dumps(order).encode()], ends)
    for end in ends:
        os.close(end)
    with (
        os.fdopen(out, encoding="utf-8") as output,
        os.fdopen(err, encoding="utf-8") as errors,
        os.fdopen(said, encoding="utf-8") as says,
        ThreadPoolExecutor(3) as readers,
    ):
        process = int(says.readline())
        reading = [readers.submit(stream.read) for stream in (output, errors, says)]
        if wait(reading, seconds).not_done:
            os.kill(process, signal.SIGKILL)
            raise subprocess.TimeoutExpired([module, *arguments], seconds or 0)
        written, complaints, status = (one.result() for one in reading)
    code = os.waitstatus_to_exitcode(int(status))
    return subprocess.CompletedProcess([module, *arguments], code, written, complaints)


def start(
    module: str, *arguments: str, cwd: Path, environ: Mapping[str, str], seconds: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Do the same with a new Python."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def _read_at_start(environ: Mapping[str, str]) -> dict[str, str | None]:
    """Return what makes another Python of it; GitPython asks git for its version."""
    read = {name: value for name, value in environ.items() if name.startswith(READ_AT_START)}
    return {**read, "git": shutil.which("git", path=environ.get("PATH"))}


@cache
def _server() -> socket.socket:
    """Start the process that imports everything, and return where it takes orders."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with there:
        process = subprocess.Popen(
            [sys.executable, __file__, str(there.fileno())],
            pass_fds=[there.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # as the children have: Python looks at what it starts with
            stderr=subprocess.PIPE,
        )

    def end() -> None:
        here.close()
        process.communicate()

    atexit.register(end)
    return here


def import_everything() -> None:
    """Import what a command may need, but for the programs themselves."""
    import release_sync  # noqa: PLC0415 - only in the server

    ours = pkgutil.walk_packages(release_sync.__path__, "release_sync.")
    for name in (*LIBRARIES, *(module.name for module in ours)):
        if name not in PROGRAMS:
            with contextlib.suppress(ImportError):  # what another system has
                importlib.import_module(name)
    gc.collect()
    gc.freeze()


def serve(control: socket.socket) -> dict[str, Any]:
    """Fork for each order; return it in the child that does it, whose streams are the ordered."""
    while True:
        with contextlib.suppress(ChildProcessError):  # there is none
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        data, (*streams, says), _, _ = socket.recv_fds(control, ORDER, 4)
        if os.fork() == 0:
            control.close()
            _fork_and_tell(streams, says)
            ordered: dict[str, Any] = json.loads(data)
            return ordered
        for one in (*streams, says):
            os.close(one)


def _fork_and_tell(streams: list[int], says: int) -> None:
    """Return in a child with these streams; wait for it, and tell its number and its status."""
    child = os.fork()
    if child == 0:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.closerange(len(streams), says + 1)
        return
    for stream in streams:
        os.close(stream)
    os.write(says, b"%d\n" % child)
    os.write(says, b"%d" % os.waitpid(child, 0)[1])
    os._exit(0)


def become(module: str, arguments: list[str], cwd: str, environ: dict[str, str]) -> None:
    """Be the Python that was started with these arguments, in this folder and environment."""
    from release_sync.effects import handover  # noqa: PLC0415 - only in the server

    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    sys.path.insert(0, cwd)
    sys.argv = ["-m", *arguments]
    sys.orig_argv = [sys.executable, "-m", module, *arguments]
    # Who starts anew does so to have no secret in /proc/PID/environ: here none is there.
    handover._start_again = lambda secrets: None  # noqa: SLF001, ARG005 - see above


if __name__ == "__main__":
    del sys.path[0]
    import_everything()
    ordered = serve(socket.socket(fileno=int(sys.argv[1])))
    become(**ordered)
    runpy.run_module(ordered["module"], run_name="__main__", alter_sys=True)
