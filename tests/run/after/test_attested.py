"""Attestations of a release are shown by whose they are; one that does not hold is a problem."""

from __future__ import annotations

from release_sync.run.after.attested import attested_problem, look_up_attestations
from release_sync.run.served_files import ServedFile
from release_sync.seals.artifact import Artifact
from release_sync.seals.attestation import VERIFIED, Attestation
from release_sync.seals.pending import Sealed
from release_sync.steps.observed import Observed

FILES = tuple(
    ServedFile(Artifact("app", f"app-{one}.whl", 1, "0" * 64), Observed.EXACT, False, url)  # noqa: FBT003 - as it is
    for one, url in (("a", "1"), ("b", "2"), ("c", ""))
)
SEALED = Sealed("", "", "", "default", "1", "v1", "main", "pypi", (("app",),),
                tuple(one.artifact for one in FILES))  # fmt: skip
GOOD = Attestation("GitHub o/app, ci.yml", "https://x/publish/v1", VERIFIED)


def test_the_same_words_are_said_once_and_only_what_has_some_is_asked_for() -> None:
    asked = []

    def ask(artifact: Artifact, url: str) -> tuple[Attestation, ...]:
        asked.append((artifact.filename, url))
        return (GOOD,)

    told: list[tuple[object, ...]] = []
    found = look_up_attestations(FILES, ask, lambda *far: told.append(far))
    assert told == [("attestations", 0, 2, "files"), ("attestations", 1, 2, "files")]
    assert asked == [("app-a.whl", "1"), ("app-b.whl", "2")]
    assert found.words == ("GitHub o/app, ci.yml: publish/v1; signature verified (2 files)",)
    assert (found.of(FILES[0].artifact), found.of(FILES[2].artifact)) == ((GOOD,), ())
    assert attested_problem(SEALED, "pypi", found) is None


def test_what_does_not_hold_is_named_with_its_file() -> None:
    bad = GOOD._replace(problem="it is about 2 files")
    found = look_up_attestations(FILES, lambda _, url: (bad,) if url == "2" else (GOOD,))
    assert found.words == (f"{GOOD.words} (1 file)", "somebody, for app-b.whl: it is about 2 files")
    problem = attested_problem(SEALED, "pypi", found)
    assert problem is not None
    assert problem.message.endswith("names for v1 holds: app-b.whl")
