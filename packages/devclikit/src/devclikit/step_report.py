"""The reports of steps: lines for people, on stderr, or JSON for programs, on stdout."""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, TypeAlias

from devclikit.output import Onward, write_object
from devclikit.plain import plain
from devclikit.terminal import reporter
from devclikit.terminal.reporter import Reporter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

DONE, FAILED, NOT_RUN, INTERRUPTED = "done", "failed", "not-run", "interrupted"

EXIT_CODE = "exit code"
"""What the words of a step begin with whose program, or function, ended with another one than 0."""

FORMAT = 1
"""The version of the JSON lines; it grows when a field changes its meaning or goes away."""

_MARKS = {
    DONE: reporter.DONE,
    FAILED: reporter.FAILED,
    NOT_RUN: reporter.SKIPPED,
    INTERRUPTED: reporter.NOTE,
}

_COLOURED = re.compile(r"\x1b\[[0-9;]*m")


class StepScreen(Reporter):
    """A line for each step that is over, and those that are going on below them."""

    def __init__(self, names: Sequence[str]) -> None:
        """Make room for the names."""
        super().__init__()
        self._shown = {name: plain(name.replace("\n", " ")) for name in names}
        self.label = max(map(len, ("Running", *self._shown.values())))

    def begun(self, name: str) -> None:
        """Show that a step is going on."""
        self.begin(self._shown[name])

    def ended(self, name: str, state: str, words: str, output: str, seconds: float) -> None:
        """Write how a step ended, why or what of it, how long it took; if it failed, its output."""
        name = self._shown[name]
        self.end(name)
        if state == DONE and self.quiet:
            return
        first, *more = words.split("\n")
        took = f"{seconds:.1f} s" if state in {DONE, FAILED} else ""
        joined = " after " if first.startswith(EXIT_CODE) else ", "
        told = joined.join(filter(None, (first, took)))
        if output and (state == FAILED or self.verbose):
            more += _COLOURED.sub("", output).removesuffix("\n").split("\n")
        # Of a line that was written several times, the last is seen.
        seen = [line.rstrip("\r").rpartition("\r")[2] for line in more]
        self.event(_MARKS[state], name, told, seen)


class JsonLines:
    """An object a line on stdout, for other programs; what else is printed goes to stderr."""

    def __init__(self, names: Sequence[str]) -> None:
        """Write which steps there are."""
        self._stream = Onward(sys.stdout)
        self._others = redirect_stdout(sys.stderr)
        self._write("running", steps=list(names))

    def __enter__(self) -> Self:
        """Write as it happens."""
        self._others.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Write nothing more."""
        self._others.__exit__(None, None, None)

    def begun(self, name: str) -> None:
        """Write that it is started."""
        self._write("started", step=name)

    def ended(self, name: str, state: str, words: str, output: str, seconds: float) -> None:
        """Write how it ended."""
        why = {"detail": words} if state == DONE else {"reason": words}
        more = {} if state == NOT_RUN else {"output": output, "seconds": round(seconds, 3)}
        self._write(state, step=name, **why, **more)

    def _write(self, event: str, **fields: object) -> None:
        write_object(self._stream, format=FORMAT, event=event, **fields)


Report: TypeAlias = StepScreen | JsonLines
"""What hears of steps, from one thread: ``begun(name)``, and ``ended(…)`` with how it ended."""
