"""Who may share an answer of the remote, and who has to ask anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

from tests.fakes.world import FakeGit
from tests.run.story import Story

from release_sync.run.advancing.asked_once import AskedOnce, AskedTogether

if TYPE_CHECKING:
    from collections.abc import Mapping


class Slow(FakeGit):
    """A clone that counts its questions, each of which is answered when it ``may`` be."""

    may: Event
    asking: Event
    asked: int = 0

    def remote_refs(self) -> Mapping[str, str] | None:
        """Return the number of the question."""
        self.asked += 1
        number = str(self.asked)
        self.asking.set()
        assert self.may.wait(5)
        return {"refs/heads/main": number}


def slow() -> Slow:
    here = Story().here.git
    git = Slow(here.objects, here.there)
    git.may, git.asking = Event(), Event()
    return git


def test_what_only_looks_asks_once_and_a_silent_remote_again() -> None:
    git = Story().here.git
    git.there.silent = True
    once = AskedOnce(git)
    assert once.remote_refs() is None
    git.there.silent = False
    seen = once.remote_refs()
    assert seen == git.remote_refs()
    git.there.refs["refs/heads/new"] = "f" * 40
    assert once.remote_refs() is seen is once.refs
    assert once.remote == "origin"
    assert AskedOnce(git, {}).remote_refs() == {}


def test_nobody_gets_an_answer_that_was_asked_for_before() -> None:
    git = slow()
    together = AskedTogether(git)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(together.remote_refs)
        assert git.asking.wait(5)
        others = [pool.submit(together.remote_refs) for _ in range(4)]
        git.may.set()
        assert first.result() == {"refs/heads/main": "1"}
        later = {one.result()["refs/heads/main"] for one in others if one.result()}  # type: ignore[index]
    assert "1" not in later
    assert git.asked == 1 + len(later)
    assert together.remote_refs() == {"refs/heads/main": str(git.asked)}
    assert together.remote == "origin"
