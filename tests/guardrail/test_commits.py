"""The plain git hooks, through the commands that make commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.guardrail.scene import LOW, ROOT, package

if TYPE_CHECKING:
    from tests.guardrail.scene import Scene

FOLDERS = [".", "packages/low"]


def _refused(scene: Scene, *command: str) -> None:
    """Hold that git says no, that we are the reason, and that nothing was committed."""
    before = scene.head()
    done = scene.call("git", *command)
    assert done.returncode != 0, done.stdout
    assert f"{LOW}:3:11: RS101 " in done.stdout + done.stderr
    assert scene.head() == before


@pytest.fixture(params=["main", "linked"])
def tree(request: pytest.FixtureRequest, hooked: Scene) -> Scene:
    """Return the main working tree, and a linked one."""
    if request.param == "main":
        return hooked
    there = hooked.root.parent / "linked"
    hooked.git("worktree", "add", "-q", str(there))
    return hooked.at(there)


@pytest.mark.parametrize("folder", FOLDERS)
def test_commit_all_is_checked_as_it_will_be(tree: Scene, folder: str) -> None:
    there = tree.at(tree.root / folder)
    tree.drift()
    _refused(there, "commit", "-am", "Bad")
    tree.drift("1.0")
    tree.write("README", "text\n")
    tree.git("add", "README")
    there.git("commit", "-qam", "Good")


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_partial_commit_is_checked_without_what_else_is_staged(tree: Scene, folder: str) -> None:
    there = tree.at(tree.root / folder)
    tree.write("README", "text\n")
    tree.drift()
    tree.git("add", "--all")
    there.git("commit", "-qm", "Good, beside something bad", "--", f"{tree.root}/README")
    _refused(there, "commit", "-m", "Bad", "--", f"{tree.root}/{LOW}")


def test_a_partial_commit_includes_what_is_only_on_disk(hooked: Scene) -> None:
    hooked.drift()
    _refused(hooked, "commit", "-m", "Bad", LOW)
    _refused(hooked, "commit", "-m", "Bad", "--include", LOW)


def test_an_amended_commit_is_checked(hooked: Scene) -> None:
    hooked.write("README", "text\n")
    hooked.commit()
    hooked.drift()
    hooked.git("add", "--all")
    _refused(hooked, "commit", "--amend", "--no-edit")


def test_a_bad_commit_is_mended_by_an_amendment(hooked: Scene) -> None:
    hooked.drift()
    hooked.commit()
    hooked.drift("1.0")
    hooked.git("add", "--all")
    hooked.git("commit", "-q", "--amend", "--allow-empty", "--no-edit")
    assert hooked.git("show", f"HEAD:{LOW}") == package("low").strip()


def test_the_first_commit_is_checked(born: Scene, hooked: Scene) -> None:
    born.git("checkout", "-q", "--orphan", "new")
    hooked.drift()
    hooked.git("add", "--all")
    done = hooked.call("git", "commit", "-m", "Bad")
    assert done.returncode == 1
    assert "RS101" in done.stdout + done.stderr
    assert hooked.call("git", "rev-parse", "--verify", "HEAD").returncode != 0


def _diverged(scene: Scene) -> None:
    """Make a branch with a new member at 1.0, and bring the present one to 2.0."""
    scene.git("checkout", "-q", "-b", "topic")
    scene.write("packages/low/extra", "text\n")
    scene.write("packages/topic/pyproject.toml", package("topic"))
    scene.commit()
    scene.git("checkout", "-q", "main")
    scene.write("pyproject.toml", ROOT.replace("1.0", "2.0"))
    scene.write(LOW, package("low", "2.0"))
    scene.commit()


def test_a_merge_of_two_good_branches_that_disagree_is_refused(hooked: Scene) -> None:
    _diverged(hooked)
    before = hooked.head()
    done = hooked.call("git", "merge", "--no-edit", "topic")
    assert done.returncode == 1
    assert "packages/topic/pyproject.toml:3:11: RS101" in done.stdout + done.stderr
    assert hooked.head() == before
    hooked.write("packages/topic/pyproject.toml", package("topic", "2.0"))
    hooked.git("add", "--all")
    hooked.git("commit", "-qm", "Merged, and mended")
    assert hooked.head("HEAD^2") == hooked.head("topic")


def test_a_rebase_and_a_cherry_pick_run_no_hook_and_the_push_finds_it(hooked: Scene) -> None:
    remote = hooked.root.parent / "remote.git"
    hooked.git("clone", "-q", "--bare", ".", str(remote))
    hooked.git("remote", "add", "origin", str(remote))
    _diverged(hooked)
    hooked.git("cherry-pick", "topic")
    for ref in ("HEAD:refs/heads/picked",):
        done = hooked.call("git", "push", "origin", ref)
        assert done.returncode == 1
        assert "packages/topic/pyproject.toml:3:11: RS101" in done.stdout + done.stderr
    hooked.git("reset", "-q", "--hard", "HEAD^")
    hooked.git("checkout", "-q", "topic")
    hooked.git("rebase", "-q", "main")
    done = hooked.call("git", "push", "origin", "topic")
    assert done.returncode == 1
    assert "refs/heads/topic at " in done.stderr
    assert hooked.git("ls-remote", "origin", "refs/heads/topic", "refs/heads/picked") == ""


def test_a_cherry_pick_that_stopped_is_checked_when_it_goes_on(hooked: Scene) -> None:
    hooked.git("checkout", "-q", "-b", "topic")
    hooked.drift("1.1")
    hooked.commit()
    hooked.git("checkout", "-q", "main")
    hooked.drift("1.2")
    hooked.commit()
    assert hooked.call("git", "cherry-pick", "topic").returncode == 1
    hooked.drift()
    hooked.git("add", "--all")
    _refused(hooked, "commit", "-m", "Bad")


def test_a_workspace_in_a_subfolder_is_guarded_by_the_same_hooks(hooked: Scene) -> None:
    (hooked.root / "python").mkdir()
    hooked.git("mv", "pyproject.toml", "packages", "python")
    hooked.git("commit", "-qm", "Moved")
    hooked.write(f"python/{LOW}", package("low", "0.9"))
    done = hooked.call("git", "commit", "-am", "Bad")
    assert done.returncode == 1
    assert f"python/{LOW}:3:11: RS101 " in done.stdout + done.stderr
    hooked.git("add", "--all")
    for folder, path in (("python", LOW), ("python/packages/low", "pyproject.toml")):
        for stage in ("check", "pre-commit"):  # started by hand
            assert hooked.at(hooked.root / folder).hook(stage).stdout.startswith(f"{path}:3:11: ")


def test_a_git_dir_elsewhere_is_guarded_by_the_same_hooks(hooked: Scene) -> None:
    elsewhere = hooked.root.parent / "dots.git"
    (hooked.root / ".git").rename(elsewhere)
    hooked.drift()
    there = hooked.at(hooked.root / "packages")
    before = there.git("--git-dir", str(elsewhere), "rev-parse", "HEAD")
    line = ("--git-dir", str(elsewhere), "--work-tree", str(hooked.root))
    done = there.call("git", *line, "commit", "-am", "Bad")
    assert done.returncode == 1
    assert f"{LOW}:3:11: RS101 " in done.stdout + done.stderr
    assert there.git("--git-dir", str(elsewhere), "rev-parse", "HEAD") == before
