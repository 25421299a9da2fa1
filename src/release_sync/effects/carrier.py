"""A seal in a branch, for remotes that take no refs but branches and tags.

A branch can only point to a commit, and a seal is a tag object. So a commit carries it: its tree
holds the tag object as the file ``seal``, its parent is the candidate. It is made from the seal and
nothing else, so the same seal always has the same carrier, on every machine.
"""

from __future__ import annotations

import re
import tempfile
from typing import TYPE_CHECKING

import git

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "seal"

_TAGGER = re.compile(rb"^tagger (?P<name>.*) <(?P<mail>.*)> (?P<date>\d+ [+-]\d{4})$", re.MULTILINE)
_OBJECT = re.compile(rb"^object (?P<name>[0-9a-f]+)$", re.MULTILINE)


def wrap(repo: git.Repo, seal: str) -> str:
    """Return the carrier of a seal, writing it. Raises GitCommandError for what is no tag."""
    raw = _output(repo, ["git", "cat-file", "tag", seal])
    tagger, candidate = _TAGGER.search(raw), _OBJECT.search(raw)
    if tagger is None or candidate is None:
        raise ValueError(seal)
    blob = _written(repo, ["git", "hash-object", "-w", "--stdin"], raw)
    tree = _written(repo, ["git", "mktree"], f"100644 blob {blob}\t{FILE}\n".encode())
    command = ["git", "commit-tree", "--no-gpg-sign", tree, "-p", candidate["name"].decode()]
    return _written(repo, command, b"A release waits\n", _identity(tagger))


def unwrap(repo: git.Repo, carrier: str) -> str | None:
    """Return the seal that a commit carries, writing it; None for any other commit."""
    try:
        raw = _output(repo, ["git", "cat-file", "blob", f"{carrier}:{FILE}"])
        return _written(repo, ["git", "hash-object", "-t", "tag", "-w", "--stdin"], raw)
    except git.GitCommandError:
        return None


def _identity(tagger: re.Match[bytes]) -> dict[str, str]:
    found = {name: value.decode("utf-8", "replace") for name, value in tagger.groupdict().items()}
    return {
        f"GIT_{role}_{key}": found[name]
        for role in ("AUTHOR", "COMMITTER")
        for key, name in (("NAME", "name"), ("EMAIL", "mail"), ("DATE", "date"))
    }


def _output(repo: git.Repo, command: list[str]) -> bytes:
    """Return what git writes, to the byte: a seal ends with a line feed."""
    answer = repo.git.execute(command, stdout_as_string=False, strip_newline_in_stdout=False)
    return bytes(answer) if isinstance(answer, bytes) else b""


def _written(
    repo: git.Repo, command: list[str], content: bytes, environ: Mapping[str, str] | None = None
) -> str:
    """Give git something to write, and return its object name."""
    with tempfile.TemporaryFile() as stream:
        stream.write(content)
        stream.seek(0)
        return str(repo.git.execute(command, istream=stream, env=dict(environ or {})))
