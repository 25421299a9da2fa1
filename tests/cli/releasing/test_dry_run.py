"""What is pending is shown line by line; of many files, how many there are and the exceptions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.run.told import begun, claim, forge, prepared, sealed

from release_sync.cli.releasing.dry_run import hang, lines, moment, size
from release_sync.run.before.inspection import inspect
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed


def test_each_fact_has_its_line() -> None:
    story = begun()
    found = "\n".join(lines(inspect(story.context(), "")))
    assert found.startswith(
        "Pending    v0.1.11 of default: its upload has begun: it can be finished, and not undone\n"
        "Sealed     2023-11-14 22:13 UTC by A Releaser <a@example.com>\n"
        "Begun      2023-11-14 22:13 UTC by A Releaser <a@example.com> on host\n"
        "Stopped    in the step `upload low`: 0 of 6 files on fake\n"
        "\n"
        "Files of v0.1.11 on fake\n"
        "  not there    low-0.1.11-py3-none-any.whl  "
    )
    assert f"\n  origin  {story.remote.refs['refs/release-sync/default'][:12]}  refs/rel" in found
    assert "\n  abort            refused: v0.1.11 can't be undone" in found
    sealed_only = list(lines(inspect(prepared().context(), "")))
    assert not [line for line in sealed_only if line.startswith("Begun")]


def test_of_many_files_only_those_are_listed_that_are_not_there() -> None:
    seen = inspect(begun().context(), "")
    files = [Artifact("a", f"a-{number}.tar.gz", number, "0" * 64) for number in range(500)]
    answers = [(one, Observed.EXACT) for one in files[:499]]
    many = replace(seen, files=(*answers, (files[499], Observed.FOREIGN)))
    shown = list(lines(many))
    begin = shown.index("Files of v0.1.11 on fake")
    assert shown[begin + 1 : begin + 5] == [
        "  there        499 files",
        "  foreign      1 file",
        f"  foreign      a-499.tar.gz  499 bytes  sha256 {'0' * 12}",
        "",
    ]


def test_a_seal_of_any_time_can_be_shown() -> None:
    assert moment(999_999_999_999) == "9999-12-31 23:59 UTC"
    story = prepared()
    forge(story, holder="")
    story.remote.refs["refs/release-sync/default"] = claim(story, sealed(story).oid)
    assert [line for line in lines(inspect(story.context(), "")) if "Somebody Else" in line]


def test_a_broken_line_goes_on_in_its_second_column() -> None:
    assert hang("Pending    v0.1.11 of default") == len("Pending    ")
    assert hang("  abort --abandon  gives 0.1.11 up") == len("abort --abandon  ")
    assert hang("Files of v0.1.11 on pypi") == 4


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1499, "1 kB"), (2_600_000, "3 MB"), (10**12, "1000 GB")],
)
def test_a_size_is_short(count: int, words: str) -> None:
    assert size(count) == words
