"""The translation of git's failures into errors for the user."""

from __future__ import annotations

import git

from release_sync.effects.secrets import last_lines, masked
from release_sync.errors import Problem


class translated:  # noqa: N801 - read as a word: `with translated("…")`
    """Turn git's failure into a Problem that quotes git's last words."""

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
            words = last_lines(git_output(error))
            message = f"{self.message}: {words}" if words else self.message
            raise self.kind(message, hint=self.hint) from error


def git_output(error: git.GitCommandError) -> str:
    """Return what git wrote, without GitPython's frame around it and without secrets."""
    parts = []
    for stream, label in ((error.stdout, "stdout"), (error.stderr, "stderr")):
        text = str(stream or "").strip()
        parts.append(text.removeprefix(f"{label}: ").strip("'"))
    # A remote may write over its own lines, as a progress does; what it wrote last is a line, too.
    return masked("\n".join(part for part in parts if part).replace("\r", "\n"))
