"""RS401 and RS402: ``uv.lock`` has the members as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.workspace.lock import PATH
from release_sync.workspace.model import Fault, Place
from release_sync.workspace.pep440 import is_same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.workspace.model import Workspace


def stale(workspace: Workspace) -> Iterator[Fault]:
    """Report every member that the lock has at another version than its manifest."""
    for locked in workspace.lock.packages if workspace.lock and workspace.uv else ():
        member = workspace.by_name.get(locked.name)
        if member is None or locked.version is None or member.version is None or member.dynamic:
            continue
        if not is_same(locked.version, member.version):
            message = f"uv.lock has {member.name} at {locked.version}, it is at {member.version}"
            yield Fault(
                code="RS401",
                place=locked.place,
                message=f"{message}; run `uv lock`",
                member=member.name,
                expected=member.version,
                found=locked.version,
                fixable=True,
            )


def incomplete(workspace: Workspace) -> Iterator[Fault]:
    """Report every member that the lock lacks, and every local package that is no member."""
    if workspace.lock is None or not workspace.uv:
        return
    locked = {one.name: one.place for one in workspace.lock.packages}
    listed = frozenset(locked if workspace.lock.members is None else workspace.lock.members)
    for name in sorted(workspace.by_name.keys() - (locked.keys() & listed)):
        message = f"uv.lock does not have {name}; run `uv lock`"
        yield Fault("RS402", Place(PATH), message, name, expected=name)
    for name in sorted(listed - workspace.by_name.keys()):
        message = f"uv.lock has {name}, which is no member; run `uv lock`"
        yield Fault("RS402", locked.get(name, Place(PATH)), message, name, found=name)
