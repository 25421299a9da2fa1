"""The workspace's own towncrier, run in a copy of what is released, kept apart like a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.own_steps.planned import PlannedRun
from release_sync.effects.verification.import_trial import ImportTrial
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.effects.own_steps.running import Place
    from release_sync.toml.edits import FileEdit
    from release_sync.workspace.changelogs.towncrier import Asked

CODE = "from towncrier import __main__; __main__.cli()"


class Towncrier(PlannedRun):
    """towncrier, which has no network."""

    def collected(
        self, asked: Asked, base: str, files: Mapping[str, bytes | None]
    ) -> tuple[FileEdit, ...]:
        """Return what it does in a commit with some files edited, for each version released.

        Raises Problem where it fails, or does more than collect its fragments.
        """
        if not asked.released:
            return ()
        found = self.edits(base, files, "towncrier", lambda place: self._run(place, asked))
        return _admitted(found, asked)

    def _run(self, place: Place, asked: Asked) -> None:
        environment = place.folder / "environments" / "towncrier"
        pins = place.folder / "environments" / "locked.txt"
        pins.write_text("".join(f"{one}\n" for one in asked.locked), encoding="utf-8")
        self.uv.make_environment(environment)
        what = [f"--constraint={pins}", asked.requirement]
        self.uv.install(environment, what, place.top / self.prefix)
        trial = ImportTrial(self.uv, environment, self.hidden())
        for one, version in asked.released:
            line = [trial.python, "-I", "-c", CODE, "build", "--yes", "--version", version]
            words = f"towncrier in {one.folder}" if one.folder else "towncrier"
            try:
                self.run_line(words, [*line, "--date", asked.day], place, trial.view.mounts,
                              below=one.folder, network=False)  # fmt: skip
            except Problem as problem:
                hint = "try `towncrier build --draft --version 1.0` there"
                raise Problem(problem.message, hint=hint) from problem


def _admitted(found: Sequence[FileEdit], asked: Asked) -> tuple[FileEdit, ...]:
    """Return the edits, where they are what towncrier is for. Raises Problem."""
    every = [one for one, _ in asked.released]
    strange = [edit.path for edit in found if not any(one.admits(edit) for one in every)]
    if strange:
        raise Problem(
            f"towncrier does more than collect its fragments: {', '.join(strange)}",
            hint="only fragments may vanish, and only the changelog may gain: see its `directory`"
            " and `filename`; what else is to be changed is for a commit of its own",
        )
    return tuple(edit._replace(changes=("changelog",)) for edit in found)
