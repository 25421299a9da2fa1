"""The one editing engine: what `check --fix` and a release's bump write.

Nothing changes but the characters that are wrong: an edit replaces a span inside a string, and
everything around it (comments, quotes, spacing, line endings, the byte order mark) stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Problem, Unreadable
from release_sync.rules.check import Texts
from release_sync.rules.pins import judged
from release_sync.standards.cargo import spelling
from release_sync.standards.specifiers import Remedy
from release_sync.standards.versions import is_same
from release_sync.toml.positions import decoded
from release_sync.toml.verify import is_toml, says

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from release_sync.toml.document import Keys
    from release_sync.trees.working_tree import Tree
    from release_sync.workspace.model import Member, Place, Workspace


class FileEdit(NamedTuple):
    """A file before and after. ``changes`` has a word for each changed span, in their order.

    The words are ``version``, ``pin``, ``mirror``, ``lock`` and ``source``.
    """

    path: str
    before: bytes
    after: bytes
    changes: tuple[str, ...]


class Splice(NamedTuple):
    """``text`` instead of the bytes from ``start`` to ``end`` of a file.

    In a file of TOML ``meant`` is what stands where afterwards, by keys; a lock's and a configured
    mirror's splices have none. ``mends`` are the places of the faults that are gone then.
    """

    path: str
    start: int
    end: int
    text: str
    word: str
    meant: tuple[tuple[Keys, str | bool], ...] = ()
    mends: tuple[Place, ...] = ()


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
            message = f"{place.path} can't say {version}: cargo has no such versions (semver)"
            hint = f"{member.display} needs three numbers; a, b or rc may follow, as in 1.2.0rc1"
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
            if "RS102" not in ignored:
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


def in_string(
    texts: Texts, place: Place, meaning: str, better: Remedy, word: str
) -> Iterator[Splice]:
    """Yield the splice of a part of a TOML string; nothing when the string is not that one."""
    found = texts.positions(place.path).values.get(place.keys)
    if found is None:
        return
    whole = texts.text(place.path)
    token = whole[found.start : found.end]
    if token[:1] not in {'"', "'"}:
        return
    said, offsets = decoded(token)
    if said != meaning:
        return
    start, end = (len(encoded(whole[: found.start + offsets[at]])) for at in better[:2])
    after = f"{said[: better.start]}{better.text}{said[better.end :]}"
    yield Splice(place.path, start, end, better.text, word, ((place.keys, after),), (place,))


def spliced(tree: Tree, splices: Iterable[Splice]) -> tuple[FileEdit, ...]:
    """Put splices together, by file; the same splice twice counts once.

    Raises Problem when a file of TOML would not say exactly what was meant: then nothing is good
    enough to be written.
    """
    by_path: dict[str, set[Splice]] = {}
    for splice in splices:
        by_path.setdefault(splice.path, set()).add(splice)
    made = [_file_edit(path, tree.read(path) or b"", by_path[path]) for path in sorted(by_path)]
    return tuple(edit for edit in made if edit.before != edit.after)


def encoded(text: str) -> bytes:
    """Return the bytes that a text was read from."""
    return text.encode("utf-8", "surrogateescape")


def _file_edit(path: str, before: bytes, splices: Iterable[Splice]) -> FileEdit:
    parts, done, place = [], [], 0
    for splice in sorted(splices, key=_order):
        if splice.start < place:  # two rules about one span: the first by order wins
            continue
        parts += [before[place : splice.start], encoded(splice.text)]
        done.append(splice)
        place = splice.end
    after = b"".join([*parts, before[place:]])
    if is_toml(path) and not says(before, after, done):
        message = f"{path} would not say what was meant: the edit can't be made"
        raise Problem(message, hint="nothing was written; please report it, with that file")
    return FileEdit(path, before, after, tuple(splice.word for splice in done))


def _order(splice: Splice) -> tuple[int, int, str, str]:
    return splice.start, splice.end, splice.text, splice.word


def _mirrors(texts: Texts, member: Member, version: str) -> Iterator[Splice]:
    for mirror in member.mirrors:
        yield from _moved(texts, mirror.place, mirror.text, version, "mirror")


def _moved(texts: Texts, place: Place, old: str, new: str, word: str) -> Iterator[Splice]:
    said = None if is_same(old, new) else spelling(place.path, new)
    if said is None:
        return
    if place.keys:
        yield from in_string(texts, place, old, Remedy(0, len(old), said), word)
    elif encoded(texts.text(place.path))[place.start : place.end] == encoded(old):
        yield Splice(*_span(place), said, word, mends=(place,))


def _locked(workspace: Workspace, versions: Mapping[str, str]) -> Iterator[Splice]:
    for locked in workspace.lock.packages if workspace.lock else ():
        version = versions.get(locked.name)
        if version is None or locked.version is None or is_same(locked.version, version):
            continue
        yield Splice(*_span(locked.place), version, "lock", mends=(locked.place,))


def _span(place: Place) -> tuple[str, int, int]:
    return place.path, place.start, place.end
