"""A remote that is not asked for its refs more often than somebody has to know them anew."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.steps.ports.git import Git


class AskedOnce:
    """The port ``Git``, for what only looks: the steps that are observed one behind the other."""

    def __init__(self, git: Git, refs: Mapping[str, str] | None = None) -> None:
        """Hold the port; ``refs`` are those that were just seen, or None."""
        self._git = git
        self.refs = refs

    def remote_refs(self) -> Mapping[str, str] | None:
        """Ask once; a remote that does not answer is asked again."""
        if self.refs is None:
            self.refs = self._git.remote_refs()
        return self.refs

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it stands for the port
        """Return the port's own attribute."""
        return getattr(self._git, name)


class AskedTogether:
    """The port ``Git``, for several threads: those that wait for an answer get the same one.

    Nobody gets one that was asked for before he asked: what he does next rests on it.
    """

    def __init__(self, git: Git) -> None:
        """Hold the port."""
        self._git = git
        self._turn, self._count = Lock(), Lock()
        self._begun = self._answered = 0
        self._refs: Mapping[str, str] | None = None

    def remote_refs(self) -> Mapping[str, str] | None:
        """Ask, or share the answer of who asked since."""
        with self._count:
            mine = self._begun + 1
        with self._turn:
            if self._answered < mine:
                with self._count:
                    self._begun = mine
                self._refs = self._git.remote_refs()
                self._answered = mine
            return self._refs

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it stands for the port
        """Return the port's own attribute."""
        return getattr(self._git, name)
