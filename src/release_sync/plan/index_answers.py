"""What the index's answers mean for a release: the reasons against it, and what is to be known."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from release_sync.errors import Problem, with_causes
from release_sync.plan.amounts import first, some
from release_sync.plan.availability import Availability, files
from release_sync.steps.uploading.served import because

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.plan.facts import Facts

NEW_PROJECTS = 4
"""How many new projects PyPI takes of one user, or one address, in 24 hours. No page of its
documentation says so, but its administrators do (pypi/support#10572 of August 2026)."""

STANDARD_LIBRARY = frozenset(canonicalize_name(one.strip("_")) for one in sys.stdlib_module_names)
"""The names that no new project may have on PyPI, as it compares them (PEP 503)."""

_CLOSED = {
    "archived": "its owners can unarchive it there, in the settings of the project",
    "quarantined": "its administrators decide about that: ask them before you release",
}
"""The statuses in which an index takes no upload (PEP 792), and what can be done about it."""


def index_problems(facts: Facts) -> Iterator[Problem]:
    """Yield every reason that the index's answers are against a release."""
    yield from _closed(facts)
    yield from _not_allowed(facts)
    yield from _taken(facts)
    yield from _emptied(facts)
    silent = facts.members(Availability.UNKNOWN)
    if silent:
        yield Problem(
            f"{facts.index} could not be asked for {facts.with_versions(silent)}"
            f"{because(facts.silence)}",
            hint="see that the index is up and its address is right, then try again",
        )


def index_notes(facts: Facts) -> Iterator[str]:
    """Yield what somebody should know of the index before saying yes."""
    new = facts.members(Availability.NO_PROJECT)
    if facts.pypi and new:
        yield _new(facts, new)
        if facts.trusted:
            yield _pending_publishers(new)
    for name in _in_status(facts, "deprecated"):
        yield f"{name} is deprecated on {facts.index}{because(facts.situation.served[name].reason)}"
    emptied = facts.members(Availability.EMPTY)
    if emptied and not facts.pypi:
        yield (
            f"{facts.index} lists {facts.with_versions(emptied)} without a file: where that was"
            " deleted, it may refuse it"
        )
    if facts.strangers:
        served = facts.situation.served
        there = some([f"{name} {served[name].versions[-1]}" for name in facts.strangers])
        they = "it is" if len(facts.strangers) == 1 else "they are"
        yield f"{facts.index} has {there}, and no release tag is of that: see that {they} yours"


def _new(facts: Facts, new: Sequence[str]) -> str:
    """Return what it means that some projects are new on PyPI."""
    are = "is a new project" if len(new) == 1 else f"are {len(new)} new projects"
    said = (
        f"{some(new)} {are} on {facts.index}: PyPI lets one user create {NEW_PROJECTS} in 24 hours"
        " (August 2026)"
    )
    if len(new) <= NEW_PROJECTS:
        return said
    return (
        f"{said}, then it answers 429, and the release stays pending: `release-sync resume` goes on"
    )


def _pending_publishers(new: Sequence[str]) -> str:
    said = (
        "this job is a trusted publisher, and creates only a project that has a pending publisher,"
        " which expires when it is not used"
    )
    if len(new) == 1:
        return said
    return (
        f"{said}; there can be one for each identity: {len(new)} projects need as many, or a token"
    )


def _not_allowed(facts: Facts) -> Iterator[Problem]:
    """Yield that PyPI creates no project of these names, as it says when one is uploaded."""
    new = facts.members(Availability.NO_PROJECT) if facts.pypi else ()
    names = [name for name in new if name in STANDARD_LIBRARY]
    if names:
        yield Problem(
            f"{facts.index} creates no project with the name of a module of Python's standard"
            f" library: {some(names)}",
            hint="give it another name, or make it private (`private` in [tool.release-sync])",
        )


def _closed(facts: Facts) -> Iterator[Problem]:
    for status, hint in _CLOSED.items():
        names = _in_status(facts, status)
        if names:
            served = facts.situation.served
            told = [(name, served[name].reason) for name in names if served[name].reason]
            said = first(
                [reason if len(names) == 1 else f"{name}: {reason}" for name, reason in told]
            )
            sentence = f"{facts.index} takes no upload of {some(names)}, {status} there (PEP 792)"
            yield Problem(with_causes(sentence, said) if said else sentence, hint=hint)


def _in_status(facts: Facts, status: str) -> list[str]:
    served = facts.situation.served
    return sorted(name for name, one in served.items() if one.status == status)


def _taken(facts: Facts) -> Iterator[Problem]:
    taken = facts.members(Availability.TAKEN)
    if not taken:
        return
    lacking = sorted(facts.served.keys() - {*taken} - {*facts.members(Availability.UNKNOWN)})
    parts = [line for name in taken for line in _in_part(facts, name)]
    sentence = f"{facts.index} has {facts.with_versions(taken)} already"
    sentence += f", and nothing of {some(lacking)}" if lacking else ""
    hint = "a version can't be published twice: choose a greater one with `--version`"
    if parts or lacking:
        hint = "no pending release can finish it: choose a greater version with `--version`"
    yield Problem("\n    ".join([sentence, *first(parts)]), hint=hint)


def _in_part(facts: Facts, name: str) -> Iterator[str]:
    """Yield what is there of a version of one member, where it is not whole, or is yanked."""
    served = facts.situation.served.get(name)
    there = files(served, facts.version_of(name)) if served else ()
    if served is None or not there:
        return
    wheels = [one for one in there if one.endswith(".whl")]
    if not wheels or len(wheels) == len(there):
        yield f"of {name} there is only {some(there)}, no {'sdist' if wheels else 'wheel'}"
    yanked = [one for one in there if one in served.yanked]
    if yanked:
        why = next((served.yanked[one] for one in yanked if served.yanked[one]), "")
        yield f"yanked of {name}: {some(yanked)}{because(why)}"


def _emptied(facts: Facts) -> Iterator[Problem]:
    """Yield why what was deleted from PyPI is not released again (PEP 700 shows it, in part)."""
    emptied = facts.members(Availability.EMPTY)
    if emptied and facts.pypi:
        yield Problem(
            f"{facts.index} lists {facts.with_versions(emptied)} without a file",
            hint="a file that was deleted there keeps its name for ever: choose a greater version"
            " with `--version`",
        )
