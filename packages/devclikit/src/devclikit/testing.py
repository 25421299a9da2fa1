"""Running an app in the process of a test, with all that a shell gives it."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING

import click

from devclikit.boundary import Boundary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import IO

_STREAMS = ("stdin", "stdout", "stderr")
"""By their numbers."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How an app ended, and what it and the programs that it started wrote."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        """All of it, first what stdout got."""
        return self.stdout + self.stderr


def run(
    app: click.Command | Callable[[], object],
    *arguments: str | Path,
    stdin: str = "",
    environ: Mapping[str, str | None] | None = None,
    folder: Path | None = None,
) -> Ended:
    """Run an app as a shell would, and return how it ended.

    ``app`` is what a console script calls, which reads `sys.argv` and returns or exits; or a click
    command, which is run in a boundary of its name. The variables of ``environ`` are set, or with
    None unset. Without a ``folder`` it begins in an empty one, which is gone afterwards.
    """
    line = [str(one) for one in arguments]
    with ExitStack() as stack:
        here = folder or Path(stack.enter_context(TemporaryDirectory()))
        given, out, err = (stack.enter_context(TemporaryFile()) for _ in _STREAMS)
        given.write(stdin.encode())
        given.seek(0)
        with chdir(here), _variables(environ or {}), _files(given, out, err):
            code = _run(app, line)
        return Ended(code, _text(out), _text(err))


def _run(app: click.Command | Callable[[], object], line: list[str]) -> int:
    if isinstance(app, click.Command):
        return Boundary(app.name or "app").run(app, line)
    before, sys.argv = sys.argv, ["app", *line]
    try:
        code = app()
    except SystemExit as stop:
        code = stop.code
        if isinstance(code, str):
            sys.stderr.write(f"{code}\n")
            return 1
    finally:
        sys.argv = before
    return code if isinstance(code, int) else 0


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


@contextmanager
def _variables(changed: Mapping[str, str | None]) -> Iterator[None]:
    before = dict(os.environ)
    for name, value in changed.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _files(*files: IO[bytes]) -> Iterator[None]:
    """Let the standard streams be files: ours, and those of the programs that are started."""
    with ExitStack() as stack:
        for number, (name, file) in enumerate(zip(_STREAMS, files, strict=True)):
            stack.enter_context(_file(number, name, file))
        yield


@contextmanager
def _file(number: int, name: str, file: IO[bytes]) -> Iterator[None]:
    before, kept = getattr(sys, name), os.dup(number)
    os.dup2(file.fileno(), number)
    mode = "w" if number else "r"
    try:
        with open(number, mode, encoding="utf-8", closefd=False) as stream:
            setattr(sys, name, stream)
            yield
    finally:
        setattr(sys, name, before)
        os.dup2(kept, number)
        os.close(kept)
