"""What a workspace brings and runs, in memory. Implements the port ``Scripts``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from release_sync.errors import Problem
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from release_sync.seals.artifact import Artifact
    from release_sync.steps.ports.scripts import Script


@dataclass
class FakeScripts:
    """Notes what is run: the point, the script, and what it was told. Some say no."""

    ran: list[tuple[str, str]] = field(default_factory=list)
    told: list[Mapping[str, Any]] = field(default_factory=list)
    given: list[tuple[str, ...]] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    absent: tuple[str, ...] = ()

    def run(
        self,
        script: Script,
        commit: str,
        about: Mapping[str, object],
        artifacts: Sequence[Artifact] = (),
    ) -> str:
        """Note it, and say no where that is wanted."""
        assert commit == about["commit"]
        self.ran.append((str(about["point"]), script.words))
        self.told.append(about)
        self.given.append(tuple(one.filename for one in artifacts))
        if script.words in self.refuse:
            raise Problem(f"{script.words} failed with 1: no")
        return "well"

    def ask(self, script: Script, base: str, about: Mapping[str, object]) -> str:
        """Run it as any other."""
        return self.run(script, base, about)

    def missing(self, base: str, paths: Iterable[str]) -> tuple[str, ...]:
        """Return what is not there."""
        del base
        return tuple(one for one in paths if one in self.absent)

    def changes(
        self,
        script: Script,
        base: str,
        about: Mapping[str, object],
        files: Mapping[str, bytes | None],
    ) -> tuple[FileEdit, ...]:
        """Note it, and return what the script changes; its words say in which file."""
        self.run(script, base, about)
        (version,) = {str(one) for one in about["versions"].values()}  # type: ignore[attr-defined]
        name, _, path = script.words.partition(" ")
        if name != "edit.py":
            return ()
        before = files.get(path) or b""
        return (FileEdit(path, before, before + f"{version}\n".encode(), ("step",)),)
