"""Files that are not on disk because the user has not asked for them (git-sparse-checkout(1))."""

from __future__ import annotations

from release_sync.lines import split_records
from release_sync.trees.git import ask, toplevel
from release_sync.trees.listed import Listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SKIPPED = "S "


def left_out(root: str) -> Listed:
    """Return the files below ``root`` that git has left out of the working tree, as staged.

    Raises Unreadable.
    """
    top, prefix = toplevel(root)
    below = f":(top,literal){prefix}"
    listing = ask(top, "ls-files", "-t", "-s", "-z", "--full-name", "--", below)
    return Listed(top, prefix, _skipped(listing, prefix))


def _skipped(listing: bytes, prefix: str) -> Iterator[tuple[str, str, str]]:
    """Read ``git ls-files -t -s -z``: tag, mode, blob, stage, tab, path."""
    for record in split_records(listing):
        if record.startswith(SKIPPED):
            head, _, path = record[len(SKIPPED) :].partition("\t")
            mode, name, _ = head.split(" ")
            yield path[len(prefix) :], mode, name
