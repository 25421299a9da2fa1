"""The error boundary: the only place where an exception becomes a message and an exit code."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from devclikit import ending
from devclikit.errors import Stop, UserError, singly
from devclikit.output import complete, is_hung_up, unless_full, unread
from devclikit.plain import show
from devclikit.settings import Settings, as_it_is, fresh, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

ERROR = "error"
BUG = 3
REFUSED = 1
HUNG_UP = 129
"""128 + SIGHUP, which is what a closed terminal sends; whoever ignores it sees its writes fail."""
BROKEN_PIPE = 141
"""128 + SIGPIPE, which is what a shell shows for a program that the signal ended."""


_NO_CHOICE = re.compile(r"'(.*)' is not one of ")
"""What click says of a value that is not among the choices; the value is kept nowhere else."""

_OPTIONAL = re.compile(r"(?<=invalid value for )'\[(\w+)\]'", re.IGNORECASE)
"""What click calls an argument that may be left away: as the line of usage does."""

_LISTED = re.compile(r"\n\t")
"""What click puts before each choice where an argument is missing; elsewhere they are in a line."""

_LIKE_OURS = re.compile(r"(?<=\n)(?=(?:error|hint): )")
"""Where a line of a quoted text would read as if we had said it."""


def _own() -> Mapping[str, str]:
    return os.environ


@dataclass(frozen=True, slots=True)
class Boundary:
    """How a program ends.

    ``version`` is asked for the report of a bug, and only then: looking it up may be slow.
    ``problem`` is the exception, or the exceptions, of the shape ``UserError`` that are meant for
    the user; ``reports`` is the folder that crash reports go to, the temporary one when None.
    ``meaning`` is asked of any other exception what it means: one of these, or itself for a bug;
    without it only a full disk is none.
    ``environ`` has the variables whose secrets a report leaves out. ``instead`` maps what other
    programs call a command or an option to the hint for who types that. ``told`` hears of each
    error, too: its message, its hint and the exit code. ``fitted`` breaks a text behind a label of
    so many columns into lines that fit stderr.
    """

    program: str
    version: Callable[[], str] = str
    problem: type[Exception] | tuple[type[Exception], ...] = ()
    reports: Path | None = None
    meaning: Callable[[Exception], Exception] = unless_full
    environ: Callable[[], Mapping[str, str]] = _own
    instead: Mapping[str, str] = field(default_factory=dict)
    told: Callable[[str, str, int], None] | None = None
    fitted: Callable[[str, int], str] = as_it_is

    def run(self, command: click.Command, arguments: Sequence[str] | None = None) -> int:
        """Run a command and return the exit code; nothing is raised.

        0 fine · 1 refused, or what the command returned · 2 usage · 3 a bug, with a report ·
        130 interrupted · 129 our terminal was closed · 141 nobody reads our output · 143 asked to
        end (SIGTERM; 131 by SIGQUIT) · or what the problem says.
        """
        complete()
        line = list(sys.argv[1:] if arguments is None else arguments)
        with fresh(Settings(self.program, self.version, self.told, self.fitted)):
            try:
                with ending.heard():
                    return self._guarded(command, line)
            except KeyboardInterrupt as error:
                return _interrupted(error)
            except Exception as error:  # noqa: BLE001 - the boundary: here a bug becomes a report
                return self._told(error, line)
            except (
                BaseExceptionGroup
            ) as group:  # of tasks side by side, one of which was interrupted
                return _interrupted(max(singly(group), key=ending.exit_code))
            finally:
                _give_up_on_what_is_unwritten()

    def _guarded(self, command: click.Command, line: list[str]) -> int:
        stdout = sys.stdout
        try:
            result = command.main(line, prog_name=self.program, standalone_mode=False)
            stdout.flush()
        except SystemExit as stop:
            if sys.stdout is not stdout:  # click does so on EPIPE, and then exits with a plain 1
                sys.stdout = stdout
                return _nobody_reads(BrokenPipeError())
            return _code(stop.code)
        return result if type(result) is int else 0

    def _told(self, error: Exception, line: list[str]) -> int:
        """Write what ended the command, and return the exit code."""
        match error:
            case click.Abort():
                return _aborted(error)
            case click.ClickException():
                return _click_error(error, self.instead)
            case _ if isinstance(error, BrokenPipeError) or is_hung_up(error):
                return _nobody_reads(error)
        kinds: tuple[type[Exception], ...] = (Stop, *_as_tuple(self.problem))
        meant = [one if isinstance(one, kinds) else self.meaning(one) for one in singly(error)]
        if all(isinstance(one, kinds) for one in meant):
            return max(map(_user_error, meant))
        from devclikit import crash  # noqa: PLC0415 - what makes a report is seldom needed

        bug = crash.Crash(self.program, line, error, self.version(), settings().package)
        return _say(*crash.tell(bug, self.environ(), self.reports), BUG)


def _as_tuple(kinds: type[Exception] | tuple[type[Exception], ...]) -> tuple[type[Exception], ...]:
    return kinds if isinstance(kinds, tuple) else (kinds,)


def _code(code: str | int | None) -> int:
    """Return what ``sys.exit`` was called with as a number; a text is said, as Python does."""
    if isinstance(code, str):
        return _say(code, "", REFUSED)
    return code or 0


def _interrupted(error: BaseException) -> int:
    return _say("interrupted", "", ending.exit_code(error))


def _aborted(error: click.Abort) -> int:
    """Return the code for Ctrl-C, or for a question that was answered with no or not at all."""
    cause = error.__cause__ or error.__context__
    if isinstance(cause, KeyboardInterrupt):
        return _interrupted(cause)
    return _say("cancelled", "", REFUSED, label="")


def _click_error(error: click.ClickException, instead: Mapping[str, str]) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    message = error.message if hasattr(error, "possibilities") else error.format_message()
    message = _LISTED.sub(" ", _OPTIONAL.sub(r"\1", message))
    sentence = f"{message[:1].lower()}{message[1:].rstrip('.')}"  # as all others begin
    return _say(sentence, _click_hint(error, instead), error.exit_code)


def _click_hint(error: click.ClickException, instead: Mapping[str, str]) -> str:
    asked = getattr(error, "option_name", "") or getattr(error, "name", "")
    if asked in instead:
        return instead[asked]
    possibilities: list[str] = getattr(error, "possibilities", None) or _choices_like(error)
    if possibilities:
        return f"did you mean {' or '.join(f'`{one}`' for one in possibilities)}?"
    ctx = getattr(error, "ctx", None)
    return "" if ctx is None else f"`{ctx.command_path} --help` shows what there is"


def _choices_like(error: click.ClickException) -> list[str]:
    """Return the choices that are like what was given for an option that takes one of several."""
    kind = getattr(getattr(error, "param", None), "type", None)
    given = _NO_CHOICE.match(error.message)
    if given is None or not isinstance(kind, click.Choice):
        return []
    from difflib import get_close_matches  # noqa: PLC0415 - the same

    return get_close_matches(given[1], map(str, kind.choices), 1)


def _user_error(error: Exception) -> int:
    label = getattr(error, "label", ERROR)
    code = error.exit_code if isinstance(error, UserError) else REFUSED
    said = list(dict.fromkeys((one.message, one.hint) for one in _each(error)))
    following = [hint for _, hint in said[1:]] + [""]
    for (message, hint), after in zip(said, following, strict=True):
        _say(message, "" if hint == after else hint, code, label=label)
    return code


def _each(error: object) -> Iterator[UserError]:
    """Walk the problems that one error stands for; itself, when it stands for itself."""
    inner = getattr(error, "problems", ())
    for one in inner:
        yield from _each(one)
    if not inner and isinstance(error, UserError):
        yield error


def _give_up_on_what_is_unwritten() -> None:
    """Let go of what a stream did not take: else Python tries again at exit, and ends with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            unread(stream)


def _nobody_reads(error: Exception) -> int:
    unread(sys.stdout)
    return BROKEN_PIPE if isinstance(error, BrokenPipeError) else HUNG_UP


def _say(message: str, hint: str, code: int, *, label: str = ERROR) -> int:
    """Write what ended the program, if anybody reads it; the code is the same."""
    try:
        if code > ending.SIGNALLED and sys.stderr.isatty():
            click.echo("\r", err=True, nl=False)  # over the ^C or ^\\ that the terminal shows
        _write(label and f"{label}: ", "red", message, bold=True)
        if hint:
            _write("hint: ", "cyan", hint)
    except OSError:
        unread(sys.stderr)
    told = settings().told
    if told is not None:
        try:
            told(message, hint, code)
        except OSError:
            unread(sys.stdout)
    return code


def _write(label: str, colour: str, text: str, *, bold: bool = False) -> None:
    wanted = settings().colour()
    if label:
        click.secho(label, fg=colour, bold=bold or None, nl=False, err=True, color=wanted)
    show(settings().fitted(_LIKE_OURS.sub("    ", text), len(label)), err=True)
