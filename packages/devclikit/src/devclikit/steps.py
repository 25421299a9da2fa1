"""Steps of a command, such as ``check``: side by side where they may be, and reported as they end.

>>> run_steps([
...     Step("lint", ["ruff", "check", "."]),
...     Step("types", ["mypy"]),
...     Step("tests", ["pytest", "-q"], after=["lint", "types"]),
... ])
"""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections import Counter
from contextvars import copy_context
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from graphlib import CycleError, TopologicalSorter
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from devclikit.children import INSIDE, Children, Inside
from devclikit.ending import Ended
from devclikit.errors import Stop
from devclikit.programs import run, written_to
from devclikit.step_outcome import outcome
from devclikit.step_report import FAILED, INTERRUPTED, NOT_RUN, JsonLines, StepScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from devclikit.programs import Argv, Folder
    from devclikit.step_report import Report

Does: TypeAlias = "Argv | Callable[[], object]"


@dataclass(frozen=True, slots=True)
class Step:
    """What is done under a name, when all steps that it is ``after`` are done.

    It is a program's arguments, with where and how to run it, or a function. What that runs by
    ``devclikit.programs`` is the step's own output, and ends when we are interrupted. A text that
    it returns is shown. It has failed where it raises, or returns an exit code that is not 0 (what
    ``run`` returns), a process that ended so (``capture``), False, or what has not ended: a
    coroutine, a generator, a Popen.
    """

    name: str
    does: Does
    after: Sequence[str] = ()
    cwd: Folder = None
    env: Mapping[str, str] | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        """Raise TypeError for one name in place of a sequence: each letter would be a name."""
        if isinstance(self.after, str):
            raise TypeError(f"`after` of the step {self.name} is a sequence of names")


def run_steps(steps: Sequence[Step], *, at_once: int | None = None, as_json: bool = False) -> None:
    """Run steps, so many ``at_once`` (None: as there are cores), and report how each ended.

    On a terminal what is going on is shown; ``as_json`` writes an object a line to stdout. A step
    is not run where one failed that it is after; all others are. Of those that failed the output is
    shown; of the others with ``--verbose``.

    Raises Stop when one failed, or when they are in no order; KeyboardInterrupt when we are
    interrupted, once all programs that they run have ended.
    """
    order = _order(steps)
    many = cores() if at_once is None else max(at_once, 1)
    names = [one.name for one in steps]
    with JsonLines(names) if as_json else StepScreen(names) as told:
        states = _Run(steps, order, many, told).states()
    failed = [one.name for one in steps if states[one.name] == FAILED]
    left = [one.name for one in steps if states[one.name] == NOT_RUN]
    if failed:
        more = f"; not run: {', '.join(left)}" if left else ""
        raise Stop(f"{', '.join(failed)} failed{more}", exit_code=1)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _order(steps: Sequence[Step]) -> TopologicalSorter[str]:
    """Return which steps may begin, and when. Raises Stop where that can't be said."""
    names = [one.name for one in steps]
    for name, times in Counter(names).items():
        if times > 1:
            raise Stop(f"the step {name} is given twice", "give each step a name of its own")
    for step in steps:
        for name in step.after:
            if name not in names:
                alike = get_close_matches(name, names, 1)
                hint = f"did you mean {alike[0]}?" if alike else f"there are {', '.join(names)}"
                raise Stop(f"the step {step.name} is after {name}, which is no step", hint)
    order = TopologicalSorter({one.name: one.after for one in steps})
    try:
        order.prepare()
    except CycleError as error:
        cycle = " → ".join(error.args[1])
        raise Stop(f"steps wait for each other: {cycle}", "leave one `after` of them out") from None
    return order


class _End(NamedTuple):
    """How a step ended, why or what of it, what it wrote, and how long it took."""

    name: str
    state: str
    words: str = ""
    output: str = ""
    seconds: float = 0.0


class _Run:
    """A run of steps, each in a thread of its own; this one hears Ctrl-C."""

    def __init__(
        self, steps: Sequence[Step], order: TopologicalSorter[str], at_once: int, told: Report
    ) -> None:
        self._steps = {one.name: one for one in steps}
        self._order = order
        self._at_once = at_once
        self._told = told
        inside = INSIDE.get()  # steps of a step end with it
        self._children = Children() if inside is None else inside.children
        self._ends: SimpleQueue[_End] = SimpleQueue()
        self._threads: dict[str, threading.Thread] = {}
        self._states: dict[str, str] = {}
        self._failed: dict[str, list[str]] = {}

    def states(self) -> dict[str, str]:
        """Run them all, and return how each ended."""
        ready: list[str] = []
        try:
            while self._order.is_active():
                ready = sorted((*ready, *self._order.get_ready()), key=[*self._steps].index)
                while ready and len(self._threads) < self._at_once:
                    self._begin(self._steps[ready.pop(0)])
                self._note(self._ends.get())
        except KeyboardInterrupt as error:
            self._interrupt(signal.SIGTERM if isinstance(error, Ended) else signal.SIGINT)
            raise
        return self._states

    def _begin(self, step: Step) -> None:
        """Run a step, unless one failed that it needs: then say so."""
        failed = [one for name in step.after for one in self._failed.get(name, ())]
        self._failed[step.name] = [*dict.fromkeys(failed)]
        if failed:
            words = f"not run, because {' and '.join(self._failed[step.name])} failed"
            self._ends.put(_End(step.name, NOT_RUN, words))
            return
        work = copy_context().run
        thread = threading.Thread(target=work, args=(self._work, step), daemon=True)
        self._threads[step.name] = thread
        self._told.begun(step.name)
        thread.start()

    def _note(self, end: _End) -> None:
        self._threads.pop(end.name, None)
        self._states[end.name] = end.state
        if end.state == FAILED:
            self._failed[end.name] = [end.name]
        self._told.ended(*end)
        self._order.done(end.name)

    def _interrupt(self, number: int) -> None:
        """End all programs, and say of each step that is going on that it did not end by itself."""
        while not self._ends.empty():
            self._note(self._ends.get())
        self._children.stop(number)
        for name, thread in self._threads.items():
            if thread.is_alive():
                thread.join(1)  # a function may not heed it, and goes on until we have ended
            self._told.ended(name, INTERRUPTED, "interrupted", "", 0.0)

    def _work(self, step: Step) -> None:
        began, text = time.monotonic(), ""
        try:
            with tempfile.TemporaryFile() as output:
                INSIDE.set(Inside(self._children, output))
                state, words = outcome(_doing(step), output)
                text = written_to(output)
        except Exception as error:  # noqa: BLE001 - a full disk, or a bug: its end is waited for
            state, words = FAILED, str(error)
        self._ends.put(_End(step.name, state, words, text, time.monotonic() - began))


def _doing(step: Step) -> Callable[[], object]:
    if callable(step.does):
        return step.does
    return partial(run, step.does, cwd=step.cwd, env=step.env, seconds=step.seconds)
