"""Whoever may push a ref may push anything below ours: it is named, freed, and harmless."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Sealed
from release_sync.seals.tag_objects import FORMAT, write_claim, write_seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Scene

PENDING = "refs/release-sync/default"
TAGGER = "tagger A Stranger <stranger@example.com> 1700000000 +0000"
YES = "--yes"
COMMANDS = (
    ("status",),
    ("plan",),
    ("publish", YES),
    ("prepare", YES),
    ("resume", YES),
    ("abort", YES),
    ("abort", "--abandon", YES),
)
FREE = re.compile(r"free it by hand: `(git push [^`]*)`")


def store(scene: Scene, raw: str, kind: str = "tag") -> str:
    """Write an object into the remote, whatever it is."""
    line = ["git", "hash-object", "-t", kind, "-w", "--stdin", "--literally"]
    done = subprocess.run(
        line, cwd=scene.remote, input=raw, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def tagged(oid: str, message: str, kind: str = "commit", tag: str = "v0.1.11") -> str:
    """Return the text of a tag object (git-mktag(1))."""
    return f"object {oid}\ntype {kind}\ntag {tag}\n{TAGGER}\n\n{message}"


def seal(scene: Scene, **fields: str) -> str:
    """Return the text of a seal that is as it should be, but for some of its fields."""
    head = scene.git("rev-parse", "HEAD")
    names = ("workstack_kit", "workstack_app")
    wheels = [f"{name}-0.1.11-py3-none-any.whl" for name in names]
    members = ("workstack-kit", "workstack-app")
    files = zip(members, wheels, strict=True)
    sealed = Sealed(
        "", head, head, "default", "0.1.11", "v0.1.11", "main", "scene",
        tuple((member,) for member in members),
        tuple(Artifact(member, wheel, 1, "0" * 64) for member, wheel in files),
        maker="0.2.0",
    )  # fmt: skip
    text = write_seal(sealed, "Release 0.1.11")
    for name, value in fields.items():
        text = re.sub(
            rf"^{name.capitalize()}: .*$", f"{name.capitalize()}: {value}", text, flags=re.MULTILINE
        )
    return tagged(head, text)


def blob(scene: Scene) -> str:
    return store(scene, "something\n", "blob")


def tree(scene: Scene) -> str:
    return scene.git("rev-parse", "HEAD^{tree}")


def commit(scene: Scene) -> str:
    return scene.git("rev-parse", "HEAD")


def plain_tag(scene: Scene) -> str:
    return store(scene, tagged(commit(scene), "Just a tag\n"))


def empty_tag(scene: Scene) -> str:
    return store(scene, "")


def headless_tag(scene: Scene) -> str:
    return store(scene, "no tag at all\n")


def newer(scene: Scene) -> str:
    return store(scene, seal(scene).replace(f"Release-Sync: {FORMAT}", "Release-Sync: 3"))


def odd_tag(scene: Scene) -> str:
    return store(scene, seal(scene).replace("tag v0.1.11", "tag ../../heads/x"))


def odd_branch(scene: Scene) -> str:
    return store(scene, seal(scene, branch="--upload-pack=touch hacked"))


def other_group(scene: Scene) -> str:
    return store(scene, seal(scene, group="another"))


def nested_tags(scene: Scene) -> str:
    inner = store(scene, seal(scene))
    for _ in range(3):
        inner = store(scene, tagged(inner, "A tag of a tag\n", "tag"))
    return inner


def claim_of_a_claim(scene: Scene) -> str:
    inner = store(scene, seal(scene))
    for nonce in ("one", "two"):
        inner = store(scene, tagged(inner, write_claim("v0.1.11", "host", nonce), "tag"))
    return inner


def claim_of_a_blob(scene: Scene) -> str:
    return store(scene, tagged(blob(scene), write_claim("v0.1.11", "host", "one"), "blob"))


def claim_of_nothing(scene: Scene) -> str:
    return store(scene, tagged("1" * 40, write_claim("v0.1.11", "host", "one"), "tag"))


def huge_tag(scene: Scene) -> str:
    return store(scene, seal(scene) + "x" * (5 << 20))


def terminal_tag(scene: Scene) -> str:
    return store(scene, seal(scene, version="\x1b[2J0.1.11"))


HOSTILE = (
    blob, tree, commit, plain_tag, empty_tag, headless_tag, newer, odd_tag, odd_branch,
    other_group, nested_tags, claim_of_a_claim, claim_of_a_blob, claim_of_nothing, huge_tag,
    terminal_tag,
)  # fmt: skip


NO_GROUPS = (
    "probe-abc",
    "a/b",
    "$(touch${IFS}hacked)",
    "\udcff",
    "%FF",
    "%2e%2E",
    "default@elsewhere",
    "caf\u00e9",
    "@",
)
"""What may stand below the prefix and is nothing of this workspace's."""


def point(scene: Scene, oid: str, name: str = PENDING) -> None:
    """Have a ref of the remote point to an object, as git itself would not."""
    file = scene.remote / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{oid}\n", encoding="utf-8")


def free(scene: Scene, status: str) -> None:
    """Do in a shell what `status` says that frees the ref."""
    found = FREE.search(status)
    assert found is not None, status
    subprocess.run(["sh", "-c", found[1]], cwd=scene.clone, env=scene.environ, check=True)


def is_no_bug(done: subprocess.CompletedProcess[str]) -> bool:
    return done.returncode in {0, 1, 2, 4} and "Traceback" not in done.stderr


SLICE = [
    pytest.param(make, marks=() if number % 5 == 0 else pytest.mark.slow)
    for number, make in enumerate(HOSTILE)
]
"""All of them, a few in every run."""


@pytest.mark.parametrize("make", SLICE, ids=lambda make: str(make.__name__))
def test_what_is_no_seal_is_named_and_freed_as_status_says(
    scene: Scene, make: Callable[[Scene], str]
) -> None:
    before = scene.state()
    point(scene, make(scene))
    done = scene.run("publish", "--yes")
    assert done.returncode == 4, done.stderr
    assert f"{PENDING} on origin can't be read: " in done.stderr
    done = scene.run("status")
    assert done.returncode == 0, done.stderr
    assert f"{PENDING} on origin can't be read: " in done.stdout
    assert "\x1b" not in done.stdout
    free(scene, done.stdout)
    assert scene.state() == before


@pytest.mark.slow
@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: str(make.__name__))
def test_no_command_takes_what_is_no_seal_for_a_bug(
    scene: Scene, make: Callable[[Scene], str]
) -> None:
    before = scene.state()
    point(scene, make(scene))
    for command in COMMANDS:
        done = scene.run(*command)
        assert done.returncode == (0 if command == ("status",) else 4), done.stderr
        assert PENDING in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    (scene.remote / PENDING).unlink()
    assert scene.state() == before


def test_what_is_no_seal_in_a_branch_is_freed_as_status_says(scene: Scene) -> None:
    manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
    scene.write("pyproject.toml", manifest + 'waiting = "refs/heads/$(touch${IFS}hacked)"\n')
    scene.commit("Wait in a branch")
    scene.git("push", "-q", "origin", "main")
    before = scene.state()
    scene.write("seal", seal(scene, group="another"))
    scene.git("add", "seal")
    scene.git("commit", "-qm", "A seal")
    branch = "refs/heads/$(touch${IFS}hacked)/default"
    scene.git("push", "-q", "origin", f"HEAD:{branch}")
    scene.git("reset", "-q", "--hard", "HEAD^")
    for command in COMMANDS:
        done = scene.run(*command)
        assert done.returncode == (0 if command == ("status",) else 4), done.stderr
        assert "it is of another group" in done.stdout + done.stderr
    free(scene, scene.run("status").stdout)
    assert scene.state() == before


@pytest.mark.slow
def test_names_that_are_no_group_are_passed_over(scene: Scene) -> None:
    head = scene.git("rev-parse", "HEAD")
    odd = [f"refs/release-sync/{name}" for name in NO_GROUPS]
    scene.git("push", "-q", "origin", *(f"{head}:{ref}" for ref in odd))
    for ref in odd:
        scene.git("update-ref", ref, head)
    here = scene.refs(scene.clone)
    for command in COMMANDS:
        if command[0] not in {"publish", "prepare"}:
            done = scene.run(*command)
            assert is_no_bug(done), done.stderr
            assert "can't be read" not in done.stdout + done.stderr
            assert "pending: " not in done.stdout
    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert {ref: scene.refs()[ref] for ref in odd} == dict.fromkeys(odd, head)
    assert scene.refs(scene.clone).keys() - here.keys() == {"refs/tags/v0.1.11"}
    assert not list(scene.folder.rglob("hacked"))


@pytest.mark.slow
def test_a_ref_that_leaves_no_room_for_ours_is_named_and_nothing_is_left(scene: Scene) -> None:
    in_the_way = "refs/release-sync/default/x"
    scene.git("push", "-q", "origin", f"HEAD:{in_the_way}")
    before = scene.state()
    for command in COMMANDS:
        done = scene.run(*command)
        assert is_no_bug(done), done.stderr
        if command[0] in {"publish", "prepare"}:
            assert done.returncode == 1, done.stderr
            assert in_the_way in done.stderr
    assert scene.state() == before


def test_status_shows_what_is_pending_beside_what_can_not_be_read(scene: Scene) -> None:
    assert scene.run("prepare", "--yes").returncode == 0
    scene.git("update-ref", "refs/release-sync/a", "refs/heads/main", cwd=scene.remote)
    lines = [line for line in scene.run("status").stdout.split("\n") if line.startswith("pending")]
    assert len(lines) == 2
    assert lines[0].startswith("pending: v0.1.11 of default, ")
    assert lines[1].startswith("pending: ? (refs/release-sync/a on origin can't be read: ")
    done = scene.run("abort", "--yes")
    assert done.returncode == 0, done.stderr
    assert set(scene.refs()) == {"refs/heads/main", "refs/release-sync/a"}
