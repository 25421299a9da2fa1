"""The error that is shown to the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator


@runtime_checkable
class UserError(Protocol):
    """The shape of an exception whose words are meant for the user.

    ``message`` says what happened, ``hint`` (or an empty string) the next thing to type, and
    ``exit_code`` is what the process ends with. One that stands for several carries them in a
    further attribute, ``problems``: a sequence of the same shape. One that is no error has the
    attribute ``label``: the word before its message in place of ``error``, or an empty string.
    """

    message: str
    hint: str
    exit_code: int


class Stop(Exception):  # noqa: N818 - it is no fault of the program: it stops, and says why
    """The user error that devclikit itself raises."""

    def __init__(self, message: str, hint: str = "", exit_code: int = 2) -> None:
        """Keep the sentences apart, so that tests compare fields and not prose."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


def singly(error: BaseException) -> Iterator[Any]:
    """Yield the exceptions of a group, and those of the groups in it; any other yields itself."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from singly(one)
    else:
        yield error
