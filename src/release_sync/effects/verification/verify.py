"""The verification of a release: each artifact alone, and then all as a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_sync.effects.build.archives import is_wheel
from release_sync.effects.secrets import index_secrets
from release_sync.effects.verification.artifact import failures
from release_sync.effects.verification.closed_set import set_failures, trials
from release_sync.effects.verification.secret_scan import leaks
from release_sync.effects.verification.siblings import shared_files, unrequired
from release_sync.errors import Problem, with_causes
from release_sync.toml.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from release_sync.effects.uv.commands import Uv
    from release_sync.seals.artifact import Expected
    from release_sync.steps.observed import Report


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is verified: in a scratch ``folder``, by the settings of the workspace at ``root``.

    What is outside of the set comes from ``index`` first, as ``UV_INDEX`` takes it. ``hidden`` is
    what no import is to see.
    """

    folder: Path
    root: Path
    index: str
    hidden: tuple[str, ...]


def verify(
    uv: Uv,
    built: Mapping[Expected, Sequence[Path]],
    place: Place,
    skipped: Sequence[str],
    report: Report,
) -> None:
    """Raise one Problem with all failures; the set is looked at when each file is right."""
    found = []
    for number, (member, files) in enumerate(built.items()):
        report("look into the artifacts", number, len(built), "packages")
        found += failures(member, files, place.root)
    every = [file for files in built.values() for file in files]
    if not found:
        ours = {
            member.name: file for member, files in built.items() for file in files if is_wheel(file)
        }
        found += [*shared_files([*ours.values()]), *unrequired(ours)]
    manifest = (place.root / MANIFEST).read_text(encoding="utf-8", errors="replace")
    found += leaks(every, index_secrets(uv.environ, manifest))
    if found:
        found.append("the set was not installed, because of these")
    else:
        wheels = [file for file in every if is_wheel(file)]
        where = place.folder, place.root, place.index, place.hidden
        found = set_failures(uv, wheels, trials(wheels, skipped), *where, report)
    if found:
        raise Problem(
            with_causes("what was built is not what should be released", found),
            hint="nothing was published; fix it, commit it, and run the same again",
        )
