"""The report of a bug shows whatever Python would, without secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from devclikit.boundary import Boundary
from devclikit.crash import Crash, tell
from devclikit.ending import Ended
from devclikit.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Mute(Exception):  # noqa: N818 - it says nothing at all
    """An exception that can't be shown."""

    def __str__(self) -> str:
        raise ValueError("password=hunter2")


def report(error: Exception, folder: Path, *arguments: str) -> tuple[str, str]:
    """Return the message about a bug, and the report."""
    message, hint = tell(Crash("tool", arguments, error), {}, folder)
    return message, Path(hint.rpartition(" ")[2]).read_text(encoding="utf-8")


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """Return an exception as it is after it was raised."""
    try:
        raise error from cause  # noqa: TRY301 - caught as a boundary does
    except Exception as found:  # noqa: BLE001 - whichever it is
        return found


@pytest.mark.parametrize(
    "error",
    [
        raised(RuntimeError("no"), raised(ValueError("token=abc123"))),
        ExceptionGroup("two", [OSError("password: abc123"), ExceptionGroup("in", [Mute()])]),
        raised(KeyError("--api-key abc123")),
    ],
    ids=["a cause", "a group", "its own words"],
)
def test_secrets_are_masked_wherever_an_exception_has_them(
    error: Exception, tmp_path: Path
) -> None:
    error.add_note("sent: Authorization: Bearer abc123")
    message, shown = report(error, tmp_path)
    assert type(error).__name__ in message
    assert "sent: Authorization: Bearer ****\n" in shown
    assert "abc123" not in message + shown
    assert "****" in shown.replace("Bearer ****", "")


def test_no_value_of_a_local_variable_is_shown(tmp_path: Path) -> None:
    def fails(token: str) -> None:
        raise RuntimeError(len(token))

    try:
        fails("abc123")
    except RuntimeError as error:
        _, shown = report(error, tmp_path)
    assert "raise RuntimeError(len(token))" in shown
    assert "abc123" not in shown.replace('fails("abc123")', "")


def test_an_exception_that_can_not_be_shown_is_reported(tmp_path: Path) -> None:
    message, shown = report(raised(Mute()), tmp_path)
    assert message == "a bug in tool: Mute: <exception str() failed>"
    assert "hunter2" not in shown


def test_the_command_line_can_be_pasted(tmp_path: Path) -> None:
    _, shown = report(ValueError(), tmp_path, "greet", "to be", "--token", "abc123", "$HOME")
    assert "$ tool greet 'to be' --token '****' '$HOME'\n" in shown


def test_a_secret_of_the_command_line_is_masked_wherever_it_is_repeated(tmp_path: Path) -> None:
    other = "a\\c123"
    error = raised(ValueError(f"no login with abc123, nor with {other!r}, in some-file"))
    line = ("--token", "abc123", f"--password={other}", "--token", "-v", "--key-file=some-file")
    message, shown = report(error, tmp_path, *line)
    assert message == "a bug in tool: ValueError: no login with ****, nor with '****', in some-file"
    assert "c123" not in shown
    assert "--token '****' '--password=****' --token -v --key-file=some-file\n" in shown


def test_a_group_of_errors_for_the_user_is_no_bug(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stops = [Stop("the first", "do this"), Stop("the second", exit_code=4)]

    def ended(errors: Sequence[BaseException]) -> Callable[[], None]:
        def command() -> None:
            raise BaseExceptionGroup("of two tasks", errors)

        return command

    boundary = Boundary("tool", reports=tmp_path)
    assert boundary.run(click.command(ended([*stops])), []) == 4
    assert capsys.readouterr().err == "error: the first\nhint: do this\nerror: the second\n"
    assert boundary.run(click.command(ended([*stops, ValueError("x")])), []) == 3
    capsys.readouterr()
    assert boundary.run(click.command(ended([ValueError("x"), Ended(15)])), []) == 143
    assert capsys.readouterr().err == "error: interrupted\n"
