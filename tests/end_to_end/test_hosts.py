"""What hosts refuse, hide and lose: found before anything is built, or said and gone on from."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD, configuration, manifest
from tests.fakes import git_faults, git_hosts
from tests.fakes.git_http import READER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.end_to_end.conftest import Scene
    from tests.fakes.git_http import Ask, Behaviour, Exchange, GitServer, User

PENDING = "refs/release-sync/default"
SEALED = "refs/release-sync-sealed/v0.1.11"
TAG = "refs/tags/v0.1.11"
MAIN = "refs/heads/main"
BRANCH = "refs/heads/release-waits/default"
LANDED = {MAIN, TAG}


def configure(scene: Scene, line: str) -> None:
    """Add a line to [tool.release-sync], the last table of the root's manifest."""
    text = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", text + line + "\n")
    scene.commit("Configure")
    scene.git("push", "-q", "origin", "main")


def built(scene: Scene) -> list[Path]:
    """Return what a build leaves: a scratch folder, artifacts."""
    folder = scene.clone / ".git/release-sync"
    return [file for kind in ("scratch", "artifacts") for file in (folder / kind).glob("*")]


def watch_builds(scene: Scene) -> Path:
    """Have every build leave a mark; return the file that would be it.

    In a cell it could leave none.
    """
    mark = scene.folder / "built"
    backend = f"from pathlib import Path\nPath({str(mark)!r}).touch()\nfrom uv_build import *\n"
    scene.write("backend/watched.py", backend)
    text = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    included = '[tool.uv.build-backend]\nsource-include = ["backend/*.py"]\n\n'
    watched = included + BUILD.replace('"uv_build"', '"watched"\nbackend-path = ["backend"]', 1)
    assert text.count(BUILD) == 1
    text = text.replace(BUILD, watched) + 'isolation = "off"\n'
    scene.write("pyproject.toml", text)
    scene.commit("Watch the builds")
    scene.git("push", "-q", "origin", "main")
    return mark


# --- what was pushed is read where others fetch it


def hidden(scene: Scene) -> Path:
    git_hosts.hide_refs(scene.remote)
    return scene.remote


def pushed_elsewhere(scene: Scene) -> Path:
    other = scene.folder / "other.git"
    scene.git("clone", "-q", "--bare", str(scene.remote), str(other), cwd=scene.folder)
    scene.git("config", "remote.origin.pushurl", str(other))
    return other


@pytest.mark.parametrize("hide", [hidden, pushed_elsewhere], ids=lambda one: str(one.__name__))
def test_a_pending_ref_that_nobody_can_read_is_undone(
    scene: Scene, hide: Callable[[Scene], Path]
) -> None:
    remote = hide(scene)
    before = scene.state(), scene.refs(remote)
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert f"{PENDING} was pushed to origin, and can't be read there" in done.stderr
    assert "git remote get-url --push origin" in done.stderr
    assert 'waiting = "refs/heads/release-waits"' in done.stderr
    assert (scene.state(), scene.refs(remote)) == before
    assert built(scene) == []


def silent_after_push(server: GitServer, nth: int) -> Behaviour:
    """Return a server that carries out so many pushes, and does not answer from then on."""
    gone = git_faults.answer_everything(503)

    def behave(exchange: Exchange, ask: Ask) -> Exchange | None:
        done = [one for one in server.pushes() if one.status == 200]
        return gone(exchange, ask) if len(done) >= nth else ask(exchange)

    return behave


@pytest.mark.slow
def test_a_remote_that_is_silent_right_after_the_seal_leaves_it_pending(
    http_scene: Scene, server: GitServer
) -> None:
    server.requests.clear()
    server.misbehave(silent_after_push(server, 1))
    done = http_scene.run("publish", "--yes")
    assert done.returncode == 4, done.stderr
    assert "could not be asked whether others see that v0.1.11 is pending" in done.stderr
    assert "run `release-sync resume` or `release-sync abort` when it answers" in done.stderr
    assert http_scene.served() == []
    server.heal()
    assert http_scene.refs()[PENDING] == http_scene.git("rev-parse", PENDING)
    done = http_scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(http_scene.refs()) == LANDED


# --- what is found before anything is built


def several_urls(scene: Scene, _server: GitServer) -> str:
    scene.git("remote", "set-url", "--add", "--push", "origin", scene.address)
    scene.git("remote", "set-url", "--add", "--push", "origin", f"{scene.address}/")
    return "origin has 2 push URLs"


def no_atomic(scene: Scene, _server: GitServer) -> str:
    git_hosts.forget_atomic(scene.remote)
    return "origin does not support atomic push"


def not_logged_in(scene: Scene, server: GitServer) -> str:
    return _as_somebody(scene, server, None)


def reads_only(scene: Scene, server: GitServer) -> str:
    return _as_somebody(scene, server, READER)


def archived(scene: Scene, _server: GitServer) -> str:
    git_hosts.be_read_only(scene.remote)
    return "origin does not let you push"


def _as_somebody(scene: Scene, server: GitServer, user: User | None) -> str:
    server.anonymous = True
    scene.environ.update(server.environ_of(user, scene.environ))
    return "origin does not let you push"


@pytest.mark.parametrize(
    "spoil",
    [several_urls, no_atomic, not_logged_in, reads_only, archived],
    ids=lambda one: str(one.__name__),
)
def test_what_would_fail_a_push_is_found_before_anything_is_built(
    http_scene: Scene, server: GitServer, spoil: Callable[[Scene, GitServer], str]
) -> None:
    mark = watch_builds(http_scene)
    words = spoil(http_scene, server)
    before = http_scene.state()
    server.requests.clear()
    for command in (("plan",), ("publish", "--yes")):
        done = http_scene.run(*command)
        assert done.returncode == 1, done.stderr
        assert words in done.stderr
        assert "hint: " in done.stderr
    assert not mark.exists()
    assert built(http_scene) == []
    assert server.pushes() == []
    assert http_scene.state() == before


def test_builds_are_watched(scene: Scene) -> None:
    mark = watch_builds(scene)
    assert scene.run("prepare", "--yes").returncode == 0
    assert mark.exists()
    assert built(scene) != []


# --- pending refs that are branches


def test_a_branch_that_can_not_be_deleted_is_found_by_a_probe_before_anything_is_built(
    scene: Scene,
) -> None:
    mark = watch_builds(scene)
    configure(scene, 'waiting = "refs/heads/release-waits"')
    git_hosts.deny_deletes(scene.remote)
    before = scene.state()
    assert scene.run("plan").returncode == 0
    assert scene.run("publish").returncode == 1  # nobody can be asked
    assert scene.state() == before
    done = scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    probes = set(scene.refs()) - {MAIN}
    (probe,) = probes
    assert re.fullmatch("refs/heads/release-waits/probe-[0-9a-f]+", probe)
    assert f"{probe} could be created and could not be deleted" in done.stderr
    assert f"{probe} is left there: delete it by hand" in done.stderr
    assert not mark.exists()
    assert built(scene) == []
    assert scene.served() == []
    assert scene.run("status").stdout.count("pending") == 0


def rewinds_denied(scene: Scene) -> Scene:
    configure(scene, 'waiting = "refs/heads/release-waits"')
    git_hosts.configure(scene.remote, "receive.denyNonFastForwards", "true")
    return scene


def test_a_release_in_a_branch_that_is_only_moved_forward_lands(scene: Scene) -> None:
    rewinds_denied(scene)
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == LANDED
    assert len(scene.served()) == 4


@pytest.mark.slow
def test_a_release_in_a_branch_that_is_only_moved_forward_is_taken_over(scene: Scene) -> None:
    rewinds_denied(scene)
    scene.die("after index.upload", probed=True)
    wrong = {"UV_PUBLISH_PASSWORD": "not-this-one"}
    tip = scene.refs()[BRANCH]
    for name in ("first", "second"):
        done = scene.run("resume", "--yes", cwd=scene.another_clone(name), environ=wrong)
        assert done.returncode == 4, done.stderr
        before, tip = tip, scene.refs()[BRANCH]
        assert scene.git("rev-parse", f"{tip}^", cwd=scene.remote) == before
    done = scene.run("resume", "--yes", cwd=scene.another_clone("third"))
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == LANDED
    assert len(scene.served()) == 4


@pytest.mark.slow
def test_a_release_in_a_branch_that_is_only_moved_forward_is_undone(scene: Scene) -> None:
    rewinds_denied(scene)
    before = scene.state()
    assert scene.run("prepare", "--yes").returncode == 0
    assert BRANCH in scene.refs()
    done = scene.run("abort", "--yes", cwd=scene.another_clone())
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {MAIN}
    assert scene.run("resume", "--yes").returncode == 0
    assert scene.state() == before


@pytest.mark.slow
def test_a_release_in_a_branch_that_is_only_moved_forward_is_given_up(scene: Scene) -> None:
    rewinds_denied(scene)
    scene.die("after index.upload", probed=True)
    done = scene.run("abort", "--abandon", "--yes", cwd=scene.another_clone())
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {MAIN, "refs/heads/release-waits-abandoned/v0.1.11"}
    done = scene.run("publish", "--yes", "--version", "0.1.12")
    assert done.returncode == 0, done.stderr
    assert "refs/tags/v0.1.12" in scene.refs()


@pytest.mark.slow
def test_a_refused_first_file_in_a_branch_that_is_only_moved_forward_leaves_nothing(
    scene: Scene,
) -> None:
    rewinds_denied(scene)
    before = scene.state()
    wrong = {"UV_PUBLISH_PASSWORD": "not-this-one"}
    done = scene.run("publish", "--yes", environ=wrong)
    assert done.returncode == 1, done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_a_refused_first_file_of_what_was_prepared_leaves_it_to_be_undone(scene: Scene) -> None:
    rewinds_denied(scene)
    before = scene.state()
    assert scene.run("prepare", "--yes").returncode == 0
    wrong = {"UV_PUBLISH_PASSWORD": "not-this-one"}
    done = scene.run("resume", "--yes", environ=wrong)
    assert done.returncode == 4, done.stderr
    assert "or `release-sync abort` to undo it" in done.stderr
    done = scene.run("resume", "--yes", cwd=scene.another_clone(), environ=wrong)
    assert done.returncode == 4, done.stderr
    done = scene.run("abort", "--yes")
    assert done.returncode == 0, done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_a_seal_that_landed_in_a_branch_without_a_tag_is_known_again(scene: Scene) -> None:
    configure(scene, 'waiting = "refs/heads/release-waits"')
    git_hosts.protect_tags(scene.remote)
    assert scene.run("publish", "--yes").returncode == 4
    done = scene.run("resume", "--yes", "--land", "none", cwd=scene.another_clone())
    assert done.returncode == 0, done.stderr
    sealed = "refs/heads/release-waits-sealed/v0.1.11"
    assert set(scene.refs()) == {MAIN, sealed}
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert "v0.1.11 (it has landed)" in done.stderr
    assert scene.git("for-each-ref", "refs/release-sync") == ""


# --- ways out of a landing that is refused


@pytest.mark.slow
def test_a_tag_that_is_refused_is_done_without(scene: Scene) -> None:
    git_hosts.protect_tags(scene.remote)
    main = scene.refs()[MAIN]
    done = scene.run("publish", "--yes")
    assert done.returncode == 4, done.stderr
    assert "Protected tag" in done.stderr
    assert "--land none" in done.stderr
    assert "--land branch" not in done.stderr
    seal = sealed_in(scene)
    done = scene.run("resume", "--yes", "--land", "none")
    assert done.returncode == 0, done.stderr
    assert scene.refs() == {MAIN: main, SEALED: seal}
    assert scene.git("tag") == ""
    assert scene.git("for-each-ref", "refs/release-sync") == ""
    before = scene.state()
    done = scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Nothing    is pending" in done.stderr
    done = scene.run("publish", "--yes", "--version", "0.1.11")
    assert done.returncode == 1, done.stderr
    assert "v0.1.11 is published already; it landed without a tag" in done.stderr
    assert scene.state() == before
    assert len(scene.served()) == 4


def sealed_in(scene: Scene) -> str:
    """Return the seal that the claim at the pending ref is on."""
    claim = scene.git("cat-file", "tag", scene.refs()[PENDING], cwd=scene.remote)
    return claim.splitlines()[0].removeprefix("object ")


def test_a_branch_that_is_refused_is_left_to_a_pull_request(scene: Scene) -> None:
    git_hosts.protect_branch(scene.remote)
    main = scene.refs()[MAIN]
    done = scene.run("publish", "--yes")
    assert done.returncode == 4, done.stderr
    assert "Protected branch main" in done.stderr
    assert "--land branch" in done.stderr
    assert "--land none" not in done.stderr
    seal = sealed_in(scene)
    done = scene.run("resume", "--yes", "--land", "branch")
    assert done.returncode == 0, done.stderr
    refs = scene.refs()
    assert refs[TAG] == seal
    assert refs[MAIN] == main
    assert set(refs) == {*LANDED, "refs/heads/release/v0.1.11"}
    assert len(scene.served()) == 4


@pytest.mark.slow
def test_one_way_out_after_the_other_is_named_where_all_is_refused(scene: Scene) -> None:
    git_hosts.protect_branch(scene.remote)
    git_hosts.protect_tags(scene.remote)
    for command, way in (("publish",), "--land branch"), (("resume", "--land", "branch"), "none"):
        done = scene.run(*command, "--yes")
        assert done.returncode == 4, done.stderr
        assert way in done.stderr
    done = scene.run("resume", "--yes", "--land", "none")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {MAIN, SEALED}


# --- one release by its name


@pytest.mark.slow
def test_a_release_is_finished_by_its_name_and_no_other_is(scene: Scene) -> None:
    assert scene.run("prepare", "--yes").returncode == 0
    seal = scene.refs()[PENDING]
    before = scene.state()
    for wrong, code, words in (
        ("1" * 40, 1, f"v0.1.11 is pending, which is {seal}"),
        (seal[:12], 2, "`release-sync status` shows that of each pending release"),
        (seal.upper(), 2, "is not a full object name"),
        ("HEAD", 2, "is not a full object name"),
    ):
        done = scene.run("resume", "--yes", "--seal", wrong)
        assert done.returncode == code, done.stderr
        assert words in done.stderr
        assert scene.state() == before
    done = scene.run("resume", "--yes", "--seal", seal)
    assert done.returncode == 0, done.stderr
    assert scene.refs()[TAG] == seal
    before = scene.state()
    for clone in (scene.clone, scene.another_clone()):
        done = scene.run("resume", "--yes", "--seal", seal, cwd=clone)
        assert done.returncode == 0, done.stderr
        assert f"Landed     {seal[:12]} is {TAG} on origin" in done.stderr
    done = scene.run("resume", "--yes", "--seal", "1" * 40)
    assert done.returncode == 1, done.stderr
    assert "is not pending on origin any more" in done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_a_claim_is_finished_by_the_name_of_its_seal(scene: Scene) -> None:
    scene.die("after index.upload")
    seal, claim = sealed_in(scene), scene.refs()[PENDING]
    done = scene.run("resume", "--yes", "--seal", claim)
    assert done.returncode == 1, done.stderr
    done = scene.run("resume", "--yes", "--seal", seal, cwd=scene.another_clone())
    assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4


@pytest.mark.slow
def test_a_release_that_was_undone_is_not_finished_by_its_name(scene: Scene) -> None:
    assert scene.run("prepare", "--yes").returncode == 0
    seal = scene.refs()[PENDING]
    assert scene.run("abort", "--yes", cwd=scene.another_clone()).returncode == 0
    done = scene.run("resume", "--yes", "--seal", seal)
    assert done.returncode == 1, done.stderr
    assert f"{seal[:12]} is not pending on origin any more" in done.stderr
    assert scene.served() == []


# --- answers that are lost

SEAL, CLAIM, LAND = 1, 2, 3
"""The pushes of a release, by their numbers."""


def from_push(nth: int, behaviour: Behaviour, pushes: int = 1) -> Behaviour:
    """Return what behaves so for so many pushes from the n-th on, and well for all else."""
    count = [0]

    def behave(exchange: Exchange, ask: Ask) -> Exchange | None:
        count[0] += exchange.is_push
        spoilt = exchange.is_push and nth <= count[0] < nth + pushes
        return behaviour(exchange, ask) if spoilt else ask(exchange)

    return behave


def is_finished(scene: Scene) -> bool:
    """Return whether all is there once, and nothing is left."""
    here = scene.git("for-each-ref", "refs/release-sync"), scene.git("rev-parse", "v0.1.11")
    return (
        set(scene.refs()) == LANDED
        and here == ("", scene.refs()[TAG])
        and len(scene.served()) == 4
        and scene.run("resume", "--yes").returncode == 0
    )


@pytest.mark.parametrize(
    "nth",
    [pytest.param(SEAL, marks=pytest.mark.slow), CLAIM, pytest.param(LAND, marks=pytest.mark.slow)],
)
@pytest.mark.parametrize(
    "name",
    [
        "lose_the_answer",
        pytest.param("say_nothing", marks=pytest.mark.slow),
        pytest.param("drop_the_push", marks=pytest.mark.slow),
    ],
)
def test_a_push_whose_answer_is_lost_once_is_gone_on_from(
    http_scene: Scene, server: GitServer, name: str, nth: int
) -> None:
    server.misbehave(from_push(nth, getattr(git_faults, name)))
    done = http_scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert is_finished(http_scene)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("nth", "code", "left", "words"),
    [
        (SEAL, 1, {MAIN}, "v0.1.11 is not pending on origin"),
        (CLAIM, 4, {MAIN, PENDING}, "did not answer whether the upload of v0.1.11 may begin"),
        (LAND, 4, {MAIN, PENDING}, "run `release-sync resume` to finish it"),
    ],
)
def test_a_push_that_never_arrives_is_done_by_the_next_run(
    http_scene: Scene, server: GitServer, nth: int, code: int, left: set[str], words: str
) -> None:
    server.misbehave(from_push(nth, git_faults.drop_the_push, 99))
    done = http_scene.run("publish", "--yes")
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert set(http_scene.refs()) == left
    assert len(http_scene.served()) == (4 if nth == LAND else 0)
    server.heal()
    done = http_scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert is_finished(http_scene)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("nth", "code", "left"),
    [(SEAL, 1, {MAIN, PENDING}), (CLAIM, 4, {MAIN, PENDING}), (LAND, 4, LANDED)],
)
def test_a_push_that_a_gateway_carries_out_later_is_gone_on_from(
    http_scene: Scene, server: GitServer, nth: int, code: int, left: set[str]
) -> None:
    held = git_faults.Held(gateway=True)
    server.misbehave(from_push(nth, held, 99))
    done = http_scene.run("publish", "--yes")
    assert done.returncode == code, done.stderr
    held.let_go()
    assert set(http_scene.refs()) == left
    status = http_scene.run("status").stdout
    assert ("pending: v0.1.11" in status) == (nth != LAND)
    assert len(http_scene.served()) == (4 if nth == LAND else 0)
    done = http_scene.run("resume", "--yes")
    assert done.returncode == 0, done.stderr
    assert is_finished(http_scene)


# --- workspaces in sub-folders


def sub_workspace(scene: Scene, path: str, name: str) -> Path:
    """Write another workspace, of one package, into a folder of the clone."""
    text = manifest(name, (), more=configuration(scene.index)).replace(
        "wait = 20", 'wait = 20\ntag = "' + name + '-{version}"'
    )
    scene.write(f"{path}/pyproject.toml", text)
    scene.write(f"{path}/src/{name}/__init__.py", f'"""The package {name}."""\n')
    scene.write(f"{path}/packages/.gitkeep", "")
    folder = scene.clone / path
    subprocess.run(["uv", "lock", "-q"], cwd=folder, env=scene.environ, check=True)
    return folder


@pytest.mark.slow
def test_two_workspaces_in_one_repository_do_not_see_each_others_release(scene: Scene) -> None:
    one = sub_workspace(scene, "tools/sp ace@50%", "one")
    two = sub_workspace(scene, "tools/two.lock", "two")
    scene.commit("Two workspaces")
    scene.git("push", "-q", "origin", "main")
    refs = {
        one: "refs/release-sync/default@tools%2Fsp%20ace%4050%25",
        two: "refs/release-sync/default@tools%2Ftwo%2Elock",
    }
    for folder, name in ((one, "one"), (two, "two")):
        done = scene.run("prepare", "--yes", cwd=folder)
        assert done.returncode == 0, done.stderr
        assert refs[folder] in scene.refs()
        status = scene.run("status", cwd=folder).stdout
        assert re.findall("pending: ([^ ]*)", status) == [f"{name}-0.1.11"]
    assert "pending" not in scene.run("status").stdout
    assert "nothing is pending" in scene.run("abort", "--yes").stderr
    done = scene.run("abort", "--yes", cwd=one)
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {MAIN, refs[two]}
    done = scene.run("resume", "--yes", cwd=one)
    assert "Nothing    is pending" in done.stderr
    done = scene.run("resume", "--yes", cwd=two)
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {MAIN, "refs/tags/two-0.1.11"}
    assert len(scene.served()) == 2
