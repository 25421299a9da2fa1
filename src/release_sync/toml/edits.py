"""Edits of files: bytes put in the place of others, and the proof that nothing else changed.

An edit replaces a span inside a string, and everything around it (comments, quotes, spacing, line
endings, the byte order mark) stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.errors import Problem
from release_sync.toml.positions import decoded
from release_sync.toml.verify import is_toml, says

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.standards.specifiers import Replacement
    from release_sync.toml.location import Keys, Location
    from release_sync.toml.texts import Texts
    from release_sync.trees.tree import Tree


class FileEdit(NamedTuple):
    """A file before and after. ``changes`` has a word for each changed span, in their order.

    The words are ``version``, ``pin``, ``mirror``, ``lock``, ``source``, ``changelog`` and
    ``step``. A file that is made holds nothing before; one that is ``gone`` is not there then.
    """

    path: str
    before: bytes
    after: bytes
    changes: tuple[str, ...]
    gone: bool = False

    @property
    def content(self) -> bytes | None:
        """What the file holds afterwards; None where it is gone."""
        return None if self.gone else self.after


class Splice(NamedTuple):
    """``text`` instead of the bytes from ``start`` to ``end`` of a file.

    In a file of TOML ``meant`` is what stands where afterwards, by keys; a lock's and a configured
    mirror's splices have none. ``fixes`` are the places of the faults that are gone then.
    """

    path: str
    start: int
    end: int
    text: str
    word: str
    meant: tuple[tuple[Keys, str | bool], ...] = ()
    fixes: tuple[Location, ...] = ()


def in_string(
    texts: Texts, place: Location, meaning: str, better: Replacement, word: str
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
    meant = [one for splice in done for one in splice.meant]
    texts = [splice.text for splice in done if not splice.meant]
    if is_toml(path) and not says(before, after, meant, texts):
        message = f"{path} would not say what was meant: the edit can't be made"
        raise Problem(message, hint="nothing was written; please report it, with that file")
    return FileEdit(path, before, after, tuple(splice.word for splice in done))


def _order(splice: Splice) -> tuple[int, int, str, str]:
    return splice.start, splice.end, splice.text, splice.word
