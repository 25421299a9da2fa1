"""Runs that their user stopped: by an answer, by Ctrl-C, by a signal."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

from tests.misbehaving import behaviours as b
from tests.mistakes.conftest import CTRL_C

if TYPE_CHECKING:
    from tests.fakes.misbehaving_index import Ask, Exchange
    from tests.mistakes.conftest import Desk


def test_a_question_that_is_answered_with_no(desk: Desk) -> None:
    desk.types("release-sync publish", answer="n\n")
    desk.types("release-sync publish", answer="")
    desk.types("release-sync publish")
    desk.reads_as("cancelled")


def test_a_question_that_is_answered_with_ctrl_c(desk: Desk) -> None:
    desk.types("release-sync publish", answer=CTRL_C)
    desk.reads_as("ctrl-c-at-the-question")


def test_an_abort_that_is_answered_with_ctrl_c(desk: Desk) -> None:
    desk.prepares("release-sync prepare --yes")
    desk.types("release-sync abort", answer=CTRL_C)
    desk.types("release-sync resume", answer=CTRL_C)
    desk.types("release-sync abort", answer="n\n")
    desk.reads_as("ctrl-c-in-abort")


def hook(desk: Desk, name: str, number: int) -> None:
    """Let a hook of git send a signal to us, as somebody does who does not want to wait."""
    file = desk.scene.clone / ".git/hooks" / name
    file.write_text(f"#!/bin/sh\nkill -{number} {os.getpid()}\nsleep 5\n")
    file.chmod(0o755)


def test_ctrl_c_before_anything_is_pending(desk: Desk) -> None:
    hook(desk, "commit-msg", signal.SIGINT)
    desk.types("release-sync publish --yes")
    desk.reads_as("ctrl-c-before-the-seal")


def test_ctrl_c_while_a_release_is_pending(desk: Desk) -> None:
    desk.prepares("release-sync prepare --yes")

    def ends(exchange: Exchange, ask: Ask) -> Exchange | None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
        return ask(exchange)

    desk.index.misbehave(b.pages(ends))
    desk.types("release-sync resume --yes")
    desk.reads_as("ctrl-c-with-a-pending-release")


def test_sigterm_during_an_upload(desk: Desk) -> None:
    def ends(exchange: Exchange, ask: Ask) -> Exchange | None:
        os.kill(os.getpid(), signal.SIGTERM)
        return ask(exchange)

    desk.index.misbehave(b.uploads(0, ends))
    desk.types("release-sync publish --yes")
    desk.reads_as("sigterm-in-an-upload")
