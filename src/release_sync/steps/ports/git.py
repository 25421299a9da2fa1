"""The port to git: the user's repository and its remote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.seals.pending import Pending


@dataclass(frozen=True, slots=True)
class Merged:
    """The commit that a branch is moved to, in hex; ``findings`` are new ones of a merge.

    ``is_merge`` is whether others have pushed to the branch meanwhile.
    """

    commit: str
    findings: tuple[str, ...] = ()
    is_merge: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """One ref of a push: ``old`` is what it must be now (None: absent), ``new`` None deletes.

    When the answer is lost, refs that ``decides`` show what was done; others push to a branch, too.
    """

    ref: str
    new: str | None
    old: str | None
    decides: bool = True


class Git(Protocol):
    """The user's repository and its remote."""

    remote: str

    def remote_refs(self) -> Mapping[str, str] | None:
        """Ask the remote for all its refs; None when it could not be asked."""
        ...

    def local_ref(self, ref: str) -> str | None:
        """Return what a ref of the repository points to."""
        ...

    def set_local_ref(self, ref: str, new: str | None, old: str | None) -> None:
        """Move, create or (``new`` None) delete a ref, if it still is ``old`` (None: absent)."""
        ...

    def read_pending(self, oid: str) -> Pending:
        """Read a seal, or a claim and the seal in it, fetching objects that are not here.

        Raises UnreadableSeal for anything else, Unanswered when the remote is silent.
        """
        ...

    def make_claim(self, seal: str, tag: str, before: str | None) -> str:
        """Make a tag object on a seal, in place of the claim ``before``; return its oid."""
        ...

    def push(self, updates: Sequence[Update], *, hooks: bool = False) -> None:
        """Push several updates as one atomic act, each only if the remote's ref is ``old``.

        With ``hooks``, the repository's pre-push hook has a say. Raises ``Refused`` when the
        remote said no, ``Unanswered`` when it did not answer.
        """
        ...

    def is_ancestor(self, old: str, new: str) -> bool:
        """Return whether ``old`` is reachable from ``new``.

        Raises Problem when there is too little history here to say so, and no more can be had.
        """
        ...

    def fetch(self, ref: str, oid: str = "") -> None:
        """Fetch the objects of a remote's ref, unless the ``oid`` that it points to is here.

        No ref of the repository is moved.
        """
        ...

    def fast_forward(self, branch: str, commit: str) -> str:
        """Fast-forward the user's branch to a commit; return what was done, in words."""
        ...
