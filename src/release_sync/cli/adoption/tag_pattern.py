"""What the tags of a repository say: how a release's tag is called, and which members have some."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.setting import Setting
from release_sync.configuration.table import Configuration
from release_sync.standards.names import normalise
from release_sync.standards.versions import is_greater, is_same, is_version
from release_sync.workspace.groups import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.workspace.model import Workspace

_TAG = re.compile(r"(?P<prefix>|[vV]|[^{}]*?[^A-Za-z0-9{}][vV]?)(?P<version>[0-9]+(?:\.[0-9]+)+.*)")
_NAMED = re.compile(r"(?P<name>.+?)(?P<rest>[^A-Za-z0-9]+[vV]?)")


class Seen(NamedTuple):
    """A tag that names a version: what is before it, and the member whose name that is.

    ``rest`` is what stands between the name and the version.
    """

    prefix: str
    version: str
    name: str = ""
    rest: str = ""


def seen(tags: Iterable[str], names: Iterable[str]) -> tuple[Seen, ...]:
    """Return the tags that name a version (two numbers or more), in their order.

    ``names`` are those of the members, normalised.
    """
    known = frozenset(names)
    found = []
    for tag in tags:
        parts = _TAG.fullmatch(tag)
        if parts and is_version(parts["version"]):
            found.append(_owned(parts["prefix"], parts["version"], known))
    return tuple(found)


def tag_setting(workspace: Workspace, tags: tuple[Seen, ...], below: str = "") -> Iterator[Setting]:
    """Propose the pattern that the tags have, where the default is another one.

    ``below`` is the way to the workspace: beside others' tags, ours may have its name in them.
    """
    if any(group.name == DEFAULT for group in workspace.groups):
        found = _of_default(workspace, tags, below.rstrip("/").rpartition("/")[2])
    else:
        found = _of_groups(workspace, tags)
    if found is not None and found[0] != Configuration().tag:
        yield Setting("tag", found[0], f"its last tag is {found[1].prefix}{found[1].version}")


def tag_remarks(workspace: Workspace, tags: tuple[Seen, ...]) -> Iterator[str]:
    """Name the groups whose tags will be called otherwise than they were."""
    for group in workspace.groups:
        ours = [one for one in tags if not one.name or one.name in group.members]
        own, pattern = [one for one in ours if one.name], workspace.tag(group.name)
        if own and all(f"{one.prefix}{{version}}" != pattern for one in ours):
            last = f"{own[-1].prefix}{own[-1].version}"
            yield f"the last tag of {own[-1].name} is {last}; a release makes one like {pattern}"


def _owned(prefix: str, version: str, known: frozenset[str]) -> Seen:
    parts = _NAMED.fullmatch(prefix)
    for name in (parts["name"], parts["name"].rpartition("/")[2]) if parts else ():
        if parts and normalise(name) in known:
            return Seen(prefix, version, normalise(name), parts["rest"])
    return Seen(prefix, version)


def _of_default(
    workspace: Workspace, tags: tuple[Seen, ...], folder: str
) -> tuple[str, Seen] | None:
    """Return the pattern of the default group: its version's own tag says it, else its last."""
    group = workspace.group(DEFAULT)
    ours = [one for one in tags if not one.name or one.name in group.members]
    ours = [one for one in ours if not is_greater(one.version, group.version)] or ours
    if len({one.name for one in ours if one.name}) > 1:  # one tag for each package of a release
        ours = [one for one in ours if not one.name]
    if not ours:
        return None
    same = [one for one in ours if is_same(one.version, group.version)] or ours
    near = [one for one in same if folder and folder in re.split(r"[^A-Za-z0-9]+", one.prefix)]
    best = (near or same)[-1]
    return f"{best.prefix}{{version}}", best


def _of_groups(workspace: Workspace, tags: tuple[Seen, ...]) -> tuple[str, Seen] | None:
    """Return the pattern of groups that are named after their members, if it is one."""
    names = {group.name for group in workspace.groups}
    ours = [one for one in tags if one.name in names]
    patterns = {
        f"{{group}}{one.rest}{{version}}" for one in ours if one.prefix == f"{one.name}{one.rest}"
    }
    return (patterns.pop(), ours[-1]) if len(patterns) == 1 else None
