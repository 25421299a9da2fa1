"""What a release says of its changelogs before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.amounts import counted, some
from release_sync.plan.version import parsed
from release_sync.workspace.changelogs.kept import CHANGES, KEEP, TOWNCRIER, is_dated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.plan.facts import Facts
    from release_sync.plan.group_version import GroupVersion

_WAYS = {
    KEEP: 'write what is new below "Unreleased", and commit it',
    CHANGES: "run `release-sync change`, and commit what it writes",
}


def changelog_problems(facts: Facts) -> tuple[Problem, ...]:
    """Return why a release is refused of which its changelogs say nothing."""
    if facts.workspace.configuration.changelog.empty != "refuse":
        return ()
    return tuple(
        Problem(
            words,
            hint=f'{_WAYS[style]}; `empty = "note"` in [tool.release-sync.changelog] lets it pass',
        )
        for style, words in _empty(facts)
    )


def changelog_notes(facts: Facts) -> tuple[str, ...]:
    """Return what is said of a release of which its changelogs say nothing, or go on to."""
    noted = facts.workspace.configuration.changelog.empty == "note"
    return (*(words for _, words in _empty(facts) if noted), *_staying(facts))


def asked_levels(facts: Facts) -> str:
    """Return the levels that changes ask for, and where they come from; ``""`` for none."""
    found = {one.group: _asked(facts, one) for one in facts.groups}
    told = {group: words for group, words in found.items() if words}
    if len(facts.groups) == 1:
        return "".join(told.values())
    return "; ".join(f"{group} {words}" for group, words in told.items())


def _asked(facts: Facts, of: GroupVersion) -> str:
    kept = facts.draft.changelogs.get(of.group)
    if kept is None or not kept.level:
        return ""
    first = next(one.path for one in kept.changes if one.level == kept.level)
    more = f" (of {counted(len(kept.changes), 'change')})" if len(kept.changes) > 1 else ""
    request = facts.request.of(of.group)
    if request.version is None and not request.levels:
        return f"{kept.level}: {first} asks for it{more}"
    given = request.version or " ".join(request.levels)
    return f"{given}, as you said; {first} asks for {kept.level}{more}"


def _empty(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the style of each group's changelogs that say nothing of its release, and words."""
    for one in facts.groups:
        kept = facts.draft.changelogs.get(one.group)
        if kept and kept.empty and _is_dated(facts, one):
            yield kept.style, f"{some(list(kept.empty))} says nothing of {one.version}"


def _staying(facts: Facts) -> Iterator[str]:
    """Yield what stays unreleased in changelogs, for the version makes no commit."""
    for one in facts.groups:
        kept = facts.draft.changelogs.get(one.group)
        version = parsed(one.version)
        if kept is None or _is_dated(facts, one) or version is None or version.is_prerelease:
            continue
        told = [path for path in kept.files if path not in kept.empty]
        if told and kept.style == KEEP:
            yield f'what {some(told)} has below "Unreleased" stays there: {one.tag} writes nothing'
        elif told and kept.style == TOWNCRIER:
            yield f"the fragments of {some(told)} stay as they are: {one.tag} writes nothing"
        elif kept.level:
            said = some([change.path for change in kept.changes])
            yield f"what {said} says stays there: {one.tag} writes nothing"


def _is_dated(facts: Facts, of: GroupVersion) -> bool:
    return is_dated(facts.workspace, facts.workspace.group(of.group), of.version)
