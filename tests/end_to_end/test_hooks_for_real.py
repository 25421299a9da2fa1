"""The hooks as their users run them: real git, pre-commit and prek, installed from a clone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parents[2]
HOOKS = HERE / "hooks"
PROGRAMS = ("pre-commit", "prek")
BUILD = '[build-system]\nrequires = ["uv_build>=0.8"]\nbuild-backend = "uv_build"\n'
BOOTSTRAP = {"pip", "setuptools", "wheel"}

# One process builds the hook's environments, once for all tests.
pytestmark = pytest.mark.xdist_group("hooks")


@dataclass(frozen=True)
class Workspace:
    """A scratch workspace: ``app`` in the root needs ``kit``, both at 1.0.0."""

    root: Path
    environ: Mapping[str, str]

    def call(self, *line: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the workspace, whatever comes of it."""
        return subprocess.run(
            line,
            cwd=self.root,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )

    def git(self, *arguments: str) -> str:
        """Run git, which must succeed, and return what it said."""
        done = self.call("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Write one file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def app(self, version: str, pin: str) -> None:
        """Write the root's manifest."""
        self.write(
            "pyproject.toml",
            f'[project]\nname = "app"\nversion = "{version}"\ndependencies = ["kit=={pin}"]\n\n'
            '[tool.uv.workspace]\nmembers = ["packages/*"]\n\n'
            f"[tool.uv.sources]\nkit = {{ workspace = true }}\n\n{BUILD}",
        )

    def package(self, name: str, version: str) -> None:
        """Write the manifest of a package."""
        text = f'[project]\nname = "{name}"\nversion = "{version}"\n\n{BUILD}'
        self.write(f"packages/{name}/pyproject.toml", text)

    def commit(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Stage everything and commit, whatever comes of it."""
        self.git("add", "--all")
        return self.call("git", "commit", "-m", "A change", *options)

    def head(self) -> str:
        """Return the commit that is checked out."""
        return self.git("rev-parse", "HEAD")


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The folders of pre-commit and prek, shared so that their environments are made once."""
    folder = tmp_path_factory.mktemp("homes")
    return {"PRE_COMMIT_HOME": str(folder / "pre-commit"), "PREK_HOME": str(folder / "prek")}


@pytest.fixture
def workspace(tmp_path: Path, environ: dict[str, str], homes: dict[str, str]) -> Workspace:
    """A workspace in lockstep, committed."""
    root = tmp_path / "work space"
    root.mkdir()
    made = Workspace(root, {**environ, **homes})
    made.git("init", "-q")
    made.app("1.0.0", "1.0.0")
    made.package("kit", "1.0.0")
    assert made.commit().returncode == 0
    return made


def use(workspace: Workspace, published: tuple[Path, str], hook: str) -> None:
    """Write the configuration of pre-commit and prek, and stage it: pre-commit insists."""
    folder, rev = published
    config = {"repos": [{"repo": str(folder), "rev": rev, "hooks": [{"id": hook}]}]}
    workspace.write(".pre-commit-config.yaml", json.dumps(config))
    workspace.git("add", "--all")


@pytest.fixture
def plain(workspace: Workspace) -> Workspace:
    """The workspace, with the plain git hooks."""
    workspace.git("config", "core.hooksPath", str(HOOKS))
    return workspace


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_stale_pin_is_refused_and_a_right_one_taken(
    program: str, workspace: Workspace, published: tuple[Path, str]
) -> None:
    if program == "prek":
        workspace.write("prek.toml", "")
    written = workspace.call("release-sync", "init", "--pre-commit", "--source", str(published[0]))
    assert written.returncode == 0, written.stdout
    assert published[1] in written.stdout
    workspace.git("add", "--all")
    done = workspace.call(program, "run", "--all-files")
    assert done.returncode == 0, done.stdout

    done = workspace.call(program, "install")
    assert done.returncode == 0, done.stdout
    before = workspace.head()
    workspace.app("1.1.0", "1.0.0")
    workspace.package("kit", "1.1.0")
    done = workspace.commit()
    assert done.returncode == 1, done.stdout
    assert "pyproject.toml:4:" in done.stdout
    assert "RS202" in done.stdout
    assert workspace.head() == before

    workspace.app("1.1.0", "1.1.0")
    done = workspace.commit()
    assert done.returncode == 0, done.stdout
    assert workspace.head() != before


@pytest.mark.slow
@pytest.mark.parametrize("program", ["pre-commit", "prek"])
def test_the_fixing_hook_mends_and_fails_and_then_passes(
    program: str, workspace: Workspace, published: tuple[Path, str]
) -> None:
    use(workspace, published, "release-sync-fix")
    workspace.app("1.0.0", "0.9.0")
    workspace.git("add", "--all")
    done = workspace.call(program, "run", "--all-files")
    assert done.returncode == 1, done.stdout
    assert "kit==1.0.0" in (workspace.root / "pyproject.toml").read_text(encoding="utf-8")
    workspace.git("add", "--all")
    done = workspace.call(program, "run", "--all-files")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_it_installs_is_six_distributions_and_devclikit_from_the_clone(
    program: str, workspace: Workspace, published: tuple[Path, str]
) -> None:
    use(workspace, published, "release-sync")
    assert workspace.call(program, "run", "--all-files").returncode == 0
    home = Path(workspace.environ["PRE_COMMIT_HOME" if program == "pre-commit" else "PREK_HOME"])
    installed = {
        path.name.partition("-")[0]: path
        for path in home.glob("*/*/lib/python*/site-packages/*.dist-info")
        if path.name.partition("-")[0] not in BOOTSTRAP
    }
    assert set(installed) == {
        *("release_sync", "devclikit", "click"),
        *("packaging", "rtoml", "tomlkit"),
    }
    origin = json.loads((installed["devclikit"] / "direct_url.json").read_text(encoding="utf-8"))
    assert origin["url"].startswith("file://")
    assert origin["url"].rstrip("/").endswith("packages/devclikit")


def test_what_is_staged_is_checked_and_not_what_lies_about(plain: Workspace) -> None:
    plain.app("1.0.0", "0.9.0")
    plain.git("add", "--all")
    plain.app("1.0.0", "1.0.0")
    done = plain.call("git", "commit", "-m", "Bad, behind a good working copy")
    assert done.returncode == 1, done.stdout
    assert "RS202" in done.stdout

    plain.git("reset", "-q", "--hard")
    plain.write("README.md", "Staged.\n")
    plain.git("add", "--all")
    plain.app("1.0.0", "0.9.0")
    done = plain.call("git", "commit", "-m", "Good, before a bad working copy")
    assert done.returncode == 0, done.stdout


def test_a_commit_of_all_changes_is_checked_as_git_will_commit_it(plain: Workspace) -> None:
    before = plain.head()
    plain.app("1.0.0", "0.9.0")
    done = plain.call("git", "commit", "-a", "-m", "Bad, staged by the commit itself")
    assert done.returncode == 1, done.stdout
    assert plain.head() == before


def test_a_merge_of_two_good_branches_that_disagree_is_refused(plain: Workspace) -> None:
    plain.git("checkout", "-q", "-b", "another")
    plain.package("late", "1.0.0")
    assert plain.commit().returncode == 0
    plain.git("checkout", "-q", "main")
    plain.app("1.1.0", "1.1.0")
    plain.package("kit", "1.1.0")
    assert plain.commit().returncode == 0
    before = plain.head()
    done = plain.call("git", "merge", "--no-edit", "another")
    assert done.returncode == 1, done.stdout
    assert "packages/late/pyproject.toml:3:" in done.stdout
    assert plain.head() == before


def test_a_bad_commit_is_not_pushed_and_a_good_tip_is(plain: Workspace, tmp_path: Path) -> None:
    remote = str(tmp_path / "remote.git")
    plain.git("init", "-q", "--bare", remote)
    plain.git("push", "-q", remote, "HEAD:main")
    good = plain.head()
    plain.app("1.0.0", "0.9.0")
    assert plain.commit("--no-verify").returncode == 0
    done = plain.call("git", "push", remote, "HEAD:main")
    assert done.returncode == 1, done.stdout
    assert "RS202" in done.stdout
    assert plain.git("ls-remote", remote, "refs/heads/main").startswith(good)

    plain.app("1.0.0", "1.0.0")
    assert plain.commit().returncode == 0
    plain.git("push", "-q", remote, "HEAD:main")
    assert plain.git("ls-remote", remote, "refs/heads/main").startswith(plain.head())


def test_a_server_refuses_what_arrives_out_of_step(workspace: Workspace, tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    workspace.git("init", "-q", "--bare", str(remote))
    (remote / "hooks").mkdir(exist_ok=True)
    shutil.copy(HOOKS / "pre-receive", remote / "hooks" / "pre-receive")
    workspace.git("push", "-q", str(remote), "HEAD:main")
    good = workspace.head()
    workspace.app("1.0.0", "0.9.0")
    assert workspace.commit().returncode == 0
    done = workspace.call("git", "push", str(remote), "HEAD:main")
    assert done.returncode == 1, done.stdout
    assert "RS202" in done.stdout
    assert workspace.git("ls-remote", str(remote), "refs/heads/main").startswith(good)


def test_a_hook_that_finds_no_program_says_so_and_refuses(plain: Workspace) -> None:
    beside = Path(plain.environ["PATH"].partition(os.pathsep)[0])
    path = os.pathsep.join(
        folder
        for folder in plain.environ["PATH"].split(os.pathsep)
        if Path(folder) != beside and not (Path(folder) / "release-sync-hook").exists()
    )
    before = plain.head()
    plain.write("README.md", "Changed.\n")
    plain.git("add", "--all")
    done = plain.call("git", "commit", "-m", "Unchecked", PATH=path)
    assert done.returncode == 1, done.stdout
    assert "error: release-sync-hook was found neither" in done.stdout
    assert plain.head() == before


def test_a_linked_worktree_uses_the_main_ones_environment(plain: Workspace) -> None:
    environment = plain.root / ".venv" / "bin"
    environment.mkdir(parents=True)
    plain.write(".gitignore", ".venv/\n")
    assert plain.commit().returncode == 0
    plain.write(".venv/bin/release-sync-hook", "#!/bin/sh\necho found: $1\nexit 1\n")
    (environment / "release-sync-hook").chmod(0o755)
    linked = plain.root.parent / "linked"
    plain.git("worktree", "add", "-q", str(linked))
    there = Workspace(linked, plain.environ)
    there.write("README.md", "Changed there.\n")
    done = there.commit()
    assert done.returncode == 1
    assert "found: pre-commit" in done.stdout
