"""The hook's entry, in each configuration that pre-commit and prek read here."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.cli.adoption import pre_commit, prek
from release_sync.cli.adoption.change import Change
from release_sync.cli.adoption.hook_source import HookSource, hook_source, parse_source
from release_sync.errors import Problem
from release_sync.standards.versions import is_greater, is_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.cli.adoption.surroundings import Surroundings
    from release_sync.toml.document import Table

KINDS = {pre_commit.PATH: pre_commit, prek.PATH: prek}
IDS = frozenset({pre_commit.HOOK, f"{pre_commit.HOOK}-fix"})


def with_entries(around: Surroundings, source: str) -> Iterator[Change]:
    """Yield the configurations that lack the hook, or have an older one.

    Where there is none at all, it is pre-commit's. Raises Problem where it can't be added.
    """
    there = _there(around)
    lacking = [path for path in there if not KINDS[path].has_hook(there[path])]
    for path in there:
        if path not in lacking:
            yield from _renewed(around, path, there[path], source)
    if not there:
        lacking = [pre_commit.PATH]
    if not lacking:
        return
    found = hook_source(around.top, source)
    more = [f"  {found.why}"] if found.why else []
    if around.hooks_path:
        more.append(
            f"  core.hooksPath is {around.hooks_path}: pre-commit installs nothing while it is set"
        )
    for path in lacking:
        change = KINDS[path].with_hook(there.get(path), found.repo, found.rev)
        yield change._replace(lines=(*change.lines, *more))


def outdated(around: Surroundings) -> Iterator[Change]:
    """Yield the configurations whose hook is that of an older version than this one."""
    for path, data in _there(around).items():
        for entry in _entries(path, data):
            if _is_older(entry.string("rev")):
                yield _moved(path, data, entry.string("rev"), f"v{version('release-sync')}")


def _there(around: Surroundings) -> dict[str, bytes]:
    paths = {path: Path(around.top, path) for path in KINDS if around.top}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}


def _renewed(around: Surroundings, path: str, data: bytes, source: str) -> Iterator[Change]:
    """Yield the configuration with another revision of the hook that it has, if it needs one."""
    repo, rev, _ = parse_source(source) if source else HookSource("", "")
    for entry in _entries(path, data):
        found = entry.string("repo")
        if repo and repo != found:
            message = f"{path} has the hook already, of {found}"
            raise Problem(message, hint=f"write {repo} there yourself, or leave --source out")
        if not rev and not _is_older(entry.string("rev")):
            continue
        wanted = rev or hook_source(around.top, found).rev
        if wanted != entry.string("rev"):
            yield _moved(path, data, entry.string("rev"), wanted)


def _entries(path: str, data: bytes) -> list[Table]:
    """Return the entry of our hook; nothing where it is not cloned from anywhere."""
    return [
        one
        for one in KINDS[path].loaded(data).array("repos")
        if one.string("rev") and one.string("repo") not in {"", "local"}
        if IDS.intersection(hook.string("id") for hook in one.array("hooks"))
    ][:1]


def _is_older(rev: str) -> bool:
    said = rev.removeprefix("v")
    return rev != said and is_version(said) and is_greater(version("release-sync"), said)


def _moved(path: str, data: bytes, old: str, new: str) -> Change:
    """Return the configuration with another revision. Raises Problem where that can't be done."""
    kind, text = KINDS[path], data.decode()
    meant = [{**one.content, "rev": new} for one in _entries(path, data)]
    others = len(kind.loaded(data).array("repos"))
    for place in re.finditer(re.escape(old), text):
        after = f"{text[: place.start()]}{new}{text[place.end() :]}".encode()
        found = [one.content for one in _entries(path, after)]
        if found == meant and len(kind.loaded(after).array("repos")) == others:
            told = f"{path}: the hook is at {new}, no more at {old}"
            return Change(path, data, after, (told,), drift=f"the hook is at {old}, this is {new}")
    raise Problem(f"{path} names {old} in a way that can't be edited", hint=f"write {new} there")
