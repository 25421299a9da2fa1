"""Mutate every branch of the decisions, one by one, and list what no story notices.

``python -m tests.mutations.run [WORD …]`` takes only mutants in whose names a word is.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest
from _pytest.runner import runtestprotocol
from tests.mutations.mutants import Mutant, mutants
from tests.mutations.planting import Story, begin, ends_well, parse, source
from tests.run import scenarios, test_two_parties

import release_sync.changelog
import release_sync.plan.changelogs
import release_sync.plan.channels
import release_sync.run
import release_sync.steps
import release_sync.workspace.changelogs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from _typeshed import TraceFunction

ROOMS = (
    release_sync.run,
    release_sync.steps,
    release_sync.changelog,
    release_sync.workspace.changelogs,
    release_sync.plan.changelogs,
    release_sync.plan.channels,
)
MODULES = (
    "release_sync.plan.own_steps",
    *(
        module.name
        for room in ROOMS
        for module in walk_packages(room.__path__, f"{room.__name__}.")
    ),
)
TESTS = ("tests/steps", "tests/run", "tests/seals", "tests/plan", "tests/changelog",
         "tests/workspace/changelogs", "tests/fixes/test_changelog_edits.py")  # fmt: skip
WHOLE = ("test_every_moment", "test_two_parties")
"""Tests that tell all stories; here they are told one by one."""
EVERY = 331
"""One of so many stories of two parties is told."""
MOST = 150
"""About how many of the other stories are told of one mutant, at most."""
PROCESSES = 2
LISTED = Path(__file__).with_name("SURVIVORS.md")


@dataclass
class Survey:
    """Which stories run which lines of which file.

    The first of them, as many as are ``written`` as tests of one thing, are all told of a mutant.
    """

    written: int
    seen: dict[tuple[str, int], set[int]] = field(default_factory=lambda: defaultdict(set))

    def watch(self, nth: int, story: Callable[[], None], files: frozenset[str]) -> bool:
        """Tell a story, and note where it came by; return whether it ends well."""

        def line(frame: FrameType, event: str, _: object) -> TraceFunction:
            if event == "line":
                self.seen[frame.f_code.co_filename, frame.f_lineno].add(nth)
            return line

        def call(frame: FrameType, _: str, __: object) -> TraceFunction | None:
            return line if frame.f_code.co_filename in files else None

        threading.settrace(call)
        sys.settrace(call)
        try:
            return ends_well(story)
        finally:
            sys.settrace(None)
            threading.settrace(None)

    def of(self, mutant: Mutant) -> list[int]:
        """Return the stories that meet a mutant, those that are written for one thing first."""
        file = str(source(mutant.module))
        met = sorted(set().union(*(self.seen.get((file, one), ()) for one in mutant.lines)))
        written = [one for one in met if one < self.written]
        told = met[len(written) :]
        return written + told[:: max(1, len(told) // MOST)]


class Runner:
    """In the place of pytest's own loop over what it collected."""

    def __init__(self, words: Sequence[str]) -> None:
        """Hold which mutants are wanted."""
        self.words = words
        self.survivors: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Tell every story once, then those that meet each mutant."""
        written = list(_collected(session))
        stories = [*written, *_spread(list(scenarios.every())),
                   *_spread(list(test_two_parties.stories(every=EVERY)))]  # fmt: skip
        files = frozenset(str(source(module)) for module in MODULES)
        survey = Survey(len(written))
        ill = [name for nth, (name, story) in enumerate(stories)
               if not survey.watch(nth, story, files)]  # fmt: skip
        if ill:
            raise pytest.UsageError(f"fails without a mutant: {', '.join(ill)}")
        _say(f"{len(stories)} stories, {time.process_time():.0f}s")
        self._mutate(stories, survey)
        return True

    def _mutate(self, stories: Sequence[Story], survey: Survey) -> None:
        trees = {module: parse(module) for module in MODULES}
        made = [one for module, tree in trees.items() for one in mutants(module, tree)]
        wanted = [one for one in made if not self.words or any(w in one.name for w in self.words)]
        running: dict[int, Mutant] = {}
        for mutant in wanted:
            told = [stories[nth] for nth in survey.of(mutant)]
            if not told:
                self._survived(mutant, "met by no story")
                continue
            if len(running) == PROCESSES:
                self._wait(running)
            running[begin(mutant, trees[mutant.module], told)] = mutant
        while running:
            self._wait(running)
        _say(f"{len(wanted)} mutants, {len(self.survivors)} survive")

    def _wait(self, running: dict[int, Mutant]) -> None:
        process, status = os.wait()
        mutant = running.pop(process)
        if status == 0:
            self._survived(mutant)
        elif os.WIFSIGNALED(status):
            _say(f"goes round for ever: {mutant.name}")

    def _survived(self, mutant: Mutant, why: str = "") -> None:
        self.survivors.append(mutant.name)
        _say(f"survives: {mutant.name}{f' [{why}]' if why else ''}")


def _collected(session: pytest.Session) -> Iterator[Story]:
    for item in session.items:
        if item.path.stem not in WHOLE:
            yield item.nodeid, lambda item=item: _run(item)  # type: ignore[misc]


def _run(item: pytest.Item) -> None:
    reports = runtestprotocol(item, nextitem=None, log=False)
    assert not any(report.failed for report in reports), item.nodeid


def _spread(stories: list[Story]) -> list[Story]:
    """Return stories in an order in which neighbours differ."""
    return [one for nth in range(23) for one in stories[nth::23]]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def listed() -> list[str]:
    """Return the survivors that are explained."""
    lines = LISTED.read_text(encoding="utf-8").splitlines()
    return [line[2:].partition(" — ")[0] for line in lines if line.startswith("- ")]


def main(words: Sequence[str]) -> int:
    """Run it; return 1 when a mutant survives that is not explained."""
    os.nice(10)
    runner = Runner(words)
    arguments = [*TESTS, "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-s"]
    code = pytest.main(arguments, plugins=[runner])
    known = listed()
    for name in runner.survivors:
        if name not in known:
            _say(f"not explained: {name}")
            code = code or 1
    for name in known:
        if not words and name not in runner.survivors:
            _say(f"explained, and does not survive: {name}")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
