"""Options of `prepare` that exclude each other are refused before anything is looked at."""

from __future__ import annotations

import pytest
from tests.fakes.command_line import release_sync


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--candidate", "--artifacts", "wheels"], "`--candidate` and `--artifacts` exclude"),
        (["--candidate", "--output", "bundle"], "`--candidate` and `--output` exclude"),
        (["--candidate", "--reproduce"], "`--candidate` and `--reproduce` exclude"),
        (["--artifacts", "wheels", "--reproduce"], "`--artifacts` and `--reproduce` exclude"),
        (["--seal", "0" * 40], "`--seal` goes with `--artifacts`"),
    ],
)
def test_what_excludes_each_other(options: list[str], words: str) -> None:
    ended = release_sync("prepare", *options)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"error: {words}")
