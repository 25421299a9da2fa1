"""What is said of a release afterwards, and of one that waits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import lasting, shared_scene

from release_sync.effects.tagged_releases import open_releases
from release_sync.run.auditing.audit import audit

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Scene

SDIST = "workstack_kit-0.1.11.tar.gz"


@pytest.fixture(scope="module")
def released(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Scene, subprocess.CompletedProcess[str]]]:
    """Publish v0.1.11 for all tests that only look; return the scene, and what was said."""
    with shared_scene(tmp_path_factory) as scene:
        done = scene.run("publish", "--yes", "--json")
        assert done.returncode == 0, done.stderr
        yield scene, done


@pytest.fixture
def after(released: tuple[Scene, subprocess.CompletedProcess[str]]) -> Scene:
    """Return the scene in which v0.1.11 is published."""
    return released[0]


def test_verify_reports_missing_and_foreign_files(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    assert audited(scene) == ("whole", [])
    (scene.packages / SDIST).write_bytes(b"something else")
    assert audited(scene) == ("foreign", [f"not as sealed: {SDIST}"])
    (scene.packages / "workstack_app-0.1.11.tar.gz").unlink()
    done = scene.run("verify", "v0.1.11")
    assert done.returncode == 1
    rows = {line.split()[1]: line for line in done.stdout.splitlines()}
    assert "foreign" in rows[SDIST]
    assert "missing" in rows["workstack_app-0.1.11.tar.gz"]
    assert done.stdout.count("✓") == 2
    assert "does not serve v0.1.11 as it was sealed" in done.stderr


def audited(scene: Scene) -> tuple[str, list[str]]:
    """Return what an audit says of the only release, in this process."""
    found = open_releases(str(scene.clone))
    (group,) = audit(found.groups, found.index)
    (line,) = group.lines
    return line.word.value, list(line.remarks)


def test_verify_works_from_a_bare_clone(after: Scene) -> None:
    bare = after.folder / "later.git"
    after.git("clone", "-q", "--bare", str(after.remote), str(bare), cwd=after.folder)
    done = after.run("verify", "0.1.11", cwd=bare)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("✓") == 4
    assert lasting(done) == "v0.1.11: all 4 files are served as they were sealed\n"
    done = after.run("verify", "--json", cwd=bare)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["event"], told["tag"], told["index"], told["ok"]) == (
        "verified", "v0.1.11", "scene", True
    )  # fmt: skip
    assert {(one["seen"], one["yanked"]) for one in told["files"]} == {("exact", False)}


def test_verify_of_an_unknown_tag_is_an_error(after: Scene) -> None:
    done = after.run("verify", "v9")
    assert done.returncode == 1
    assert "there is no tag 'v9' here, nor one of that version" in done.stderr


def test_verify_of_a_tag_that_is_no_seal_is_an_error(scene: Scene) -> None:
    scene.git("tag", "-a", "-m", "By hand", "v0.1.9")
    done = scene.run("verify", "v0.1.9")
    assert done.returncode == 1
    assert "no seal" in done.stderr


def test_verify_of_a_light_weight_tag_is_an_error(scene: Scene) -> None:
    scene.git("tag", "v0.1.9")
    done = scene.run("verify", "v0.1.9")
    assert done.returncode == 1
    assert "no seal" in done.stderr
    assert "Traceback" not in done.stderr


def test_status_shows_where_each_version_stands(after: Scene) -> None:
    done = after.run("status")
    assert done.returncode == 0, done.stderr
    row = next(line for line in done.stdout.splitlines() if line.startswith("workstack-kit"))
    assert row.split() == ["workstack-kit", "default", "0.1.11", "0.1.11", "0.1.11", "0.1.11"]


def test_each_kind_of_drift_fails_a_check_of_the_status(after: Scene) -> None:
    done = after.run("status", "--check", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["event"] == "status"
    assert told["drift"] == told["unknown"] == told["pending"] == []
    cells = dict.fromkeys(("here", "remote", "tagged", "index"), "0.1.11")
    assert told["members"][1] == {"member": "workstack-kit", "group": "default", **cells}
    head = after.git("rev-parse", "HEAD")
    kit = [file for file in after.packages.iterdir() if "kit" in file.name]
    older = [file.with_name(file.name.replace("0.1.11", "0.1.10")) for file in kit]
    try:
        for file, other in zip(kit, older, strict=True):
            file.rename(other)
        after.git("reset", "-q", "--hard", "HEAD^")
        text = (after.clone / "pyproject.toml").read_text(encoding="utf-8")
        after.write("pyproject.toml", text.replace("kit==0.1.10", "kit==0.1.9"))
        after.commit("A stale pin")
        done = after.run("status", "--check")
        assert done.returncode == 1
        lines = [line for line in done.stdout.splitlines() if line.startswith("drift: ")]
        assert lines == [
            lines[0],
            "drift: default is at 0.1.10, and v0.1.11 is released",
            "drift: v0.1.11 is released, and scene has workstack-kit up to 0.1.10",
        ]
        assert "RS202" in lines[0]
        assert "error: drift in 3 places: members, tags, index\n" in done.stderr
    finally:
        for file, other in zip(kit, older, strict=True):
            other.rename(file)
        after.git("reset", "-q", "--hard", head)


@pytest.mark.slow
def test_a_prepared_release_is_shown_and_not_undone_by_a_wrong_password(scene: Scene) -> None:
    assert scene.run("prepare", "--yes").returncode == 0
    done = scene.run("resume", "--yes", environ={"UV_PUBLISH_PASSWORD": "not-this-one"})
    assert done.returncode == 4, done.stderr
    assert "v0.1.11 is pending" in done.stderr
    assert "then run `release-sync resume` to finish it, or `release-sync abort`" in done.stderr
    done = scene.run("status")
    assert "pending: v0.1.11 of default, " in done.stdout
    assert "sealed: nothing was uploaded, and it can be undone" in done.stdout
    assert "A Releaser <a@example.com>" in done.stdout
    assert scene.served() == []
    before, kept = scene.state(), kept_by(scene)
    done = scene.run("resume", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "Stopped    before its upload began: nothing was sent" in done.stdout
    assert "  abort --abandon  refused: the upload of v0.1.11 has not begun" in done.stdout
    told = json.loads(scene.run("abort", "-n", "--json").stdout)
    assert (told["event"], told["state"], told["begun_at"]) == ("pending", "sealed", None)
    assert [one["seen"] for one in told["files"]] == ["absent"] * 4
    assert [one["refused"] for one in told["ways"]] == [False, False, True]
    assert (scene.state(), kept_by(scene)) == (before, kept)
    done = scene.run("abort", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    labels = [json.loads(line)["label"] for line in done.stdout.splitlines()]
    assert labels == ["undone", "proved"]
    assert set(scene.refs()) == {"refs/heads/main"}
    done = scene.run("resume", "-n", "--json")
    assert (done.returncode, json.loads(done.stdout)["label"]) == (0, "nothing")
    assert scene.run("abort", "-n").returncode == 1


def kept_by(scene: Scene) -> dict[str, int]:
    """Return what release-sync keeps in the repository, and when it last touched each."""
    folder = scene.clone / ".git" / "release-sync"
    return {str(one): one.stat().st_mtime_ns for one in folder.rglob("*")}


def test_a_release_is_finished_in_another_worktree(scene: Scene) -> None:
    assert scene.run("prepare", "--yes").returncode == 0
    assert set(scene.refs()) == {"refs/heads/main", "refs/release-sync/default"}
    tree = scene.folder / "worktree"
    scene.git("worktree", "add", "-q", "-b", "other", str(tree))
    done = scene.run("resume", "--yes", cwd=tree)
    assert done.returncode == 0, done.stderr
    assert len(scene.served()) == 4
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}


def test_events_are_json_one_object_a_line(
    released: tuple[Scene, subprocess.CompletedProcess[str]],
) -> None:
    events = [json.loads(line) for line in released[1].stdout.splitlines()]
    assert {event["format"] for event in events} == {2}
    assert events[0]["event"] == "plan"
    assert events[0]["levels"] == [["workstack-kit"], ["workstack-app"]]
    assert events[1]["steps"][-1] == "resolve"
    far = [event for event in events if event["event"] == "progress"]
    built = [(one["done"], one["total"]) for one in far if one["what"] == "build"]
    assert built == [(0, 2), (1, 2), (2, 2)]
    verified = {one["what"] for one in far if one["step"] == "verify"}
    assert verified == {"install the set", "import"}
    kit = [one for one in far if one["step"] == "upload workstack-kit" and one["unit"] == "files"]
    assert [(one["done"], one["total"]) for one in kit] == [(0, 2), (1, 2)]
    assert SDIST in " ".join(one["what"] for one in kit)
    done = [event for event in events if event["event"] == "done"]
    assert all(event["notes"] == [] for event in done)
    done_steps = [event["step"] for event in done]
    assert done_steps == [
        "bump", "lock", "commit", "build", "verify", "seal", "begin",
        "upload workstack-kit", "upload workstack-app", "land", "sync",
        "resolve",
    ]  # fmt: skip


def test_a_plan_is_json_too(scene: Scene) -> None:
    done = scene.run("plan", "--json")
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert (plan["event"], plan["previous"], plan["version"]) == ("plan", "0.1.10", "0.1.11")
    head = {"commit": scene.git("rev-parse", "HEAD"), "subject": "Begin"}
    assert plan["heads"] == {"here": head, "remote": head, "ahead": [], "behind": []}
    assert (plan["since"], plan["changes"]) == ("", None)
    names = ("workstack-app", "workstack-kit")
    served = {"answer": "not_found", "versions": [], "without_files": [], "yanked": [],
              "status": "", "reason": ""}  # fmt: skip
    assert plan["served"] == [{"member": one, **served} for one in names]
    assert plan["edits"] == ["packages/workstack-kit/pyproject.toml", "pyproject.toml", "uv.lock"]


def test_settings_that_are_not_committed_are_said_before_an_index_is_asked(scene: Scene) -> None:
    file = scene.clone / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    table, rest = "[tool.release-sync]", text.partition("[tool.release-sync]")[2]
    file.write_text(f"{text}ignore = []\n", encoding="utf-8")
    done = scene.run("plan", "--json")
    note, *others = done.stdout.splitlines()
    assert json.loads(note) == {
        "format": 2, "event": "fact", "label": "note",
        "text": "tool.release-sync.ignore in pyproject.toml is not as committed, and what is"
        " committed counts",
    }  # fmt: skip
    assert [json.loads(one)["event"] for one in others] == ["plan", "error"]
    assert done.returncode == 1  # the working tree is not clean
    file.write_text(text.partition(table)[0], encoding="utf-8")
    scene.commit("Without a table")
    file.write_text(f"{text.partition(table)[0]}{table}{rest}", encoding="utf-8")
    for command in ("plan", "status"):
        done = scene.run(command)
        assert (done.returncode, done.stdout) == (1, "")
        assert "[tool.release-sync] in pyproject.toml is not committed" in done.stderr


def test_what_is_overwritten_before_the_landing_does_not_land(scene: Scene) -> None:
    with scene.asleep("after index.upload", nth=2) as process:
        first = next(file for file in scene.packages.iterdir() if "kit" in file.name)
        first.write_bytes(b"a stranger's")
        code, said = scene.wake(process)
    assert code == 4, said
    assert f"serves another file as {first.name}: " in said
    assert "`release-sync abort --abandon`" in said
    assert "refs/tags/v0.1.11" not in scene.refs()


def test_what_is_overwritten_behind_the_landing_is_foreign(scene: Scene) -> None:
    assert scene.run("publish", "--yes").returncode == 0
    next(scene.packages.iterdir()).write_bytes(b"a stranger's")
    done = scene.run("verify", "v0.1.11")
    assert done.returncode == 1
    assert "foreign: another file is served under this name" in done.stdout
