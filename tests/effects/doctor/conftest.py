"""A clone with its remote and an index on loopback, to be examined."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.fakes import git_hosts
from tests.fakes.raw_index import RawIndex, raw_index

from release_sync.effects.doctor.examination import examine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from release_sync.effects.doctor.rows import Row

OF_PIPELINES = ("GITHUB_", "GH_", "GITLAB_", "CI", "GITEA_", "FORGEJO_", "ACTIONS_", "UV_INDEX")
"""How the variables begin that pipelines set, and their tokens."""


@dataclass
class Patient:
    """A clone of one package, its remote, and its index."""

    clone: Path
    remote: Path
    index: RawIndex

    def git(self, *arguments: str) -> str:
        """Run git in the clone."""
        return subprocess.run(
            ["git", *arguments], cwd=self.clone, capture_output=True, text=True, check=True
        ).stdout.strip()

    def configure(self, line: str) -> None:
        """Add a line to [tool.release-sync], and commit and push it."""
        with (self.clone / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        self.git("commit", "-qam", "Configure")
        self.git("push", "-q", "origin", "main")

    def rows(self, *groups: str) -> dict[str, Row]:
        """Examine it, for all groups or some."""
        rows = list(examine(str(self.clone), names=groups))
        assert len({row.name for row in rows}) == len(rows)
        return {row.name: row for row in rows}


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """Return one that is well."""
    for name in os.environ:
        if name.startswith(OF_PIPELINES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("UV_PUBLISH_TOKEN", "a-token-that-nobody-may-see")
    with raw_index() as index:
        found = Patient(tmp_path / "clone", git_hosts.make_bare(tmp_path / "remote.git"), index)
        found.clone.mkdir()
        (found.clone / "pyproject.toml").write_text(
            '[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n'
            '[project]\nname = "kit"\nversion = "0.1.10"\n'
            f'[[tool.uv.index]]\nname = "ward"\nurl = "{index.url}/simple/"\n'
            f'publish-url = "{index.url}/upload"\n[tool.release-sync]\nindex = "ward"\n',
            encoding="utf-8",
        )
        found.git("init", "-q")
        found.git("remote", "add", "origin", str(found.remote))
        found.git("add", "-A")
        found.git("commit", "-qm", "Begin")
        found.git("push", "-q", "origin", "main")
        yield found
