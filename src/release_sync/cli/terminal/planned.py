"""The plan of a release, and what is left of a pending one, as texts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from devclikit.plain import plain
from devclikit.terminal.lines import labelled, painted
from devclikit.terminal.wrapping import wrapped
from release_sync.cli.difference import difference
from release_sync.cli.terminal.colours import diff
from release_sync.cli.terminal.long_lists import FEW, MOST, in_short
from release_sync.plan.release import Release, summary
from release_sync.plan.sequence import of
from release_sync.run.events import step_name
from release_sync.run.interrupted import THEN
from release_sync.run.release_state import ReleaseState
from release_sync.seals.pending import Strategy, enumeration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from devclikit.terminal.medium import Medium
    from release_sync.plan.group_version import GroupVersion
    from release_sync.run.pending import Found
    from release_sync.run.remaining import RemainingStep


def headline(release: Release) -> list[tuple[str, str]]:
    """Return the lines that say what a release is: two, and one for each of several groups."""
    draft = release.draft
    names = sorted(draft.members)
    count = f"{len(names)} packages in lockstep" if len(names) > 1 else "1 package"
    where = f"{release.folder}: " if release.folder else ""
    way = " by way of a stage" if draft.strategy is Strategy.STAGED else ""
    where_to = f"branch {draft.branch}, index {draft.index}{way}"
    if draft.companions:
        return [
            ("Workspace", f"{where}{len(names)} packages in {len(release.groups)} groups"),
            *(
                (one.group, f"{_from_to(one, release)}: {', '.join(one.members)}")
                for one in release.groups
            ),
            ("Plan", f"{enumeration([one.tag for one in release.groups])}, {where_to}"),
        ]
    return [
        ("Workspace", f"{where}{count} at {release.here}: {', '.join(names)}"),
        ("Plan", f"{_stamped(release) or _from_to(release.groups[0], release)}, {where_to}"),
    ]


def _stamped(release: Release) -> str:
    """Return what is stamped on which commit; ``""`` for any other release."""
    draft = release.draft
    stamped = draft.existing and release.edits
    return f"{draft.version} stamped on {draft.base[:7]}" if stamped else ""


def _from_to(one: GroupVersion, release: Release) -> str:
    """Return how the version of a group moves; beside others that move, the commit is new."""
    if one.version == one.previous:
        stays = all(each.version == each.previous for each in release.groups)
        return f"{one.version} as it is" + (f" at {release.draft.base[:7]}" if stays else "")
    return f"{one.previous} → {one.version}"


def order(release: Release) -> str:
    """Return the members in the order of their upload, those of one level together."""
    return " → ".join(enumeration(list(level)) for level in release.draft.levels)


def described(release: Release, on: Medium, *, verbose: bool = False) -> str:
    """Return the whole plan as text: the headline, each edit as a diff, and the steps.

    Unless ``verbose``, of long lists the first few are shown, and how many there are.
    """

    def line(label: str, text: str) -> str:
        return labelled(label, text if verbose else in_short(text), on)

    lines = [line(label, text) for label, text in headline(release)]
    lines += [line("Note", note) for note in release.notes]
    lines += [line("Order", order(release))]
    seen = (*release.observations, ("Isolation", release.isolation))
    lines += [line(label, text) for label, text in seen]
    shown = release.edits
    if len(shown) > MOST and not verbose:
        lines += [line("Edits", f"{len(shown)} files: {summary(shown)}; the first of them:")]
        told = tuple(edit for edit in shown if "changelog" in edit.changes and not edit.gone)
        shown = told or shown[:1]
    above = f"{release.folder}/" if release.folder else ""
    diffs = [diff(difference(f"{above}{edit.path}", edit.before, edit.after), on) for edit in shown]
    return "\n".join(
        [
            *lines,
            "",
            *diffs,
            "",
            painted("Steps", on, bold=True),
            *_steps(release, on, verbose=verbose),
        ]
    )


def _steps(release: Release, on: Medium, *, verbose: bool) -> Iterator[str]:
    """Yield the steps with their numbers; of many of one kind, the first few."""
    numbered = enumerate(of(release), 1)
    for _, same in groupby(numbered, key=lambda one: step_name(one[1]).partition(" ")[0]):
        every = list(same)
        few = every if verbose or len(every) <= MOST else every[:FEW]
        for number, step in few:
            text = plain(step.describe() if verbose else in_short(step.describe()))
            head = f"  {number}. "
            yield head + wrapped(text, on.width, len(head), len(head))
        if len(few) < len(every):
            yield f"     … and {len(every) - len(few)} more, to {every[-1][0]}."


def left_over(found: Found, left: Iterable[RemainingStep], on: Medium) -> str:
    """Return what is pending as text: each step that may be left, and what the world says of it."""
    sealed, pending = found.sealed, found.pending
    who = pending.who if pending else ""
    lines = [labelled("Pending", f"{sealed.name}: {found.state.value}; {who}", on), ""]
    for step in left:
        head = f"  {step.words:12} "
        lines.append(head + wrapped(plain(step.description), on.width, len(head), len(head)))
    reserved = found.state is ReleaseState.RESERVED
    return "\n".join([*lines, "", THEN[True] if reserved else "`release-sync resume` finishes it"])
