"""The entry in ``prek.toml``, which prek reads instead of ``.pre-commit-config.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.cli.adoption.change import Change
from release_sync.cli.adoption.pre_commit import HOOK
from release_sync.errors import Problem
from release_sync.toml.document import Broken, document

if TYPE_CHECKING:
    from release_sync.toml.document import Table

PATH = "prek.toml"


def has_hook(data: bytes) -> bool:
    """Return whether a configuration names one of our hooks. Raises Problem."""
    hooks = [hook for repo in _parsed(data).array("repos") for hook in repo.array("hooks")]
    return any(one.string("id") in {HOOK, f"{HOOK}-fix"} for one in hooks)


def loaded(data: bytes) -> Table:
    """Return a configuration. Raises Problem."""
    return _parsed(data)


def with_hook(before: bytes | None, repo: str, rev: str) -> Change:
    """Return the configuration with our hook as its last one: what is there stays.

    Raises Problem, with the entry to paste, where ``repos`` is written in brackets.
    """
    there = before or b""
    newline = b"\r\n" if b"\r\n" in there else b"\n"
    gap = b"" if not there or there.endswith(b"\n") else newline
    text = entry(repo, rev)
    after = there + gap + (newline if there else b"") + text.encode().replace(b"\n", newline)
    old = _parsed(there).content
    ours = {"repo": repo, "rev": rev, "hooks": [{"id": HOOK}]}
    try:
        new = document(PATH, after).content
    except Broken:
        new = {}
    if new != {**old, "repos": [*old.get("repos", []), ours]}:
        message = f"{PATH} is laid out in a way that nothing can be added to; it was left as it was"
        raise Problem(message, hint=f"add this to its `repos` yourself:\n{text}".rstrip())
    return Change(PATH, before, after, (f"{PATH}: added the hook `{HOOK}` of {repo} at {rev}",))


def entry(repo: str, rev: str) -> str:
    """Return the entry of the array ``repos``."""
    import tomlkit  # noqa: PLC0415 - 40 ms, and only for this

    address, revision = (tomlkit.string(one).as_string() for one in (repo, rev))
    return f'[[repos]]\nrepo = {address}\nrev = {revision}\nhooks = [{{ id = "{HOOK}" }}]\n'


def _parsed(data: bytes) -> Table:
    try:
        return document(PATH, data)
    except Broken as error:
        where = f"{PATH}:{error.line}:{error.column}"
        raise Problem(f"{where}: {error.message}", hint="fix it first") from error
