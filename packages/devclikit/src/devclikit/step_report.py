"""The reports of steps: lines for people, on stderr, or JSON for programs, on stdout."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, cast

from devclikit.output import Onward, write_object
from devclikit.plain import plain
from devclikit.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

DONE, FAILED, NOT_RUN, INTERRUPTED = "done", "failed", "not-run", "interrupted"

FORMAT = 1
"""The version of the JSON lines; it grows when a field changes its meaning or goes away."""

SHOWN = {DONE: "✓", FAILED: "✗", NOT_RUN: "·", INTERRUPTED: "!"}

_COLOURED = re.compile(r"\x1b\[[0-9;]*m")


class Report(Protocol):
    """What is told of steps."""

    def begin(self, name: str) -> None:
        """Hear that a step begins."""

    def end(self, name: str, state: str, words: str, output: str, seconds: float) -> None:
        """Hear how it ended, why or what of it, what it wrote, and how long it took."""


@contextmanager
def report(names: Sequence[str], *, as_json: bool) -> Iterator[Report]:
    """Hand out the report, for as long as steps run."""
    yield Lines(names) if not as_json else JsonLines(names)


class Lines:
    """A line for each step that is over."""

    def __init__(self, names: Sequence[str]) -> None:
        """Write to stderr; steps go on when nobody sees it."""
        self._width = max(map(len, names), default=0)
        self._stream = cast("TextIO", Onward(sys.stderr))

    def begin(self, name: str) -> None:
        """Say nothing yet."""

    def end(self, name: str, state: str, words: str, output: str, seconds: float) -> None:
        """Write how it ended; of what failed all that it wrote."""
        if state == DONE and settings().quiet:
            return
        took = f"{seconds:.1f} s" if state in {DONE, FAILED} else ""
        first, *more = words.split("\n")
        told = (" after " if state == FAILED else ", ").join(filter(None, (first, took)))
        if state == FAILED or settings().verbose:
            more += _COLOURED.sub("", output).splitlines()
        lines = [f"  {SHOWN[state]} {name:{self._width}}  {told}", *(f"    {one}" for one in more)]
        self._stream.write("".join(f"{plain(line).rstrip()}\n" for line in lines))
        self._stream.flush()


class JsonLines:
    """An object a line on stdout, for other programs."""

    def __init__(self, names: Sequence[str]) -> None:
        """Write which steps there are."""
        self._stream = Onward(sys.stdout)
        self._write("running", steps=list(names))

    def begin(self, name: str) -> None:
        """Write that it is started."""
        self._write("started", step=name)

    def end(self, name: str, state: str, words: str, output: str, seconds: float) -> None:
        """Write how it ended."""
        why = {"detail": words} if state == DONE else {"reason": words}
        more = {} if state == NOT_RUN else {"output": output, "seconds": round(seconds, 3)}
        self._write(state, step=name, **why, **more)

    def _write(self, event: str, **fields: object) -> None:
        write_object(self._stream, format=FORMAT, event=event, **fields)
