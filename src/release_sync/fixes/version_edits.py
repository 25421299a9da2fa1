"""The one editing engine: what `check --fix` and a release's bump write.

Nothing changes but the characters that are wrong: an edit replaces a span inside a string, and
everything around it (comments, quotes, spacing, line endings, the byte order mark) stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Unreadable
from release_sync.rules.pins import judged
from release_sync.standards.cargo import spelling
from release_sync.standards.specifiers import Replacement
from release_sync.standards.versions import is_same
from release_sync.toml.edits import FileEdit, Splice, encoded, in_string, spliced
from release_sync.toml.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from release_sync.toml.location import Location
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Member, Workspace


def edits(workspace: Workspace, tree: Tree, versions: Mapping[str, str]) -> tuple[FileEdit, ...]:
    """Return the edits that bring members to versions (normalised name to version).

    Every site of the version moves, every exact pin and every pin that the new version would make
    wrong, mirrors, and the members' versions in ``uv.lock``. Members that are not named keep
    theirs, but their pins on the named ones move. Files come by path. Raises Unreadable for a
    version that can't be written where a member has its own.
    """
    must_be_sayable(workspace, versions)
    return spliced(tree, moves(workspace, Texts(tree), versions))


def must_be_sayable(workspace: Workspace, versions: Mapping[str, str]) -> None:
    """Raise Unreadable when a member's version can't be written as its file spells versions."""
    for name, version in versions.items():
        member = workspace.member(name)
        place = member.version_place
        if place is None or member.version is None or is_same(member.version, version):
            continue
        if spelling(place.path, version) is None:
            message = f"{place.path} can't say {version}: semver has no such versions"
            hint = f"{member.name} needs three numbers; a, b or rc may follow, as in 1.2.0rc1"
            raise Unreadable(message, hint)


def moves(
    workspace: Workspace,
    texts: Texts,
    versions: Mapping[str, str],
    ignored: Collection[str] = (),
) -> Iterator[Splice]:
    """Yield every splice that brings members to versions, and what needs them.

    But for the sites of the version, nothing is touched that only an ``ignored`` rule asks for.
    """
    for member in workspace.members:
        if member.name in versions:
            yield from site(texts, member, versions[member.name])
            is_tagged = member.dynamic and member.version == versions[member.name]
            if "RS102" not in ignored and not is_tagged:
                yield from _mirrors(texts, member, versions[member.name])
    for owner in workspace.owners:
        for requirement in owner.requirements:
            if requirement.name not in versions:
                continue
            found = judged(workspace, requirement, versions[requirement.name])
            if found.better and found.code not in ignored:
                place, text = requirement.place, requirement.text
                yield from in_string(texts, place, text, found.better, "pin")
    if "RS401" not in ignored:
        yield from _locked(workspace, versions)


def site(texts: Texts, member: Member, version: str) -> Iterator[Splice]:
    """Yield the splice that gives a member a version; nothing when it has it, or none can."""
    if member.version is not None and member.version_place and not member.dynamic:
        yield from _moved(texts, member.version_place, member.version, version, "version")


def _mirrors(texts: Texts, member: Member, version: str) -> Iterator[Splice]:
    for mirror in member.mirrors:
        yield from _moved(texts, mirror.place, mirror.text, version, "mirror")


def _moved(texts: Texts, place: Location, old: str, new: str, word: str) -> Iterator[Splice]:
    said = None if is_same(old, new) else spelling(place.path, new)
    if said is None:
        return
    if place.keys:
        yield from in_string(texts, place, old, Replacement(0, len(old), said), word)
    elif encoded(texts.text(place.path))[place.start : place.end] == encoded(old):
        yield Splice(*_span(place), said, word, fixes=(place,))


def _locked(workspace: Workspace, versions: Mapping[str, str]) -> Iterator[Splice]:
    for locked in workspace.locked:
        version = versions.get(locked.name)
        if version is None or locked.version is None or is_same(locked.version, version):
            continue
        yield Splice(*_span(locked.place), version, "lock", fixes=(locked.place,))


def _span(place: Location) -> tuple[str, int, int]:
    return place.path, place.start, place.end
