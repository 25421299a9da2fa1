"""The requirements of build environments, resolved to exact files that others can have, too."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from packaging.requirements import InvalidRequirement, Requirement

from release_sync.effects.isolation.isolation import Kind
from release_sync.effects.uv.settings import settings
from release_sync.errors import Problem
from release_sync.lines import split_lines
from release_sync.seals.built_with import SEALED_HASHES, BuildRequirement
from release_sync.standards.names import normalise
from release_sync.toml.manifest import MANIFEST
from release_sync.toml.manifest import parsed as manifest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from release_sync.effects.uv.commands import Uv
    from release_sync.seals.built_with import BuiltWith

ROOT = "${PROJECT_ROOT}"
"""What uv writes the working directory for, in a URL."""

_HASH = "--hash="


class Unobtainable(Problem):
    """What was sealed as the requirements of a build can't be had here, or is not asked for."""


@contextmanager
def unobtainable(*, sealed: bool) -> Iterator[None]:
    """Raise Unobtainable for a Problem with requirements that are ``sealed``."""
    try:
        yield
    except Problem as problem:
        if not sealed or type(problem) is not Problem:
            raise
        raise Unobtainable(problem.message, problem.hint) from problem


class Resolved(NamedTuple):
    """What is to be installed: ``lines`` of a requirements file, and what of it can be sealed.

    What comes from an index is sealed; siblings and direct references (PEP 440) are not, for they
    are as the release commit has them.
    """

    lines: tuple[str, ...]
    sealed: tuple[BuildRequirement, ...]


def parsed(requires: Sequence[str], name: str) -> list[str]:
    """Return requirements of a member's build as packaging writes them (PEP 508).

    Raises Problem for what is none: in uv's files it could be an option, or a path. So is a URL
    with a variable in it, for uv would send its value there.
    """
    found = []
    for one in requires:
        requirement = _requirement(one)
        if requirement is None or "${" in (requirement.url or "").replace(ROOT, ""):
            raise Problem(
                f"{name} can't be built: it asks for {one!r:.80}, which is no requirement",
                hint="write it as PEP 508 has it, without variables: in `requires` of its"
                " [build-system], or in what its backend asks for",
            )
        found.append(str(requirement))
    return found


def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def resolve(
    uv: Uv,
    environment: Path,
    wanted: Sequence[str],
    workspace: Path,
    constraints: Mapping[str, BuildRequirement],
    known: str,
) -> Resolved:
    """Resolve what is wanted for an environment, under the constraints, and install nothing.

    Where the path of its Python is ``known``, the environment need not be there yet.

    A constraint takes part only where something asks for its name, and then its version and its
    hashes hold: a seal brings no distribution into a build. Raises Problem with uv's output.
    """
    folder, python = environment.parent, known if Path(known).is_absolute() else str(environment)
    given, limits, found = (folder / f"{one}.txt" for one in ("wanted", "constraints", "resolved"))
    _write(given, wanted)
    exact = [f"{one.name}=={one.version}" for one in constraints.values()]
    _write(limits, [*exact, *_configured(workspace, uv.environ)])
    more = uv.environ.get("UV_BUILD_CONSTRAINT", "").split(" ")
    uv.run(
        [
            *("pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-universal"),
            *("--generate-hashes", "--python", python, "--constraints", str(limits)),
            *(word for file in filter(None, more) for word in ("--constraints", file)),
            *("--output-file", str(found), str(given)),
        ],
        workspace,
        "the build requirements can't be had",
        writes=folder,
    )
    return _read(found.read_text(encoding="utf-8"), constraints)


def agreed(sealed: Iterable[BuiltWith]) -> dict[str, BuildRequirement]:
    """Return by name what was sealed; a name of which there were two versions is not limited."""
    found: dict[str, set[BuildRequirement]] = {}
    for one in sealed:
        for each in one.requirements:
            found.setdefault(each.name, set()).add(each)
    return {name: each for name, many in found.items() if len(many) == 1 for each in many}


def refuse_unreached(name: str, resolved: Resolved, sealed: BuiltWith) -> None:
    """Raise Problem when a seal has requirements that nothing asks for here."""
    reached = {one.name for one in resolved.sealed}
    more = [one.name for one in sealed.requirements if one.name not in reached]
    if more:
        raise Problem(
            f"{name} was sealed as built with {', '.join(more)}, which nothing asks for here",
            hint=f"resume where there is what it had: {sealed.python} on {sealed.platform}",
        )


def install(uv: Uv, environment: Path, resolved: Resolved, workspace: Path) -> None:
    """Install exactly what was resolved: the files have the hashes. Raises Problem.

    What uv has of it already, no index is asked for: it was when this was resolved.

    Where a fork server imports the backend for all builds, only what it imports is compiled.
    """
    compiled = ["--compile-bytecode"] if uv.isolation.kind is Kind.BUBBLEWRAP else []
    file = environment.parent / "install.txt"
    _write(file, resolved.lines)
    line = ["pip", "install", "--quiet", *compiled, "--no-deps", "--verify-hashes",
            "--python", str(environment), "--requirements", str(file)]  # fmt: skip
    failure, writes = "the build requirements can't be installed", environment.parent
    if len(resolved.sealed) == len(resolved.lines):  # nothing of it is built
        with suppress(Problem):
            uv.run([*line, "--offline"], workspace, failure, writes)
            return
    uv.run(line, workspace, failure, writes)


def _configured(workspace: Path, environ: Mapping[str, str]) -> list[str]:
    """Return uv's ``build-constraint-dependencies``, which hold for every build of a workspace."""
    own = manifest_of(MANIFEST, (workspace / MANIFEST).read_bytes()).uv.content
    found = settings(own, workspace, environ).get("build-constraint-dependencies", [])
    return [one for one in found if isinstance(one, str)]


def _read(text: str, constraints: Mapping[str, BuildRequirement]) -> Resolved:
    lines, sealed = [], []
    for line in _lines(text):
        head, *hashes = line.split(f" {_HASH}")
        exact = _exact(head, hashes)
        if exact is not None:
            own = constraints.get(exact.name, exact)
            sealed.append(own._replace(version=exact.version))
            hashes = [*own.hashes] or hashes
        lines.append(" ".join([head.strip(), *(f"{_HASH}{one.strip()}" for one in hashes)]))
    return Resolved(tuple(lines), tuple(sorted(sealed)))


def _exact(head: str, hashes: Sequence[str]) -> BuildRequirement | None:
    """Return a distribution of an index; None for a direct reference."""
    requirement = _requirement(head)
    if requirement is None or requirement.url is not None:
        return None  # None is a path
    version = str(requirement.specifier).removeprefix("==")
    known = sorted(one.strip() for one in hashes if SEALED_HASHES.fullmatch(one.strip()))
    return BuildRequirement(normalise(requirement.name), version, tuple(known))


def _lines(text: str) -> Iterator[str]:
    """Return the requirements of a file (pip's documentation, "Requirements File Format").

    Siblings that uv takes from their sources are installed as others are; options, such as an
    index that uv was told to write down, are in its configuration already.
    """
    for line in split_lines(text.replace("\\\n", " ")):
        requirement = " ".join(line.removeprefix("-e ").split(" ")).strip()
        if requirement and not requirement.startswith(("-", "#")):
            yield requirement


def _write(file: Path, lines: Sequence[str]) -> None:
    file.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
