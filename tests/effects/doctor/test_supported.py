"""Versions: too old, supported, newer than any that was tried, and none."""

from __future__ import annotations

import pytest

from release_sync.effects.doctor.rows import State
from release_sync.effects.doctor.supported import Supported
from release_sync.effects.doctor.tools import program_row

UV = Supported("uv", lowest=(0, 8), tried=(0, 13), asked="uv --version")
GIT = Supported("git", lowest=(2, 38), tried=(2, 55), asked="git version")


@pytest.mark.parametrize("said", ["uv 0.8.0", "uv 0.13.9 (x86_64-unknown-linux-gnu)", "uv 1.0.0"])
def test_a_release_runs_on_what_has_all_that_it_asks_for(said: str) -> None:
    assert UV.problem(said) is None


def test_an_older_one_is_refused_with_the_version_that_is_needed() -> None:
    problem = UV.problem("uv 0.7.22 (Homebrew 2025-06-01)\n")
    assert problem is not None
    assert problem.message == "uv is 0.7.22, and a release needs 0.8 or later"
    assert "install uv 0.8 or later" in problem.hint
    assert program_row(UV, "uv 0.7.22").state is State.WRONG


def test_what_is_no_version_is_shown() -> None:
    problem = UV.problem("hello")
    assert problem is not None
    assert "'hello' names no version of uv" in problem.message


@pytest.mark.parametrize(
    ("supported", "said", "state", "text"),
    [
        (UV, "uv 0.13.9 (x86_64-unknown-linux-gnu)\n", State.FINE,
         "0.13.9 (0.8 to 0.13 were tried)"),
        (UV, "uv 0.14.0", State.OPEN, "0.14.0 is newer than any that was tried: 0.8 to 0.13"),
        (GIT, "git version 2.45.1.windows.1", State.FINE,
         "2.45.1.windows.1 (2.38 to 2.55 were tried)"),
        (GIT, "git version 3.0.0", State.OPEN,
         "3.0.0 is newer than any that was tried: 2.38 to 2.55"),
    ],
)  # fmt: skip
def test_a_newer_one_is_a_note(supported: Supported, said: str, state: State, text: str) -> None:
    row = program_row(supported, said)
    assert (row.name, row.state, row.text) == (supported.program, state, text)
