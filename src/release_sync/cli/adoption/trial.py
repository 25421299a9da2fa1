"""What ``check`` says under a table that is not written yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.manifest import merged, with_table
from release_sync.cli.adoption.setting import Setting
from release_sync.errors import Problem
from release_sync.fixes.findings import check
from release_sync.fixes.fix import fixes
from release_sync.toml.manifest import MANIFEST, parsed
from release_sync.trees.edited import EditedTree
from release_sync.workspace.groups import DEFAULT
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from release_sync.cli.adoption.setting import Proposal
    from release_sync.rules.finding import Finding
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Workspace

WEAKER = ("compatible", "any")


class Trial(NamedTuple):
    """A workspace under a table, and what is wrong with it then; ``tree`` has the table."""

    tree: Tree
    workspace: Workspace
    findings: tuple[Finding, ...]

    @property
    def left(self) -> int:
        """The number of findings that ``check --fix`` would leave."""
        edits = fixes(self.workspace, self.tree, None, DEFAULT)
        fixed = trial(EditedTree(self.tree, {edit.path: edit.after for edit in edits}))
        return len(fixed.findings)


def tried(tree: Tree, settings: Iterable[Setting]) -> Trial:
    """Read and check a workspace as if its manifest had a table of these settings.

    They are added to a table that it has. Raises Problem where no table can be added, and
    Unreadable for a table that means nothing.
    """
    before = tree.read(MANIFEST) or b""
    has_table = parsed(MANIFEST, before).tools.has("release-sync")
    add = merged if has_table else _with_table
    return trial(EditedTree(tree, {MANIFEST: add(before, tuple(settings))}))


def _with_table(before: bytes, settings: tuple[Setting, ...]) -> bytes:
    return with_table(before, settings).after


def trial(tree: Tree) -> Trial:
    """Read and check a workspace. Raises Unreadable."""
    workspace = read(tree)
    return Trial(tree, workspace, check(workspace, tree))


def alternatives(tree: Tree, proposal: Proposal, most: int) -> Iterator[tuple[Setting, int]]:
    """Yield what the table could say instead, and how many findings are left then.

    Only what leaves fewer than ``most``, the findings of the proposal itself.
    """
    for setting in _others(proposal):
        others = [one for one in proposal.settings if one.key != setting.key]
        try:
            left = len(tried(tree, ordered([*others, setting])).findings)
        except Problem:  # such a table would mean nothing: it is no alternative
            continue
        if left < most:
            yield setting, left


def _others(proposal: Proposal) -> Iterator[Setting]:
    said = {one.key: one for one in proposal.settings}
    if proposal.strays:
        there = said["independent"].names if "independent" in said else ()
        yield Setting("independent", (*there, *proposal.strays), "")
    pin = str(said["pin"].value) if "pin" in said else ""
    for policy in WEAKER[WEAKER.index(pin) + 1 if pin in WEAKER else 0 :]:
        yield Setting("pin", policy, "")


def ordered(settings: Sequence[Setting]) -> tuple[Setting, ...]:
    """Put the tables behind what is no table: in TOML nothing else can follow one."""
    return tuple(sorted(settings, key=lambda one: "." in one.key))
