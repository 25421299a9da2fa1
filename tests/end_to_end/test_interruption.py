"""Interrupted at the worst moment: everything ends at once, and what is left is said."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.conftest import BUILD
from tests.fakes.misbehaving_index import misbehaving
from tests.fakes.recording import recorded
from tests.fakes.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.end_to_end.conftest import Scene
    from tests.fakes.misbehaving_index import Ask, Behaviour, Exchange, MisbehavingIndex

SECONDS = 8
"""How long the index of these tests takes for an upload."""

MAIN = """
import signal, sys
# In the background of a shell, Python finds SIGINT ignored and leaves it so.
signal.signal(signal.SIGINT, signal.default_int_handler)
from release_sync.cli.main import main
sys.exit(main())
"""


def never_stores(exchange: Exchange, ask: Ask) -> Exchange | None:
    """Take a long time for an upload, and lose it."""
    if not exchange.is_upload:
        return ask(exchange)
    time.sleep(SECONDS)
    return None


def stores_two_late(exchange: Exchange, ask: Ask) -> Exchange | None:
    """Take some time for each of the two files of the first package."""
    if exchange.is_upload and exchange.uploads < 2:
        time.sleep(SECONDS / 3)
    return ask(exchange)


@contextmanager
def published_through(scene: Scene, behaviour: Behaviour) -> Iterator[MisbehavingIndex]:
    """Have the scene upload through an index that behaves in a way."""
    with misbehaving(scene.index, behaviour) as index:
        manifest = (scene.clone / "pyproject.toml").read_text()
        upload = manifest.replace(scene.index.upload, index.address.upload)
        scene.write("pyproject.toml", upload)
        scene.commit("Upload elsewhere")
        scene.git("push", "-q", "origin", "main")
        yield index


@contextmanager
def publishing(scene: Scene) -> Iterator[subprocess.Popen[str]]:
    """Publish in the background."""
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, "publish", "--yes"],
        cwd=scene.clone,
        env=scene.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def wait_until(process: subprocess.Popen[str], seen: Callable[[], bool]) -> None:
    """Wait for something that the process brings about."""
    while not seen():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_uploads_side_by_side_end_at_once(
    number: signal.Signals, make_scene: Callable[[Mapping[str, tuple[str, ...]]], Scene]
) -> None:
    scene = make_scene({"top": ("low", "mid"), "low": (), "mid": ()})
    with published_through(scene, never_stores) as index, publishing(scene) as process:
        wait_until(process, lambda: len(index.asked) == 2)
        began = time.monotonic()
        process.send_signal(number)
        said = process.communicate()[1]
        assert time.monotonic() - began < SECONDS / 2
        assert process.returncode == 128 + number, said
        assert "error: interrupted; v0.1.11 is pending\nhint: run `release-sync resume`" in said
        assert said.endswith("or `release-sync abort --abandon` to give the version up\n")
        assert list((scene.folder / "temporary").iterdir()) == []
        assert len(scene.git("worktree", "list").splitlines()) == 1
        assert scene.run("abort", "--yes").returncode == 4
        done = scene.run("abort", "--abandon", "--yes")
        assert done.returncode == 0, done.stderr
        assert len(index.asked) == 2


@pytest.mark.slow
def test_nothing_is_proved_while_an_upload_goes_on_that_outlived_its_run(scene: Scene) -> None:
    with published_through(scene, stores_two_late) as index, publishing(scene) as process:
        wait_until(process, lambda: bool(index.asked))
        process.kill()
        done = scene.run("abort", "--yes")
        assert done.returncode == 4, done.stderr
        assert len(index.asked) == 2, "uv has two files to upload"
        assert scene.run("resume", "--yes").returncode == 0
        assert set(index.stored.values()) == {1}
    assert set(scene.refs()) == {"refs/heads/main", "refs/tags/v0.1.11"}


@pytest.mark.slow
def test_the_screen_is_left_quiet(scene: Scene) -> None:
    """Ctrl-C on a terminal: no spinner is left, the cursor is back, and the message has a line."""
    seen = scene.folder / "seen"
    hook = scene.clone / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\ntouch {seen}\nsleep {SECONDS}\n")
    hook.chmod(0o755)
    terminal = Terminal(MAIN, ["publish", "--yes"], scene.clone, scene.environ)
    terminal.wait_until(lambda: seen.exists() and b"\x1b[?25l" in terminal.shown)
    terminal.press(b"\x03")
    terminal.wait_until(lambda: terminal.process.poll() is not None)
    terminal.close()
    assert terminal.process.returncode == 130
    shown = recorded(terminal.shown)
    assert shown.has_cursor
    *before, said = shown.lines
    assert said == "error: interrupted; nothing is pending"
    assert [line.split()[:2] for line in before[-2:]] == [["✓", "Bumped"], ["✓", "Locked"]]
    assert all(re.match(r"[A-Z][a-z]+ +\S|  ✓ | {11,}\S", line) for line in before), before


def test_a_commit_hook_ends_at_once(scene: Scene) -> None:
    seen = scene.folder / "seen"
    hook = scene.clone / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\ntouch {seen}\nsleep {SECONDS}\n")
    hook.chmod(0o755)
    before = scene.state()
    with publishing(scene) as process:
        wait_until(process, seen.exists)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert time.monotonic() - began < SECONDS / 2
    assert process.returncode == 130, said
    assert scene.state() == before


SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
IN_TREE = '[build-system]\nrequires = []\nbuild-backend = "setup"\nbackend-path = ["."]\n'


def marks(scene: Scene) -> int:
    """Return how many builds have left a mark in their source trees, the one place they can."""
    scratch = scene.folder / "temporary"
    return sum(files.count("seen") for _, _, files in os.walk(scratch))


@pytest.mark.parametrize("system", [SETUPTOOLS, IN_TREE], ids=["by setuptools", "in the tree"])
def test_builds_end_at_once(
    system: str, make_scene: Callable[[Mapping[str, tuple[str, ...]]], Scene]
) -> None:
    scene = make_scene({"top": (), "low": ()})
    for folder in ("", "packages/low/"):
        text = (scene.clone / folder / "pyproject.toml").read_text()
        scene.write(f"{folder}pyproject.toml", text.replace(BUILD, system))
        slow = "import pathlib, time\npathlib.Path('seen').touch()\ntime.sleep(60)\n"
        scene.write(f"{folder}setup.py", slow)
    scene.commit("Build for a minute")
    scene.git("push", "-q", "origin", "main")
    before = scene.state()
    with publishing(scene) as process:
        wait_until(process, lambda: marks(scene) == 2)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
    assert time.monotonic() - began < 30
    assert process.returncode == 130, said
    assert scene.state() == before
    assert list((scene.folder / "temporary").iterdir()) == []


def test_a_build_ends_together_with_the_push_beside_it(
    make_scene: Callable[[Mapping[str, tuple[str, ...]]], Scene],
) -> None:
    scene = make_scene({"top": ()})
    text = (scene.clone / "pyproject.toml").read_text()
    scene.write("pyproject.toml", text.replace(BUILD, IN_TREE))
    scene.write("setup.py", "import pathlib, time\npathlib.Path('seen').touch()\ntime.sleep(60)\n")
    scene.commit("Build for a minute")
    before = scene.state()
    hook, asked = scene.clone / ".git/hooks/pre-push", scene.folder / "asked"
    hook.write_text(
        f"#!/bin/sh\ntouch {asked}\nwhile test -e {asked}; do sleep 0.05; done\nfalse\n"
    )
    hook.chmod(0o755)
    for refused in (True, False):
        with publishing(scene) as process:
            wait_until(process, lambda: asked.exists() and marks(scene) == 1)
            began = time.monotonic()
            if refused:
                asked.unlink()
            else:
                process.send_signal(signal.SIGINT)
            said = process.communicate()[1]
        assert time.monotonic() - began < 30
        words = (
            "main has commits that origin lacks, and they can't be pushed"
            if refused
            else "interrupted"
        )
        assert (process.returncode, f"error: {words}" in said) == (1 if refused else 130, True), (
            said
        )
        assert scene.state() == before
        assert list((scene.folder / "temporary").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [None, signal.SIGINT, signal.SIGTERM])
def test_a_remote_that_hangs_beside_the_verification_holds_nobody(
    scene: Scene, number: signal.Signals | None
) -> None:
    """It hangs as soon as there is a candidate; the verification fails, or is interrupted."""
    hangs, asked, pack = (scene.folder / name for name in ("hangs", "asked", "pack"))
    wait = f"if test -e {hangs}; then touch {asked}; exec sleep 100; fi"
    pack.write_text(f'#!/bin/sh\n{wait}\nexec git-upload-pack "$@"\n', encoding="utf-8")
    hook = scene.clone / ".git/hooks/pre-commit"
    package = "raise RuntimeError\n" if number is None else "import time\ntime.sleep(100)\n"
    scene.write("src/workstack_app/__init__.py", package)
    scene.commit("Import for a long time")
    scene.git("push", "-q", "origin", "main")
    scene.git("config", "remote.origin.uploadpack", str(pack))
    hook.write_text(f"#!/bin/sh\ntouch {hangs}\n", encoding="utf-8")
    for script in (pack, hook):
        script.chmod(0o755)
    with publishing(scene) as process:
        wait_until(process, asked.exists)
        began = time.monotonic()
        if number is not None:
            process.send_signal(number)
        said = process.communicate()[1]
    assert time.monotonic() - began < 60
    words = "RuntimeError" if number is None else "error: interrupted; nothing is pending\n"
    assert words in said
    assert process.returncode == (1 if number is None else 128 + number)
    assert list((scene.folder / "temporary").iterdir()) == []
