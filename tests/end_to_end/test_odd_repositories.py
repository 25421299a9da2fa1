"""Odd and damaged repositories: every command of a release says what is wrong, and what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import Scene, shared_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TAG = "v0.1.9"
"""A tag that somebody made by hand."""

COMMANDS = (
    ("publish", "--yes"),
    ("plan",),
    ("prepare", "--yes"),
    ("resume",),
    ("abort", "--yes"),
    ("status",),
    ("verify", TAG),
    ("rehearse",),
)
UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Root reads what it may not, unless it gives this up (capabilities(7))."""

PROGRAM = (sys.executable, "-m", "release_sync.cli.main")

KIT = "HEAD:packages/workstack-kit/src/workstack_kit/__init__.py"
GONE = f"{'1' * 40}\n"


@dataclass(frozen=True)
class Odd:
    """A clone that something is done to.

    ``says`` is what commands say of it, and ``code`` how they end; ``others`` has the end of those
    that don't see it, or say something else of it. Where it ``is_closed``, root must be nobody.
    """

    make: Callable[[Scene, Path], object]
    says: str
    code: int = 2
    others: tuple[tuple[str, int], ...] = ()
    is_closed: bool = False


def text(name: str, content: str) -> Callable[[Scene, Path], object]:
    """Write a file of the git directory."""
    return lambda _, clone: (clone / ".git" / name).write_text(content)


def pointer(content: str, _: Scene, clone: Path) -> None:
    shutil.rmtree(clone / ".git")
    (clone / ".git").write_text(content)


def emptied(name: str, scene: Scene, clone: Path) -> None:
    """Empty a loose object, as a crash of the machine does."""
    oid = scene.git("rev-parse", name, cwd=clone)
    file = clone / ".git/objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    file.write_bytes(b"")


def removed(name: str, scene: Scene, clone: Path) -> None:
    oid = scene.git("rev-parse", name, cwd=clone)
    (clone / ".git/objects" / oid[:2] / oid[2:]).unlink()


def git(*arguments: str) -> Callable[[Scene, Path], object]:
    return lambda scene, clone: scene.git(*arguments, cwd=clone)


def closed(name: str, mode: int = 0) -> Callable[[Scene, Path], object]:
    """Forbid a part of the git directory."""
    return lambda _, clone: (clone / ".git" / name).chmod(mode)


def unborn(scene: Scene, clone: Path) -> None:
    shutil.rmtree(clone / ".git")
    scene.git("init", "-q", cwd=clone)


def sha256(scene: Scene, clone: Path) -> None:
    shutil.rmtree(clone / ".git")
    scene.git("init", "-q", "--object-format=sha256", cwd=clone)
    scene.git("add", "-A", cwd=clone)
    scene.git("commit", "-qm", "Begin", cwd=clone)


def of_another_owner(_: Scene, clone: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give a repository to somebody else")
    for path in (clone, *clone.rglob("*")):
        os.lchown(path, 12345, 12345)


def bare(scene: Scene, clone: Path) -> None:
    there = clone.with_name("bare.git")
    scene.git("clone", "-q", "--bare", str(clone), str(there), cwd=scene.folder)
    shutil.rmtree(clone)
    there.rename(clone)


def linked(scene: Scene, clone: Path) -> None:
    """Put a linked worktree in the clone's place."""
    main = clone.rename(clone.with_name("main"))
    scene.git("worktree", "add", "-q", "-b", "side", str(clone), cwd=main)


def linked_to_nothing(scene: Scene, clone: Path) -> None:
    linked(scene, clone)
    shutil.rmtree(clone.with_name("main") / ".git/worktrees")


NO_SEAL = (("verify", 1),)
NOTHING = (("resume", 0), ("abort", 1), ("status", 0), *NO_SEAL)
"""How commands end that find nothing to do, and nothing wrong with it."""

UNSEEN = (*NOTHING, ("rehearse", 0))
"""The same, where a rehearsal does not see it."""

ONLY_HERE = (("status", 0), *NO_SEAL, ("rehearse", 0))
"""How commands end that do without a remote."""

NO_FILES = (("abort", 1), ("status", 0), *NO_SEAL)
"""How commands end that do without a working tree."""

READ_ONLY = (("plan", 0), ("status", 0), ("rehearse", 0), *NO_SEAL)

CASES = {
    "object names by sha256": Odd(sha256, "names its objects by sha256, which GitPython"),
    "of another owner": Odd(of_another_owner, "detected dubious ownership in repository at"),
    "without a commit": Odd(unborn, "this repository has no commit yet", 1, NO_SEAL),
    "on a branch without a commit": Odd(
        git("checkout", "-q", "--orphan", "new"), "there is no commit on new here", 1, NO_SEAL
    ),
    "a detached HEAD": Odd(
        git("checkout", "-q", "--detach"), "this is at a detached HEAD", 1, UNSEEN
    ),
    "bare": Odd(bare, "a release needs a working tree, and ", others=NO_FILES),
    "called bare": Odd(
        git("config", "core.bare", "true"), "a release needs a working tree, and ", others=NO_FILES
    ),
    "HEAD is garbage": Odd(text("HEAD", "garbage\n"), "fatal: not a git repository"),
    "HEAD is empty": Odd(text("HEAD", ""), "fatal: not a git repository"),
    "HEAD is nowhere": Odd(text("HEAD", GONE), "fatal: bad object HEAD", others=NO_SEAL),
    "the branch is garbage": Odd(
        text("refs/heads/main", "garbage\n"),
        "your current branch appears to be broken",
        others=NO_SEAL,
    ),
    "the branch is empty": Odd(
        text("refs/heads/main", ""), "your current branch appears to be broken", others=NO_SEAL
    ),
    "another branch is nowhere": Odd(
        text("refs/heads/other", GONE),
        "a ref is broken here, and git fetches nothing",
        1,
        UNSEEN,
    ),
    "another tag is empty": Odd(
        text("refs/tags/v0", ""), "a ref is broken here, and git fetches nothing", 1, UNSEEN
    ),
    "an emptied commit": Odd(partial(emptied, "HEAD"), "is empty", others=NO_SEAL),
    "an emptied tree": Odd(partial(emptied, "HEAD:packages"), "is empty", others=NO_SEAL),
    "an emptied file": Odd(partial(emptied, KIT), "is empty", others=NO_SEAL),
    "an emptied tag": Odd(
        partial(emptied, TAG),
        "is empty",
        1,
        (*NOTHING, ("status", 1), ("rehearse", 1)),
    ),
    "a commit that is gone": Odd(partial(removed, "HEAD"), "bad object HEAD", others=NO_SEAL),
    "a file that is gone": Odd(partial(removed, KIT), "bad file", others=NO_SEAL),
    "a pointer to nothing": Odd(
        partial(pointer, "gitdir: /nowhere/at/all\n"), "fatal: not a git repository: "
    ),
    "a pointer that is none": Odd(partial(pointer, "garbage\n"), "invalid gitfile format"),
    "a linked worktree on another branch": Odd(
        linked, "releases are made from main, and this is on side", 1, UNSEEN
    ),
    "a worktree that is linked to nothing": Odd(linked_to_nothing, "fatal: not a git repository: "),
    "no remote": Odd(
        git("remote", "remove", "origin"), "there is no remote 'origin'", 1, ONLY_HERE
    ),
    "a remote that is gone": Odd(
        git("remote", "set-url", "origin", "/nowhere"), "origin did not answer", 1, ONLY_HERE
    ),
    "a configuration that is broken": Odd(text("config", "[broken"), "bad config line"),
    "of a newer git": Odd(
        git("config", "core.repositoryFormatVersion", "99"), "Expected git repo version <= 1"
    ),
    "an index that is broken": Odd(
        text("index", "garbage"), "index file smaller than expected", 1, NO_SEAL
    ),
    "packed refs that are broken": Odd(
        text("packed-refs", "garbage\n"), "unexpected line in ", others=NO_SEAL
    ),
    "a file where our folder is": Odd(
        text("release-sync", ""), "release-sync is no folder", 1, READ_ONLY
    ),
    "a configuration that may not be read": Odd(
        closed("config"), "Permission denied", is_closed=True
    ),
    "a git directory that may not be read": Odd(closed(""), "can't read", is_closed=True),
    "objects that may not be read": Odd(closed("objects"), "can't read", is_closed=True),
    "an index that may not be read": Odd(
        closed("index"), "Permission denied", 1, NO_SEAL, is_closed=True
    ),
    "read-only": Odd(
        closed("", 0o555), "could not write: Permission denied", 1, READ_ONLY, is_closed=True
    ),
}


def unprivileged(scene: Scene, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run release-sync as root that may read only what everybody may."""
    return subprocess.run(
        [*UNPRIVILEGED, *PROGRAM, *arguments],
        cwd=cwd, env=scene.environ, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def table() -> Iterator[object]:
    """Yield each case with each command; what is not slow has every case, and every command."""
    for number, name in enumerate(CASES):
        for line in COMMANDS:
            few = line == COMMANDS[number % len(COMMANDS)]
            yield pytest.param(
                CASES[name], line, id=f"{name}: {line[0]}", marks=[] if few else [pytest.mark.slow]
            )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a scene whose clone has a tag that is no release; tests work on copies of it."""
    with shared_scene(tmp_path_factory) as scene:
        scene.git("tag", "-m", "By hand", TAG)
        yield scene


@pytest.fixture
def clone(shared: Scene, tmp_path: Path) -> Iterator[Path]:
    """Return a copy of the clone; what was forbidden in it is allowed for the clean-up."""
    copy = tmp_path / "clone"
    shutil.copytree(shared.clone, copy)
    yield copy
    for path in (copy / ".git", copy / ".git/objects"):
        if path.is_dir():
            path.chmod(0o755)


@pytest.mark.parametrize(("odd", "line"), [*table()])
def test_every_command_says_what_is_wrong_with_a_repository(
    shared: Scene, clone: Path, odd: Odd, line: tuple[str, ...]
) -> None:
    odd.make(shared, clone)
    before = (shared.refs(), shared.served())
    run = unprivileged if odd.is_closed and os.geteuid() == 0 else Scene.run
    done = run(shared, *line, cwd=clone)
    others = dict(odd.others)
    assert done.returncode == others.get(line[0], odd.code), done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert "error: " in done.stderr
        assert "hint: " in done.stderr
    if line[0] not in others:
        assert odd.says in done.stderr
    assert (shared.refs(), shared.served()) == before
    assert list((shared.folder / "temporary").iterdir()) == []
