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


YANK = "on the index's own pages: no command can"
NEXT = Way("release the next version, which is whole", "release-sync publish")


def repair(
    version: str, tag: str, uploading: str, files: Files, said: Iterable[Required], *, newest: bool
) -> tuple[Way, ...]:
    """Return what can be done about a version: the first way is the one that keeps most of it.

    ``tag`` is empty where there is none, ``uploading`` the command that sends files. The ``newest``
    version can be followed by another.
    """
    return tuple(
        dict.fromkeys(
            [
                *_of_files(version, tag, uploading, files),
                *_of_siblings(version, said),
                *([NEXT] if newest else ()),
            ]
        )
    )


def _of_files(version: str, tag: str, uploading: str, files: Files) -> Iterator[Way]:
    there, reason = ", ".join(files.has), f"{version} is not whole"
    if files.word is Word.SPLIT:
        if tag:
            yield _complete(tag, uploading, files)
        yield Way(f"yank {version} of {there} ({YANK}; reason: {reason})")
    elif files.word is Word.FOREIGN:
        if tag:
            compare = f"release-sync verify {quote(tag)}"
            yield Way("find out whose files these are, and see each hash", compare)
        yield Way(f"yank {version} of {there} ({YANK}; reason: files that nobody sealed)")
    elif files.word is Word.YANKED_IN_PART:
        left = ", ".join(name for name in files.has if name not in files.yanked) or there
        yield Way(f"yank {version} of {left}, too ({YANK}), or take the other yanks back")


def _complete(tag: str, uploading: str, files: Files) -> Way:
    """Return how what is missing is built from a tag, and uploaded."""
    folder = f"../at-{tag.replace('/', '-')}"
    wanted = dict.fromkeys(files.missing, "") | {
        name: "--wheel " if kind is Kind.WHEEL else "--sdist " for name, kind in files.lacking
    }
    wanted = wanted or dict.fromkeys((member for member, _ in files.unserved), "")
    build = [
        f"uv build {kind}--package {quote(name)} --out-dir dist/missing"
        for name, kind in wanted.items()
    ]
    command = " && ".join(
        [
            f"git worktree add {quote(folder)} {quote(tag)}",
            f"cd {quote(folder)}",
            *build,
            f"{uploading} dist/missing/*",
        ]
    )
    return Way(f"upload what is missing, built from {tag}", command)


def _of_siblings(version: str, said: Iterable[Required]) -> Iterator[Way]:
    for one in said:
        if one.state in {Sibling.UNMET, Sibling.EXCLUDED}:
            yield Way(
                f"yank {version} of {one.member} ({YANK}; reason: requires {one.requirement})"
            )
        if one.state in {Sibling.EXCLUDED, Sibling.DRIFTED, Sibling.OPEN}:
            yield Way("pin the siblings for what is released next", "release-sync check --fix")
