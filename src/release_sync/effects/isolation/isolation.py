"""The isolation that a machine offers, and the start of a program in it."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from release_sync.effects.isolation import bubblewrap, kernel
from release_sync.effects.isolation.view import View
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECONDS = 30
"""How long the trial of a cell may take."""

SOURCES = str(Path(__file__).parents[3])
"""Where the package is imported from."""

BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); from {} import {}"
"""How a program of this room begins: its modules come from ``argv[1]``, and nothing else does."""


class Kind(Enum):
    """Who makes the cells."""

    NAMESPACES = "user namespaces"
    BUBBLEWRAP = "bubblewrap"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Isolation:
    """A way to run programs of the repository.

    ``reason`` says why there are no cells. Without them a program sees what its user sees; where
    they are ``required``, it is not run. In any case nothing that it started outlives it.
    """

    kind: Kind
    reason: str = ""
    required: bool = False

    @property
    def isolates(self) -> bool:
        """Whether there are cells."""
        return self.kind is not Kind.NONE

    @property
    def words(self) -> str:
        """Return what a plan says of it."""
        if self.isolates:
            return f"{self.kind.value}: private /proc, files read-only, no network while building"
        means = "but required" if self.required else "builds can read what you can read"
        return f"none, {means}: {self.reason}"

    @property
    def problem(self) -> Problem | None:
        """Return why nothing is run: cells are required, and not to be had."""
        if self.isolates or not self.required:
            return None
        return Problem(
            f"builds can't be isolated here: {self.reason}",
            hint='install bubblewrap or allow user namespaces; or set isolation = "auto"',
        )

    def start(
        self,
        line: Sequence[str],
        folder: Path | str,
        environ: Mapping[str, str],
        view: View,
        root: Path,
        **options: Any,  # noqa: ANN401 - they are Popen's
    ) -> subprocess.Popen[Any]:
        """Start a program below a supervisor; the process that is returned is the supervisor.

        ``folder`` is as the cell has it, ``root`` an empty folder, and ``options`` are Popen's.
        SIGTERM to the supervisor ends all. Raises OSError, and Problem where nothing is run.
        """
        if self.problem is not None:
            raise self.problem
        options.setdefault("stdin", subprocess.DEVNULL)
        reading, writing = os.pipe()
        prefix: list[str] = []
        if self.kind is Kind.BUBBLEWRAP:
            prefix = bubblewrap.command(bubblewrap.program() or "bwrap", view)
        wanted: dict[str, Any] = {"line": [*line], "folder": str(folder), "environ": {**environ}}
        wanted |= self._around(view, root)
        try:
            process = subprocess.Popen(
                [*prefix, *_program(reading)],
                env={},
                pass_fds=(reading, *options.pop("pass_fds", ())),
                start_new_session=True,
                **options,
            )
        except BaseException:
            os.close(writing)
            raise
        finally:
            os.close(reading)
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as file:
            marshal.dump(wanted, file)  # it goes no other way: nobody sees the environment
        return process

    def _around(self, view: View, root: Path) -> dict[str, Any]:
        """Return the cell to make, if any, and who the parent is; bubblewrap is there its own."""
        cell = view.described(str(root)) if self.kind is Kind.NAMESPACES else None
        return {"cell": cell, "parent": None if self.kind is Kind.BUBBLEWRAP else os.getpid()}


NO_ISOLATION = Isolation(Kind.NONE, "it is not asked for")
"""Nothing is kept apart, and still nothing outlives the program that started it."""


def choose(setting: str) -> Isolation:
    """Return what the machine can do, as far as it is wanted: `auto`, `require` or `off`."""
    if setting == "off":
        return Isolation(Kind.NONE, 'isolation = "off"')
    return replace(_best(), required=setting == "require")


def refusal(kind: Kind) -> str:
    """Return why cells of this kind can't be made here; empty when they can.

    It is tried once: who asks meanwhile waits for the answer.
    """
    with _TRYING:
        return _refusal(kind)


_TRYING = Lock()


@cache
def _refusal(kind: Kind) -> str:
    if not kernel.IS_LINUX:
        return "only Linux has user namespaces"
    if kind is Kind.BUBBLEWRAP and bubblewrap.program() is None:
        return "bubblewrap is not installed"
    return _trial(Isolation(kind))


def _best() -> Isolation:
    reasons = []
    for kind in (Kind.NAMESPACES, Kind.BUBBLEWRAP):
        reason = refusal(kind)
        if not reason:
            return Isolation(kind)
        reasons.append(reason)
    return Isolation(Kind.NONE, "; ".join(dict.fromkeys(reasons)))


def _trial(isolation: Isolation) -> str:
    """Make a cell, and return why it can't be made; empty when it can."""
    nested = isolation.kind is Kind.NAMESPACES
    words = f"{BEGIN.format('release_sync.effects.isolation', 'cell')}; sys.exit(cell.trial())"
    line = [sys.executable, "-I", "-S", "-c", words if nested else "pass", SOURCES]
    with tempfile.TemporaryDirectory() as root:
        try:
            process = isolation.start(
                line,
                "/",
                {},
                View(nests=nested),
                Path(root),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            _, words = process.communicate(timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{isolation.kind.value}: {error}"
    if process.returncode == 0:
        return ""
    reason = words.decode(errors="replace").strip().removeprefix("no cell: ")
    return f"{isolation.kind.value}: {reason or 'refused'}"


def _program(descriptor: int) -> list[str]:
    begin = BEGIN.format("release_sync.effects.isolation", "supervisor")
    begin = f"{begin}; sys.exit(supervisor.main(int(sys.argv[2])))"
    return [sys.executable, "-I", "-S", "-c", begin, SOURCES, str(descriptor)]
