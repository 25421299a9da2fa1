"""What a pipeline is written for: a host, what starts a release there, and the workspace."""

from __future__ import annotations

import re
from enum import StrEnum
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.pipelines.installation import requirement

if TYPE_CHECKING:
    from release_sync.cli.adoption.hook_source import HookSource
    from release_sync.cli.adoption.pipelines.matrix.builds import Build

LEVELS = ("patch", "minor", "major", "stable", "alpha", "beta", "rc", "post", "dev", "none")
"""What the form of a host offers; combined levels are for a command line."""

TRUSTED = frozenset({"pypi", "testpypi"})
"""The indexes that trust a job by what its host says of it, so that no secret is needed."""


TOGETHER = ("all", "changed")
"""What the form offers beside the groups: several of them, in one release."""


class Flow(StrEnum):
    """What starts a release."""

    DISPATCH = "dispatch"
    TAG = "tag"
    PULL_REQUEST = "pull-request"


class Pipeline(NamedTuple):
    """A pipeline to be written.

    ``below`` is the way from the repository's top to the workspace, empty or with a slash at its
    end; ``tags`` are globs of the release tags, ``groups`` the names of what is released.
    ``proposals`` are globs of the branches of pull requests, which no release is made from.
    ``builds`` is what many machines build of each group; nothing where one builds everything.
    ``only`` is the group that it is for, where each has a pipeline of its own. Groups are released
    ``together`` where their pins leave no other way. ``runs_after_land`` says whether the workspace
    has steps of its own behind a release.
    """

    flow: Flow
    source: HookSource
    below: str
    index_name: str
    branches: tuple[str, ...]
    tags: tuple[str, ...]
    groups: tuple[str, ...]
    tags_are_versions: bool
    proposals: tuple[str, ...] = ()
    builds: tuple[Build, ...] = ()
    only: str = ""
    together: bool = False
    runs_after_land: bool = False

    @property
    def parts(self) -> tuple[Pipeline, ...]:
        """Return a pipeline for each group, where a merge may bring a version of any; else it."""
        is_one = len(self.groups) == 1 or (self.together and not self.builds)
        if self.flow != Flow.PULL_REQUEST or is_one:
            return (self,)
        return tuple(
            self._replace(
                only=name,
                builds=tuple(one for one in self.builds if one.group == name and one.native),
            )
            for name in self.groups
        )

    @property
    def choices(self) -> tuple[str, ...]:
        """Return what the form offers: many machines build one group at a time."""
        several = len(self.groups) > 1 and not self.builds and not {*TOGETHER} & {*self.groups}
        return (*self.groups, *TOGETHER) if several else self.groups

    @property
    def chosen(self) -> tuple[str, str]:
        """Return what a script begins with, and the option that says what was chosen."""
        if len(self.groups) == 1:
            return "", ""
        if self.choices == self.groups:
            return "", ' --group "$GROUP"'
        either = " | ".join(TOGETHER)
        which = f'case "$GROUP" in {either}) which="--$GROUP" ;; *) which="--group=$GROUP" ;; esac;'
        return which, ' "$which"'

    @property
    def merged(self) -> str:
        """Return the options that release what was merged."""
        if self.only:
            return f"--if-new --group {quote(self.only)}"
        return "--if-new --all" if len(self.groups) > 1 else "--if-new"

    @property
    def suffix(self) -> str:
        """Return what the names of files and jobs end with, where each group has its own."""
        return f"-{re.sub('[^a-z0-9-]', '-', self.only.lower())}" if self.only else ""

    @property
    def program(self) -> str:
        """Return what runs release-sync in the workspace."""
        below = self.below.rstrip("/")
        return f"release-sync -C '{below}'" if below else "release-sync"

    def path(self, folder: str) -> str:
        """Return the way from the repository's top to something in the workspace."""
        return f"{self.below}{folder}" if folder != "." else self.below.rstrip("/") or "."

    @property
    def is_trusted(self) -> bool:
        """Return whether a trusted publisher uploads, and no secret."""
        return self.index_name in TRUSTED

    def requirement(self, extra: str = "") -> str:
        """Return what is installed. Raises Unreadable."""
        return requirement(self.source, extra)
