"""How a step ended: what its program exited with, what its function returned or raised."""

from __future__ import annotations

import os
import signal
import subprocess
import traceback
from collections.abc import Coroutine, Generator
from typing import IO, TYPE_CHECKING

from devclikit.crash import words
from devclikit.ending import SIGNALLED
from devclikit.errors import UserError
from devclikit.masking import masked
from devclikit.programs import exit_code
from devclikit.step_report import DONE, EXIT_CODE, FAILED

if TYPE_CHECKING:
    from collections.abc import Callable


def outcome(does: Callable[[], object], output: IO[bytes]) -> tuple[str, str]:
    """Do what a step does; return how it ended, and why or what of it."""
    try:
        result = does()
    except SystemExit as stop:
        if not isinstance(stop.code, int | None):
            return FAILED, str(stop.code)
        result = int(stop.code or 0)  # True is 1
    except BaseException as error:  # noqa: BLE001 - whatever it is, the step is over
        return FAILED, _why(error, output)
    if why := _failure(result):
        return FAILED, why
    return DONE, result if isinstance(result, str) else ""


def _failure(result: object) -> str:
    """Return why what a function returned is a failure; an empty text where it is none."""
    match result:
        case False:
            return "it returned False"
        case Coroutine() | Generator():
            result.close()  # else Python warns of it
            return _unfinished(result)
        case subprocess.Popen(returncode=None):
            return _unfinished(result)
        case subprocess.CompletedProcess() | subprocess.Popen():
            return _failure(exit_code(result.returncode))
        case int() if result is not True and result != 0:
            return _exit_code(result)
    return ""


def _unfinished(result: object) -> str:
    return f"it returned a {type(result).__name__}, which has not ended"


def _why(error: BaseException, output: IO[bytes]) -> str:
    """Return why a step failed; of what is nobody's message there is a traceback in its output."""
    match error:
        case KeyboardInterrupt():
            return "interrupted"
        case UserError():
            return "\n".join(filter(None, (error.message, error.hint and f"hint: {error.hint}")))
    frames = error.__traceback__ and error.__traceback__.tb_next  # without our own
    there = masked("".join(traceback.format_exception(type(error), error, frames)), os.environ)
    output.write(there.encode("utf-8", "backslashreplace"))
    return words(error, os.environ).partition("\n")[0]


def _exit_code(code: int) -> str:
    """Return an exit code, and the signal that it stands for."""
    number = code - SIGNALLED
    if number not in {*signal.Signals}:
        return f"{EXIT_CODE} {code}"
    return f"{EXIT_CODE} {code}, by {signal.Signals(number).name}"
