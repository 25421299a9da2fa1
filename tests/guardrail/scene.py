"""A workspace in a real repository, and the ways in which git calls us there."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Done = subprocess.CompletedProcess[str]

BUILD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
ROOT = f"""\
[project]
name = "top"
version = "1.0"
dependencies = ["low==1.0"]

{BUILD}
[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
low = {{ workspace = true }}
"""
LOW = "packages/low/pyproject.toml"


def package(name: str, version: str = "1.0") -> str:
    """Return the manifest of a member that needs nothing."""
    return f'[project]\nname = "{name}"\nversion = "{version}"\n\n{BUILD}'


@dataclass(frozen=True)
class Scene:
    """A folder, and the environment in which programs are called there.

    ``way`` leads to it from the folder from which findings are named.
    """

    root: Path
    environ: Mapping[str, str]
    way: str = ""

    def at(self, root: Path, **environ: str) -> Scene:
        """Return the same scene in another folder, with more environment."""
        return replace(self, root=root, environ={**self.environ, **environ})

    def inside(self, folder: str, **environ: str) -> Scene:
        """Return the same scene in a folder below it; files are named from here all the same."""
        return replace(self.at(self.root / folder, **environ), way=folder)

    def call(self, *line: str | bytes, given: str = "") -> Done:
        """Run a program here, whatever comes of it; bytes that are no UTF-8 are kept."""
        return subprocess.run(
            line,
            cwd=self.root,
            env=self.environ,
            input=given,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=60,
        )

    def git(self, *arguments: str, given: str = "") -> str:
        """Run git, which must succeed, and return what it printed."""
        done = self.call("git", *arguments, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip("\n")

    def hook(self, stage: str, given: str = "") -> Done:
        """Run a stage of the hook, as the plain git hooks do."""
        return self.call("release-sync-hook", stage, given=given)

    def codes(self, stage: str = "pre-commit", given: str = "") -> list[str]:
        """Return what a stage finds, as ``path CODE``; nothing but findings may come of it."""
        done = self.hook(stage, given)
        found = done.stdout.splitlines()
        assert done.returncode == (1 if found else 0), done.stderr
        rows = [(line.split(":")[0], line.split(" ")[1]) for line in found]
        return [
            f"{os.path.normpath(f'{self.way}/{path}'.lstrip('/'))} {code}" for path, code in rows
        ]

    def write(self, path: str | bytes, text: str) -> None:
        """Write a file with its folders."""
        target = os.path.join(os.fsencode(self.root), os.fsencode(path))  # noqa: PTH118 - bytes
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - the same
        with open(target, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - the same
            file.write(text)

    def drift(self, version: str = "0.9") -> None:
        """Take the member ``low`` out of step, on disk."""
        self.write(LOW, package("low", version))

    def workspace(self, folder: str = "") -> None:
        """Write the manifests of two members in lockstep."""
        self.write(f"{folder}pyproject.toml", ROOT)
        self.write(f"{folder}{LOW}", package("low"))

    def commit(self, *options: str) -> str:
        """Commit everything, unchecked, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--no-verify", "--quiet", "--allow-empty", "-m", "A change", *options)
        return self.head()

    def head(self, rev: str = "HEAD") -> str:
        """Return the object that a revision names."""
        return self.git("rev-parse", rev)
