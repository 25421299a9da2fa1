"""Scenes for the release: real git with a bare remote, a real index on loopback, real uv."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes import warm
from tests.fakes.git_http import WRITER, git_server

from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.fakes.git_http import GitServer

    from release_sync.effects.index.address import Address

HERE = Path(__file__).parents[2]
BUILD = '[build-system]\nrequires = ["uv_build>=0.8"]\nbuild-backend = "uv_build"\n'


EFFECTS = (
    "workbench.open", "workbench.write", "workbench.write", "workbench.write",
    "workbench.commit", "workbench.build", "store.accept", "workbench.verify",
    "workbench.make_tag", "git.set_local_ref", "git.push", "git.fetch", "git.make_claim",
    "git.push", "git.set_local_ref", "index.upload", "index.upload", "git.fetch",
    "git.push", "git.set_local_ref", "git.fetch",
    "git.fast_forward", "store.clear", "git.set_local_ref", "workbench.close",
)  # fmt: skip
"""The effects of a release of two members with a lock, in order."""

BOUNDARIES = tuple(f"{when} {effect}" for effect in EFFECTS for when in ("before", "after"))


TWO = {"workstack-app": ("workstack-kit",), "workstack-kit": ()}
"""Two packages, and what each needs."""


@dataclass
class Scene:
    """A workspace in a clone, its bare remote, and an index; all below ``folder``.

    ``address`` is where the clones fetch from and push to: the remote's folder, unless it is said.
    Where it ``is_warm``, release-sync has been imported before it is run.
    """

    folder: Path
    index: Address
    packages: Path
    environ: dict[str, str]
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    address: str = ""
    boundaries: tuple[str, ...] = BOUNDARIES
    is_warm: bool = True

    def __post_init__(self) -> None:
        """Take the folder, where no address is given."""
        self.address = self.address or str(self.remote)

    @property
    def clone(self) -> Path:
        """The clone that the user works in."""
        return self.folder / "clone"

    @property
    def remote(self) -> Path:
        """The bare repository that it pushes to."""
        return self.folder / "remote.git"

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run git, and return what it wrote."""
        return subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.clone,
            env=self.environ,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=True,
        ).stdout.strip()

    def run(
        self,
        *arguments: str,
        cwd: Path | None = None,
        environ: Mapping[str, str] | None = None,
        seconds: int = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run release-sync as a process of its own."""
        run = warm.run if self.is_warm else warm.start
        return run(
            "release_sync.cli.main",
            *arguments,
            cwd=cwd or self.clone,
            environ={**self.environ, **(environ or {})},
            seconds=seconds,
        )

    def die(self, boundary: str, nth: int = 1, *, probed: bool = False) -> None:
        """Publish, and be killed at the n-th boundary of that name.

        Where pending refs are branches, one is ``probed`` first: two boundaries more.
        """
        log = self.folder / "boundaries"
        at = self._number(boundary, nth) + (2 if probed else 0)
        line = self._crashing(self.clone, log, at)
        done = warm.run(*line, cwd=self.clone, environ=self.environ)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert log.read_text(encoding="utf-8").splitlines()[-1] == boundary

    @contextmanager
    def asleep(
        self, boundary: str, nth: int = 1, cwd: Path | None = None
    ) -> Iterator[subprocess.Popen[str]]:
        """Publish, and be stopped at the n-th boundary of that name; see ``wake``."""
        log = self.folder / "boundaries-asleep"
        clone = cwd or self.clone
        line = self._crashing(clone, log, self._number(boundary, nth))
        with subprocess.Popen(
            [sys.executable, "-m", *line, "--sleep"],
            cwd=clone,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status), process.communicate()
            assert log.read_text(encoding="utf-8").splitlines()[-1] == boundary
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()

    def _number(self, boundary: str, nth: int) -> int:
        """Return the number of the n-th boundary of that name, from one."""
        same = [number for number, name in enumerate(self.boundaries, 1) if name == boundary]
        return same[nth - 1]

    def _crashing(self, clone: Path, log: Path, at: int) -> list[str]:
        """Return the module that publishes and dies at a boundary, and its arguments."""
        return [
            "release_sync.cli.chaos.crashing_release", str(clone),
            "--at", str(at), "--log", str(log),
            "--simple", self.index.simple, "--upload", self.index.upload,
        ]  # fmt: skip

    def wake(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        """Let a stopped process go on; return how it ended, and what it said."""
        process.send_signal(signal.SIGCONT)
        said = process.communicate()[1]
        return process.returncode, said

    def write(self, path: str, text: str, cwd: Path | None = None) -> None:
        """Write a file of the clone."""
        file = (cwd or self.clone) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, message: str, cwd: Path | None = None) -> str:
        """Commit everything, and return the commit."""
        self.git("add", "-A", cwd=cwd)
        self.git("commit", "-qm", message, cwd=cwd)
        return self.git("rev-parse", "HEAD", cwd=cwd)

    def another_clone(self, name: str = "another") -> Path:
        """Clone the remote once more."""
        target = self.folder / name
        self.git("clone", "-q", self.address, str(target), cwd=self.folder)
        return target

    def served(self) -> list[str]:
        """Return the names of the files that the index has."""
        return sorted(file.name for file in self.packages.iterdir())

    def refs(self, folder: Path | None = None) -> dict[str, str]:
        """Return the refs of the remote, or of another repository."""
        asked = ("for-each-ref", "--format=%(refname) %(objectname)")
        listing = self.git(*asked, cwd=folder or self.remote)
        return dict(line.split(" ") for line in listing.split("\n") if line)

    def state(self) -> dict[str, object]:
        """Return everything that an undone release must leave as it was."""
        files = {
            str(file.relative_to(self.clone)): file.read_bytes()
            for file in sorted(self.clone.rglob("*"))
            if file.is_file() and ".git" not in file.relative_to(self.clone).parts
        }
        listing = self.git("for-each-ref", "--format=%(refname) %(objectname)")
        return {
            "files": files,
            "refs": listing,
            "head": (self.clone / ".git/HEAD").read_bytes(),
            "index": self.git("ls-files", "--stage"),
            "worktrees": self.git("worktree", "list"),
            "remote": self.refs(),
            "served": self.served(),
        }


def lasting(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a command wrote as stderr, but for what it is at, which a slow machine shows."""
    lines = done.stderr.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("  … "))


def manifest(name: str, needs: tuple[str, ...], version: str = "0.1.10", more: str = "") -> str:
    """Return a member's manifest; it pins what it needs."""
    pins = "".join(f'    "{need}=={version}",\n' for need in needs)
    sources = "".join(f"{need} = {{ workspace = true }}\n" for need in needs)
    return (
        f'[project]\nname = "{name}"\nversion = "{version}"\nrequires-python = ">=3.11"\n'
        f"dependencies = [\n{pins}]\n\n{BUILD}\n"
        + (f"[tool.uv.sources]\n{sources}\n" if needs else "")
        + more
    )


def configuration(index: Address) -> str:
    """Return the root's configuration: the index of the scene."""
    return (
        '[tool.uv.workspace]\nmembers = ["packages/*"]\n\n'
        f'[[tool.uv.index]]\nname = "scene"\nurl = "{index.simple}"\n'
        f'publish-url = "{index.upload}"\nexplicit = true\n\n'
        '[tool.release-sync]\nindex = "scene"\nwait = 20\nverify = "quick"\n'
    )


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository of what stands in this checkout, and the commit that holds it."""
    folder = tmp_path_factory.mktemp("published") / "release-sync"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for path in filter(None, listed.split("\0")):
        if (HERE / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(HERE / path, folder / path)
    environ = {**os.environ, **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "A")}
    environ |= dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.com")
    for line in (
        ("init", "-q", "-b", "main"),
        ("add", "--all"),
        ("-c", "commit.gpgsign=false", "commit", "-qm", "All of it"),
    ):
        subprocess.run(["git", *line], cwd=folder, env=environ, check=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=True
    )
    return folder, head.stdout.strip()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment whose HOME and git configuration are in the temporary folder."""
    return environ_in(tmp_path)


def environ_in(folder: Path) -> dict[str, str]:
    """Return an environment whose HOME and git configuration are in a folder."""
    home = folder / "home"
    home.mkdir()
    temporary = folder / "temporary"
    temporary.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = A Releaser\n\temail = a@example.com\n[init]\n\tdefaultBranch = main\n",
        encoding="utf-8",
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "UV_PUBLISH", "RELEASE_SYNC"))
    }
    return {
        **kept,
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv")),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


@pytest.fixture
def make_scene(tmp_path: Path, environ: dict[str, str]) -> Iterator[Callable[..., Scene]]:
    """Make a scene: the first member is the root, the others live in ``packages/``."""
    with scenes_in(tmp_path, environ) as make:
        yield make


@contextmanager
def scenes_in(folder: Path, environ: dict[str, str]) -> Iterator[Callable[..., Scene]]:
    """Make scenes in a folder, with an index there."""
    packages = folder / "packages"
    packages.mkdir()
    with embedded_index(packages) as index:

        def make(members: Mapping[str, tuple[str, ...]], address: str = "") -> Scene:
            login = {
                "UV_PUBLISH_USERNAME": index.username,
                "UV_PUBLISH_PASSWORD": index.password,
            }
            scene = Scene(folder, index, packages, {**environ, **login}, members, address)
            lay_out(scene)
            return scene

        yield make


@pytest.fixture
def scene(make_scene: Callable[[Mapping[str, tuple[str, ...]]], Scene]) -> Scene:
    """Two packages: ``workstack-app`` in the root needs ``workstack-kit``."""
    return make_scene(TWO)


@contextmanager
def shared_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Make the two packages of ``scene`` for many tests, each of which changes nothing."""
    folder = tmp_path_factory.mktemp("shared")
    with scenes_in(folder, environ_in(folder)) as make:
        yield make(TWO)


@pytest.fixture
def server(tmp_path: Path, environ: dict[str, str]) -> Iterator[GitServer]:
    """A git server over HTTP for the repositories of the scene; git here logs in as ``WRITER``."""
    with git_server(tmp_path) as one:
        one.log_in(Path(environ["HOME"]), WRITER)
        yield one


@pytest.fixture
def http_scene(make_scene: Callable[..., Scene], server: GitServer) -> Scene:
    """The two packages of ``scene``, in clones of a remote over HTTP (the fixture ``server``)."""
    return make_scene(TWO, server.url("remote.git"))


def lay_out(scene: Scene, settings: str = "") -> None:
    """Write the workspace, with more settings of ours; lock it, commit it, push it."""
    scene.git("init", "-q", "--bare", str(scene.remote), cwd=scene.folder)
    scene.git("clone", "-q", scene.address, str(scene.clone), cwd=scene.folder)
    for number, (name, needs) in enumerate(scene.members.items()):
        folder = "" if number == 0 else f"packages/{name}/"
        more = configuration(scene.index) + settings if number == 0 else ""
        scene.write(f"{folder}pyproject.toml", manifest(name, needs, more=more))
        module = name.replace("-", "_")
        scene.write(f"{folder}src/{module}/__init__.py", f'"""The package {name}."""\n')
    scene.write(".gitignore", ".venv/\n")
    subprocess.run(["uv", "lock", "-q"], cwd=scene.clone, env=scene.environ, check=True)
    scene.commit("Begin")
    scene.git("push", "-q", "origin", "main")
