"""A machine that can't write is told as such, with the path; nothing else is."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import git
import pytest

from release_sync.effects.write_problem import as_problem, as_write_problem


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_a_file_that_can_not_be_written_is_named(number: int) -> None:
    problem = as_write_problem(OSError(number, os.strerror(number), "/there/it"))
    assert problem is not None
    assert problem.message == f"could not write: {os.strerror(number)}: /there/it"
    assert "/there/it" in problem.hint


def test_no_place_is_named_that_has_room_where_the_system_names_no_file() -> None:
    with pytest.raises(OSError, match="No space") as caught, Path("/dev/full").open("w") as full:
        full.write("x" * 100_000)
    problem = as_write_problem(caught.value)
    assert problem is not None
    assert problem.message == f"could not write: {os.strerror(errno.ENOSPC)}"
    assert "what stdout goes to" in problem.hint


def test_no_temporary_folder_at_all_is_said() -> None:
    error = FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")
    problem = as_write_problem(error)
    assert problem is not None
    assert problem.message.endswith("found in ['/tmp']")


def test_git_that_can_not_write_is_quoted() -> None:
    said = "fatal: Unable to create '/x/.git/index.lock': Read-only file system"
    problem = as_write_problem(git.GitCommandError(["git", "add"], 128, said))
    assert problem is not None
    assert "/x/.git/index.lock" in problem.message


def test_why_a_push_failed_is_said_and_not_each_ref_that_was_refused() -> None:
    """A clone whose objects are missing can't be pushed from, also not to rehearse."""
    refused = "".join(
        f" ! [remote rejected] v{one} -> v{one} (unpacker error)\n" for one in range(9)
    )
    cause = f"fatal: unable to read {'d3' * 20}\nremote: fatal: early EOF        \n"
    problem = as_problem(git.GitCommandError(["git", "push"], 1, f"{cause}{refused}"))
    assert problem is not None
    said = f"git failed: fatal: unable to read {'d3' * 20}\n    remote: fatal: early EOF"
    assert problem.message == said
    assert "objects are missing here: `git fsck`" in problem.hint
    other = as_problem(git.GitCommandError(["git", "push"], 1, refused))
    assert other is not None
    assert other.sentence == "git failed: ! [remote rejected] v8 -> v8 (unpacker error)"


def test_a_bug_stays_a_bug() -> None:
    assert (
        as_write_problem(git.GitCommandError(["git", "add"], 128, "fatal: not a valid object"))
        is None
    )
    assert as_write_problem(FileNotFoundError(errno.ENOENT, "No such file", "x")) is None
    assert as_write_problem(ValueError("x")) is None
