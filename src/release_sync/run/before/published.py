"""What is published of members, as the workspaces at their release tags have it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.version import parsed, releases
from release_sync.run.before.line import Line
from release_sync.run.released import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.plan.facts import Position
    from release_sync.run.context import Context
    from release_sync.workspace.model import Requirement, Workspace


class PublishedMembers:
    """The last releases of each member. Implements ``Published``.

    The version that the workspace has counts, too, unless it is one that none was released of: a
    development version, or what no index has.
    """

    def __init__(self, context: Context, seen: Position, workspace: Workspace) -> None:
        """Read the tags there are; a commit is read when it is asked for."""
        self.context = context
        self.workspace = workspace
        self.line = Line(context, seen.target, seen.base, seen.refs or {}, seen.tags)
        self.at = cache(self._at)
        self.of = cache(self._of)

    def versions(self, name: str) -> Sequence[str]:
        """Return the last versions, the newest first."""
        member = self.workspace.member(name)
        if not member.group:
            return ()
        found = [version for version, _ in self.of(member.group)][:LOOKED_AT]
        now = self.workspace.group(member.group).version
        one = parsed(now)
        if one is None or one in {*map(parsed, found)} or not self._is_there(name, now):
            return found
        return [now, *found]

    def _is_there(self, name: str, version: str) -> bool:
        """Return whether a version without a tag may be on an index."""
        one = parsed(version)
        if one is None or one.is_devrelease:
            return False
        is_asked = self.context.isolation.problem is None
        return not (is_asked and self.context.is_unreleased(f"{name}=={version}"))

    def requires(self, name: str, version: str) -> Sequence[Requirement]:
        """Return what it required of members at the tag of that version."""
        for one, ref in self.of(self.workspace.member(name).group):
            if one == version:
                there = self.at(self.line.commit(ref))  # one that several groups were released at
                member = there.by_name.get(name) if there else None
                known = self.workspace.by_name
                return [] if member is None else [r for r in member.requirements if r.name in known]
        return self.workspace.member(name).requirements

    def _of(self, group: str) -> list[tuple[str, str]]:
        return releases(self.workspace.tag(group), self.line.known)

    def _at(self, commit: str) -> Workspace | None:
        try:
            self.context.repository.fetch_commit(commit)
            return self.context.source.workspace(commit)
        except Problem:
            return None
