"""What an installer takes from an index, without installing or building anything."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release_sync.effects.uv.from_index import first, of_any_age
from release_sync.effects.uv.pythons import interpreter
from release_sync.effects.uv.settings import FILE
from release_sync.effects.uv.unreleased import NO_SOLUTION
from release_sync.errors import Problem, Refused, Unanswered
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.commit import CommitTree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager

    from release_sync.effects.uv.commands import Uv

    Aside = Callable[[], AbstractContextManager[Path | str]]
    """What makes a folder that is gone afterwards."""

ASIDE = partial(TemporaryDirectory, prefix="release-sync-resolve-")
"""A temporary folder: it stays where the process is killed."""

LINE = ("pip", "compile", "--no-sources", "--no-build")
"""Nothing is built, neither of the repository nor of anybody else: so nothing of it runs."""

ONCE = {"UV_HTTP_RETRIES": "0"}
"""Who waits for an index asks again, and shows it."""

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)

_SILENT = re.compile(r"Failed to (?:fetch|download)|Request failed|error sending request|timed out")
"""How uv says that it got no answer."""


_NOT_HERE = re.compile(
    r"no usable wheels|no wheels with a matching|Wheels are required for|current Python version"
)
"""How uv says that something is there for other machines, or only to be built."""


def resolve(
    uv: Uv,
    wanted: Sequence[str],
    new: Collection[str],
    index: str,
    workspace: Path,
    aside: Aside,
    requires_python: str,
    *,
    alone: bool,
) -> dict[str, str]:
    """Return the version of each package that uv would install for some requirements.

    ``index`` is looked at first, as ``UV_INDEX`` takes it, and what it has of ``new`` packages is
    asked anew; ``workspace`` is whose settings of uv hold, and ``aside`` makes a folder for the
    questions. ``alone``, nothing that is required is
    looked at. Raises Refused where there is no solution, Unanswered where uv got no answer, and a
    plain Problem where it could not ask.
    """
    try:
        return _resolved(uv, wanted, new, index, workspace, aside, requires_python, alone=alone)
    except OSError as error:
        raise Problem(str(error)) from error


def _resolved(
    uv: Uv,
    wanted: Sequence[str],
    new: Collection[str],
    index: str,
    workspace: Path,
    aside: Aside,
    requires_python: str,
    *,
    alone: bool,
) -> dict[str, str]:
    line = [*LINE, "--quiet", "--no-universal", "--no-header", "--no-annotate"]
    line += [f"--refresh-package={name}" for name in new]
    line += ["--no-deps"] if alone else []
    line += ["--prerelease=allow"] if any(map(_is_early, wanted)) else []
    with aside() as name:
        place = _place(workspace, Path(name))
        line += of_any_age(new, place, uv.environ)
        given, found = Path(name, "wanted.txt"), Path(name, "found.txt")
        given.write_text("".join(f"{one}\n" for one in wanted), encoding="utf-8")
        line += ["--python", interpreter(requires_python), "--output-file", str(found), str(given)]
        try:
            uv.run(line, place, "", None, **first(index, uv.environ), **ONCE)
        except Unanswered:
            raise
        except Problem as problem:
            raise _meaning(problem) from problem
        return pinned(found.read_text(encoding="utf-8"))


def pinning(versions: Mapping[str, str]) -> list[str]:
    """Return the requirements that ask for these versions."""
    return [f"{name}=={version}" for name, version in versions.items()]


def pinned(text: str) -> dict[str, str]:
    """Return the version of each package in what ``uv pip compile`` wrote."""
    return {canonicalize_name(one): version for one, version in _PINNED.findall(text)}


def _place(workspace: Path, folder: Path) -> Path:
    """Return where uv runs: without a working tree, with the settings that are committed."""
    if (workspace / MANIFEST).exists():
        return workspace
    tree = CommitTree(str(workspace), "HEAD")
    for name in (MANIFEST, FILE):
        content = tree.read(name)
        if content is not None:
            (folder / name).write_bytes(content)
    return folder


def command(wanted: Sequence[str], index: str) -> str:
    """Return the command by which a user does the same."""
    named = f" --index {quote(index)}" if index else ""
    given = " ".join(map(quote, wanted))
    return f"printf '%s\\n' {given} | uv {' '.join(LINE)} --refresh{named} -"


def _meaning(problem: Problem) -> Problem:
    words = problem.message.removeprefix(": ").strip()
    if NO_SOLUTION in words and not _NOT_HERE.search(words):
        return Refused(words)
    return Unanswered(words) if _SILENT.search(words) else Problem(words)


def _is_early(wanted: str) -> bool:
    """Return whether a pin is on a pre-release: uv takes those of what is required only if told."""
    return bool(Requirement(wanted).specifier.prereleases)
