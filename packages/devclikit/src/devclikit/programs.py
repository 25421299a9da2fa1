"""Running a program: a sequence of arguments in, never a shell; its exit code or its output out."""

from __future__ import annotations

import errno
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeAlias

from devclikit.children import GRACE, INSIDE, Children
from devclikit.ending import REQUESTS, Ended
from devclikit.errors import Stop
from devclikit.masking import masked_arguments
from devclikit.plain import show
from devclikit.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Argv: TypeAlias = "Sequence[str] | Sequence[str | os.PathLike[str]]"
Folder: TypeAlias = "str | os.PathLike[str] | None"

SIGNALLED = 128
"""A shell adds to it the number of the signal that ended a program."""


def run(
    argv: Argv,
    *,
    cwd: Folder = None,
    env: Mapping[str, str] | None = None,
    seconds: float | None = None,
    hint: str = "",
) -> int:
    """Run a program with our streams, and return its exit code, as a shell shows it.

    With ``--verbose`` its command line is shown first. It gets the signals that we get, and decides
    what becomes of them; when it has ended, so do we: Raises KeyboardInterrupt.

    Raises Stop, with the ``hint``, when it is not there; and when it did not end within so many
    ``seconds``. In a step, its command line and what it writes are the step's output.
    """
    line = _line(argv)
    inside = INSIDE.get()
    if inside is not None:
        inside.output.write(f"$ {shown(line)}\n".encode("utf-8", "backslashreplace"))
        inside.output.flush()
    elif settings().verbose:
        show(f"$ {shown(line)}", err=True)
    with _explained(line, cwd, seconds, hint):
        if inside is not None:
            files = _files(inside.output, inside.output)
            with inside.children.started(line, cwd=cwd, env=env, **files) as process:
                return exit_code(process.wait(seconds))
        with _passed_on() as signals:
            process = subprocess.Popen(line, cwd=cwd, env=env, text=True)
            signals.to(process)
            code = exit_code(_waited_for(process, seconds))
        signals.heeded(code)
        return code


def capture(
    argv: Argv,
    *,
    cwd: Folder = None,
    env: Mapping[str, str] | None = None,
    seconds: float | None = None,
    hint: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run a program that has nothing to read, and return what it wrote, and its exit code.

    Bytes that are no UTF-8 are replaced. Raises as ``run`` does. It and what it started have ended
    when we are interrupted.
    """
    line = _line(argv)
    inside = INSIDE.get()
    children = Children() if inside is None else inside.children
    # Not pipes: what it leaves running may keep one open for as long as it likes.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        files = _files(out, error)
        with (
            _explained(line, cwd, seconds, hint),
            children.started(line, cwd=cwd, env=env, **files) as process,
        ):
            process.wait(seconds)
        code = exit_code(process.returncode)
        return subprocess.CompletedProcess(line, code, written_to(out), written_to(error))


def shown(argv: Argv, environ: Mapping[str, str] | None = None) -> str:
    """Return a command line that can be pasted into a shell, without its secrets."""
    return shlex.join(masked_arguments(_line(argv), os.environ if environ is None else environ))


def written_to(file: IO[bytes]) -> str:
    """Return the text that a program wrote to a file."""
    file.seek(0)
    return file.read().decode("utf-8", "replace").replace("\r\n", "\n")


def exit_code(code: int) -> int:
    """Return the exit code that a shell shows: 128 and the number of the signal that ended it."""
    return code if code >= 0 else SIGNALLED - code


def _line(argv: Argv) -> list[str]:
    if isinstance(argv, str):
        raise TypeError("a program is run from a sequence of arguments, not from a string")
    return [os.fspath(one) for one in argv]


def _files(out: IO[bytes], error: IO[bytes]) -> dict[str, Any]:
    return {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": error}


def _waited_for(process: subprocess.Popen[str], seconds: float | None) -> int:
    """Return how a program ended. Raises TimeoutExpired when it did not; then it has ended, too."""
    try:
        return process.wait(seconds)
    except BaseException:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        process.kill()
        process.wait()
        raise


class _Signals:
    """Passes signals on to a program, as soon as there is one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._heard: list[int] = []

    def __call__(self, number: int, _frame: object) -> None:
        self._heard.append(number)
        self._pass_on(number)

    def to(self, process: subprocess.Popen[str]) -> None:
        """Pass them on to a program from now on, and those that came before."""
        self._process = process
        for number in self._heard:
            self._pass_on(number)

    def heeded(self, code: int) -> None:
        """Raise KeyboardInterrupt where we were asked to end, or where Ctrl-C ended the program."""
        for number in self._heard:
            if number != signal.SIGINT:
                raise Ended(number)
            if code == SIGNALLED + signal.SIGINT:
                raise KeyboardInterrupt

    def _pass_on(self, number: int) -> None:
        if self._process is not None and not (number == signal.SIGINT and _told_by_a_terminal()):
            with suppress(OSError, ValueError):  # it has just ended, or the system knows no such
                self._process.send_signal(number)


@contextmanager
def _passed_on() -> Iterator[_Signals]:
    signals = _Signals()
    if threading.current_thread() is not threading.main_thread():
        yield signals  # only the main thread may say what becomes of signals
        return
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, *REQUESTS)}
    before = {one: does for one, does in before.items() if does not in (None, signal.SIG_IGN)}
    for one in before:
        signal.signal(one, signals)
    try:
        yield signals
    finally:
        for one, does in before.items():
            signal.signal(one, does)


def _told_by_a_terminal() -> bool:
    """Return whether Ctrl-C at a terminal reaches the program, too: it must not get it twice."""
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
    except (OSError, AttributeError):
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


@contextmanager
def _explained(line: list[str], cwd: Folder, seconds: float | None, hint: str) -> Iterator[None]:
    """Raise Stop for a program that can't be started, or that takes too long."""
    try:
        yield
    except subprocess.TimeoutExpired as late:
        raise Stop(f"`{shown(line)}` did not end within {seconds:g} seconds", exit_code=1) from late
    except OSError as error:
        _refuse(line[0], cwd, hint, error)


def _refuse(program: str, cwd: Folder, hint: str, error: OSError) -> NoReturn:
    has_folder = os.sep in program
    there = Path(cwd or "", program)
    if cwd is not None and not Path(cwd).is_dir():
        words, more = f"there is no folder {cwd} to run {program} in", ""
    elif isinstance(error, FileNotFoundError) and not has_folder:
        words, more = f"there is no program {program} on PATH", "install it, or correct PATH"
    elif isinstance(error, FileNotFoundError) and there.exists():
        words, more = f"{program} names an interpreter that is not there", "look at its first line"
    elif isinstance(error, PermissionError) and there.is_file():
        words, more = f"{program} is not executable", f"chmod +x {shlex.quote(program)}"
    elif error.errno == errno.ENOEXEC:
        words, more = f"{program} is no program of this system", "begin it with a line `#!/…`"
    else:
        words, more = f"{program} can't be run: {error.strerror}", ""
    raise Stop(words, hint or more) from error
