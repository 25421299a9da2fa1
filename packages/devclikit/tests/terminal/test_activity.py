"""What is going on, in words."""

from __future__ import annotations

import time

import pytest

from devclikit.terminal.activity import Activity, amount, duration


def test_it_says_what_how_much_of_how_much_and_since_when() -> None:
    one = Activity("upload kit", "upload", began=time.monotonic() - 75)
    assert one.line(one.began + 0.5) == "upload kit"
    one.tell("send kit.whl", 1, 2, "files")
    one.tell("send kit.whl", 1_200_000, 3_400_000, "bytes")
    said = "upload kit: send kit.whl, 1 of 2 files, 1.2 MB of 3.4 MB, 1 min 15 s"
    assert one.line(one.began + 75) == said
    assert one.count() == " 1/2"
    one.tell("wait until pypi serves it", 12.0, 300, "seconds")
    told = one.amounts["seconds"][2]
    assert one.line(told + 3) == "upload kit: wait until pypi serves it, 15 s of 5 min 00 s"
    assert one.count() == ""


def test_what_nobody_can_count_is_not_counted() -> None:
    one = Activity("verify", "verify")
    one.tell("install the set", 0, 0, "packages")
    assert one.line(one.began) == "verify: install the set"
    assert one.count() == ""
    one = Activity("build", "build")
    one.tell("build", 3, 8, "packages")
    assert one.line(one.began + 2) == "build: 3 of 8 packages, 2 s"


def test_where_nothing_moves_it_is_said_ever_less_often() -> None:
    one = Activity("build", began=0.0)
    said = [second for second in range(100) if one.is_news(second)]
    assert said == [1, 10, 20, 40, 80]
    one = Activity("build", began=0.0)
    assert one.is_news(50)
    assert not one.is_news(51)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((0, 41, "bytes"), "0 bytes of 41 bytes"),
        ((500, 2000, "bytes"), "500 bytes of 2.0 kB"),
        ((310, 300, "seconds"), "5 min 00 s of 5 min 00 s"),
        ((0.2, 20, "seconds"), "0 s of 20 s"),
        ((3, 50, "boundaries"), "3 of 50 boundaries"),
    ],
)
def test_amounts(given: tuple[float, float, str], words: str) -> None:
    assert amount(*given) == words


def test_a_moment_is_no_duration() -> None:
    assert [duration(seconds) for seconds in (0.9, 59.9, 60, 3605)] == [
        "", "59 s", "1 min 00 s", "60 min 05 s",
    ]  # fmt: skip
