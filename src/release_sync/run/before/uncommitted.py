"""Settings that are not committed: a release reads what a commit has, and that is said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.plan.amounts import some

if TYPE_CHECKING:
    from release_sync.run.context import Context

TABLE = "tool.release-sync"
"""How the whole table is called where the commit has none."""


def uncommitted(context: Context) -> str:
    """Return which settings on disk are not those that count, in words; ``""`` for none.

    Raises Problem where a commit has none at all, and somebody has just written some: without them
    the names of this workspace's packages would go to the public index.
    """
    keys = context.source.uncommitted(context.workspace)
    if not keys:
        return ""
    file = "pyproject.toml" if context.prefix == "." else f"{context.prefix}/pyproject.toml"
    if TABLE in keys:
        raise Problem(
            f"[{TABLE}] in {file} is not committed, and a release reads what is committed",
            hint=f"run `git add {file}` and `git commit`; no index was asked",
        )
    what = "is" if len(keys) == 1 else "are"
    return f"{some(keys)} in {file} {what} not as committed, and what is committed counts"
