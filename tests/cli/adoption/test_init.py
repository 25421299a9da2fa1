"""``release-sync init``, as a process, in real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from tests.fakes import warm
from tests.fakes.recording import terminal

from release_sync.cli.adoption import git_hooks
from release_sync.cli.adoption.init import command

HERE = Path(__file__).parents[3]
ROOT = """\
# ours
[project]
name = "top"
version = "1.0"
dependencies = ["low==1.0"]   # the other one

[build-system]
requires = []

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
low = { workspace = true }
"""
LOW = '[project]\nname = "low"\nversion = "1.0"\n[build-system]\nrequires = []\n'
URL = "https://example.com/release-sync"
TAG = f"v{version('release-sync')}"


def git(root: Path, *arguments: str) -> str:
    run = ["git", "-C", str(root), *arguments]
    return subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()


def init(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return warm.run("release_sync.cli.main", "init", *arguments, cwd=root, environ=os.environ)


def files(root: Path) -> dict[str, bytes]:
    """Everything in a folder, git's configuration among it."""
    kept = [path for path in root.rglob("*") if path.is_file() and ".git/" not in f"{path}"]
    kept += [root / ".git" / "config"] if (root / ".git").is_dir() else []
    return {str(path.relative_to(root)): path.read_bytes() for path in kept}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a workspace of two members in a repository."""
    root = tmp_path / "place"
    (root / "packages" / "low").mkdir(parents=True)
    (root / "pyproject.toml").write_text(ROOT, encoding="utf-8")
    (root / "packages" / "low" / "pyproject.toml").write_text(LOW, encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "add", ".")
    git(root, "commit", "-qm", "a commit")
    return root


def test_what_init_says_fits_a_terminal_and_its_diff_is_in_colour(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(monkeypatch, 60) as recording:
        command(["--dry-run", str(place)], standalone_mode=False)
    written = recording.raw.decode().split("\r\n")
    assert "\x1b[32m+[tool.release-sync]\x1b[0m" in written
    assert max(len(click.unstyle(line)) for line in written) <= 60
    assert any(line.startswith("      ") for line in written), "what is left is broken, and hangs"


def test_a_workspace_gets_its_table_and_keeps_every_byte(place: Path) -> None:
    done = init(place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "pyproject.toml: added [tool.release-sync]",
        "  empty: all defaults are right",
    ]
    said, left, *steps = done.stderr.splitlines()
    assert said == "2 packages: in lockstep at 1.0"
    assert left == "What is left to do, by you:"
    assert [one.partition(":")[0] for one in steps] == [
        "  - commit this",
        "  - the repository's host",
        "  - the index pypi",
        "  - the host's rules for branches and tags",
    ]
    assert (place / "pyproject.toml").read_text(
        encoding="utf-8"
    ) == f"{ROOT}\n[tool.release-sync]\n"


def test_it_needs_nothing_of_the_extra_release(place: Path) -> None:
    absent = ("rich", "git", "filelock", "psutil", "requests", "pypi_simple", "ruamel", "uv")
    text = (
        f"import sys; sys.modules.update(dict.fromkeys({absent}))\n"
        "from release_sync.cli.main import main; sys.exit(main())"
    )
    line = ("init", "--pre-commit", "--source", f"{URL}@v9", "--dry-run")
    done = subprocess.run(
        [sys.executable, "-c", text, *line], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"+  - repo: {URL}" in done.stdout.splitlines()


@pytest.mark.parametrize(
    "options", [[], ["--pre-commit", "--source", f"{URL}@v9"], ["--git-hooks"]], ids=" ".join
)
def test_run_twice_it_changes_nothing_and_says_so(place: Path, options: list[str]) -> None:
    assert init(place, *options).returncode == 0
    before = files(place)
    done = init(place, *options)
    assert done.stdout == "Nothing was changed: all of it is there already.\n"
    assert done.returncode == 0
    assert files(place) == before


def test_what_a_table_could_say_too_is_told_and_it_is_left_as_it_is(place: Path) -> None:
    (place / "VERSION").write_text("1.0\n", encoding="utf-8")
    git(place, "tag", "release-1.0")
    manifest = place / "pyproject.toml"
    manifest.write_text(f'{ROOT}[tool.release-sync]\npin = "exact"\n', encoding="utf-8")
    before = manifest.read_bytes()
    done = init(place)
    assert done.returncode == 0
    assert done.stdout == "Nothing was changed: all of it is there already.\n"
    assert done.stderr.splitlines()[:2] == [
        (
            'note: the table could say mirrors = [{path = "VERSION"}] (they say the same version);'
            " it is left as it is"
        ),
        (
            'note: the table could say tag = "release-{version}" (its last tag is release-1.0);'
            " it is left as it is"
        ),
    ]
    assert manifest.read_bytes() == before
    assert init(place, "--check").returncode == 0


def test_the_remotes_default_branch_is_the_one_that_releases_leave_from(
    place: Path, tmp_path: Path
) -> None:
    git(place, "branch", "-m", "trunk")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(place), str(clone))
    git(clone, "switch", "-qc", "feature")
    done = init(clone)
    assert '  branch = "trunk" (the repository\'s main branch)' in done.stdout.splitlines()
    assert 'branch = "trunk"\n' in (clone / "pyproject.toml").read_text(encoding="utf-8")


def test_what_was_not_looked_at_is_not_called_right(place: Path) -> None:
    low = place / "packages" / "low" / "pyproject.toml"
    low.write_text(
        '[project]\nname = "low"\ndynamic = ["version"]\n[build-system]\nrequires = []\n'
        "[tool.setuptools_scm]\ntag_regex = '^low-(.+)$'\n",
        encoding="utf-8",
    )
    done = init(place)
    empty = (
        "  empty: nothing here asks for another value than the defaults, and not all was looked at"
    )
    assert done.stdout.splitlines()[1] == empty, done.stderr
    assert "what requires low was not looked at" in done.stderr


def test_from_a_folder_below_the_root_is_found(place: Path) -> None:
    assert init(place / "packages" / "low").returncode == 0
    assert "[tool.release-sync]" in (place / "pyproject.toml").read_text(encoding="utf-8")


def test_a_pre_commit_configuration_is_made(place: Path) -> None:
    done = init(place, "--pre-commit", "--source", f"{URL}@v9.9")
    assert done.returncode == 0, done.stderr
    assert (place / ".pre-commit-config.yaml").read_text(encoding="utf-8") == (
        f"repos:\n  - repo: {URL}\n    rev: v9.9\n    hooks:\n      - id: release-sync\n"
    )
    assert f".pre-commit-config.yaml: made, with the hook `release-sync` of {URL} at v9.9" in (
        done.stdout
    )
    assert "`pre-commit install`" in done.stderr


def test_an_address_is_the_clones_and_never_invented(place: Path) -> None:
    before = files(place)
    done = init(place, "--pre-commit", "--dry-run")
    assert files(place) == before
    if (HERE / ".git").exists():
        assert done.returncode == 0, done.stderr
        assert f"+  - repo: {HERE}" in done.stdout.splitlines()
        assert "installed from" in done.stdout
    else:
        assert done.returncode == 2
        assert "--source" in done.stderr


def test_plain_hooks_are_made_and_git_runs_them(place: Path) -> None:
    done = init(place, "--git-hooks")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2:] == [
        "hooks/pre-commit: made",
        "hooks/pre-merge-commit: made",
        "hooks/pre-push: made",
        "git config: core.hooksPath = hooks (in this clone; every other one needs it too)",
    ]
    (place / "packages" / "low" / "pyproject.toml").write_text(LOW.replace("1.0", "0.9"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    committed = subprocess.run(
        ["git", "commit", "-qam", "drift"],
        cwd=place,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert committed.returncode == 1
    assert "RS101" in committed.stdout + committed.stderr


def test_the_shipped_hook_is_the_one_that_guards_this_repository() -> None:
    for stage in (*git_hooks.STAGES, "pre-receive"):
        path = HERE / "hooks" / stage
        assert path.read_bytes() == git_hooks.script(), stage


def test_hooks_that_would_fall_silent_stop_it(place: Path) -> None:
    hook = place / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n", encoding="utf-8")
    before = files(place)
    done = init(place, "--git-hooks")
    assert (done.returncode, done.stdout) == (1, "")
    assert "commit-msg" in done.stderr
    assert files(place) == before


def test_hooks_go_to_the_folder_that_the_repository_has_for_them(place: Path) -> None:
    git(place, "config", "core.hooksPath", ".githooks")
    (place / ".githooks").mkdir()
    (place / ".githooks" / "commit-msg").write_text("#!/bin/sh\n", encoding="utf-8")
    done = init(place, "--git-hooks")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2:] == [
        ".githooks/pre-commit: made",
        ".githooks/pre-merge-commit: made",
        ".githooks/pre-push: made",
    ]
    (place / ".githooks" / "pre-push").write_bytes(git_hooks.script() + b"# old\n")
    git(place, "config", "--unset", "core.hooksPath")  # as in a clone that only checks
    done = init(place, "--check")
    assert (done.returncode, done.stdout) == (1, ".githooks/pre-push: is not what init writes\n")
    old = f"repos: [{{repo: {URL}, rev: v0.1.0, hooks: [{{id: release-sync}}]}}]\n"
    (place / ".pre-commit-config.yaml").write_text(old, encoding="utf-8")
    done = init(place, "--check")
    assert done.returncode == 1
    drift = ".pre-commit-config.yaml: is not what init writes"
    assert done.stdout.splitlines()[1:] == [f"{drift}: the hook is at v0.1.0, this is {TAG}"]


@pytest.mark.parametrize(
    ("path", "why"), [("/elsewhere/hooks", "outside"), (".husky/_", "ignores")]
)
def test_another_path_for_hooks_is_left_alone(place: Path, path: str, why: str) -> None:
    git(place, "config", "core.hooksPath", path)
    (place / ".gitignore").write_text(".husky/_\n", encoding="utf-8")
    before = files(place)
    done = init(place, "--git-hooks")
    assert done.returncode == 1
    assert f"core.hooksPath is {path} already" in done.stderr
    assert why in done.stderr
    assert files(place) == before


def test_another_hook_of_that_name_is_left_alone(place: Path) -> None:
    (place / "hooks").mkdir()
    (place / "hooks" / "pre-push").write_text("#!/bin/sh\n", encoding="utf-8")
    before = files(place)
    done = init(place, "--git-hooks")
    assert done.returncode == 1
    assert "hooks/pre-push is there already" in done.stderr
    assert files(place) == before


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--pre-commit", "--git-hooks", "--source", URL], 2, "exclude each other"),
        (["--source", URL], 2, "is for --pre-commit and --ci"),
        (["--flow", "tag"], 2, "is for --ci"),
        (["--pre-commit", "--source", "local"], 2, "local"),
        (["--pre-commit", "--repo", URL], 2, "`--source URL@REV` names both"),
        (["nowhere"], 2, "nowhere"),
    ],
)
def test_a_mistake_on_the_command_line_is_told(
    place: Path, options: list[str], code: int, said: str
) -> None:
    before = files(place)
    done = init(place, *options)
    assert done.returncode == code
    assert said in done.stderr
    assert files(place) == before


def test_without_a_workspace_it_refuses(tmp_path: Path) -> None:
    done = init(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: no workspace: ")
    assert "hint: add [tool.uv.workspace]" in done.stderr


def test_a_broken_manifest_is_named_with_its_line(place: Path) -> None:
    (place / "pyproject.toml").write_text("[tool.uv.workspace]\nmembers = \n", encoding="utf-8")
    done = init(place)
    assert done.returncode == 2
    assert "pyproject.toml:2:11:" in done.stderr


def test_without_git_the_table_is_written_and_hooks_are_refused(place: Path) -> None:
    (place / ".git").rename(place / "not-git")
    done = init(place, "--git-hooks")
    assert done.returncode == 2
    assert "no git repository" in done.stderr
    assert init(place).returncode == 0
    assert "[tool.release-sync]" in (place / "pyproject.toml").read_text(encoding="utf-8")


def test_a_workspace_below_the_top_gets_hooks_at_the_top_that_find_it(tmp_path: Path) -> None:
    root = tmp_path / "python"
    (root / "packages" / "low").mkdir(parents=True)
    (root / "pyproject.toml").write_text(ROOT, encoding="utf-8")
    low = root / "packages" / "low" / "pyproject.toml"
    low.write_text(LOW.replace("1.0", "0.9"), encoding="utf-8")
    git(tmp_path, "init", "-q", ".")
    done = init(root, "--git-hooks")
    assert done.returncode == 0, done.stderr
    assert "  python/packages/low/pyproject.toml:3:11: RS101" in done.stderr
    assert done.stdout.splitlines()[0] == "python/pyproject.toml: added [tool.release-sync]"
    assert "hooks/pre-commit: made" in done.stdout
    assert (tmp_path / "hooks" / "pre-commit").is_file()
    install = "  - install release-sync into .venv, or on PATH: the hooks start release-sync-hook"
    is_on_path = shutil.which("release-sync-hook") is not None
    assert (install in done.stderr.splitlines()) is not is_on_path
    (root / ".venv" / "bin").mkdir(parents=True)
    program = Path(sys.executable).parent / "release-sync-hook"
    (root / ".venv" / "bin" / "release-sync-hook").symlink_to(program)
    git(tmp_path, "add", "python/pyproject.toml", "python/packages")
    committed = subprocess.run(
        ["git", "commit", "-qm", "drift"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert committed.returncode == 1
    assert "python/packages/low/pyproject.toml:3:11: RS101" in committed.stdout + committed.stderr


def test_a_workspace_that_no_hook_looks_for_gets_none(place: Path) -> None:
    inner = place / "tests" / "inner"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text(ROOT, encoding="utf-8")
    done = init(inner, "--git-hooks")
    assert done.returncode == 1
    assert "release-sync check tests/inner" in done.stderr


@pytest.mark.parametrize("program", ["pre-commit", "prek"])
def test_a_hook_still_guards_when_another_program_has_renamed_it(place: Path, program: str) -> None:
    bin_folder = Path(sys.executable).parent
    environ = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    (place / ".git" / "hooks").mkdir(exist_ok=True)
    for stage in ("pre-commit", "pre-push"):
        hook = place / ".git" / "hooks" / stage
        hook.write_bytes(git_hooks.script())
        hook.chmod(0o755)
    (place / ".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")
    run = [str(bin_folder / program), "install", "-t", "pre-commit", "-t", "pre-push"]
    subprocess.run(run, cwd=place, env=environ, check=True, capture_output=True)
    assert (place / ".git" / "hooks" / "pre-commit.legacy").is_file()
    (place / "packages" / "low" / "pyproject.toml").write_text(LOW.replace("1.0", "0.9"))
    run = ["git", "commit", "-qam", "drift"]
    done = subprocess.run(run, cwd=place, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "RS101" in done.stdout + done.stderr
    assert "unknown stage" not in done.stdout + done.stderr


@pytest.mark.parametrize("system", ["", "[build-system]\nrequires = []\n"])
def test_a_package_without_siblings_is_adopted_and_guarded(tmp_path: Path, system: str) -> None:
    manifest = f'[project]\nname = "solo"\nversion = "1.0"\n{system}'
    (tmp_path / "pyproject.toml").write_text(manifest, encoding="utf-8")
    git(tmp_path, "init", "-q")
    done = init(tmp_path, "--git-hooks")
    assert done.returncode == 0, done.stderr
    standing = "in lockstep at 1.0" if system else "nothing to release"
    assert f"1 package: {standing}" in done.stderr.splitlines()
    assert "\n[tool.release-sync]\n" in (tmp_path / "pyproject.toml").read_text()


def test_what_is_said_of_a_stray_is_true(place: Path) -> None:
    for name, text in {"old": "0.9", "new": "1.1"}.items():
        (place / "packages" / name).mkdir()
        manifest = LOW.replace("low", name).replace("1.0", text)
        (place / "packages" / name / "pyproject.toml").write_text(manifest, encoding="utf-8")
    done = init(place)
    assert done.stdout.splitlines()[1].startswith("  empty: nothing here asks for another value")
    notes = [line for line in done.stderr.splitlines() if line.startswith(("note: ", "  pack"))]
    at = "the workspace is at 1.0: either `release-sync check --fix"
    lowered = "packages/new/pyproject.toml:3:11: RS101 new is at 1.1, but the workspace is at 1.0"
    raising = "`release-sync check --fix --to 1.1` raises all"
    assert notes == [
        f'note: new is at 1.1, {at} --to 1.0` lowers it, or independent = ["new"] allows it',
        f'note: old is at 0.9, {at}` fixes it, or independent = ["old"] allows it',
        "note: this is what `release-sync check` says under this table:",
        f"  {lowered}; {raising}, `release-sync check --fix --to 1.0` lowers it",
        "  packages/old/pyproject.toml:3:11: RS101 old is at 0.9, but the workspace is at 1.0",
        "note: `release-sync check --fix` leaves 1 finding",
        'note: independent = ["new", "old"] leaves 0 findings',
    ]


def test_a_dry_run_names_every_file_and_shows_it(place: Path) -> None:
    before = files(place)
    git(place, "tag", "1.0")
    done = init(place, "--git-hooks", "--dry-run")
    assert (done.returncode, files(place)) == (0, before)
    assert "nothing was written" in done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "pyproject.toml: added [tool.release-sync]",
        '  tag = "{version}" (its last tag is 1.0)',
    ]
    assert {"+[tool.release-sync]", '+tag = "{version}"', "+++ b/hooks/pre-push"} <= {*lines}
    assert "+#!/bin/sh" in lines
    assert lines[-1].startswith("git config: core.hooksPath = hooks")


def test_init_check_fails_until_all_is_there_and_when_it_has_drifted(place: Path) -> None:
    before = files(place)
    done = init(place, "--git-hooks", "--check")
    assert (done.returncode, files(place)) == (1, before)
    assert "pyproject.toml: is not what init writes" in done.stdout.splitlines()
    assert "hooks/pre-push: is missing" in done.stdout.splitlines()
    init(place, "--git-hooks")
    assert init(place, "--check").returncode == 0
    written = (place / "hooks" / "pre-push").read_text(encoding="utf-8")
    (place / "hooks" / "pre-push").write_text(written.replace("exec", "# exec"), encoding="utf-8")
    (place / "hooks" / "pre-commit").chmod(0o644)
    done = init(place, "--check")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "hooks/pre-commit: is not what init writes",
        "hooks/pre-push: is not what init writes",
    ]
    assert init(place, "--git-hooks").returncode == 0
    assert init(place, "--check").returncode == 0
    assert (place / "hooks" / "pre-push").read_text(encoding="utf-8") == written
