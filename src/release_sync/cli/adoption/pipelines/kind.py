"""What a pipeline is written for: a host, what starts a release there, and the workspace."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.pipelines.installation import requirement

if TYPE_CHECKING:
    from release_sync.cli.adoption.hook_source import HookSource
    from release_sync.cli.adoption.pipelines.matrix.builds import Build

LEVELS = ("patch", "minor", "major", "stable", "alpha", "beta", "rc", "post", "dev", "none")
"""What the form of a host offers; combined levels are for a command line."""

TRUSTED = frozenset({"pypi", "testpypi"})
"""The indexes that trust a job by what its host says of it, so that no secret is needed."""


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
