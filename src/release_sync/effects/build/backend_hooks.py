"""Calling build hooks: by pyproject-hooks, in children of a process that has the backend.

A hook of PEP 517 is to run in a process of its own, and the library starts a new Python for each:
four for each member, which import the same backend again and again. Here each is the child of a
process that has imported it (see ``fork_server``); fifty members build in a fraction of the time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple, Self

from release_sync.backends.all_backends import version_variables
from release_sync.effects.isolation.isolation import BEGIN, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.effects.build.environment import BuildEnvironment, Site, Surroundings

SECONDS = 900
"""How long one hook may take."""

LONGEST = 1 << 20
"""How much of a hook's output is read, in bytes, from its end."""


class Status(NamedTuple):
    """How a hook ended: its exit status, and how many processes it left running."""

    code: int
    left: int


class ForkServer:
    """A Python that has imported a build backend, and runs scripts one after the other.

    Requests and answers have pipes of their own: what a backend prints while it is imported is
    nobody's answer.
    """

    def __init__(
        self,
        environment: BuildEnvironment,
        backend: str,
        environ: Mapping[str, str],
        surroundings: Surroundings,
        site: Site | None = None,
    ) -> None:
        """Start it, for all members of an environment, or for the one at ``site``."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        requested, requesting = os.pipe()
        answered, answering = os.pipe()
        begin = BEGIN.format("release_sync.effects.build", "fork_server")
        words = "fork_server.main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))"
        line = [environment.python, "-I", "-c", f"{begin}; {words}"]
        try:
            self._process = environment.isolation.start(
                [*line, environment.sources, backend, str(requested), str(answering)],
                environment.sources,
                environ,
                environment.view(surroundings, site),
                environment.root,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=(requested, answering),
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

    def run(self, request: Mapping[str, object]) -> Status:
        """Run a script in a child (see ``fork_server``), and return how it ended.

        The status is 1 when the process was ended, or its backend ended it.
        """
        timer = threading.Timer(SECONDS, self.stop)
        timer.start()
        try:
            self._requests.write(f"{json.dumps(request)}\n")
            self._requests.flush()
            code, left = self._answers.readline().split(" ")
            return Status(int(code), int(left))
        except (BrokenPipeError, ValueError):
            return Status(1, 0)
        finally:
            timer.cancel()

    def errors(self) -> bytes:
        """Return what the server itself, or its supervisor, wrote: why it could not do its work."""
        self._errors.seek(0)
        return self._errors.read(LONGEST)

    def stop(self) -> None:
        """End the server, and all that it started."""
        if self._process.poll() is None:
            self._process.terminate()

    def close(self) -> None:
        """End the server and close its files; nobody may be using it any more."""
        self.stop()
        self._process.wait()
        self._answers.close()
        self._errors.close()
        with suppress(BrokenPipeError):  # what was not read by the one that ended
            self._requests.close()


class Hooks:
    """Every fork server of a build: one for each thread and environment, or one for each member."""

    def __init__(self, surroundings: Surroundings) -> None:
        """Start none yet."""
        self._surroundings = surroundings
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
                python.stop()

    def runner(self, site: Site, backend: str, environ: Mapping[str, str]) -> Runner:
        """Return what the library runs a hook with. Raises KeyboardInterrupt once stopped."""
        mine: dict[tuple[object, ...], ForkServer] = self._own.__dict__.setdefault("mine", {})
        environment = site.environment
        alone = environment.isolation.kind is Kind.BUBBLEWRAP
        versions = version_variables()
        shared = {name: value for name, value in environ.items() if name not in versions}
        own = {name: value for name, value in environ.items() if name in versions}
        key = (site if alone else environment), backend, frozenset(shared.items())
        with self._lock:
            if self._stopped:
                raise KeyboardInterrupt
            if key not in mine:
                mine[key] = ForkServer(
                    environment, backend, shared, self._surroundings, site if alone else None
                )
                self._all.append(mine[key])
        return Runner(mine[key], site, own)


class Runner:
    """Runs hooks of one member, and keeps what the last one wrote. Called by the library."""

    def __init__(self, python: ForkServer, site: Site, environ: Mapping[str, str]) -> None:
        """Run hooks in children of ``python``, which are told its version by ``environ``."""
        self._python = python
        self._site = site
        self._environ = environ
        self.output = ""
        self.left = 0

    def __call__(
        self,
        cmd: Sequence[str],
        cwd: str | None = None,
        extra_environ: Mapping[str, str] | None = None,
    ) -> None:
        """Run ``python SCRIPT HOOK FOLDER``. Raises CalledProcessError, as the library expects.

        The library's own folder stays where no build can write; the hook gets a copy.
        """
        _, script, hook, folder = cmd
        site, environment = self._site, self._site.environment
        control = site.control / token_hex(8)
        shutil.copytree(folder, control)
        inside = site.inside(control)
        nested = environment.isolation.kind is Kind.NAMESPACES
        code, left = self._python.run({
            "arguments": [environment.script(script), hook, inside],
            "folder": cwd or os.curdir,
            "environ": {**self._environ, **(extra_environ or {})},
            "log": f"{inside}/output.log",
            "modules": f"{inside}/modules.json",
            "learned": (environment if nested else site).inside(control / "modules.json"),
            "member": environment.inside(site.folder) if nested else "",
        })  # fmt: skip
        self.left += left
        written = _end_of(control / "output.log") or (self._python.errors() if code else b"")
        self.output = written.decode("utf-8", "replace")
        answer = control / "output.json"
        if code or not answer.is_file():
            if not code or not self.output.strip():
                self.output += (
                    f"\nits hook {hook} ended with exit status {code}, and did not answer"
                )
            raise subprocess.CalledProcessError(code or 1, cmd, self.output)
        Path(folder, "output.json").write_bytes(_without_warnings(_end_of(answer)))


def _without_warnings(answer: bytes) -> bytes:
    """Return what a hook answered without what it warned of: the library would print that."""
    try:
        found = json.loads(answer)
        found.pop("warnings", None)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return answer  # the library says what is wrong with it
    return json.dumps(found).encode()


def _end_of(file: Path) -> bytes:
    """Return the end of a file that a build wrote; nothing where it made it something else."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb") as stream:
        stream.seek(max(0, os.fstat(descriptor).st_size - LONGEST))
        return stream.read(LONGEST)
