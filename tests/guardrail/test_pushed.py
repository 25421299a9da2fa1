"""What leaves with a push, and what arrives at a server."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.guardrail.conftest import HOOKS
from tests.guardrail.scene import LOW, ROOT, package

if TYPE_CHECKING:
    from tests.guardrail.scene import Scene

ZEROS = "0" * 40
STALE = [f"{LOW} RS101"]


def _line(name: str, ref: str, local: str = "main") -> str:
    return f"{local} {name} {ref} {ZEROS}\n"


@pytest.fixture(params=["pre-push", "pre-receive"])
def remote(request: pytest.FixtureRequest, hooked: Scene) -> Scene:
    """Return an empty bare repository, guarded where a push leaves or where it arrives."""
    server = hooked.at(hooked.root.parent / "server.git")
    hooked.git("init", "-q", "--bare", str(server.root))
    hooked.git("remote", "add", "origin", str(server.root))
    if request.param == "pre-receive":
        (server.root / "hooks").mkdir(exist_ok=True)
        shutil.copy(HOOKS / "pre-receive", server.root / "hooks" / "pre-receive")
        hooked.git("config", "--unset", "core.hooksPath")
    return server


def _refs(remote: Scene) -> list[str]:
    return remote.git("for-each-ref", "--format=%(refname)").split()


def test_one_bad_ref_of_several_refuses_the_push(hooked: Scene, remote: Scene) -> None:
    hooked.git("branch", "good")
    hooked.drift()
    hooked.commit()
    done = hooked.call("git", "push", "origin", "main", "good")
    assert done.returncode == 1
    assert "refs/heads/main at " in done.stderr
    assert "RS101" in done.stdout + done.stderr
    assert _refs(remote) == []
    hooked.git("push", "-q", "origin", "good")
    assert _refs(remote) == ["refs/heads/good"]


@pytest.mark.parametrize("annotated", [True, False])
def test_a_tag_must_name_its_commits_version(
    hooked: Scene,
    remote: Scene,
    annotated: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    message = ["-m", "A release"] if annotated else []
    hooked.git("tag", *message, "v1.0")
    hooked.git("tag", *message, "v1.1")
    done = hooked.call("git", "push", "origin", "main", "v1.0", "v1.1")
    assert done.returncode == 1
    assert "the tag v1.1 names 1.1, but its commit has 1.0" in done.stdout + done.stderr
    assert "v1.0 names" not in done.stdout + done.stderr
    assert _refs(remote) == []
    hooked.git("push", "-q", "origin", "v1.0", "main")
    hooked.git("push", "-q", "origin", ":refs/tags/v1.0")
    assert _refs(remote) == ["refs/heads/main"]


def test_a_tag_that_is_pushed_with_a_branch_lies_behind_it(hooked: Scene, remote: Scene) -> None:
    elsewhere = hooked.git("commit-tree", "-m", "Another history", "HEAD^{tree}")
    own = '[tool.hatch.version]\nsource = "uv-dynamic-versioning"\n'
    own += '[tool.uv-dynamic-versioning]\npattern-prefix = "low-"\n'
    hooked.write(LOW, package("low").replace('version = "1.0"', 'dynamic = ["version"]') + own)
    settings = '[tool.release-sync]\npin = "any"\n'
    hooked.write("pyproject.toml", ROOT.replace("low==1.0", "low>=1.1") + settings)
    hooked.commit()
    hooked.git("tag", "low-v1.0")
    hooked.git("push", "-q", "--no-verify", "origin", f"{elsewhere}:refs/tags/other")
    for new in ([], [f"{elsewhere}:refs/tags/low-v1.1"]):
        done = hooked.call("git", "push", "origin", "main", "low-v1.0", *new)
        assert done.returncode == 1, done.stderr
        assert "RS203 low >=1.1 does not admit 1.0 (its latest tag)" in done.stdout + done.stderr
    hooked.git("push", "-q", "origin", "main", "low-v1.0", "HEAD:refs/tags/low-v1.1")
    assert _refs(remote) == [
        *("refs/heads/main", "refs/tags/low-v1.0", "refs/tags/low-v1.1", "refs/tags/other")
    ]


def test_a_releases_tag_on_a_commit_out_of_step_is_refused_and_another_is_not(
    hooked: Scene, remote: Scene
) -> None:
    hooked.drift()
    hooked.commit()
    hooked.git("tag", "v1.0")
    hooked.git("tag", "nightly")
    done = hooked.call("git", "push", "origin", "v1.0")
    assert done.returncode == 1
    assert "RS101" in done.stdout + done.stderr
    hooked.git("push", "-q", "origin", "nightly")
    assert _refs(remote) == ["refs/tags/nightly"]


def test_what_is_no_branch_and_no_tag_is_not_looked_at(hooked: Scene, remote: Scene) -> None:
    hooked.drift()
    hooked.commit()
    hooked.git("tag", "-m", "A seal", "seal")
    hooked.git("notes", "add", "-m", "A note")
    hooked.git("push", "-q", "origin", "seal:refs/release-sync/default", "refs/notes/commits")
    assert _refs(remote) == ["refs/notes/commits", "refs/release-sync/default"]


def test_tags_of_what_is_no_commit_are_let_through(hooked: Scene, remote: Scene) -> None:
    blob = hooked.git("hash-object", "-w", "--stdin", given="a key\n")
    hooked.git("tag", "key", blob)
    hooked.git("tag", "-m", "A key", "v9.9", blob)
    hooked.git("tag", "tree", "HEAD^{tree}")
    hooked.git("tag", "-m", "A tag of a tag", "v1.0", "v9.9")
    hooked.git("push", "-q", "origin", "key", "tree", "v9.9", "v1.0")
    assert len(_refs(remote)) == 4


def test_history_without_a_workspace_is_let_through(hooked: Scene, remote: Scene) -> None:
    hooked.git("checkout", "-q", "--orphan", "gh-pages")
    hooked.git("rm", "-rfq", ".")
    hooked.write("index.html", "text\n")
    hooked.commit()
    hooked.git("tag", "v0.1")
    hooked.git("push", "-q", "origin", "gh-pages", "v0.1")
    assert _refs(remote) == ["refs/heads/gh-pages", "refs/tags/v0.1"]


def test_what_is_checked_out_does_not_matter(hooked: Scene, remote: Scene) -> None:
    hooked.drift()
    hooked.commit()
    hooked.git("checkout", "-q", "--orphan", "gh-pages")
    hooked.git("rm", "-rfq", ".")
    done = hooked.call("git", "push", "origin", "main")
    assert done.returncode == 1
    assert f"{LOW}:3:11: RS101 " in done.stdout + done.stderr
    assert _refs(remote) == []


def test_a_workspace_in_a_subfolder_is_checked(hooked: Scene, remote: Scene) -> None:
    (hooked.root / "python").mkdir()
    hooked.git("mv", "pyproject.toml", "packages", "python")
    hooked.commit()
    hooked.git("push", "-q", "origin", "main")
    hooked.write(f"python/{LOW}", package("low", "0.9"))
    hooked.commit()
    done = hooked.call("git", "push", "origin", "main")
    assert done.returncode == 1
    assert f"python/{LOW}:3:11: RS101 " in done.stdout + done.stderr
    assert len(_refs(remote)) == 1


def test_a_tag_is_held_to_the_one_of_several_workspaces_that_it_names(empty: Scene) -> None:
    empty.git("init", "-q", "-b", "main")
    for folder, tag in (("one", "one-v{version}"), ("two", "v{version}"), ("three", "v{version}")):
        empty.workspace(f"{folder}/")
        with (empty.root / folder / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(f'[tool.release-sync]\ntag = "{tag}"\n')
    head, zeros = empty.commit(), "0" * 40
    for tag, codes in {
        "one-v1.0": [],
        "one-v1.1": [f"one/{LOW} RS501"],
        "v1.1": [],  # of which of the two it is, nobody can say
    }.items():
        line = f"refs/tags/{tag} {head} refs/tags/{tag} {zeros}\n"
        assert empty.codes("pre-push", line) == codes


def test_a_push_from_a_bare_repository_is_checked(hooked: Scene) -> None:
    hooked.drift()
    hooked.commit()
    bare = hooked.at(hooked.root / "bare.git")
    hooked.git("clone", "-q", "--bare", ".", str(bare.root))
    bare.git("config", "core.hooksPath", str(HOOKS))
    other = hooked.root.parent / "other.git"
    hooked.git("init", "-q", "--bare", str(other))
    done = bare.call("git", "push", str(other), "main")
    assert done.returncode == 1
    assert "RS101" in done.stdout + done.stderr


def test_a_push_into_a_working_tree_is_checked(hooked: Scene) -> None:
    server = hooked.at(hooked.root.parent / "server")
    hooked.git("clone", "-q", ".", str(server.root))
    server.git("config", "receive.denyCurrentBranch", "updateInstead")
    shutil.copy(HOOKS / "pre-receive", server.root / ".git" / "hooks" / "pre-receive")
    hooked.git("config", "--unset", "core.hooksPath")
    hooked.drift()
    hooked.commit()
    done = hooked.call("git", "push", str(server.root), "main")
    assert done.returncode == 1
    assert "RS101" in done.stdout + done.stderr


def test_a_local_ref_with_spaces_is_checked(green: Scene) -> None:
    green.drift()
    bad = green.commit()
    assert green.codes("pre-push", _line(bad, "refs/heads/x", "HEAD@{1 day ago}")) == STALE


def test_a_ref_whose_name_holds_a_line_separator_is_checked(green: Scene) -> None:
    green.drift()
    bad = green.commit()
    assert green.codes("pre-push", _line(bad, "refs/heads/a\u2028b", "a\u2028b")) == STALE
    assert green.codes("pre-receive", f"{ZEROS} {bad} refs/heads/a\u2028b\n") == STALE


@pytest.mark.parametrize(
    ("ref", "codes"),
    [
        ("refs/heads/main", STALE),
        ("refs/for/main", STALE),
        ("refs/notes/x", []),
        ("refs/release-sync/default", []),
    ],
)
def test_which_refs_are_checked(green: Scene, ref: str, codes: list[str]) -> None:
    green.drift()
    assert green.codes("pre-push", _line(green.commit(), ref)) == codes


@pytest.mark.parametrize("stage", ["pre-push", "pre-receive"])
def test_lines_that_are_not_gits_are_refused_and_no_lines_are_fine(
    green: Scene, stage: str
) -> None:
    assert green.codes(stage) == []
    done = green.hook(stage, "refs/heads/main\n")
    assert done.returncode == 2
    assert "is not what git tells a hook" in done.stderr


@pytest.mark.parametrize("stage", ["pre-push", "pre-receive"])
def test_an_object_that_is_not_there_is_not_let_through(green: Scene, stage: str) -> None:
    line = _line("1" * 40, "refs/heads/x")
    if stage == "pre-receive":
        line = f"{ZEROS} {'1' * 40} refs/heads/x\n"
    done = green.hook(stage, line)
    assert done.returncode == 2
    assert done.stderr.startswith("refs/heads/x: error: ")
