"""Where hooks and pipelines take release-sync from, and a revision that is there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import distribution, version
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from release_sync.cli.asking import answer
from release_sync.errors import Problem, Unreadable
from release_sync.lines import split_lines
from release_sync.trees.git import surroundings, toplevel

_SOURCE = re.compile(
    r"(?P<repo>(?:[a-z][a-z0-9+.-]*://[^/]*/|[^/@:]+@[^/@:]+:|)[^@]+)(?:@(?P<rev>[^@:]+))?"
)
"""With a scheme, with the name that SSH logs in by, or a path; and the revision."""

SECONDS = 30.0
"""How long a repository may take to say which revisions it has."""


class HookSource(NamedTuple):
    """An address, a revision of it, and why it is not the one that one would expect."""

    repo: str
    rev: str
    why: str = ""


def hook_source(top: str, source: str) -> HookSource:
    """Return what to take: what was said, else where this release-sync was installed from.

    ``source`` is an address, with ``@`` and a revision or without. Raises Problem for a repository
    that can't be asked, and Unreadable where none is known.
    """
    found = parse_source(source) if source else _installed() or HookSource(_asked(), "")
    return found if found.rev else _revision(top, found)


def parse_source(text: str) -> HookSource:
    """Split ``URL@REV``; an ``@`` before the host's name belongs to the address.

    Raises Unreadable for what is no repository to clone.
    """
    found = _SOURCE.fullmatch(text)
    if found is None or found["repo"] in {"local", "meta"}:
        raise Unreadable(
            f"{text!r} is not a repository to clone",
            hint="name the address of a repository of release-sync, as URL@REV",
        )
    return HookSource(found["repo"], found["rev"] or "")


def _revision(top: str, found: HookSource) -> HookSource:
    """Take the tag of this version; where there is none, the commit that the repository is at."""
    tag = f"v{version('release-sync')}"
    names = dict(line.split("\t")[::-1] for line in _listed(top, found.repo, tag))
    if f"refs/tags/{tag}" in names:
        return found._replace(rev=tag)
    if "HEAD" not in names:
        raise Problem(
            f"{found.repo} has neither a tag {tag} nor a commit", hint="add one: --source URL@REV"
        )
    why = f"it has no tag {tag}: this is the commit that it is at"
    return found._replace(rev=names["HEAD"], why="; ".join(filter(None, (found.why, why))))


def _listed(top: str, repo: str, tag: str) -> list[str]:
    """Ask a repository for its HEAD and a tag (git-ls-remote(1)). Raises Problem."""
    run = ["git", "ls-remote", "--", repo, "HEAD", f"refs/tags/{tag}"]
    environ = {**surroundings(), "GIT_TERMINAL_PROMPT": "0"}
    why = f"it did not answer within {SECONDS:g} seconds"
    try:
        done = subprocess.run(
            run,
            cwd=top,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is not None and not done.returncode:
        return split_lines(done.stdout)
    if done is not None:
        why = next(iter(split_lines(done.stderr)), f"git ended with {done.returncode}")
    message = f"{repo} can't be asked which revisions it has: {why}"
    raise Problem(message, hint="name one of its tags or commits, as --source URL@REV")


def _installed() -> HookSource | None:
    """Return where this release-sync came from, if that is a repository (PEP 610)."""
    said: dict[str, Any] = json.loads(
        distribution("release-sync").read_text("direct_url.json") or "{}"
    )
    url = str(said.get("url", ""))
    if "vcs_info" in said:
        return HookSource(url, str(said["vcs_info"]["commit_id"]), "it was installed from there")
    folder = unquote(urlsplit(url).path)
    if "dir_info" not in said or not folder or toplevel(folder)[0] != os.path.realpath(folder):
        return None
    why = (
        "this clone is where it was installed from; for others, --source names an address of theirs"
    )
    return HookSource(folder, "", why)


def _asked() -> str:
    hint = "add --source URL@REV, with the address of a repository of release-sync"
    if not sys.stdin.isatty():
        raise Unreadable("where release-sync is to be taken from is not known", hint=hint)
    return answer("The address that release-sync is taken from", hint)
