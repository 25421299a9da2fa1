"""The verification of a release: each artifact alone, and then all as a set."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeAlias

from release_sync.effects.build.archives import is_wheel
from release_sync.effects.secrets import index_secrets
from release_sync.effects.uv.installed_pythons import installed
from release_sync.effects.verification.artifact import failures
from release_sync.effects.verification.bounds import excesses
from release_sync.effects.verification.clean_place import INSTALLED_NOT
from release_sync.effects.verification.closed_set import closed_failures, untried
from release_sync.effects.verification.fitting import is_for_any, largest_set
from release_sync.effects.verification.import_trial import trials
from release_sync.effects.verification.same_sources import not_as_committed, of_another_commit
from release_sync.effects.verification.same_wheel import some, unlike
from release_sync.effects.verification.secret_scan import leaks
from release_sync.effects.verification.siblings import (
    needing,
    shared_files,
    unrequired,
    unsupported,
)
from release_sync.effects.verification.together import set_failures
from release_sync.errors import Problem, with_causes
from release_sync.seals.artifact import Level
from release_sync.steps.observed import to_nobody
from release_sync.toml.manifest import MANIFEST
from release_sync.trees.paths import join
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.verification.place import Place
    from release_sync.seals.artifact import Expected
    from release_sync.steps.observed import Report

Tried: TypeAlias = "tuple[list[str], str]"
"""What is wrong, and in words what was tried."""

LookedInto: TypeAlias = "tuple[list[str], dict[Expected, Sequence[Path]]]"
"""What is wrong with artifacts as they are, and those that are worth to be installed."""

UNTRIED = "not installed, because of these: "
"""What is written before the members that nobody could install."""


def verify(uv: Uv, built: Mapping[Expected, Sequence[Path]], place: Place, report: Report) -> str:
    """Raise one Problem with all failures; else return in words what was tried.

    What can't be right any more is not installed, and neither is what requires it.
    """
    found, words = _failures(uv, built, place, report)
    if found:
        raise Problem(
            with_causes("what was built is not what should be released", found),
            hint=f"nothing was published; fix it, commit it, and run the same again{_less(found)}",
        )
    return words + (_changed(built, place) if place.elsewhere else "")


def _changed(built: Mapping[Expected, Sequence[Path]], place: Place) -> str:
    """Return in words which sources are not as committed: the build changed them, perhaps."""
    found = {
        join(member.folder, path).removeprefix("./")
        for member, files in built.items()
        for path in not_as_committed(place.root, member.folder, files)
    }
    if not found:
        return ""
    return f"; not as committed, and perhaps changed by the build: {some(sorted(found))}"


def _less(found: Sequence[str]) -> str:
    """Return what else there is to do where something can't be installed, perhaps only here."""
    if not any(INSTALLED_NOT in one for one in found):
        return ""
    return '; if only this machine can\'t install it, `verify = "quick"` does not try each alone'


def incomplete(
    problems: Mapping[str, Problem],
    uv: Uv,
    built: Mapping[Expected, Sequence[Path]],
    place: Place,
    report: Report,
) -> Problem:
    """Return the ``problems`` of members that don't build, with what is wrong with the others."""
    found = _failures(uv, built, place, report, problems)[0] if built else []
    first, *more = problems.values()
    if not more and all(one.startswith(UNTRIED) for one in found):
        return first
    said = [*(one.message for one in problems.values()), *found]
    hint = f"{first.hint}{_less(found)}"
    return Problem(with_causes("what should be released is not right", said), hint=hint)


def _failures(
    uv: Uv,
    built: Mapping[Expected, Sequence[Path]],
    place: Place,
    report: Report,
    missing: Iterable[str] = (),
) -> Tried:
    """Return all that is wrong, and what was tried; members that are ``missing`` don't build."""
    level = next(iter(built)).level
    if missing or place.elsewhere or level is Level.METADATA:
        looked_into = artifact_failures(uv, built, place, report, missing)
    else:
        looked_into, tried = _side_by_side(uv, built, place, report)
        if not looked_into[0]:
            return tried
    found, sound = looked_into
    untried = [member.name for member in built if member not in sound]
    skipped = [f"{UNTRIED}{', '.join(untried)}"] if untried else []
    if level is Level.FULL and sound:
        failed, words = closed_failures(uv, sound, place, report)
        return [*found, *skipped, *failed], words
    if level is Level.METADATA:
        return found, "nothing was installed"
    if found or skipped or missing:
        every = ", ".join(member.name for member in built)
        return [*found, f"{UNTRIED}{every}"], ""
    return _together(uv, built, place, report)


def _side_by_side(
    uv: Uv, built: Mapping[Expected, Sequence[Path]], place: Place, report: Report
) -> tuple[LookedInto, Tried]:
    """Look into artifacts that were built here while they are tried; return what came of both.

    What was tried does not count, and is not tried to the end, where there is something wrong with
    an artifact: nobody knows what an installer makes of it.
    """
    with ThreadPoolExecutor(1) as aside:
        looking = aside.submit(artifact_failures, uv, built, place, to_nobody)

        def is_broken() -> bool:
            return looking.done() and bool(looking.result()[0])

        tried: Tried = [], ""
        try:
            if next(iter(built)).level is Level.FULL:
                tried = closed_failures(uv, built, place, report, is_broken)
            else:
                tried = _together(uv, built, place, report)
        except Exception:
            if not looking.result()[0]:
                raise
        return looking.result(), tried


def _together(
    uv: Uv, built: Mapping[Expected, Sequence[Path]], place: Place, report: Report
) -> Tried:
    """Install what fits into one environment; return the failures, and what was done."""
    python, wheels = "", [file for files in built.values() for file in files if is_wheel(file)]
    words = "the set installs and imports"
    if place.elsewhere and not all(map(is_for_any, built.values())):
        python, wheels = largest_set(built, installed(uv.environ, uv.managed_pythons()))
        left = untried(built, {one.name for one in wheels})
        words = f"{words if wheels else 'nothing was installed'}{left}"
    if not wheels:
        return [], words
    tried = trials(wheels, next(iter(built)).not_imported)
    return set_failures(uv, wheels, tried, place, report, python), words


def artifact_failures(
    uv: Uv,
    built: Mapping[Expected, Sequence[Path]],
    place: Place,
    report: Report,
    missing: Iterable[str] = (),
) -> LookedInto:
    """Return what is wrong with the artifacts as they are, and those worth to be installed.

    These need neither what is broken nor what is ``missing``.
    """
    found: dict[str, list[str]] = {}
    unread: list[Expected] = []
    for number, (member, files) in enumerate(built.items()):
        report("look into the artifacts", number, len(built), "packages")
        found[member.name] = [*excesses(files)] if place.elsewhere else []
        if found[member.name]:
            unread.append(member)
            continue
        found[member.name] = failures(member, files, place.root)
        if place.elsewhere and not found[member.name]:
            found[member.name] = [*of_another_commit(place.root, member.folder, files)]
        if not found[member.name] and member.name in place.from_trees:
            found[member.name] = _unlike(member, files, place)
    broken = [name for name, words in found.items() if words]
    said = [words for many in found.values() for words in many]
    sound = {member: files for member, files in built.items() if member.name not in broken}
    wheels = {member.name: list(filter(is_wheel, files)) for member, files in sound.items()}
    said += [*shared_files(wheels), *unrequired(wheels), *unsupported(wheels)]
    manifest = (place.root / MANIFEST).read_text(encoding="utf-8", errors="replace")
    every = [file for member, files in built.items() if member not in unread for file in files]
    said += leaks(every, index_secrets(uv.environ, manifest))
    waiting = needing([*broken, *missing], wheels)
    return said, {member: files for member, files in sound.items() if member.name not in waiting}


def _unlike(member: Expected, files: Sequence[Path], place: Place) -> list[str]:
    wheel = next(filter(is_wheel, files))
    of_tree = place.from_trees[member.name]
    found = unlike(wheel, of_tree, WorkingTree(str(place.root)), member.folder)
    return [f"{wheel.name}: {words}" for words in found]
