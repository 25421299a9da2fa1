"""The words that a shell offers for an option or an argument: what this repository has.

Where a workspace can't be read there is nothing to offer; a completion shows no error.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devclikit.completion import offered
from release_sync.configuration.rule_codes import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable


@offered
def groups() -> Iterable[str]:
    """Return the groups of the workspace around here."""
    from release_sync.workspace.reading import read  # noqa: PLC0415 - only for a completion
    from release_sync.workspace.selection import chosen_on_disk  # noqa: PLC0415 - the same

    return [group.name for group in read(chosen_on_disk(os.curdir)).groups]


@offered
def indexes() -> Iterable[str]:
    """Return the indexes that uv's settings name for this workspace, and that are published to."""
    from pathlib import Path  # noqa: PLC0415 - only for a completion

    from release_sync.effects.index.address import PYPI, TESTS  # noqa: PLC0415 - the same
    from release_sync.effects.uv.settings import settings  # noqa: PLC0415 - the same
    from release_sync.workspace.reading import read  # noqa: PLC0415 - the same
    from release_sync.workspace.selection import chosen_on_disk  # noqa: PLC0415 - the same

    tree = chosen_on_disk(os.curdir)
    known = settings(read(tree).manifest.uv.content, Path(tree.root), os.environ)["index"]
    named = [one["name"] for one in known if one.get("name") and one.get("publish-url")]
    return dict.fromkeys([*named, PYPI, TESTS])


@offered
def tags() -> Iterable[str]:
    """Return the tags of this repository, the newest version first (git-tag(1))."""
    from release_sync.lines import split_lines  # noqa: PLC0415 - only for a completion
    from release_sync.trees.git import ask  # noqa: PLC0415 - the same

    return split_lines(ask(os.curdir, "tag", "--list", "--sort=-version:refname"))


@offered
def revisions() -> Iterable[str]:
    """Return the branches and tags of this repository."""
    from release_sync.lines import split_lines  # noqa: PLC0415 - only for a completion
    from release_sync.trees.git import ask  # noqa: PLC0415 - the same

    form = "--format=%(refname:short)"
    return split_lines(ask(os.curdir, "for-each-ref", form, "refs/heads", "refs/tags"))


@offered
def rules() -> Iterable[str]:
    """Return the codes of the rules."""
    return NAMES


@offered
def levels() -> Iterable[str]:
    """Return the levels by which a version is bumped."""
    from release_sync.plan.version import LEVELS  # noqa: PLC0415 - only for a completion

    return (*LEVELS, "none")
