"""An index that misbehaves: what is left, what is said, and how it is finished afterwards."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.misbehaving import behaviours as b
from tests.misbehaving.table import DOCS, REWRITE, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.misbehaving_index import Ask, Behaviour, Exchange
    from tests.misbehaving.conftest import Stage

TAG = "v0.1.11"
FILES = 4
MEANING = {0: "0, released", 1: "1, refused", 4: "4, pending"}


@dataclass(frozen=True)
class Case:
    """A way to misbehave; ``wait`` is the configured one, in seconds.

    ``often`` marks those that stand for all of them; the others are left to the slow tests.
    """

    says: str
    behaviour: Behaviour
    wait: int = 4
    often: bool = False


CASES = (
    Case("takes a file, and does not answer in time", b.upload(0, b.stores_and_hangs), often=True),
    Case("takes a file, and hangs up", b.upload(0, b.stores_and_hangs_up)),
    Case("never answers an upload, and takes nothing", b.uploads(0, b.hangs)),
    Case("answers 500 after storing a file", b.upload(0, b.says(500, after_storing=True))),
    Case(
        "answers 500 after storing a file, and serves it late",
        b.both(b.serves_late(3), b.upload(0, b.says(500, after_storing=True))),
        wait=15,
    ),
    Case("answers 500 once, storing nothing", b.upload(0, b.says(500))),
    Case("answers 500 always, storing nothing", b.uploads(0, b.says(500))),
    Case("answers 200, and stored nothing", b.uploads(0, b.says(200))),
    Case("answers 403 to the first file", b.uploads(0, b.says(403)), often=True),
    Case("answers 403 to the second file", b.uploads(1, b.says(403))),
    Case(
        "answers 403 to the second file, and serves the first late",
        b.both(b.serves_late(60), b.uploads(1, b.says(403))),
    ),
    Case("answers 403 to the second package", b.uploads(b.SECOND_PACKAGE, b.says(403)), often=True),
    Case(
        "answers 400: another file has that name, in the first package",
        b.upload(0, b.has_a_strangers_file),
    ),
    Case(
        "answers 400: another file has that name, in the second package",
        b.upload(b.SECOND_PACKAGE, b.has_a_strangers_file),
        often=True,
    ),
    Case(
        "answers 400: a deleted file had that name",
        b.uploads(
            0,
            b.says(400, "This filename was previously used by a file that has since been deleted."),
        ),
    ),
    Case(
        "answers 400 to the second package: its release is too old",
        b.uploads(
            b.SECOND_PACKAGE,
            b.says(400, "Uploading new files to releases older than 14 days is not allowed."),
        ),
    ),
    Case(
        "redirects uploads to another host",
        b.uploads(0, b.says(308, Location="https://other.invalid/legacy/")),
    ),
    Case("answers 429 once, `Retry-After: 3`", b.upload(0, b.says(429, Retry_After="3"))),
    Case(
        "answers 429, `Retry-After: 3600`",
        b.uploads(0, b.says(429, Retry_After="3600")),
    ),
    Case("serves a file late, within the `wait`", b.serves_late(2)),
    Case("serves a file later than the `wait`", b.serves_late(60)),
    Case("serves a wrong hash", b.pages_after_uploads(b.serves_a_wrong_hash), often=True),
    Case(
        "serves a page without files after the first upload",
        b.pages_after_uploads(b.empty_page),
    ),
    Case("never answers a question", b.pages(b.hangs)),
    Case("answers questions with nothing at all", b.pages(b.nothing_at_all)),
    Case("answers questions with a login page", b.pages(b.login_page), often=True),
    Case("answers questions with broken JSON", b.pages(b.broken_json)),
    Case(
        "answers with broken JSON after the first upload",
        b.pages_after_uploads(b.broken_json),
    ),
    Case(
        "answers questions with 500 after the first package",
        b.pages_after_uploads(b.says(500), b.SECOND_PACKAGE),
    ),
)
DOWN = "refuses connections after the first package"
TABLE = Table(
    DOCS / "uploads.md",
    ("the index", "`publish` ends with", "on the index", "on the remote", "then `resume`"),
    (*(case.says for case in CASES), DOWN),
)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.says, marks=[] if case.often else [pytest.mark.slow])
        for case in CASES
    ],
)
def test_what_it_left_is_what_the_page_says(case: Case, set_stage: Callable[..., Stage]) -> None:
    stage = set_stage(case.behaviour, case.wait)
    before = stage.scene.state()
    done = publish(stage, before)
    ends, index, remote = observed(stage, done)
    stage.index.heal()
    TABLE.hold(case.says, ends, index, remote, resumed(stage, done))


@pytest.mark.slow
def test_what_is_left_by_an_index_that_goes_down_is_what_the_page_says(
    set_stage: Callable[..., Stage],
) -> None:
    down: list[Stage] = []

    def go_down(exchange: Exchange, ask: Ask) -> Exchange:
        if exchange.is_upload and exchange.uploads == b.SECOND_PACKAGE - 1:
            answer = ask(exchange)
            down[0].index.go_down()
            return answer
        return ask(exchange)

    stage = set_stage(go_down)
    down.append(stage)
    done = publish(stage, stage.scene.state())
    ends, index, remote = observed(stage, done)
    stage.index.come_up()
    stage.index.heal()
    TABLE.hold(DOWN, ends, index, remote, resumed(stage, done))


@pytest.mark.skipif(REWRITE in os.environ, reason="the rows are being written, side by side")
def test_the_page_has_a_row_for_each_case_and_no_other() -> None:
    assert tuple(TABLE.rows()) == TABLE.order


def publish(stage: Stage, before: dict[str, object]) -> subprocess.CompletedProcess[str]:
    """Publish, and hold what must be true however it ends."""
    done = stage.scene.run("publish", "--yes")
    said = done.stderr
    assert done.returncode in MEANING, said
    assert "Traceback" not in said
    assert stage.real.password not in said + done.stdout
    assert done.returncode == 0 or ("error: " in said and "hint: " in said)
    assert (TAG in stage.scene.git("tag")) == (done.returncode == 0)
    if done.returncode == 1:
        after = stage.scene.state()
        assert {**after, "served": before["served"]} == before, said
    if done.returncode == 4:
        assert "release-sync resume" in said or "release-sync abort --abandon" in said
    if "older than 14 days" in said:
        assert "\nhint: run `release-sync abort --abandon` to give the version up; then" in said
    return done


def observed(stage: Stage, done: subprocess.CompletedProcess[str]) -> tuple[str, str, str]:
    """Say how it ended, and what is on the index and on the remote."""
    refs = stage.scene.refs()
    waits, landed = "refs/release-sync/default" in refs, f"refs/tags/{TAG}" in refs
    remote = f"{TAG} is pending" if waits else f"{TAG} has landed" if landed else "as it was"
    return MEANING[done.returncode], on_the_index(stage), remote


def on_the_index(stage: Stage) -> str:
    """Say what the real server has, and that it took no file twice."""
    assert all(times == 1 for times in stage.index.stored.values()), stage.index.stored
    served = len(stage.scene.served())
    strange = " (one of them a stranger's)" if strangers(stage) else ""
    if served == 0:
        return "nothing"
    return f"{served} of {FILES} files{strange}" if served != FILES or strange else "all files"


def strangers(stage: Stage) -> bool:
    """Return whether a file on the index is not the one of the seal."""
    oid = next(
        (oid for ref, oid in stage.scene.refs().items() if TAG in ref or "release-sync" in ref), ""
    )
    if not oid:
        return bool(stage.scene.served())
    seal = stage.scene.git("cat-file", "tag", oid, cwd=stage.scene.remote)
    claimed = re.match(r"object (\w+)\ntype tag\n", seal)
    if claimed:
        seal = stage.scene.git("cat-file", "tag", claimed[1], cwd=stage.scene.remote)
    sealed = dict(re.findall(r"^Artifact: sha256:(\w+) \d+ \S+ (\S+)$", seal, re.MULTILINE))
    return any(
        hashlib.sha256(file.read_bytes()).hexdigest() not in sealed
        for file in stage.scene.packages.iterdir()
    )


def resumed(stage: Stage, done: subprocess.CompletedProcess[str]) -> str:
    """Resume what waits, with an index that is well again; say what came of it."""
    if done.returncode != 4:
        return "-"
    again = stage.scene.run("resume", "--yes")
    _, index, remote = observed(stage, again)
    if again.returncode == 0:
        assert (index, remote) == ("all files", f"{TAG} has landed")
        assert "refs/release-sync/default" not in stage.scene.refs()
        assert stage.scene.git("status", "--porcelain") == ""
    return f"{MEANING[again.returncode]}: {index}"


@pytest.mark.slow
def test_retry_after_is_honoured(set_stage: Callable[..., Stage]) -> None:
    stage = set_stage(b.upload(0, b.says(429, Retry_After="2")))
    assert stage.scene.run("publish", "--yes").returncode == 0
    first, second, *_ = stage.index.asked
    assert second - first >= 2


@pytest.mark.slow
def test_an_index_that_is_late_for_installers_is_waited_for(
    set_stage: Callable[..., Stage],
) -> None:
    stage = set_stage(b.files_late(1.8), wait=15)
    done = stage.scene.run("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert "wait until installers see it on scene, " in done.stderr
    assert re.search(r"Resolved +workstack-app 0\.1\.11 from scene: all of .* \(after", done.stderr)
    assert done.stderr.index("Synced") < done.stderr.index("wait until installers")


@pytest.mark.slow
def test_what_no_installer_finds_has_landed_and_is_said_with_what_looks_again(
    set_stage: Callable[..., Stage],
) -> None:
    stage = set_stage(b.files_late(3600), wait=1)
    done = stage.scene.run("publish", "--yes")
    assert done.returncode == 1, done.stderr
    assert "v0.1.11 is released, and does not resolve from scene" in done.stderr
    assert "refs/tags/v0.1.11" in stage.scene.refs()
    command = re.search(r"look again with `(.*)`$", done.stderr, re.MULTILINE)
    assert command, done.stderr
    stage.index.heal()
    again = subprocess.run(
        ["sh", "-c", command[1]], cwd=stage.scene.clone, env=stage.scene.environ,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert "workstack-kit==0.1.11" in again.stdout
