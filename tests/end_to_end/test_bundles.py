"""One job seals, another uploads exactly that: a bundle is compared with the seal on the remote."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.fakes.started_programs import started, trace

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
    scene.write("CHANGELOG.md", "# Changelog\n\n## [0.1.11]\n\n- Two words.\n\n## 0.1.10\n")
    scene.commit("Say what is new")
    scene.git("push", "-q", "origin", "main")
    bundle = prepared(scene)
    document = json.loads((bundle / "release.json").read_text(encoding="utf-8"))
    assert sorted(one.name for one in bundle.iterdir()) == ["notes.md", "release.json", *FILES]
    assert sorted(one["filename"] for one in document["files"]) == FILES
    assert document["groups"] == [{"group": "default", "version": "0.1.11", "tag": "v0.1.11"}]
    assert scene.refs()["refs/release-sync/default"] == document["seal"]

    again = scene.another_clone("again")
    kept = scene.folder / "outputs"
    kept.write_text("mine=1\n", encoding="utf-8")
    line = ("prepare", "--yes", "--outputs", str(kept), "--output", "made/dist")
    done = scene.run(*line, cwd=again)
    assert done.returncode == 0, done.stderr
    mine, *lines = kept.read_text(encoding="utf-8").splitlines()
    assert mine == "mine=1"
    assert {f"seal={document['seal']}", "tag=v0.1.11", "version=0.1.11"} < {*lines}
    assert contents(again / "made/dist") == contents(bundle)

    publisher = scene.folder / "publisher"
    scene.git("clone", "-q", "--depth=1", "--no-checkout", f"file://{scene.remote}",
              str(publisher), cwd=scene.folder)  # fmt: skip
    scene.git("checkout", "-q", "--detach", cwd=publisher)
    resume = ("resume", "--yes", "--artifacts", str(bundle), "--seal", document["seal"])
    traced = trace(scene.folder)
    done = scene.run(*resume, cwd=publisher, environ=traced)
    assert done.returncode == 0, done.stderr
    assert "Built" not in done.stderr
    assert started(scene.folder) == {"git", "uv"}
    assert scene.served() == FILES
    assert scene.refs()["refs/tags/v0.1.11"] == document["seal"]
    for clone in (publisher, again):
        done = scene.run(*resume, cwd=clone)
        assert (done.returncode, "Landed" in done.stderr) == (0, True), done.stderr

    noted = scene.run("notes", "0.1.11", cwd=publisher)
    assert (noted.returncode, noted.stderr) == (0, "")
    assert noted.stdout == (bundle / "notes.md").read_text(encoding="utf-8")
    assert noted.stdout.startswith("- Two words.\n\n## Packages\n\n- `workstack-app` and ")
    history = scene.run("history", "--json", cwd=publisher)
    (release,) = json.loads(history.stdout)["releases"]
    assert (release["seal"], release["files"]) == (document["seal"], len(FILES))
    times = "--format=%(taggerdate:unix) %(*committerdate:unix)"
    sealed, committed = scene.git("for-each-ref", times, "refs/tags", cwd=scene.remote).split(" ")
    assert release["seconds"] == int(sealed) - int(committed) >= 0
    assert [one["sha256"] in noted.stdout for one in document["files"]] == [True] * len(FILES)


def prepared(scene: Scene) -> Path:
    """Leave a bundle, and return its folder."""
    bundle = scene.folder / "bundle"
    done = scene.run("prepare", "--yes", "--output", str(bundle))
    assert done.returncode == 0, done.stderr
    return bundle


def contents(folder: Path) -> dict[str, bytes]:
    """Return each file of a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.slow
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
    assert "the local main is at" in done.stderr
    assert "workstack-app 0.1.11 from scene: all of this release" in done.stderr
