"""The workspace's own towncrier, run in a copy of what is released, kept apart like a build."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from release_sync.effects.build.environment import OBJECTS
from release_sync.effects.git.source_tree import export, lay, objects_of
from release_sync.effects.isolation import cell
from release_sync.effects.isolation.hidden import hidden_places, without_agents
from release_sync.effects.isolation.view import Mount
from release_sync.effects.secrets import indented_tail, masked, without_upload_secrets
from release_sync.effects.verification.import_trial import ImportTrial
from release_sync.errors import Problem
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.effects.git.repository import Repository
    from release_sync.effects.uv.commands import Uv
    from release_sync.workspace.changelogs.towncrier import Asked

SECONDS = 300
"""How long it may take."""

CODE = "from towncrier import __main__; __main__.cli()"
State = dict[str, tuple[int, ...]]


class Towncrier:
    """towncrier, for a workspace at ``prefix`` of a repository."""

    def __init__(self, repository: Repository, uv: Uv, prefix: str) -> None:
        """Hold what is needed; nothing is installed yet."""
        self.repository = repository
        self.uv = uv
        self.prefix = prefix

    def edits(
        self, asked: Asked, base: str, files: Mapping[str, bytes | None]
    ) -> tuple[FileEdit, ...]:
        """Return what it does in a commit with some files edited, for each version released.

        Raises Problem where it fails, or does more than collect its fragments.
        """
        if not asked.released:
            return ()
        with tempfile.TemporaryDirectory(prefix="release-sync-towncrier-") as name:
            folder = Path(name).resolve()
            top, environment = folder / "sources", folder / "environment"
            self._export(base, files, top)
            root = top / self.prefix
            self.uv.make_environment(environment)
            self.uv.install(environment, [asked.requirement], root)
            contents = _contents(root, asked)
            before = state(top)
            with self._cell(folder, top, environment) as run:
                for one, version in asked.released:
                    run(one.folder, ["--version", version, "--date", asked.day])
            changed = sorted(path for path, _ in before.items() ^ state(top).items())
            found = [self._edit(top, path, contents) for path in dict.fromkeys(changed)]
        return _admitted(found, asked)

    def _export(self, base: str, files: Mapping[str, bytes | None], top: Path) -> None:
        repo = self.repository.repo
        objects = OBJECTS if self.uv.isolation.isolates else str(objects_of(repo))
        export(repo, base, top, objects, repo.commit(base).committed_date)
        lay(top / self.prefix, files)

    def _edit(self, top: Path, path: str, contents: Mapping[str, bytes]) -> FileEdit:
        """Return one of its edits; ``path`` is from the top of the repository."""
        inside = os.path.relpath(path, self.prefix)
        file = top / path
        is_file = file.is_file() and not file.is_symlink()
        after = file.read_bytes() if is_file else b""
        gone = not file.exists() and not file.is_symlink()
        return FileEdit(inside, contents.get(inside, b""), after, ("changelog",), gone)

    @contextmanager
    def _cell(self, folder: Path, top: Path, environment: Path) -> Iterator[Any]:
        """Yield what runs it in a folder of the sources, and nowhere else."""
        own = (self.repository.top, self.repository.common_dir)
        trial = ImportTrial(self.uv, environment, hidden_places(self.uv.environ, own))
        isolates = self.uv.isolation.isolates
        inside = cell.SOURCES if isolates else str(top)
        mounts = (
            *trial.view.mounts,
            Mount(str(top), inside, writable=True),
            Mount(str(objects_of(self.repository.repo)), OBJECTS),
        )
        view = replace(trial.view, mounts=mounts)
        environ = without_agents(without_upload_secrets(self.uv.environ))
        with tempfile.TemporaryDirectory(dir=folder) as name:

            def start(line: Sequence[str], **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - Popen's
                where, known = options.pop("cwd"), options.pop("env")
                return self.uv.isolation.start(line, where, known, view, Path(name), **options)

            def run(below: str, arguments: Sequence[str]) -> None:
                line = [trial.python, "-I", "-c", CODE, "build", "--yes", *arguments]
                where = Path(inside, self.prefix, below)
                try:
                    done = self.uv.children.run(line, where, environ, SECONDS, (), start)
                except subprocess.TimeoutExpired as error:
                    raise Problem(f"towncrier did not end within {SECONDS} seconds") from error
                if done.returncode:
                    said = indented_tail(masked(f"{done.stdout}\n{done.stderr}"), 8)
                    raise Problem(
                        f"towncrier failed{f' in {below}' if below else ''}: {said}",
                        hint="try `towncrier build --draft --version 1.0` there",
                    )

            yield run


def _contents(root: Path, asked: Asked) -> dict[str, bytes]:
    """Return what it may edit as it is before, by path below the workspace's root."""
    every = [one for one, _ in asked.released]
    paths = {
        path.relative_to(root).as_posix()
        for one in every
        for path in (root / one.news, *(root / one.directory).rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return {path: (root / path).read_bytes() for path in paths}


def state(top: Path) -> State:
    """Return what tells whether a file was touched: nobody can set the time of that back."""
    found: State = {}
    for parent, folders, names in os.walk(top):
        if Path(parent) == top:
            folders.remove(".git")
        for name in names:
            path = Path(parent, name)
            one = path.lstat()
            told = one.st_ino, one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns
            found[path.relative_to(top).as_posix()] = told
    return found


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
    return tuple(found)
