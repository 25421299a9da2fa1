"""The port to the package index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from release_sync.errors import Problem
    from release_sync.seals.artifact import Artifact
    from release_sync.steps.observed import Observed


class Index(Protocol):
    """The package index: what resolvers read and what takes uploads.

    ``why`` says in words why it last did not answer, and is empty as long as it did. Where this job
    ``is_trusted_publisher``, it gets a token for each upload, perhaps of one project alone.
    """

    name: str
    why: str

    @property
    def is_trusted_publisher(self) -> bool:
        """Return whether uploads are a job's that the index trusts (trusted publishing)."""
        ...

    def look_up(self, artifact: Artifact) -> Observed:
        """Compare what the index serves under an artifact's name with its hash (PEP 691)."""
        ...

    def look_up_each(self, artifacts: Iterable[Artifact]) -> Mapping[str, Observed]:
        """Compare several, and ask each project once; each answer is under the file's name."""
        ...

    def scope_problem(self, projects: Sequence[str]) -> Problem | None:
        """Return why the login is not for the upload of some projects, as far as it says that."""
        ...

    def resolve(
        self, wanted: Mapping[str, str], new: Mapping[str, str], *, alone: bool = False
    ) -> Mapping[str, str]:
        """Return the version of each package that an installer takes for these versions of some.

        What is ``new`` on the index, each in a version, is asked anew. ``alone``, what they require
        is not looked at. Raises ``Refused`` when there is no solution, ``Unanswered`` when nobody
        knows, and a plain Problem when it could not be asked.
        """
        ...

    def resolving(self, wanted: Mapping[str, str]) -> str:
        """Return the command by which a user does the same."""
        ...

    def upload(self, files: Sequence[Path], begun: Callable[[str], None] = to_nobody) -> None:
        """Upload artifacts, each with its attestations; ``begun`` is told its name at its turn.

        Raises ``Refused`` when the index said no, ``Unanswered`` when nobody knows.
        """
        ...
