"""The ways to repair a version that is not whole, with the commands to paste where there are any.

What an index has taken can't be changed any more: something is added, or taken out of the way.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from release_sync.audit.published import Kind
from release_sync.audit.words import Sibling, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.audit.files import Files
    from release_sync.audit.siblings import Required


class Way(NamedTuple):
    """One way: what it does, and the command; ``""`` where there is none to paste."""

    does: str
    command: str = ""


class Place(NamedTuple):
    """Where a repair is typed: the command that sends files from here, and the workspace's folder.

    The ``folder`` is that in its repository; ``""`` for the top.
    """

    uploading: str
    folder: str = ""


YANK = "on the index's own pages: no command can"
NEXT = Way("release the next version, which is whole", "release-sync publish")


def repair(
    version: str, tag: str, place: Place, files: Files, said: Iterable[Required], *, newest: bool
) -> tuple[Way, ...]:
    """Return what can be done about a version: the first way is the one that keeps most of it.

    ``tag`` is empty where there is none. The ``newest`` version can be followed by another.
    """
    return tuple(
        dict.fromkeys(
            [
                *_of_files(version, tag, place, files),
                *_of_siblings(version, said),
                *([NEXT] if newest else ()),
            ]
        )
    )


def _of_files(version: str, tag: str, place: Place, files: Files) -> Iterator[Way]:
    there, reason = ", ".join(files.has), f"{version} is not whole"
    if files.word is Word.SPLIT:
        if tag and not files.unserved:  # what is built now is hardly what was sealed then
            yield _complete(tag, place, files)
        yield Way(f"yank {version} of {there} ({YANK}; reason: {reason})")
    elif files.word is Word.FOREIGN:
        if tag:
            compare = f"release-sync verify {quote(tag)}"
            yield Way("find out whose files these are, and see each hash", compare)
        yield Way(f"yank {version} of {there} ({YANK}; reason: files that nobody sealed)")
    elif files.word is Word.YANKED_IN_PART:
        left = ", ".join(name for name in files.has if name not in files.yanked) or there
        yield Way(f"yank {version} of {left}, too ({YANK}), or take the other yanks back")


def _complete(tag: str, place: Place, files: Files) -> Way:
    """Return how what is missing is built from a tag, and uploaded, in a worktree beside this."""
    inside = [part for part in place.folder.split("/") if part]
    beside = f"{'../' * (len(inside) + 1)}at-{tag.replace('/', '-')}"
    wanted = dict.fromkeys(files.missing, "") | {
        name: "--wheel " if kind is Kind.WHEEL else "--sdist " for name, kind in files.lacking
    }
    build = [
        f"uv build {kind}--package {quote(name)} --out-dir dist/missing"
        for name, kind in wanted.items()
    ]
    line = [
        f"git worktree add {quote(beside)} {quote(tag)}",
        f"cd {quote('/'.join([beside, *inside]))}",
        *build,
        f"{place.uploading} dist/missing/*",
    ]
    return Way(f"upload what is missing, built from {tag}", " && ".join(line))


def _of_siblings(version: str, said: Iterable[Required]) -> Iterator[Way]:
    for one in said:
        if one.state in {Sibling.UNMET, Sibling.EXCLUDED}:
            yield Way(
                f"yank {version} of {one.member} ({YANK}; reason: requires {one.requirement})"
            )
        if one.state in {Sibling.EXCLUDED, Sibling.DRIFTED, Sibling.OPEN}:
            yield Way("pin the siblings for what is released next", "release-sync check --fix")
