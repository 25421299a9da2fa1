"""What the tags of a repository say: how a release's tag is called, and which members have some."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.setting import Setting
from release_sync.configuration.table import Configuration
from release_sync.standards.names import is_name, normalise
from release_sync.standards.versions import greatest, is_greater, is_same, is_version, normal
from release_sync.workspace.groups import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from release_sync.workspace.model import Workspace

_TAG = re.compile(r"(?P<prefix>|[vV]|[^{}]*?[^A-Za-z0-9{}][vV]?)(?P<version>[0-9]+(?:\.[0-9]+)+.*)")
_NAMED = re.compile(r"(?P<name>.+?)(?P<rest>[^A-Za-z0-9]+[vV]?)")


EVERYBODYS = frozenset({"", "v"})


class Seen(NamedTuple):
    """A tag that names a version: what is before it, and the member whose name that is.

    ``rest`` is what stands between the name and the version.
    """

    prefix: str
    version: str
    name: str = ""
    rest: str = ""

    @property
    def tag(self) -> str:
        """The whole tag."""
        return f"{self.prefix}{self.version}"

    @property
    def pattern(self) -> str:
        """The form that it has."""
        return f"{self.prefix}{{version}}"


def seen(tags: Iterable[str], folders: Mapping[str, str]) -> tuple[Seen, ...]:
    """Return the tags that name a version (two numbers or more), in their order.

    ``folders`` are those of the members, by their normalised names. Where two of them are, others
    may be called by a part of their name, or by their folder's, too.
    """
    known = {one: one for one in folders}
    parts = [one for one in map(_TAG.fullmatch, tags) if one and is_version(one["version"])]
    found = [_owned(one["prefix"], one["version"], known) for one in parts]
    others = _short(folders) | known
    short = [_owned(one["prefix"], one["version"], others) for one in parts]
    # One alone may be a word of everybody's: `release-1.0` is no tag of `acme-release`.
    more = {one.name for one in short} - {one.name for one in found}
    return tuple(short if len(more) > 1 else found)


def place(version: str, tags: tuple[Seen, ...], *, or_next: bool) -> int:
    """Return the place of the tag that a version has; -1 for none.

    It is one without a member's name, and of those of its form the greatest: else the version was
    the workspace's before. With ``or_next``, the version may be one that is prepared after the tag.
    """
    greatest: dict[str, int] = {}
    for at, one in enumerate(tags):
        last = greatest.setdefault(one.prefix, at)
        if not is_greater(tags[last].version, one.version):
            greatest[one.prefix] = at
    places = [at for at in greatest.values() if not tags[at].name]
    same = [at for at in places if is_same(version, tags[at].version)]
    after = [at for at in places if or_next and _is_next(version, tags[at].version)]
    return max(same or after, default=-1)


def _is_next(version: str, tag: str) -> bool:
    return is_greater(version, tag) and _major(version) - _major(tag) in {0, 1}


def _major(version: str) -> int:
    found = re.match(r"\d+", normal(version).rpartition("!")[2])
    return int(found[0]) if found else 0


def tag_settings(
    workspace: Workspace, tags: tuple[Seen, ...], below: str = ""
) -> Iterator[Setting]:
    """Propose the patterns that the tags have, where the defaults are others.

    ``below`` is the way to the workspace: beside others' tags, ours may have its name in them. The
    default group has one of its own where that of all others is made of their names.
    """
    usual = Configuration().tag
    default = next((one for one in workspace.groups if one.name == DEFAULT and one.members), None)
    is_free = default is not None and not default.tag
    folder = below.rstrip("/").rpartition("/")[2]
    found = _of_default(workspace, tags, folder) if is_free else None
    pattern, last = (found.pattern, found.tag) if found else (usual, "")
    own = _own(workspace, tags)
    template, example = _most(own)
    whole = template or pattern
    if default is not None and template in {f"{{group}}-{pattern}", f"{{group}}-{usual}"}:
        whole = template.removeprefix("{group}-")
    if whole != usual:
        yield Setting("tag", whole, f"its last tag is {last if whole == pattern else example}")
    if is_free and whole != pattern:
        why = f"its last tag is {last}" if last else "it has no tags yet"
        yield Setting(f"groups.{DEFAULT}.tag", pattern, why)
    several = "{group}" not in whole and sum(bool(one.members) for one in workspace.groups) > 1
    others = f"{{group}}-{whole}" if several else whole
    for name, one in own.items():
        if one.pattern != others.replace("{group}", name):
            yield Setting(f"groups.{name}.tag", one.pattern, f"its last tag is {one.tag}")


def tag_remarks(workspace: Workspace, tags: tuple[Seen, ...]) -> Iterator[str]:
    """Name the groups whose tags will be called otherwise than they were."""
    for group in workspace.groups:
        ours = [one for one in tags if not one.name or one.name in group.members]
        own, pattern = [one for one in ours if one.name], workspace.tag(group.name)
        if own and all(one.pattern != pattern for one in ours):
            last = own[-1]
            yield f"the last tag of {last.name} is {last.tag}; a release makes one like {pattern}"


def _owned(prefix: str, version: str, known: Mapping[str, str]) -> Seen:
    parts = _NAMED.fullmatch(prefix)
    if parts is None:
        return Seen(prefix, version)
    starts = [0, *(one.end() for one in re.finditer(r"[^A-Za-z0-9]+", parts["name"]))]
    for start in starts:  # `python-acme-core-v1.0` is of `acme-core`
        name = normalise(parts["name"][start:])
        is_whole = not start or parts["name"][start - 1] == "/"
        if name in known and (is_whole or known[name] == name):
            return Seen(prefix, version, known[name], parts["rest"])
    return Seen(prefix, version)


def _short(folders: Mapping[str, str]) -> dict[str, str]:
    """Return what members may be called in tags.

    That is their name without what the others begin with, too, or without hyphens; or their folder.
    """
    found: dict[str, set[str]] = {}
    starts = [one.partition("-")[0] for one in folders]
    for name, folder in folders.items():
        start = name.partition("-")[0]
        rest = name.removeprefix(f"{start}-") if starts.count(start) > 1 else name
        words = {rest, rest.replace("-", ""), name.replace("-", "")}
        last = folder.rpartition("/")[2]
        for short in {*words, normalise(last) if is_name(last) else name} - {*folders}:
            found.setdefault(short, set()).add(name)
    return {short: one.pop() for short, one in found.items() if len(one) == 1}


def _own(workspace: Workspace, tags: tuple[Seen, ...]) -> dict[str, Seen]:
    """Return a tag of each member that is a group of its own: that of its version, or its last."""
    found = {}
    for group in workspace.groups:
        if group.name == DEFAULT or group.tag or len(group.members) != 1:
            continue
        own = [one for one in tags if one.name == group.members[0]]
        own = [one for one in own if is_same(one.version, group.version)] or own
        if own:
            found[group.name] = own[-1]
    return found


def _most(own: Mapping[str, Seen]) -> tuple[str, str]:
    """Return the pattern that most of some tags have but for the group's name, and one of them."""
    found: dict[str, list[str]] = {}
    for name, one in own.items():
        start = one.prefix.removesuffix(f"{name}{one.rest}")
        if start != one.prefix:
            found.setdefault(f"{start}{{group}}{one.rest}{{version}}", []).append(one.tag)
    best = max(found.items(), key=lambda one: len(one[1]), default=("", [""]))
    return best[0], best[1][-1]


def _of_default(workspace: Workspace, tags: tuple[Seen, ...], folder: str) -> Seen | None:
    """Return the tag of the default group whose form counts.

    That is the one of its version, else of the greatest below; of several, one that everybody has,
    else the last.
    """
    group = workspace.group(DEFAULT)
    ours = [one for one in tags if not one.name or one.name in group.members]
    ours = [one for one in ours if not is_greater(one.version, group.version)] or ours
    last = greatest(one.version for one in ours)
    named = {one.name for one in ours if one.name and is_same(one.version, last)}
    if len(named) > 1:  # one tag for each package of a release
        ours = [one for one in ours if not one.name]
    elif named:  # the others were released one by one, before
        ours = [one for one in ours if one.name in named | {""}]
    same = [one for one in ours if is_same(one.version, group.version)]
    everybodys = [one for one in ours if not one.name and not named] or ours
    found = same or everybodys
    near = [one for one in found if folder and folder in re.split(r"[^A-Za-z0-9]+", one.prefix)]
    found = near or found
    counted = Counter(one.prefix for one in ours)
    best = next(iter(found), None)
    for one in found:
        if best and (is_greater(one.version, best.version) or _is_better(one, best, counted)):
            best = one
    return best


def _is_better(one: Seen, other: Seen, counted: Mapping[str, int]) -> bool:
    """Return whether of two tags of a version the first has more of the form of everybody's."""
    if not is_same(one.version, other.version):
        return False
    mine, theirs = ((seen.prefix in EVERYBODYS, counted[seen.prefix]) for seen in (one, other))
    return mine >= theirs if one.prefix in EVERYBODYS else other.prefix not in EVERYBODYS
