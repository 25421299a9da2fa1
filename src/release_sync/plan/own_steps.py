"""The workspace's own steps of a release, as its configuration names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from release_sync.plan.version import parsed, releases
from release_sync.steps.own.own_step import AfterLand, BeforeUpload, OwnStep, VerifyToo
from release_sync.steps.ports.scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from release_sync.seals.pending import Sealed
    from release_sync.workspace.model import Workspace

Kind = TypeVar("Kind", bound=OwnStep)


@dataclass(frozen=True, slots=True)
class OwnScripts:
    """What is run at each point, in order; ``previous`` has the last version of each group."""

    verify: tuple[Script, ...] = ()
    before_upload: tuple[Script, ...] = ()
    after_land: tuple[Script, ...] = ()
    previous: tuple[tuple[str, str], ...] = ()

    def verifying(self, release: Sealed) -> tuple[VerifyToo, ...]:
        """Return the steps before the seal."""
        return self._steps(VerifyToo, self.verify, release)

    def before_uploading(self, release: Sealed) -> tuple[BeforeUpload, ...]:
        """Return the steps before the upload."""
        return self._steps(BeforeUpload, self.before_upload, release)

    def after_landing(self, release: Sealed) -> tuple[AfterLand, ...]:
        """Return the last steps."""
        return self._steps(AfterLand, self.after_land, release)

    def _steps(
        self, kind: type[Kind], scripts: Iterable[Script], release: Sealed
    ) -> tuple[Kind, ...]:
        return tuple(kind(one, release, self.previous) for one in scripts)


def own_scripts(
    workspace: Workspace, release: Sealed, refs: Iterable[str] = (), *, trusted: bool = False
) -> OwnScripts:
    """Return what is run for a release; only what is ``trusted``, if that is asked for.

    The ``workspace`` is the one that it stands on, ``refs`` are those of the remote.
    """

    def at(point: Iterable[tuple[tuple[str, ...], bool]]) -> tuple[Script, ...]:
        every = (Script(run, trusts) for run, trusts in point)
        return tuple(one for one in every if one.trusted or not trusted)

    rules = workspace.configuration.steps
    every = (at(rules.verify), at(rules.before_upload), at(rules.after_land))
    return OwnScripts(*every, _previous(workspace, release, refs))


def _previous(
    workspace: Workspace, release: Sealed, refs: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """Return each group with the greatest version that was tagged before, or the one in files."""
    every: Sequence[str] = tuple(refs)
    found = []
    for one in release.groups:
        now = parsed(one.version)
        there = [version for version, _ in releases(workspace.tag(one.group), every)]
        before = (version for version in there if now and (parsed(version) or now) < now)
        here = workspace.group(one.group).version
        found.append((one.group, next(before, here if here != one.version else "")))
    return tuple(found)
