"""One job seals, another uploads exactly that: a bundle is compared with the seal on the remote."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Scene

FILES = [
    "workstack_app-0.1.11-py3-none-any.whl",
    "workstack_app-0.1.11.tar.gz",
    "workstack_kit-0.1.11-py3-none-any.whl",
    "workstack_kit-0.1.11.tar.gz",
]


def test_what_one_job_sealed_another_uploads(scene: Scene) -> None:
    bundle = prepared(scene)
    document = json.loads((bundle / "release.json").read_text(encoding="utf-8"))
    assert sorted(one.name for one in bundle.iterdir()) == ["release.json", *FILES]
    assert sorted(one["filename"] for one in document["files"]) == FILES
    assert document["groups"] == [{"group": "default", "version": "0.1.11", "tag": "v0.1.11"}]
    assert scene.refs()["refs/release-sync/default"] == document["seal"]

    again = scene.another_clone("again")
    done = scene.run("prepare", "--yes", "--output", "made/dist", cwd=again)
    assert done.returncode == 0, done.stderr
    assert contents(again / "made/dist") == contents(bundle)

    publisher = scene.folder / "publisher"
    scene.git("clone", "-q", "--depth=1", "--no-checkout", f"file://{scene.remote}",
              str(publisher), cwd=scene.folder)  # fmt: skip
    scene.git("checkout", "-q", "--detach", cwd=publisher)
    resume = ("resume", "--yes", "--artifacts", str(bundle), "--seal", document["seal"])
    traced = trace(scene)
    done = scene.run(*resume, cwd=publisher, environ=traced)
    assert done.returncode == 0, done.stderr
    assert "Built" not in done.stderr
    assert started(scene) == {"git", "uv"}
    assert scene.served() == FILES
    assert scene.refs()["refs/tags/v0.1.11"] == document["seal"]
    for clone in (publisher, again):
        done = scene.run(*resume, cwd=clone)
        assert (done.returncode, "Landed" in done.stderr) == (0, True), done.stderr


AUDIT = """\
import os, sys

def hook(event, given):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn"):
        with open(os.environ["STARTED"], "a") as file:
            file.write(f"{os.fspath(given[0])}\\n")

sys.addaudithook(hook)
"""


def trace(scene: Scene) -> dict[str, str]:
    """Return variables by which every program is written down that is started from now on."""
    site = scene.folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(AUDIT, encoding="utf-8")
    return {
        "PYTHONPATH": str(site),
        "STARTED": str(scene.folder / "started"),
        "GIT_TRACE2_EVENT": str(scene.folder / "started-by-git"),
    }


def started(scene: Scene) -> set[str]:
    """Return the names of the programs that were started; what is git's own is ``git``.

    Our own Python starts itself once more, without the secrets, and to see what isolates.
    """
    ours = (scene.folder / "started").read_text(encoding="utf-8").splitlines()
    text = (scene.folder / "started-by-git").read_text(encoding="utf-8")
    events = map(json.loads, text.splitlines())
    theirs = [" ".join(one["argv"]) for one in events if one["event"] == "child_start"]
    found = {one.rpartition("/")[2] for one in ours if one != sys.executable}
    return found | {one.partition(" ")[0].partition("-")[0] for one in theirs}


def prepared(scene: Scene) -> Path:
    """Leave a bundle, and return its folder."""
    bundle = scene.folder / "bundle"
    done = scene.run("prepare", "--yes", "--output", str(bundle))
    assert done.returncode == 0, done.stderr
    return bundle


def contents(folder: Path) -> dict[str, bytes]:
    """Return each file of a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_another_bundle_uploads_nothing(scene: Scene) -> None:
    bundle = prepared(scene)
    document = json.loads((bundle / "release.json").read_text(encoding="utf-8"))
    other = "1" * 40

    def refused(change: str, *more: str) -> str:
        copy = scene.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(bundle, copy)
        wheel = copy / FILES[0]
        match change:
            case "byte":
                wheel.write_bytes(wheel.read_bytes()[:-1] + b"!")
            case "link":
                wheel.unlink()
                wheel.symlink_to(bundle / FILES[0])
            case "lacking":
                wheel.unlink()
            case "more":
                (copy / "evil-1.0.tar.gz").touch()
            case "seal":
                text = json.dumps({**document, "seal": other})
                (copy / "release.json").write_text(text, encoding="utf-8")
            case "rubbish":
                (copy / "release.json").write_text("[" * 10_000, encoding="utf-8")
            case "none":
                (copy / "release.json").unlink()
        done = scene.run("resume", "--yes", "--artifacts", str(copy), *more)
        assert done.returncode in {1, 2, 4}, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr.partition("error: ")[2]

    before = scene.refs()
    assert "is not what the seal says" in refused("byte")
    assert f"{FILES[0]} is not in" in refused("link")
    assert f"lacks {FILES[0]}" in refused("lacking")
    assert "has, and the seal has not, evil-1.0.tar.gz" in refused("more")
    assert f"is pending, which is {document['seal']}, and not {other}" in refused("seal")
    assert f"and {other} was approved" in refused("", "--seal", other)
    assert "is no bundle of release-sync" in refused("rubbish")
    assert "release.json: No such file" in refused("none")
    assert scene.refs() == before
    assert scene.served() == []


def test_a_folder_that_holds_something_else_is_left_alone(scene: Scene) -> None:
    (scene.folder / "full").mkdir()
    (scene.folder / "full/thesis.txt").write_text("all", encoding="utf-8")
    before = scene.state()
    done = scene.run("prepare", "--yes", "--output", str(scene.folder / "full"))
    assert done.returncode == 2
    assert "is not empty, and holds no bundle" in done.stderr
    assert scene.state() == before


@pytest.mark.slow
def test_a_bare_clone_will_do(scene: Scene) -> None:
    bundle = prepared(scene)
    bare = scene.folder / "bare.git"
    scene.git("clone", "-q", "--bare", str(scene.remote), str(bare), cwd=scene.folder)
    done = scene.run("resume", "--yes", "--artifacts", str(bundle), cwd=bare)
    assert done.returncode == 0, done.stderr
    assert scene.served() == FILES
