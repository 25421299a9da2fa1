"""The names of the refs that a release keeps, here and on the remote.

A pending ref is ``refs/release-sync/GROUP``, or ``GROUP@PATH`` for a workspace in a sub-folder. Its
last component is percent-encoded, so that it is always one component. Beside it, never below it:
``refs/release-sync-abandoned/TAG`` and ``refs/release-sync-sealed/TAG``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX = "refs/release-sync"
PROBE = "probe-"
"""Begins the last component of a ref that is made and removed to see whether a remote lets us."""


@dataclass(frozen=True, slots=True)
class RefNames:
    """The refs of one workspace.

    ``path`` is its folder in the repository (posix), ``""`` for the root. ``prefix`` is where the
    remote keeps pending refs; below ``refs/heads/`` for remotes that take only branches and tags.
    """

    path: str = ""
    prefix: str = PREFIX

    def here(self, group: str) -> str:
        """Return the ref by which this repository remembers what it had."""
        return f"{PREFIX}/{self._component(group)}"

    def pending(self, group: str) -> str:
        """Return the pending ref of a group on the remote."""
        return f"{self.prefix}/{self._component(group)}"

    def abandoned(self, tag: str) -> str:
        """Return the ref that says that a version was given up, for ever."""
        return f"{self.prefix}-abandoned/{tag}"

    def sealed(self, tag: str) -> str:
        """Return the ref of a seal that landed without becoming a tag."""
        return f"{self.prefix}-sealed/{tag}"

    def beside(self, refs: Mapping[str, str]) -> dict[str, str]:
        """Return the seals that are kept beside the tags, by the refs that such tags have."""
        below = self.sealed("")
        return {
            self.tag(ref.removeprefix(below)): oid
            for ref, oid in refs.items()
            if ref.startswith(below)
        }

    def tag(self, tag: str) -> str:
        """Return the ref of a tag; so that a tag and a seal beside the tags are chosen alike."""
        return f"refs/tags/{tag}"

    def probe(self, nonce: str) -> str:
        """Return a ref that is no group's."""
        return f"{self.prefix}/{PROBE}{nonce}"

    @property
    def is_branch(self) -> bool:
        """Return whether pending refs are branches, which can't point to a tag object."""
        return self.prefix.startswith("refs/heads/")

    def is_own(self, ref: str) -> bool:
        """Return whether a ref is one that only release-sync reads."""
        prefix = self.prefix
        return ref.startswith((f"{prefix}/", f"{prefix}-abandoned/", f"{prefix}-sealed/"))

    def groups(self, refs: Iterable[str]) -> tuple[str, ...]:
        """Return the groups of this workspace that have a pending ref among some refs, sorted."""
        return self._groups(f"{self.prefix}/", refs)

    def groups_here(self, refs: Iterable[str]) -> tuple[str, ...]:
        """Return the groups of which this repository remembers something, among its own refs."""
        return self._groups(f"{PREFIX}/", refs)

    def _groups(self, below: str, refs: Iterable[str]) -> tuple[str, ...]:
        found = (ref.removeprefix(below) for ref in refs if ref.startswith(below))
        groups = (self._group(one) for one in found)
        return tuple(sorted(group for group in groups if group))

    def _component(self, group: str) -> str:
        # A folder may be called `x.lock` or `a..b`, a ref may not.
        at = f"@{_encoded(self.path).replace('.', '%2E')}" if self.path else ""
        return f"{_encoded(group)}{at}"

    def _group(self, component: str) -> str:
        """Return the group that a component names, or nothing when it is not ours."""
        group = unquote(component.partition("@")[0])
        ours = group and not component.startswith(PROBE) and component == self._component(group)
        return group if ours else ""


def _encoded(text: str) -> str:
    """Encode what a component of a ref can't hold (git-check-ref-format(1)), and more."""
    return quote(text, safe="", errors="surrogateescape").replace("~", "%7E")
