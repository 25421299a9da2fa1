"""Scripts of the repository that are run while a release is planned, the real ones."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import LOW, ROOT, SmallWorkspace

from release_sync.effects.git.repository import open_repository
from release_sync.effects.isolation.isolation import choose
from release_sync.effects.own_steps.planned import PlannedScripts
from release_sync.effects.scratch import Scratch
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem
from release_sync.steps.ports.scripts import Script
from release_sync.toml.edits import FileEdit

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES = Path(__file__).parents[3] / "docs" / "steps"
CITATION = "cff-version: 1.2.0\ntitle: Acme\nversion: 1.0\ndate-released: 2026-01-02\n"
CHART = 'apiVersion: v2\nname: acme\nversion: "1.0"\nappVersion: "1.0"\n'
ABOUT = {"version": "1.1"}


class Scene:
    """A repository with the examples, in a folder of which the workspace is."""

    def __init__(self, root: Path, prefix: str) -> None:
        made = SmallWorkspace(root / "work")
        for path, text in {
            "pyproject.toml": ROOT,
            "packages/low/pyproject.toml": LOW,
            "CITATION.cff": CITATION,
            "charts/acme/Chart.yaml": CHART,
            "old.txt": "old\n",
            "kept.log": "kept, and ignored since\n",
            **{f"tools/{one.name}": one.read_text() for one in EXAMPLES.glob("*.py")},
        }.items():
            made.write(f"{prefix}/{path}", text)
        (made.root / prefix / "link.txt").symlink_to("old.txt")
        made.commit()
        made.write(".gitignore", "*.log\n.venv/\n/below/build/\n")
        made.commit()
        self.repository = open_repository(str(made.root))
        self.root, self.prefix = made.root, prefix

    def run(
        self, *line: str, files: Mapping[str, bytes | None] | None = None
    ) -> tuple[FileEdit, ...]:
        uv = Uv(os.environ).isolated(choose("auto"))
        return self.scripts(uv).changes(Script(line), self.repository.head(), ABOUT, files or {})

    def scripts(self, uv: Uv) -> PlannedScripts:
        scratch = Scratch(self.repository, self.root.with_name("records"))
        return PlannedScripts(self.repository, self.prefix, uv, scratch, 60)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("planned"), "below")


def test_the_examples_write_the_version_into_a_citation_and_a_chart(scene: Scene) -> None:
    today = datetime.now(UTC).date().isoformat()
    after = CITATION.replace("version: 1.0", "version: 1.1").replace("2026-01-02", today)
    assert scene.run("tools/citation.py") == (
        FileEdit("CITATION.cff", CITATION.encode(), after.encode(), ("step",)),
    )
    edited = CHART.replace("acme", "other")  # by a step before this one
    assert scene.run(
        "tools/chart.py", "charts/acme", files={"charts/acme/Chart.yaml": edited.encode()}
    ) == (
        FileEdit(
            "charts/acme/Chart.yaml",
            edited.encode(),
            edited.replace("1.0", "1.1").encode(),
            ("step",),
        ),
    )
    assert (scene.root / "below" / "CITATION.cff").read_text() == CITATION


def test_what_a_commit_lacks_is_named(scene: Scene) -> None:
    asked = ["tools/chart.py", "tools/none.py", "charts", "charts/acme/none.py"]
    scripts = scene.scripts(Uv(os.environ))
    assert scripts.missing("HEAD", asked) == ("tools/none.py", "charts", "charts/acme/none.py")


def test_what_is_made_and_removed_is_told_and_what_is_no_file_is_refused(scene: Scene) -> None:
    made = scene.run(
        "sh", "-c", "rm old.txt made.txt; mkdir new; echo 1 >new/a; touch CITATION.cff ../top",
        files={"made.txt": b"by us\n"},
    )  # fmt: skip
    assert made == (
        FileEdit("made.txt", b"by us\n", b"", ("step",), gone=True),
        FileEdit("new/a", b"", b"1\n", ("step",)),
        FileEdit("old.txt", b"old\n", b"", ("step",), gone=True),
        FileEdit("../top", b"", b"", ("step",)),
    )
    with pytest.raises(Problem, match=r"makes old\.txt, which is no regular file"):
        scene.run("sh", "-c", "ln -sf /etc/passwd old.txt")
    with pytest.raises(Problem, match=r"failed with 1: .*has 0 lines that begin with version:"):
        scene.run("tools/citation.py", files={"CITATION.cff": b"\n"})


def test_what_a_run_leaves_that_is_killed_is_swept_and_that_of_a_living_one_is_not(
    scene: Scene,
) -> None:
    scripts = scene.scripts(Uv(os.environ))
    records = scripts.scratch.records
    process = os.fork()
    if not process:
        try:
            scripts.changes(Script(("sleep", "60")), scene.repository.head(), ABOUT, {})
        finally:
            os._exit(0)
    until = time.monotonic() + 30
    while not any(one.read_text() for one in records.glob("release-sync-*")):
        assert time.monotonic() < until
        time.sleep(0.01)
    (record,) = records.glob("release-sync-*")
    folder = Path(record.read_text())
    while not (folder / "about").exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert scripts.scratch.sweep() == 0
    assert folder.is_dir()
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    while not scripts.scratch.sweep() and time.monotonic() < until:
        time.sleep(0.01)  # what it had started is being ended
    assert not folder.exists()
    assert list(records.iterdir()) == []


def refused(scene: Scene, command: str) -> str:
    with pytest.raises(Problem) as raised:
        scene.run("sh", "-c", command)
    return raised.value.message.partition(f"sh -c {command.partition(chr(10))[0]} ")[2]


def test_no_link_leads_to_what_no_cell_shows(scene: Scene) -> None:
    outside = scene.root / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "Chart.yaml").write_text("a secret\n")
    for target in (outside, "../other"):
        said = refused(scene, f"mv charts/acme other; ln -s {target} charts/acme")
        assert said == "makes charts/acme, which is no regular file"
    said = refused(scene, "mv charts other; mkdir charts; ln -s ../other/acme charts/acme")
    assert said == "makes charts/acme, which is no regular file"
    said = refused(scene, "rm -r charts/acme; echo x >charts/acme")
    assert said == "makes charts/acme a file, which was a folder"
    assert refused(scene, "rm link.txt; echo x >link.txt") == "replaces link.txt, which is a link"
    assert [one.path for one in scene.run("sh", "-c", "echo x >link.txt")] == ["old.txt"]


def test_what_a_commit_would_not_keep_is_refused(scene: Scene) -> None:
    said = "changes whether old.txt may be executed, which a release does not"
    assert refused(scene, "chmod +x old.txt # {}") == said
    assert refused(scene, "echo x >old.txt; chmod 755 old.txt") == said
    assert refused(scene, "echo x >new; chmod +x new") == said.replace("old.txt", "new")
    assert scene.run("sh", "-c", "chmod 600 old.txt; rm -rf ../.git") == ()


def test_what_git_ignores_is_left_out(scene: Scene) -> None:
    made = scene.run(
        "sh",
        "-c",
        "mkdir -p .venv/lib build; touch .venv/lib/a build/b new.log charts/c; rm kept.log",
    )
    assert [(one.path, one.gone) for one in made] == [("charts/c", False), ("kept.log", True)]
    made = scene.run("sh", "-c", "echo 'new' >.gitignore; touch new; ln -s / odd.log")
    assert [one.path for one in made] == [".gitignore"]


def test_what_only_answers_may_leave_anything(scene: Scene) -> None:
    scripts = scene.scripts(Uv(os.environ).isolated(choose("auto")))
    line = ("sh", "-c", "mkfifo pipe; ln -s / root; rm old.txt; echo well")
    assert scripts.ask(Script(line), scene.repository.head(), ABOUT) == "well"


def test_what_git_stores_is_what_is_edited(scene: Scene) -> None:
    attributes = "crlf.txt text eol=crlf\nid.txt ident\nfiltered.txt filter=lfs\n"
    lines = {"crlf.txt": b"one\r\n", "id.txt": b"$Id$\n", "filtered.txt": b"x\n"}
    for path, content in {".gitattributes": attributes.encode(), **lines}.items():
        (scene.root / path).write_bytes(content)
    there = scene.repository.head()
    workspace = SmallWorkspace(scene.root)
    workspace.commit()
    try:
        commands = "echo two >>../crlf.txt; echo two >>../id.txt"
        assert scene.run("sh", "-c", commands) == (
            FileEdit("../crlf.txt", b"one\n", b"one\ntwo\n", ("step",)),
            FileEdit("../id.txt", b"$Id$\n", b"$Id$\ntwo\n", ("step",)),
        )
        assert scene.run("sh", "-c", "touch ../crlf.txt ../id.txt") == ()
        with pytest.raises(Problem, match=r"filtered\.txt is edited, and what git stores .*: lfs"):
            scene.run("sh", "-c", "echo y >../filtered.txt")
    finally:
        workspace.git("reset", "-q", "--hard", there)
