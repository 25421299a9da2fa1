"""What keeps builds apart from the machine, as far as a plan says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from release_sync.errors import Problem


class Isolation(Protocol):
    """What keeps builds apart from the machine, as far as a plan says it.

    ``words`` say what it is, ``isolates`` whether it does, ``problem`` why nothing can be built.
    """

    @property
    def isolates(self) -> bool: ...  # noqa: D102 - see above
    @property
    def words(self) -> str: ...  # noqa: D102
    @property
    def problem(self) -> Problem | None: ...  # noqa: D102
