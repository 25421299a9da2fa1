"""What git can't read on its way through the history is never taken for the end of the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes.damaged import WAYS, History

from release_sync.trees.tags import tags_behind
from release_sync.trees.tree import Unread
from release_sync.trees.walks import is_behind, is_commit

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Return a history that is whole between two tests."""
    return History(tmp_path_factory.mktemp("history"))


def test_a_whole_history_tells_what_lies_behind_a_commit(history: History, tmp_path: Path) -> None:
    root, names = str(history.repo.working_dir), history.names
    assert is_behind(root, names["first"], names["third"])
    assert not is_behind(root, names["third"], names["first"])
    assert is_commit(root, names["v1"])
    tree = str(history.repo.git.rev_parse("HEAD^{tree}"))
    assert not is_commit(root, tree)
    assert tags_behind(root, "HEAD").names == ("light", "v1")
    for folder, rev in ((root, tree), (root, "unborn"), (str(tmp_path), "HEAD")):
        assert tags_behind(folder, rev).names == ()


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_object_is_not_taken_for_one_that_is_not_behind(
    history: History, way: str
) -> None:
    root, names = str(history.repo.working_dir), history.names
    for which in ("first", "second", "third", "v1"):
        with history.damaged(which, way):
            with pytest.raises(Unread, match=r"^git can't read .*: (error|fatal): "):
                tags_behind(root, names["third"])
            if which != "v1":
                with pytest.raises(Unread, match=r"^git can't read .*: (error|fatal): "):
                    is_behind(root, names["first"], names["third"])
    assert is_behind(root, names["first"], names["third"])


def test_what_else_git_says_is_no_tag_and_no_error(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TRACE", "1")
    monkeypatch.setenv("LANGUAGE", "de")
    root, names = str(history.repo.working_dir), history.names
    assert tags_behind(root, "HEAD").names == ("light", "v1")
    assert is_behind(root, names["first"], names["third"])
