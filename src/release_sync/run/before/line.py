"""The releases of one line: those that a branch has, beside those of the other branches.

2.0 is not of the line of `release/1.x`, where 1.9.1 may follow; and what was released from a branch
is of its line, also where its commit never came there (`land = "tag"`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.branches import HEADS
from release_sync.plan.channels.channel import Channel, channel_of
from release_sync.plan.version import parsed, releases
from release_sync.run.released import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.run.context import Context
    from release_sync.seals.pending import Sealed


class Line:
    """The releases that HEAD or its branch reaches, and those that were sealed for this branch.

    ``known`` has every release tag there is, and the seals that are kept beside the tags as if they
    were tags, each with its object name. ``tags`` are those that are no such seals.
    """

    def __init__(
        self,
        context: Context,
        branch: str,
        head: str,
        refs: Mapping[str, str],
        here: Mapping[str, str] | None = None,
    ) -> None:
        """Take the remote's ``refs``, and the tags that are ``here`` where those count, too."""
        self.known = {**refs, **(here or {}), **context.names.beside(refs)}
        self.context = context
        self.branch = branch
        self.tags = {**refs, **(here or {})}.keys()
        self.head = head
        self.upstream = refs.get(f"{HEADS}{branch}", head)
        self.reached = context.repository.local_refs("refs/tags", behind=head)
        self.looked = 0
        self.certain: dict[str, bool] = {}

    def newest(self, every: Sequence[tuple[str, str]], here: str) -> list[tuple[str, str]]:
        """Return the newest releases down to the first that is a tag; ``here`` is HEAD's."""
        mine = []
        self.looked = 0
        for version, ref in every:
            if parsed(version) == parsed(here) or self._has(ref):
                mine.append((version, ref))
                if ref in self.tags:
                    break
        return mine

    def on_the_branch(self, every: Sequence[tuple[str, str]], here: str) -> tuple[str, str]:
        """Return the release that HEAD should be at, or behind; two empty texts for none.

        Pre-releases whose commit never came to the branch are none of these, and what was stamped.
        """
        ours = parsed(here)
        self.looked = channels = 0
        for version, ref in every:
            one = parsed(version)
            if one == ours:
                return version, ref
            if one is None or ref not in self.tags:
                continue
            if one.is_prerelease:
                channels += 1
                came = channels <= LOOKED_AT and True in self._answers(ref)
            else:
                came = self._has(ref)
            if came and not self._is_stamped(ref):
                return version, ref
        return "", ""

    def latest(self, pattern: str, above: str, channel: Channel) -> tuple[str, str]:
        """Return the latest release of a channel, of tags of this form, and its ref.

        It is above a version. Only what is certain counts: that nothing hides behind
        the end of a shallow history. Both are empty where there is none.
        """
        floor = parsed(above)
        found = [
            (version, ref)
            for version, ref in releases(pattern, self.known)
            if (one := parsed(version)) is not None
            and (floor is None or one > floor)
            and channel_of(version) <= channel
        ]
        looked_at = found[:LOOKED_AT]
        others = (one for one in found[LOOKED_AT:] if one[1] in self.reached)
        return next((one for one in (*looked_at, *others) if self._is_certain(one[1])), ("", ""))

    def sealed(self, ref: str) -> Sealed | None:
        """Return the seal that a release tag is; None for any other tag."""
        try:
            return self.context.repository.read_pending(self.known[ref]).sealed
        except Problem:
            return None

    def commit(self, ref: str) -> str:
        """Return the commit that a tag points to."""
        sealed = None if f"{ref}^{{}}" in self.known else self.sealed(ref)
        return sealed.candidate if sealed else self.known.get(f"{ref}^{{}}", self.known[ref])

    def _is_stamped(self, ref: str) -> bool:
        """Return whether the release is of a commit beside the one that its tag is at."""
        sealed = self.sealed(ref)
        return sealed is not None and sealed.is_stamped

    def _is_certain(self, ref: str) -> bool:
        if ref not in self.certain:
            self.certain[ref] = self._is_found(ref)
        return self.certain[ref]

    def _is_found(self, ref: str) -> bool:
        if ref in self.reached:
            return True
        sealed = self.sealed(ref)
        if sealed is not None and sealed.branch == self.branch:
            return True
        return self.context.repository.reaches(self.head, self.commit(ref)) is True

    def _has(self, ref: str) -> bool:
        if ref in self.reached:
            return True
        if self.looked == LOOKED_AT:
            return False
        self.looked += 1
        sealed = self.sealed(ref)
        if sealed is not None and sealed.branch == self.branch:
            return True
        return {*self._answers(ref)} != {False}

    def _answers(self, ref: str) -> Iterator[bool | None]:
        """Yield whether HEAD, and the tip of its branch, reaches a tag; None for hidden."""
        if ref in self.reached:
            yield True
            return
        git, commit = self.context.repository, self.commit(ref)
        yield git.reaches(self.head, commit)
        if self.upstream != self.head:
            git.fetch(f"{HEADS}{self.branch}")
            yield git.reaches(self.upstream, commit)


class SealedLine(Line):
    """The same, for versions in files: a tag that somebody made by hand is no release."""

    def _is_found(self, ref: str) -> bool:
        return self.sealed(ref) is not None and super()._is_found(ref)
