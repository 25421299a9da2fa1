"""What wheels of one release do to each other: files of both, and imports that nobody requires."""

from __future__ import annotations

import ast
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from release_sync.effects.build.archives import (
    checksums,
    entry_points,
    installed_at,
    metadata,
    modules_of,
    requires_python,
)
from release_sync.effects.verification.import_trial import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

NAMESPACE = "__init__.py"
"""What two wheels may both have, if it is the same: older namespace packages have it in each."""


PROGRAM = "the program "
"""What is written before the name of a program."""

MINORS = 60
"""The minor versions of Python 3 that a specifier is compared with."""


def shared_files(wheels: Mapping[str, Sequence[Path]]) -> Iterator[str]:
    """Yield each file that two members install: one overwrites the other, and takes it away.

    Of several wheels of one member an installer takes one, so these may share what they like. Two
    may have the same program, if both call the same.
    """
    owners: dict[str, dict[str, Path]] = defaultdict(dict)
    contents: dict[str, set[int | str]] = defaultdict(set)
    for member, own in wheels.items():
        for wheel in own:
            for place, content in _placed(wheel):
                owners[place].setdefault(member, wheel)
                contents[place].add(content)
    for place, found in owners.items():
        may_be_same = place.startswith(PROGRAM) or place.rpartition("/")[2] == NAMESPACE
        if len(found) > 1 and not (may_be_same and len(contents[place]) == 1):
            yield f"{place} is in {' and in '.join(wheel.name for wheel in found.values())}"


def _placed(wheel: Path) -> Iterator[tuple[str, int | str]]:
    """Yield where a wheel puts its files, with their content, and its programs, with their call."""
    for name, checksum in checksums(wheel).items():
        scheme, path = _aside(name)
        if place := installed_at(name) or (f"{PROGRAM}{path}" if scheme == "scripts" else ""):
            yield place, checksum
        elif scheme == "data":
            yield f"data/{path}", checksum
    for group, name, value in entry_points(wheel):
        if group in SCRIPTS:
            yield f"{PROGRAM}{name}", value


def _aside(name: str) -> tuple[str, str]:
    """Return the scheme and the path of a file in the ``.data`` of a wheel; else two of nothing."""
    top, _, below = name.partition("/")
    scheme, _, path = below.partition("/") if top.endswith(".data") else ("", "", "")
    return scheme, path


def unrequired(wheels: Mapping[str, Sequence[Path]]) -> Iterator[str]:
    """Yield each member that imports a sibling at once, and has no requirement that leads to it.

    ``wheels`` are by the normalised names of their projects. It works wherever somebody else has
    the sibling installed, and nowhere else. What is imported in a function, where an ImportError is
    caught, or for a type checker, may be missing; and so may what an extra requires.
    """
    needs = {name: _required_names(own) & wheels.keys() for name, own in wheels.items()}
    modules = {
        name: sorted({one for wheel in own for one in modules_of(wheel)})
        for name, own in wheels.items()
    }
    for name, several in wheels.items():
        own = {name} | _reached(name, needs)
        others = {
            module: sibling
            for sibling, theirs in modules.items()
            for module in theirs
            if sibling not in own
        }
        said: set[str] = set()
        for wheel, path, module in _imports_of(several, others):
            if module in said:
                continue
            said.add(module)
            yield (
                f"{wheel.name}: {path} imports {module}, which is {others[module]}'s, and {name}"
                " does not require that"
            )


def needing(broken: Iterable[str], wheels: Mapping[str, Sequence[Path]]) -> list[str]:
    """Return the members that need one of those that are ``broken``, directly or not."""
    known = {*wheels, *broken}
    needs = {name: _required_names(own) & known for name, own in wheels.items()}
    needs |= dict.fromkeys(broken, frozenset())
    return [name for name in wheels if not _reached(name, needs).isdisjoint(broken)]


def unsupported(wheels: Mapping[str, Sequence[Path]]) -> Iterator[str]:
    """Yield each member that allows a Python which a sibling that it requires there excludes.

    The lowest minor version that it allows is looked at: an installer there finds no such sibling.
    What a member says nothing of is its own; and what the highest should be, nobody can know.
    Several wheels of a member allow the same: their metadata were compared with its manifest's.
    """
    for wheel in (several[0] for several in wheels.values()):
        own = requires_python(wheel)
        lowest = next(_allowed(own), None) if own else None
        if lowest is None:
            continue
        for one in _required_on(wheel, lowest):
            sibling = wheels.get(canonicalize_name(one.name))
            theirs = requires_python(sibling[0]) if sibling else ""
            if lowest not in set(_allowed(theirs)):
                yield (
                    f"{wheel.name}: allows Python {lowest} ({own}), and {one.name}, which it"
                    f" requires, does not ({theirs})"
                )


def _allowed(requires: str) -> Iterator[str]:
    """Yield the minor versions of Python 3 that a specifier allows, the latest of each at least."""
    specifier = SpecifierSet(requires)
    yield from (f"3.{minor}" for minor in range(MINORS) if specifier.contains(f"3.{minor}.99"))


def _required_on(wheel: Path, python: str) -> Iterator[Requirement]:
    """Yield what a wheel requires on a Python, without any extra."""
    environment = {"python_version": python, "python_full_version": f"{python}.99", "extra": ""}
    for text in metadata(wheel).get("requires_dist", []):
        one = Requirement(text)
        if one.marker is None or one.marker.evaluate(environment):
            yield one


def _reached(name: str, needs: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    pending = [name]
    while pending:
        for one in needs[pending.pop()] - found:
            found.add(one)
            pending.append(one)
    return frozenset(found)


def _required_names(wheels: Sequence[Path]) -> frozenset[str]:
    """Return the names that one of a member's wheels requires, those for an extra too."""
    return frozenset(
        _name(one) for wheel in wheels for one in metadata(wheel).get("requires_dist", [])
    )


def _name(text: str) -> str:
    try:
        return canonicalize_name(Requirement(text).name)
    except InvalidRequirement:
        return ""


def _imports_of(
    wheels: Sequence[Path], modules: Mapping[str, str]
) -> Iterator[tuple[Path, str, str]]:
    for wheel in wheels:
        yield from ((wheel, *one) for one in _imports(wheel, modules))


def _imports(wheel: Path, modules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the first import of each of some modules, and the file that has it."""
    wanted = {module: module.partition(".")[0].encode() for module in modules}
    with zipfile.ZipFile(wheel) as archive:
        for path in archive.namelist():
            content = archive.read(path) if path.endswith(".py") and installed_at(path) else b""
            likely = [module for module, top in wanted.items() if top in content]
            if not likely:
                continue
            names = set(_imported(content))
            for module in likely:
                if any(f"{name}.".startswith(f"{module}.") for name in names):
                    del wanted[module]
                    yield path, module


def _imported(content: bytes) -> Iterator[str]:
    """Yield the modules that a source imports as soon as it is imported itself."""
    try:
        pending: list[ast.stmt] = list(ast.parse(content).body)
    except (SyntaxError, ValueError, RecursionError):
        return
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.ClassDef | ast.With):
            pending += node.body
