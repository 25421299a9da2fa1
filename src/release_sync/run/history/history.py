"""The history of a repository's releases, read from its tags and from what its remote keeps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from release_sync.errors import Problem, Unreadable
from release_sync.plan.amounts import counted
from release_sync.plan.version import parsed
from release_sync.plan.version import releases as released
from release_sync.run.history.past import Past, Summary, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.seals.pending import Sealed
    from release_sync.seals.ref_names import RefNames

TAGS = "refs/tags/"
SIDE_BY_SIDE = 8
"""How many tags are read at once."""


class Recorded(Protocol):
    """What a repository and its remote record of releases."""

    @property
    def groups(self) -> Mapping[str, str]: ...  # noqa: D102 - see effects.released_to
    @property
    def names(self) -> RefNames: ...  # noqa: D102
    @property
    def remote(self) -> str: ...  # noqa: D102
    def tags(self) -> Mapping[str, str]: ...  # noqa: D102
    def made(self) -> Mapping[str, tuple[int, str]]: ...  # noqa: D102
    def there(self) -> Mapping[str, str] | None: ...  # noqa: D102
    def release(self, tag: str, oid: str) -> Sealed: ...  # noqa: D102
    def commit_times(self, commits: Sequence[str]) -> Mapping[str, int]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class GroupHistory:
    """The releases of a group, the newest first; ``notes`` say what may be missing."""

    group: str
    releases: tuple[Past, ...]
    summary: Summary
    notes: tuple[str, ...] = ()


def history(recorded: Recorded, now: float, only: str = "") -> tuple[GroupHistory, ...]:
    """Return the releases of each group, or of the one that is named.

    Of the remote only refs are asked for, and seals that are not here. Raises Unreadable for a
    group that is none.
    """
    groups = recorded.groups
    if only and only not in groups:
        raise Unreadable(f"there is no group {only!r}", hint=f"name one of: {', '.join(groups)}")
    here, made, there = recorded.tags(), recorded.made(), recorded.there()
    found = []
    for group, pattern in groups.items():
        if only in {"", group}:
            past = sorted(
                _timed(recorded, [*_of_group(recorded, pattern, here, made, there or {})]),
                key=lambda one: (one.time, parsed(one.version)),
                reverse=True,
            )
            notes = tuple(_missing(recorded, pattern, here, there))
            found.append(GroupHistory(group, tuple(past), summary(past, now), notes))
    return tuple(found)


def _of_group(
    recorded: Recorded,
    pattern: str,
    here: Mapping[str, str],
    made: Mapping[str, tuple[int, str]],
    there: Mapping[str, str],
) -> Iterator[Past]:
    names = recorded.names
    beside, given_up = names.sealed(""), names.abandoned("")
    kept = {ref.removeprefix(beside) for _, ref in released(pattern, there, beside)}
    tags = [
        (version, ref.removeprefix(TAGS), here[ref])
        for version, ref in released(pattern, here)
        if ref.removeprefix(TAGS) not in kept  # the tag was there before the release
    ]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        yield from pool.map(lambda one: _past(recorded, one[0], one[1], one[2], made), tags)
    for below in (beside, given_up):
        for version, ref in released(pattern, there, below):
            past = _past(recorded, version, ref.removeprefix(below), there[ref], {})
            yield replace(past, is_abandoned=below == given_up)


def _past(
    recorded: Recorded, version: str, tag: str, oid: str, made: Mapping[str, tuple[int, str]]
) -> Past:
    """Return what a seal says of its own group; of what is none, when it was ``made``, by whom."""
    try:
        whole = recorded.release(tag, oid)
    except Problem:
        return Past(version, tag, *made.get(f"{TAGS}{tag}", (0, "")))
    sealed = whole.own
    return Past(
        version=sealed.version,
        tag=sealed.tag,
        time=sealed.time,
        who=sealed.holder,
        seal=sealed.oid,
        candidate=sealed.candidate if sealed.candidate != sealed.base else "",
        members=sealed.members,
        files=len(sealed.artifacts),
        size=sum(one.size for one in sealed.artifacts),
        primary=sealed.primary,
        companions=tuple(one.group for one in whole.companions),
    )


def _timed(recorded: Recorded, past: Sequence[Past]) -> Iterator[Past]:
    """Yield the releases with how long after their commits they were sealed."""
    commits = [one.candidate for one in past if one.candidate]
    times = recorded.commit_times(list(dict.fromkeys(commits)))
    for one in past:
        began = times.get(one.candidate)
        yield one if began is None else replace(one, seconds=max(0, one.time - began))


def _missing(
    recorded: Recorded, pattern: str, here: Mapping[str, str], there: Mapping[str, str] | None
) -> Iterator[str]:
    if there is None:
        words = "what was given up, and what landed beside the tags, is not shown"
        yield f"{recorded.remote} did not answer: {words}"
        return
    lacking = {ref for _, ref in released(pattern, there)} - here.keys()
    if lacking:
        tags = counted(len(lacking), "release tag")
        yield f"{recorded.remote} has {tags} that this clone lacks: run `git fetch --tags`"
