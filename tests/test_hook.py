"""The lean entrance, as git calls it: another process, real repositories."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from release_sync.hook import STAGES

ROOT = """\
[project]
name = "top"
version = "1.0"
dependencies = ["low==1.0"]

[build-system]
requires = ["hatchling"]

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
low = { workspace = true }
"""
LOW = '[project]\nname = "low"\nversion = "1.0"\n\n[build-system]\nrequires = ["hatchling"]\n'
STALE = LOW.replace("1.0", "0.9")

NEVER = {"click", "rich", "git", "graphlib", "packaging", "tomlkit"}
"""What the hook must not import."""

COSTLY = {
    "rtoml", "tomllib", "tomlkit", "dataclasses", "typing", "re", "enum", "json", "subprocess",
    "pathlib", "hashlib", "collections", "contextlib", "functools",
}  # fmt: skip
"""What a run that knows its verdict must not import either."""


class Repository:
    """A workspace of two members in git."""

    def __init__(self, root: Path) -> None:
        self.root = root
        home = root.parent / "home"
        home.mkdir()
        (home / "gitconfig").write_text("[user]\n\tname = A\n\temail = a@example.com\n")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        self.environment = {
            **kept,
            "HOME": str(home),
            "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.write("pyproject.toml", ROOT)
        self.write("packages/low/pyproject.toml", LOW)
        self.git("init", "-q", "-b", "main")
        self.commit()

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.root), *arguments]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env=self.environment
        ).stdout

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", "a commit", "--allow-empty")
        return self.git("rev-parse", "HEAD").strip()

    def hook(
        self, *arguments: str, given: str = "", folder: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "release_sync.hook", *arguments],
            check=False,
            capture_output=True,
            text=True,
            input=given,
            cwd=folder or self.root,
            env={**self.environment, **environment},
        )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    root = tmp_path / "work"
    root.mkdir()
    return Repository(root)


def _loaded(repository: Repository, stage: str) -> set[str]:
    """Run a stage, and return the top-level modules that it imported beyond the interpreter's."""
    code = (
        "import sys; before = set(sys.modules)\n"
        f"from release_sync.hook import main; code = main([{stage!r}])\n"
        "found = sorted({name.partition('.')[0] for name in set(sys.modules) - before})\n"
        "import json; print(json.dumps([code, found]))"
    )
    run = subprocess.run(
        [sys.executable, "-S", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=repository.root,
        env={**repository.environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    code, found = json.loads(run.stdout)
    assert code == 0
    return set(found)


@pytest.mark.parametrize("stage", ["check", "pre-commit"])
def test_a_green_run_imports_nothing_that_a_check_does_not_need(
    repository: Repository, stage: str
) -> None:
    cold = _loaded(repository, stage)
    assert "rtoml" in cold
    assert not cold & NEVER


@pytest.mark.parametrize("stage", ["check", "pre-commit"])
def test_a_second_green_run_parses_nothing(repository: Repository, stage: str) -> None:
    _loaded(repository, stage)
    assert not _loaded(repository, stage) & (NEVER | COSTLY)


def test_a_second_green_run_asks_for_tags_and_parses_nothing(repository: Repository) -> None:
    tagged = LOW.replace('version = "1.0"', 'dynamic = ["version"]')
    repository.write("packages/low/pyproject.toml", f"{tagged}[tool.setuptools_scm]\n")
    settings = ROOT.replace("low==1.0", "low<2") + '[tool.release-sync]\nindependent = ["low"]\n'
    repository.write("pyproject.toml", f'{settings}pin = "any"\n')
    repository.git("tag", "low-v1.0")
    for stage in ("check", "pre-commit"):
        repository.git("add", "-A")
        _loaded(repository, stage)
        assert not _loaded(repository, stage) & (NEVER | COSTLY)
    repository.git("tag", "low-v2.0")
    for stage in ("check", "pre-commit"):
        assert "does not admit 2.0" in repository.hook(stage).stdout


def test_a_green_verdict_is_silent(repository: Repository) -> None:
    for _ in range(2):
        run = repository.hook("check")
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_findings_go_to_stdout_and_the_summary_to_stderr(repository: Repository) -> None:
    repository.write("packages/low/pyproject.toml", STALE)
    run = repository.hook("check")
    assert run.returncode == 1
    assert run.stdout.startswith("packages/low/pyproject.toml:3:11: RS101 ")
    assert run.stderr.startswith("1 finding in 1 file (2 packages)")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("packages/low/pyproject.toml", STALE),
        ("packages/new/pyproject.toml", STALE.replace("low", "new")),
        ("packages/low/src/low/__init__.py", '__version__ = "0.9"\n'),
        ("packages/low/low/version.py", '__version__ = "0.9"\n'),
        ("uv.lock", "version = 1\n"),
    ],
)
def test_a_remembered_verdict_is_forgotten_with_any_change_that_matters(
    repository: Repository, path: str, text: str
) -> None:
    assert repository.hook("check").returncode == 0
    repository.write(path, text)
    assert repository.hook("check").returncode == 1


@pytest.mark.parametrize("damage", [b"", b"\0\0\0", b"release-sync checked 1", b"\xff" * 9])
def test_a_damaged_memory_is_ignored(repository: Repository, damage: bytes) -> None:
    repository.hook("check")
    (memory,) = (repository.root / ".git" / "release-sync" / "checked").iterdir()
    memory.write_bytes(damage)
    assert repository.hook("check").returncode == 0
    repository.write("packages/low/pyproject.toml", STALE)
    memory.write_bytes(damage)
    assert repository.hook("check").returncode == 1


def test_a_memory_that_can_not_be_written_is_no_matter(repository: Repository) -> None:
    (repository.root / ".git" / "release-sync").write_text("a file, where a folder should be")
    assert repository.hook("check").returncode == 0
    repository.write("packages/low/pyproject.toml", STALE)
    assert repository.hook("check").returncode == 1


def test_what_is_staged_decides_and_not_what_lies_on_disk(repository: Repository) -> None:
    repository.write("packages/low/pyproject.toml", STALE)
    repository.git("add", "-A")
    repository.write("packages/low/pyproject.toml", LOW)
    assert repository.hook("pre-commit").returncode == 1
    assert repository.hook("check").returncode == 0


def test_a_bad_working_copy_does_not_block_a_good_commit(repository: Repository) -> None:
    repository.write("packages/low/pyproject.toml", STALE)
    repository.write("pyproject.toml", "broken = \n")
    assert repository.hook("pre-commit").returncode == 0
    assert repository.hook("check").returncode == 2


def test_the_index_of_a_partial_commit_is_the_one_that_is_checked(repository: Repository) -> None:
    index = repository.root.parent / "other-index"
    repository.write("packages/low/pyproject.toml", STALE)
    there = {**repository.environment, "GIT_INDEX_FILE": str(index)}
    for arguments in (["read-tree", "HEAD"], ["add", "-A"]):
        subprocess.run(["git", *arguments], cwd=repository.root, env=there, check=True)
    assert repository.hook("pre-commit", GIT_INDEX_FILE=str(index)).returncode == 1
    assert repository.hook("pre-commit").returncode == 0


def test_every_pushed_tip_is_checked(repository: Repository) -> None:
    good = repository.git("rev-parse", "HEAD").strip()
    repository.write("packages/low/pyproject.toml", STALE)
    bad = repository.commit()
    zeros = "0" * len(good)
    lines = {
        f"refs/heads/main {good} refs/heads/main {zeros}\n": 0,
        f"refs/heads/main {bad} refs/heads/main {good}\n": 1,
        f"(delete) {zeros} refs/heads/main {good}\n": 0,
        f"refs/notes/x {bad} refs/notes/x {zeros}\n": 0,
        f"a {good} refs/heads/a {zeros}\nb {bad} refs/heads/b {zeros}\n": 1,
    }
    for line, code in lines.items():
        assert repository.hook("pre-push", given=line).returncode == code, line


def test_a_pushed_tag_names_the_version_of_its_commit(repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD").strip()
    for tag, code in {"v1.0": 0, "v1.0.0": 0, "v1.1": 1, "vendor": 0, "nightly": 0}.items():
        line = f"refs/tags/{tag} {head} refs/tags/{tag} {'0' * 40}\n"
        run = repository.hook("pre-push", given=line)
        assert run.returncode == code, tag
        assert ("RS501" in run.stdout) == bool(code)


def test_a_server_refuses_what_is_not_in_lockstep(repository: Repository, tmp_path: Path) -> None:
    server = tmp_path / "server.git"
    repository.git("init", "-q", "--bare", str(server))
    hook = server / "hooks" / "pre-receive"
    paths = os.pathsep.join(filter(None, sys.path))
    hook.write_text(
        f"#!/bin/sh\nPYTHONPATH={paths} exec {sys.executable} -m release_sync.hook pre-receive\n"
    )
    hook.chmod(0o755)
    repository.git("push", "-q", str(server), "main")
    repository.write("packages/low/pyproject.toml", STALE)
    repository.commit()
    with pytest.raises(subprocess.CalledProcessError) as refused:
        repository.git("push", "-q", str(server), "main")
    assert "RS101" in refused.value.stderr


def test_fix_mends_and_fails_and_is_then_content(repository: Repository) -> None:
    repository.write("packages/low/pyproject.toml", STALE)
    run = repository.hook("fix")
    assert (run.returncode, run.stdout) == (1, "fixed packages/low/pyproject.toml\n")
    assert (repository.root / "packages/low/pyproject.toml").read_text() == LOW
    assert repository.hook("fix").returncode == 0


@pytest.mark.parametrize("arguments", [(), ("commit",)])
def test_an_unknown_stage_is_a_mistake_with_a_hint(
    repository: Repository, arguments: tuple[str, ...]
) -> None:
    run = repository.hook(*arguments)
    assert run.returncode == 2
    assert run.stderr.startswith("error: ")
    assert "\nhint: " in run.stderr


@pytest.mark.parametrize(
    ("stage", "others"),
    [
        ("check", ["--format", "json"]),
        ("check", ["pyproject.toml"]),
        ("fix", ["--to=2.0"]),
        ("pre-commit", ["x"]),
        ("pre-push", ["--format", "json"]),
        ("pre-push", ["origin", "address", "more"]),
    ],
)
def test_what_a_stage_does_not_understand_is_a_mistake(
    repository: Repository, stage: str, others: list[str]
) -> None:
    for _ in range(2):
        run = repository.hook(stage, *others)
        assert run.returncode == 2
        assert run.stderr.startswith(f"error: the stage {stage} takes no '{others[0]}")
        assert "\nhint: call it alone" in run.stderr


def test_git_tells_pre_push_a_remote_and_its_address(repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD").strip()
    line = f"refs/heads/main {head} refs/heads/main {'0' * 40}\n"
    assert repository.hook("pre-push", "origin", "an address", given=line).returncode == 0


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_every_stage_with_what_it_does(repository: Repository, option: str) -> None:
    run = repository.hook(option)
    assert (run.returncode, run.stderr) == (0, "")
    listed = [line.split() for line in run.stdout.splitlines() if line.startswith("  ")]
    assert [words[0] for words in listed] == list(STAGES)
    assert all(len(words) > 3 for words in listed)


def test_a_folder_without_a_workspace_is_a_mistake_with_a_hint(
    repository: Repository, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    run = repository.hook("check", folder=empty)
    assert run.returncode == 2
    assert run.stderr.startswith("error: no workspace")
    assert "\nhint: " in run.stderr


def test_a_broken_root_is_named_with_its_line(repository: Repository) -> None:
    repository.write("pyproject.toml", ROOT + "x = \n")
    run = repository.hook("check")
    assert run.returncode == 2
    assert "pyproject.toml:14:5: " in run.stderr


@pytest.mark.parametrize("script", sorted((Path(__file__).parents[1] / "hooks").iterdir()))
def test_a_script_can_be_run_wherever_it_is_installed(script: Path) -> None:
    # pip keeps the mode that the wheel has, and the wheel that of the checkout; uv sets it itself.
    assert os.access(script, os.X_OK), script.name
