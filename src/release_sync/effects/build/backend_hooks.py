"""Calling build hooks: by the build library, in children of a process.

A hook of PEP 517 is to run in a process of its own, and the library starts a new Python for each:
four for each member, which import the same backend again and again. Here each is the child of a
process that has imported it (see ``fork_server``); fifty members build in a fraction of the time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from release_sync.effects.build import fork_server

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECONDS = 900
"""How long one hook may take."""


class ForkServer:
    """A Python that has imported a build backend, and runs scripts one after the other.

    Requests and answers have pipes of their own: what a backend prints while it is imported is
    nobody's answer.
    """

    def __init__(self, environment: Path, backend: str, environ: Mapping[str, str]) -> None:
        """Start it; ``environment`` is a virtual environment that has the backend."""
        requested, requesting = os.pipe()
        answered, answering = os.pipe()
        program = [str(environment / "bin" / "python"), "-I", fork_server.__file__, backend]
        try:
            self._process = subprocess.Popen(
                [*program, str(requested), str(answering)],
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(requested, answering),
                start_new_session=True,
            )
        except OSError:
            os.close(requesting)
            os.close(answered)
            raise
        finally:
            os.close(requested)
            os.close(answering)
        self._requests = os.fdopen(requesting, "w", encoding="utf-8")
        self._answers = os.fdopen(answered, encoding="ascii", errors="replace")

    def run(
        self, arguments: Sequence[str], folder: str, environ: Mapping[str, str], log: Path
    ) -> int:
        """Run a script in a child, its output in ``log``; return its exit status.

        It is 1 when the process was ended, or its backend ended it.
        """
        request = {
            "arguments": list(arguments),
            "folder": folder,
            "environ": dict(environ),
            "log": str(log),
            "modules": str(log.with_name("modules.json")),
        }
        timer = threading.Timer(SECONDS, self.kill)
        timer.start()
        try:
            self._requests.write(f"{json.dumps(request)}\n")
            self._requests.flush()
            return int(self._answers.readline())
        except (BrokenPipeError, ValueError):
            return 1
        finally:
            timer.cancel()

    def kill(self) -> None:
        """Kill the server, and its child if one is running."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the server and close its files; nobody may be using it any more."""
        self.kill()
        self._process.wait()
        self._answers.close()
        with suppress(BrokenPipeError):  # what was not read by the one that ended
            self._requests.close()


class Hooks:
    """Every fork server of a build: one for each thread and environment."""

    def __init__(self) -> None:
        """Start none yet."""
        self._own = threading.local()
        self._all: list[ForkServer] = []
        self._lock = threading.Lock()
        self._stopped = False

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every process."""
        for python in self._all:
            python.close()

    def stop(self) -> None:
        """End what runs in other threads, and let nothing begin."""
        with self._lock:
            self._stopped = True
            for python in self._all:
                python.kill()

    def runner(self, environment: Path, backend: str, environ: Mapping[str, str]) -> Runner:
        """Return what the build library runs a hook with. Raises KeyboardInterrupt once stopped."""
        mine: dict[tuple[Path, str], ForkServer] = self._own.__dict__.setdefault("mine", {})
        key = environment, backend
        with self._lock:
            if self._stopped:
                raise KeyboardInterrupt
            if key not in mine:
                mine[key] = ForkServer(environment, backend, environ)
                self._all.append(mine[key])
        return Runner(mine[key])


class Runner:
    """Runs a hook, and keeps the file with what it wrote. Called by the build library."""

    def __init__(self, python: ForkServer) -> None:
        """Run hooks in children of ``python``."""
        self._python = python
        self.output = ""

    def __call__(
        self,
        cmd: Sequence[str],
        cwd: str | None = None,
        extra_environ: Mapping[str, str] | None = None,
    ) -> None:
        """Run ``python SCRIPT HOOK FOLDER``. Raises CalledProcessError, as the library expects."""
        _, *arguments = cmd
        log = Path(arguments[-1], "output.log")
        code = self._python.run(arguments, cwd or os.curdir, extra_environ or {}, log)
        self.output = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        if code:
            raise subprocess.CalledProcessError(code, cmd, self.output)
