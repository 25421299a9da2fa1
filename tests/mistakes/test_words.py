"""What other tools call it, and what is merely misspelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mistakes.conftest import Desk


def test_the_words_of_other_tools(desk: Desk) -> None:
    for line in ("version", "release", "publish --sign", "publish --no-confirm", "abort --force",
                 "change --level minor"):  # fmt: skip
        desk.types(f"release-sync {line}")
    desk.reads_as("words-of-other-tools")


def test_words_that_are_misspelt(desk: Desk) -> None:
    for line in ("publsh", "publish --dryrun", "publish --bump mayor", "publish mayor"):
        desk.types(f"release-sync {line}")
    desk.types("release-sync check packages/workstack-kot")
    desk.types("release-sync explain RS999")
    desk.reads_as("misspelt-words")


def test_words_that_stand_elsewhere(desk: Desk) -> None:
    for line in ("--json plan", "-n publish", "-y publish", "publish default"):
        desk.types(f"release-sync {line}")
    for line in ("publish 1.2.x", "rehearse minor", "rehearse 1.3.0"):
        desk.types(f"release-sync {line}")
    desk.types("release-sync -C packages/workstack-kot check")
    desk.reads_as("misplaced-words")
