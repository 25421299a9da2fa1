"""Refs whose names hold what Unicode, and not git, takes for the end of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene

ENDS = ("\u2028x", "\u2029x", "\x85x", "\x85")
"""Ends of lines for ``str.splitlines``. The others are control characters: git refuses them."""


def test_a_branch_whose_name_only_begins_like_ours_is_not_released(scene: Scene) -> None:
    base = scene.git("rev-parse", "HEAD")
    scene.write("src/workstack_app/evil.py", "")
    evil = scene.commit("Something that nobody has approved")
    for end in ENDS:
        scene.git("push", "-q", "origin", f"HEAD:refs/heads/main{end}")
    scene.git("reset", "-q", "--hard", base)

    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    refs = scene.refs()
    assert scene.git("rev-parse", f"{refs['refs/heads/main']}^") == base
    assert scene.git("rev-parse", "v0.1.11^{commit}") == refs["refs/heads/main"]
    assert {refs[f"refs/heads/main{end}"] for end in ENDS} == {evil}


def test_refs_with_odd_names_are_no_obstacle_and_stay_as_they_are(scene: Scene) -> None:
    before = scene.git("rev-parse", "HEAD")
    odd = [f"refs/{kind}/v0.1.11{end}" for kind in ("tags", "heads") for end in ENDS]
    odd += ["refs/tags/v0.1.11\udcff", "refs/heads/main\udcff", "refs/heads/main\ufffd"]
    for ref in odd:
        scene.git("update-ref", ref, before)
    scene.git("push", "-q", "origin", *odd)
    scene.git("pack-refs", "--all")
    here = scene.refs(scene.clone)

    done = scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert {ref: scene.refs()[ref] for ref in odd} == dict.fromkeys(odd, before)
    after = scene.refs(scene.clone)
    assert set(after) - set(here) == {"refs/tags/v0.1.11"}
    assert {ref: after[ref] for ref in odd} == dict.fromkeys(odd, before)
