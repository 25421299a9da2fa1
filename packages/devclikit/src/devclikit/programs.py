"""Running a program: a sequence of arguments in, never a shell; its exit code or its output out."""

from __future__ import annotations

import errno
import os
import shlex
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeAlias

from devclikit.children import INSIDE, Children, end_group, signal_group
from devclikit.ending import REQUESTS, SIGNALLED, TYPED, Ended, passed_on
from devclikit.errors import Stop
from devclikit.masking import masked_arguments
from devclikit.plain import show
from devclikit.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Argv: TypeAlias = "Sequence[str] | Sequence[str | os.PathLike[str]]"
Folder: TypeAlias = "str | os.PathLike[str] | None"


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
    ``seconds``: it and what it started have ended then. So that this can be done it is in a session
    of its own, where what asks at the terminal, and not at its stdin, fails. In a step, its command
    line and what it writes are the step's output.
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
        heard: list[int] = []
        code = exit_code(completed(line, cwd=cwd, env=env, seconds=seconds, heard=heard).returncode)
        _heed(heard, code)
        return code


def completed(
    argv: Argv,
    *,
    cwd: Folder = None,
    env: Mapping[str, str] | None = None,
    seconds: float | None = None,
    captured: bool = False,
    heard: list[int] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program that has our streams and our signals, and return how it ended.

    It alone decides what becomes of signals; those that came are added to ``heard``. Where it is
    ``captured``, its output is returned. Raises OSError when it can't be started, and
    TimeoutExpired after so many ``seconds``, when it has ended, too.
    """
    line, pipe = _line(argv), subprocess.PIPE if captured else None
    is_apart = seconds is not None and hasattr(os, "killpg")  # then all of it can be ended
    how: dict[str, Any] = {"stdout": pipe, "stderr": pipe, "start_new_session": is_apart}
    with (
        passed_on([] if heard is None else heard) as signals,
        subprocess.Popen(line, cwd=cwd, env=env, **how) as process,
    ):
        signals.to(process, signal_group if is_apart else None)
        try:
            out, error = process.communicate(timeout=seconds)
        except BaseException:
            end_group(process) if is_apart else process.terminate()
            raise
    return subprocess.CompletedProcess(line, process.returncode, out, error)


def capture(
    argv: Argv,
    *,
    cwd: Folder = None,
    env: Mapping[str, str] | None = None,
    seconds: float | None = None,
    hint: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing to read, nor a terminal; return what it wrote and its exit code.

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


def exit_code(status: int) -> int:
    """Return what a shell shows for what `subprocess` says, which is below 0 for a signal."""
    return status if status >= 0 else SIGNALLED - status


def _line(argv: Argv) -> list[str]:
    if isinstance(argv, str) or not argv:
        raise TypeError(f"a program is run from a sequence of arguments, and not from {argv!r}")
    return [os.fspath(one) for one in argv]


def _files(out: IO[bytes], error: IO[bytes]) -> dict[str, Any]:
    return {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": error}


def _heed(heard: Sequence[int], code: int) -> None:
    """Raise KeyboardInterrupt where we were asked to end, or where Ctrl-C ended the program."""
    for number in heard:
        if signal.Signals(number).name in TYPED and code != SIGNALLED + number:
            continue  # it has another use for the key
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        if number in REQUESTS:
            raise Ended(number)


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
