"""Which Python an environment is made of."""

from __future__ import annotations

import sys

import pytest

from release_sync.effects.uv.pythons import interpreter, is_for_ours, minor_of


@pytest.mark.parametrize("requires", ["", ">=3.11", ">=3.11,<4", "~=3.11"])
def test_the_python_that_runs_this_is_taken_where_it_is_allowed(requires: str) -> None:
    assert interpreter(requires) == sys.executable


@pytest.mark.parametrize("requires", [">=4", "==3.8.*", "<3.9", "of some kind"])
def test_uv_finds_one_where_it_is_not(requires: str) -> None:
    assert interpreter(requires) == requires


@pytest.mark.parametrize(
    ("said", "ours"),
    [('requires-python = ">=3.11"\n', True), ('requires-python = ">=4"\n', False), ("", False)],
)
def test_a_lock_says_which_python_it_is_for(said: str, *, ours: bool) -> None:
    assert is_for_ours(f"version = 1\n{said}\n[[package]]\n") is ours


def test_a_minor_version_is_asked_for() -> None:
    assert minor_of("cpython 3.13.0rc1") == "==3.13.*"
