"""Interrupted while a plan is made: whatever was asked side by side ends at once."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.test_interruption import publishing, wait_until
from tests.fakes.misbehaving_index import misbehaving

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Scene
    from tests.fakes.misbehaving_index import Ask, Exchange

SECONDS = 40
"""How long the remote takes to say what it would let be pushed."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.slow
def test_a_remote_that_takes_its_time_holds_nobody(scene: Scene, number: signal.Signals) -> None:
    seen, slow = scene.folder / "seen", scene.folder / "slow"
    slow.write_text(f"#!/bin/sh\necho $$ > {seen}\nsleep {SECONDS}\n", encoding="utf-8")
    slow.chmod(0o755)
    scene.git("config", "remote.origin.receivepack", str(slow))
    with publishing(scene) as process:
        wait_until(process, lambda: seen.exists() and bool(seen.read_text()))
        time.sleep(1)  # what else is asked has been answered by then
        began = time.monotonic()
        process.send_signal(number)
        said = process.communicate()[1]
    assert time.monotonic() - began < SECONDS / 2
    assert process.returncode == 128 + number, said
    assert said.endswith("error: interrupted; nothing was begun\n")
    left = Path(f"/proc/{seen.read_text().strip()}/cmdline")  # empty once it has ended
    assert not (left.exists() and left.read_bytes())


@pytest.mark.slow
def test_an_index_that_takes_its_time_holds_nobody(scene: Scene) -> None:
    asked: list[str] = []

    def hangs(exchange: Exchange, ask: Ask) -> Exchange | None:
        asked.append("")
        time.sleep(SECONDS)
        return ask(exchange)

    with misbehaving(scene.index, hangs) as index:
        manifest = (scene.clone / "pyproject.toml").read_text(encoding="utf-8")
        url = (scene.index.simple, index.address.simple)
        scene.write("pyproject.toml", manifest.replace(*url))
        scene.commit("Ask elsewhere")
        scene.git("push", "-q", "origin", "main")
        with publishing(scene) as process:
            wait_until(process, lambda: bool(asked))
            time.sleep(1)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            said = process.communicate()[1]
        assert time.monotonic() - began < SECONDS / 4
        assert process.returncode == 128 + signal.SIGTERM, said
        assert said.endswith("error: interrupted; nothing was begun\n")
