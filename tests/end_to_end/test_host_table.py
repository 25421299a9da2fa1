"""The table in ``docs/hosts.md``: what hosts refuse, what finds it, and the way out of it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_hosts import configure
from tests.fakes import git_hosts
from tests.fakes.forges import FREE, GITHUB_MAIN, github_rule, github_ruleset, ruleset_path, serve
from tests.fakes.raw_index import raw_index
from tests.misbehaving.table import DOCS, REWRITE, Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.end_to_end.conftest import Scene
    from tests.fakes.git_http import GitServer

FILES = 4
ENDS = {0: "0, released", 1: "1, refused or undone", 4: "4, pending"}


def nothing(_scene: Scene) -> None:
    """Do nothing between the seal and the landing."""


def somebody_pushes(scene: Scene) -> None:
    """Move the branch after the seal."""
    other = scene.another_clone("other")
    scene.write("notes.txt", "something else", cwd=other)
    scene.commit("Something else", cwd=other)
    scene.git("push", "-q", "origin", "main", cwd=other)


def wait_in_branches(scene: Scene) -> None:
    configure(scene, 'waiting = "refs/heads/release-sync"')


def allow_deletes(scene: Scene) -> None:
    git_hosts.configure(scene.remote, "receive.denyDeletes", "false")


def support_atomic(scene: Scene) -> None:
    git_hosts.configure(scene.remote, "receive.advertiseAtomic", "true")


@dataclass(frozen=True)
class Case:
    """A host; ``out`` is what is typed in the end, after somebody ``changes`` something.

    What is not needed where all went well is empty. ``first`` is done before it is examined.
    """

    says: str
    spoil: Callable[[Path], None]
    out: tuple[str, ...]
    meanwhile: Callable[[Scene], None] = nothing
    changes: Callable[[Scene], None] = nothing
    before: str = ""
    first: Callable[[Scene], None] = nothing


CASES = (
    Case("protects the branch", git_hosts.protect_branch, ("resume", "--land", "branch")),
    Case("protects tags", git_hosts.protect_tags, ("resume", "--land", "none")),
    Case(
        "takes no merges, and the branch moved",
        git_hosts.require_linear_history,
        ("resume", "--land", "branch"),
        somebody_pushes,
    ),
    Case(
        "has no atomic push",
        git_hosts.forget_atomic,
        ("publish",),
        changes=support_atomic,
        before="release to another remote, or have it supported; ",
    ),
    Case(
        "takes only branches and tags",
        git_hosts.take_only_branches_and_tags,
        ("publish",),
        changes=wait_in_branches,
        before='`waiting = "refs/heads/release-sync"`; ',
    ),
    Case("lets no branch be deleted (`receive.denyDeletes`)", git_hosts.deny_deletes, ()),
    Case(
        "lets no branch be deleted, and `waiting` is in branches",
        git_hosts.deny_deletes,
        ("publish",),
        changes=allow_deletes,
        before="have deletions allowed below `waiting`; ",
        first=wait_in_branches,
    ),
)
TABLE = Table(
    DOCS / "hosts.md",
    ("the host", "`doctor` finds", "`publish` ends with", "on the index", "the way out"),
    tuple(case.says for case in CASES),
)


@pytest.mark.slow  # each is shown in ``test_hosts``, too, or where it is examined
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_a_host_refuses_and_there_is_a_way_out(http_scene: Scene, case: Case) -> None:
    scene = http_scene
    case.first(scene)
    case.spoil(scene.remote)
    before = scene.refs()
    finds = examined(scene)
    if case.meanwhile is nothing:
        done = scene.run("publish", "--yes")
    else:
        assert scene.run("prepare", "--yes").returncode == 0
        case.meanwhile(scene)
        done = scene.run("resume", "--yes")
    served = len(scene.served())
    if done.returncode == 1:
        assert {ref: oid for ref, oid in scene.refs().items() if "probe" not in ref} == before
    way = "-"
    if case.out:
        case.changes(scene)
        last = scene.run(*case.out, "--yes")
        assert last.returncode == 0, last.stderr
        way = f"{case.before}`release-sync {' '.join(case.out)}`"
    assert len(scene.served()) == FILES
    TABLE.hold(case.says, finds, ENDS[done.returncode], "all files" if served else "nothing", way)


def examined(scene: Scene) -> str:
    """Return the rows that are wrong, as `doctor` finds them."""
    done = scene.run("doctor", "--json")
    found = json.loads(done.stdout.splitlines()[0])
    assert done.returncode == (0 if found["ok"] else 1)
    wrong = [row["name"] for row in found["rows"] if row["state"] == "wrong"]
    return ", ".join(f"✗ {name}" for name in wrong) or "nothing"


@pytest.mark.skipif(REWRITE in os.environ, reason="the rows are being written")
def test_the_table_has_a_row_for_each_host() -> None:
    assert tuple(TABLE.rows()) == TABLE.order


def test_a_forge_that_tells_its_rules_is_asked_before_anything_is_built(
    http_scene: Scene, server: GitServer
) -> None:
    token = "a-token-that-nobody-may-see"
    (http_scene.folder / "octo").mkdir()
    (http_scene.folder / "octo/kit.git").symlink_to(http_scene.remote)
    http_scene.git("remote", "set-url", "origin", server.url("octo/kit.git"))
    before = http_scene.state()
    server.requests.clear()
    with raw_index() as forge:
        rules = {GITHUB_MAIN: [github_rule("pull_request")], ruleset_path(42): github_ruleset()}
        serve(forge, {**FREE, **rules})
        job = {"GITHUB_SERVER_URL": server.url(""), "GITHUB_API_URL": f"{forge.url}/api"}
        done = http_scene.run("publish", "--yes", environ={**job, "GITHUB_TOKEN": token})
        assert {one for _, one in forge.seen} == {f"Bearer {token}"}
    assert done.returncode == 1, done.stderr
    assert "127.0.0.1 will refuse the push to main: changes come by pull request" in done.stderr
    assert "hint: `--land branch` fits, which pushes a branch for a pull request" in done.stderr
    assert token not in done.stdout + done.stderr
    assert server.pushes() == []
    assert http_scene.state() == before
