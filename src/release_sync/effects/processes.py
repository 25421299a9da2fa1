"""Child processes, which end when we are interrupted.

A signal is heard in the main thread alone, and often it is sent to this process alone: whatever is
at work in another thread, or was started by it, has to be told.
"""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

Start: TypeAlias = "Callable[..., subprocess.Popen[str]]"


class Children:
    """Every program that is at work; ``stopped`` is set once none may be any more."""

    def __init__(self) -> None:
        """Run none yet."""
        self.stopped = threading.Event()
        self._running: set[int] = set()
        self._lock = threading.Lock()

    def run(
        self,
        line: Sequence[str],
        folder: Path,
        environ: Mapping[str, str],
        seconds: float,
        descriptors: Sequence[int] = (),
        start: Start = subprocess.Popen,
        heard: Callable[[str], None] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, with nothing to read; it inherits the descriptors.

        ``start`` makes the process, as Popen does; ``heard`` is told each line that it writes to
        its stderr, in another thread.

        Raises TimeoutExpired after so many seconds, OSError when it can't be started, and
        KeyboardInterrupt once all was stopped. It and what it started have ended then.
        """
        process = self._started(line, folder, environ, descriptors, start)
        listening = None if heard is None else _Listening(process, heard)
        try:
            out, error = process.communicate(timeout=seconds)
        except BaseException:
            end(process.pid)
            process.communicate()
            raise
        finally:
            with self._lock:
                self._running.discard(process.pid)
        self._go_on()
        said = error if listening is None else listening.said(seconds)
        return subprocess.CompletedProcess(list(line), process.returncode, out, said)

    def stop(self) -> None:
        """End every program, with all that it started, and let none begin."""
        with self._lock:
            self.stopped.set()
            for pid in self._running:
                end(pid)

    def sleep(self, seconds: float) -> None:
        """Wait. Raises KeyboardInterrupt once all was stopped."""
        self.stopped.wait(seconds)
        self._go_on()

    def _started(
        self,
        line: Sequence[str],
        folder: Path,
        environ: Mapping[str, str],
        descriptors: Sequence[int],
        start: Start,
    ) -> subprocess.Popen[str]:
        with self._lock:
            self._go_on()
            process = start(
                line,
                cwd=folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                pass_fds=descriptors,
            )
            self._running.add(process.pid)
            return process

    def _go_on(self) -> None:
        if self.stopped.is_set():
            raise KeyboardInterrupt


class _Listening:
    """Reads the stderr of a process while it runs, a line at a time."""

    def __init__(self, process: subprocess.Popen[str], heard: Callable[[str], None]) -> None:
        self._heard = heard
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
        process.stderr = None  # else `communicate` reads it, too
        self._thread.start()

    def said(self, seconds: float) -> str:
        """Return all of it, once the process and what it started have closed it."""
        self._thread.join(seconds)
        return "".join(self._lines)

    def _listen(self, stderr: IO[str]) -> None:
        with stderr:
            for line in stderr:
                self._lines.append(line)
                self._heard(line)


def end(pid: int) -> None:
    """Kill a process and all that it started."""
    import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - 20 ms, for what is seldom; it has no types

    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()
