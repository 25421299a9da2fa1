"""The attestations of a release, as an index serves them: whose they are, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.steps.observed import to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from release_sync.run.served_files import ServedFile
    from release_sync.seals.artifact import Artifact
    from release_sync.seals.attestation import Attestation
    from release_sync.seals.pending import Sealed
    from release_sync.steps.observed import Report


@dataclass(frozen=True, slots=True)
class Attested:
    """The attestations of each file that has some, by the file's name."""

    files: Mapping[str, tuple[Attestation, ...]]

    def of(self, artifact: Artifact) -> tuple[Attestation, ...]:
        """Return those of one file."""
        return self.files.get(artifact.filename, ())

    @property
    def bad(self) -> dict[str, list[str]]:
        """What is wrong with those of each file, where something is."""
        found = {
            name: [one.problem for one in many if one.problem] for name, many in self.files.items()
        }
        return {name: problems for name, problems in found.items() if problems}

    @property
    def words(self) -> tuple[str, ...]:
        """What is said of several files in the same words, and how many these are."""
        good = [one.words for many in self.files.values() for one in many if not one.problem]
        said = [
            f"{words} ({count} file{'s' if count > 1 else ''})"
            for words, count in {words: good.count(words) for words in good}.items()
        ]
        wrong = [
            f"somebody, for {name}: {words}" for name, many in self.bad.items() for words in many
        ]
        return (*said, *wrong)


def look_up_attestations(
    files: Sequence[ServedFile],
    ask: Callable[[Artifact, str], tuple[Attestation, ...]],
    report: Report = to_nobody,
) -> Attested:
    """Ask for the attestations of each file for which the index names some."""
    found = {}
    named = [one for one in files if one.provenance]
    for number, one in enumerate(named):
        report("attestations", number, len(named), "files")
        found[one.artifact.filename] = ask(one.artifact, one.provenance)
    return Attested(found)


def attested_problem(sealed: Sealed, index: str, attested: Attested) -> Problem | None:
    """Return which files have attestations with which something is wrong; None when none has."""
    if not attested.bad:
        return None
    names = ", ".join(attested.bad)
    return Problem(
        f"not every attestation that {index} names for {sealed.tag} holds: {names}",
        hint="the lines above say why; ask who published these files",
    )
