"""The translation of git's failures into errors for the user."""

from __future__ import annotations

import git

from release_sync.effects.secrets import indented_tail, masked
from release_sync.errors import Problem
from release_sync.lines import split_lines

_BESIDE = frozenset(
    {
        "fatal: Could not read from remote repository.",
        "Please make sure you have the correct access rights",
        "and the repository exists.",
    }
)
"""What git prints below the cause, whatever that is (``connect.c`` of git)."""


class translated:  # noqa: N801 - read as a word: `with translated("…")`
    """Turn git's failure into a Problem that says git's cause."""

    def __init__(self, message: str, kind: type[Problem] = Problem, hint: str = "") -> None:
        """Put ``message`` before git's words, and keep ``hint`` as it is."""
        self.message = message
        self.kind = kind
        self.hint = hint

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        """Raise the Problem in place of git's failure; anything else goes on."""
        if isinstance(error, git.GitCommandError):
            words = git_output(error)
            message = f"{self.message}: {cause(words)}" if words else self.message
            raise self.kind(message, hint=self.hint) from error


def cause(words: str) -> str:
    """Return why git failed, by its own words: the last of them, and below it those before."""
    lines = split_lines(words)
    told = [line for line in lines if line.strip() not in _BESIDE] if words else []
    text = "\n".join(told if any(line.strip() for line in told) else lines)
    return indented_tail(text)


def git_output(error: git.GitCommandError) -> str:
    """Return what git wrote, without GitPython's frame around it and without secrets."""
    parts = []
    for stream, label in ((error.stdout, "stdout"), (error.stderr, "stderr")):
        text = str(stream or "").strip()
        parts.append(text.removeprefix(f"{label}: ").strip("'"))
    # A remote may write over its own lines, as a progress does; what it wrote last is a line, too.
    return masked("\n".join(part for part in parts if part).replace("\r", "\n"))
