"""The question before a release: what was not seen here is asked about by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.plan.amounts import SHOWN, counted
from release_sync.plan.facts import End
from release_sync.seals.fields import visible
from release_sync.seals.pending import enumeration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.plan.facts import Request
    from release_sync.plan.release import Release
    from release_sync.run.talk import Talk
    from release_sync.toml.edits import FileEdit


ACTS = {
    End.RELEASED: ("Release", "to"),
    End.SEALED: ("Prepare", "for"),
    End.RESERVED: ("Reserve", "for"),
}
"""What a run does, by how far it goes."""


def ask(release: Release, request: Request, talk: Talk) -> None:
    """Ask whether a release that was shown is to be. Raises Problem unless it is.

    Commits that the remote has and this clone lacks have to be agreed to first, unless they were
    asked for (`--pull`).
    """
    draft, lacking = release.draft, release.situation.behind
    if lacking and not request.pull:
        for commit in lacking[:SHOWN]:
            talk.line("Lacking", str(commit))
        if len(lacking) > SHOWN:
            talk.line("Lacking", f"and {len(lacking) - SHOWN} more")
        many = counted(len(lacking), "commit")
        there = f"{release.remote}/{draft.branch}"
        talk.confirm(f"{there} has {many} that this clone lacks. Release what is there?")
    names = sorted(draft.members)
    what = enumeration(names) if len(names) <= SHOWN else f"{len(names)} packages"
    act, where = ACTS[release.end]
    versions = enumeration(list(dict.fromkeys(one.version for one in draft.groups)))
    talk.confirm(f"{act} {what} {versions} {where} {draft.index}?")


def ask_beyond(beyond: Sequence[FileEdit], tag: str, talk: Talk) -> None:
    """Show the edits of a release that no release makes by itself, and ask to type it."""
    for edit in beyond:
        talk.difference(edit)
    paths = visible(", ".join(edit.path for edit in beyond))
    talk.confirm(f"{tag} changes {paths}, which this repository allows. Finish it?", typed=True)
