"""What keeps us from looking: no entrance is green for what it has not read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.fakes.odd_git import CUT, KILLED, SMALL_PIPES, odd_git
from tests.guardrail.scene import LOW, package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.guardrail.scene import Done, Scene

DISK = [["release-sync-hook", "check"], ["release-sync", "check"]]
FIXES = [["release-sync-hook", "fix"], ["release-sync", "check", "--fix"]]
GIT = [
    ["release-sync-hook", "pre-commit"],
    ["release-sync", "check", "--staged"],
    ["release-sync", "check", "--rev", "HEAD"],
]
UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""Root reads what it may not, unless it gives this up (capabilities(7))."""


def _call(scene: Scene, *line: str) -> Done:
    """Call a program for whom permissions hold."""
    return scene.call(*(UNPRIVILEGED if os.geteuid() == 0 else []), *line)


def _with(scene: Scene, first: str) -> Scene:
    folder = odd_git(scene.root.parent / "odd", first)
    return scene.at(scene.root, PATH=f"{folder}{os.pathsep}{scene.environ['PATH']}")


@pytest.fixture
def drifted(green: Scene) -> Iterator[Scene]:
    """Return two members out of step, committed; what was closed is opened for the clean-up."""
    green.drift()
    green.commit()
    yield green
    for path in (green.root, *green.root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)


@pytest.mark.parametrize("line", [*DISK, *FIXES], ids=" ".join)
@pytest.mark.parametrize(
    ("closed", "mode"),
    [
        ("packages", 0o000),
        ("packages", 0o311),
        ("packages", 0o644),
        ("packages/low", 0o000),
        (LOW, 0o000),
        ("packages/low/src", 0o000),
        (".git", 0o000),
    ],
)
def test_what_may_not_be_read_on_disk_is_named(
    drifted: Scene, line: list[str], closed: str, mode: int
) -> None:
    (drifted.root / "packages/low/src").mkdir()
    (drifted.root / closed).chmod(mode)
    done = _call(drifted, *line)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert closed in done.stderr
    assert "can't be read: Permission denied" in done.stderr
    assert "\nhint: " in done.stderr


@pytest.mark.parametrize("line", DISK, ids=" ".join)
def test_a_link_to_what_may_not_be_read_is_named(drifted: Scene, line: list[str]) -> None:
    drifted.write("closed/high/pyproject.toml", package("high"))
    (drifted.root / "packages/high").symlink_to("../closed/high")
    (drifted.root / "closed").chmod(0o000)
    done = _call(drifted, *line)
    assert done.returncode == 2, done.stderr
    assert "can't be read: Permission denied" in done.stderr


@pytest.mark.parametrize("line", GIT, ids=" ".join)
@pytest.mark.parametrize("closed", [".git", ".git/objects", ".git/index"])
def test_what_git_may_not_read_is_named_in_its_words(
    drifted: Scene, line: list[str], closed: str
) -> None:
    if closed == ".git/index" and "--rev" in line:
        return
    (drifted.root / closed).chmod(0o000)
    done = _call(drifted, *line)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("error: git can't read")


@pytest.mark.parametrize("line", GIT, ids=" ".join)
@pytest.mark.parametrize(
    ("first", "words"),
    [(KILLED, "was ended by signal 9"), (CUT, "ended with 1")],
    ids=["killed", "cut"],
)
def test_a_git_that_is_killed_is_no_reader_that_has_gone(
    drifted: Scene, line: list[str], first: str, words: str
) -> None:
    done = _with(drifted, first).call(*line)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"`git cat-file` {words} before it had answered" in done.stderr


def test_nine_hundred_members_are_read_through_pipes_of_a_page(green: Scene) -> None:
    for number in range(900):
        green.write(f"packages/m{number}/pyproject.toml", package(f"m{number}"))
    green.drift()
    green.commit()
    for line in GIT:
        done = _with(green, SMALL_PIPES).call(*line)
        assert done.returncode == 1, done.stderr
        assert f"{LOW}:3:11: RS101" in done.stdout


@pytest.mark.parametrize("line", GIT, ids=" ".join)
def test_git_that_is_missing_is_named(drifted: Scene, line: list[str]) -> None:
    (programs, *_) = drifted.environ["PATH"].split(os.pathsep)
    done = drifted.at(drifted.root, PATH=programs).call(*line)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: git is missing")
    assert "\nhint: install git" in done.stderr


@pytest.mark.parametrize("line", GIT, ids=" ".join)
def test_another_owners_repository_is_named_in_gits_words(drifted: Scene, line: list[str]) -> None:
    done = drifted.at(drifted.root, GIT_TEST_ASSUME_DIFFERENT_OWNER="1").call(*line)
    assert (done.returncode, done.stdout) == (2, "")
    assert "detected dubious ownership in repository" in done.stderr
    assert f"`git config --global --add safe.directory '{drifted.root}'`" in done.stderr


def test_a_link_to_a_folder_that_git_left_out_is_followed(green: Scene) -> None:
    green.write("real/high/pyproject.toml", package("high", "0.9"))
    (green.root / "packages/high").symlink_to("../real/high")
    green.commit()
    green.git("sparse-checkout", "set", "packages")
    assert not (green.root / "real").exists()
    assert green.codes("check") == ["packages/high/pyproject.toml RS101"] == green.codes()


def test_a_last_commit_that_can_not_be_read_hides_no_loss_of_the_workspace(green: Scene) -> None:
    tree = green.head("HEAD^{tree}")
    green.git("rm", "-q", "--cached", "pyproject.toml")
    loose = green.root / ".git/objects" / tree[:2] / tree[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"")
    done = green.hook("pre-commit")
    assert done.returncode == 2
    assert "is empty" in done.stderr


@pytest.mark.parametrize("line", DISK, ids=" ".join)
def test_a_root_that_may_not_be_read_is_not_passed_over_for_one_above(
    drifted: Scene, line: list[str]
) -> None:
    drifted.at(drifted.root.parent).workspace()
    (drifted.root / "pyproject.toml").chmod(0o000)
    done = _call(drifted, *line)
    assert done.returncode == 2, done.stdout
    assert "pyproject.toml can't be read: Permission denied" in done.stderr


UNREAD = "set -o pipefail; (sleep 0.2; {}) | true"
"""In time for the reader to be gone."""


@pytest.mark.parametrize("redirected", ["", " 2>&1"])
@pytest.mark.parametrize(
    "line",
    [
        "release-sync-hook check",
        "release-sync-hook pre-commit",
        "release-sync-hook --help",
        "release-sync check",
        "release-sync check --staged --format json",
        "release-sync check --format sarif",
        "release-sync explain",
        "release-sync explain RS101",
    ],
)
def test_who_reads_nothing_of_what_is_found_ends_us_quietly(
    drifted: Scene, line: str, redirected: str
) -> None:
    done = drifted.call("bash", "-c", UNREAD.format(f"{line}{redirected}"))
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("line", ["release-sync-hook pre-commit", "release-sync check --staged"])
def test_what_could_not_be_read_counts_though_nobody_reads_of_it(drifted: Scene, line: str) -> None:
    (drifted.root / ".git/index").write_bytes(b"no index")
    done = drifted.call("bash", "-c", UNREAD.format(f"{line} 2>&1"))
    assert (done.returncode, done.stderr) == (2, "")


@pytest.mark.parametrize("stage", ["check", "pre-commit"])
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_changes_no_verdict(drifted: Scene, stage: str, closed: str) -> None:
    line = f"exec release-sync-hook {stage} {closed}"
    assert drifted.call("bash", "-c", line).returncode == 1
    drifted.drift("1.0")
    drifted.git("add", "--all")
    for _ in range(2):
        assert drifted.call("bash", "-c", line).returncode == 0


@pytest.mark.parametrize("stage", ["pre-push", "pre-receive"])
def test_a_closed_stdin_is_not_a_push_of_nothing(drifted: Scene, stage: str) -> None:
    done = drifted.call("bash", "-c", f"exec release-sync-hook {stage} <&-")
    assert (done.returncode, done.stderr.startswith("error: stdin is closed")) == (2, True)


MAGIC = (
    "GIT_LITERAL_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)


@pytest.mark.parametrize("name", MAGIC)
def test_what_an_editor_says_of_pathspecs_hides_nothing(drifted: Scene, name: str) -> None:
    drifted.write("python/pyproject.toml", "")
    there = drifted.at(drifted.root, **{name: "1"})
    for line in GIT:
        done = there.call(*line)
        assert (done.returncode, done.stdout.count("RS101")) == (1, 1), done.stderr
    drifted.git("sparse-checkout", "set", "python")
    assert not (drifted.root / LOW).exists()
    assert there.codes("check") == [f"{LOW} RS101"]


def test_what_replaces_an_object_here_is_not_what_is_committed(drifted: Scene) -> None:
    bad = drifted.head(f"HEAD:{LOW}")
    good = drifted.git("hash-object", "-w", "--stdin", given=package("low"))
    drifted.git("replace", bad, good)
    for line in GIT:
        done = drifted.call(*line)
        assert (done.returncode, done.stdout.count("RS101")) == (1, 1), done.stderr
