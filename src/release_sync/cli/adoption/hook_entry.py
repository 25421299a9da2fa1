"""The hook's entry, in each configuration that pre-commit and prek read here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.cli.adoption import pre_commit, prek
from release_sync.cli.adoption.hook_source import hook_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.cli.adoption.change import Change
    from release_sync.cli.adoption.surroundings import Surroundings

KINDS = {pre_commit.PATH: pre_commit, prek.PATH: prek}


def with_entries(around: Surroundings, repo: str, rev: str) -> Iterator[Change]:
    """Yield the configurations that lack the hook; pre-commit's where there is none at all.

    Raises Problem where it can't be added.
    """
    there = {
        path: Path(around.top, path).read_bytes()
        for path in KINDS
        if Path(around.top, path).is_file()
    }
    lacking = [path for path in there if not KINDS[path].has_hook(there[path])]
    if not there:
        lacking = [pre_commit.PATH]
    if not lacking:
        return
    source = hook_source(around.top, repo, rev)
    more = [f"  {source.why}"] if source.why else []
    if around.hooks_path:
        more.append(
            f"  core.hooksPath is {around.hooks_path}: pre-commit installs nothing while it is set"
        )
    for path in lacking:
        change = KINDS[path].with_hook(there.get(path), source.repo, source.rev)
        yield change._replace(lines=(*change.lines, *more))
