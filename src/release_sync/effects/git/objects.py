"""Objects of a repository, read and written to the byte."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import git


def read_object(repo: git.Repo, command: list[str]) -> bytes:
    """Return what git writes, to the byte: a seal ends with a line feed. Raises GitCommandError."""
    answer = repo.git.execute(command, stdout_as_string=False, strip_newline_in_stdout=False)
    return bytes(answer) if isinstance(answer, bytes) else b""


def write_object(
    repo: git.Repo, command: list[str], content: bytes, environ: Mapping[str, str] | None = None
) -> str:
    """Write an object, and return its name. Raises GitCommandError."""
    with tempfile.TemporaryFile() as stream:
        stream.write(content)
        stream.seek(0)
        return str(repo.git.execute(command, istream=stream, env=dict(environ or {})))
