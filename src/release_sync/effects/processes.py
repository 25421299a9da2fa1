"""Child processes, which end when we are interrupted, with all that they started."""

from __future__ import annotations

import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from devclikit import children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from devclikit.children import Start


class Children(children.Children):
    """Every program that is at work. They stay in our process group: ssh may ask at the terminal.

    So those that one has started are found by who started them, on every system.
    """

    def __init__(self) -> None:
        """Run none yet."""
        super().__init__(end)
        self._others: list[Callable[[], None]] = []

    @contextmanager
    def others(self, stop: Callable[[], None]) -> Iterator[None]:
        """Let ``stop`` end, together with all, what is at work while a block runs.

        Raises KeyboardInterrupt once all was stopped.
        """
        self._others.append(stop)
        try:
            self.sleep(0)
            yield
        finally:
            self._others.remove(stop)

    def stop(self, *number: int) -> None:
        """End every program, with all that it started, and let none begin."""
        super().stop(*number)
        for one in [*self._others]:
            one()

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
        with self.started(
            line,
            start,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=descriptors,
        ) as process:
            listening = None if heard is None else _Listening(process, heard)
            out, error = process.communicate(timeout=seconds)
        said = error if listening is None else listening.said(seconds)
        return subprocess.CompletedProcess(list(line), process.returncode, out, said)


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
