"""What the rules find in a workspace, with lines and columns, and whether it can be fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.rules.check import faults
from release_sync.rules.finding import Finding
from release_sync.toml.texts import Texts

if TYPE_CHECKING:
    from release_sync.trees.tree import Tree
    from release_sync.workspace.model import Fault, Workspace


def check(workspace: Workspace, tree: Tree, tag: str = "") -> tuple[Finding, ...]:
    """Return everything that is wrong, by file and line, none twice.

    ``tree`` is the one that the workspace was read from; it is asked again only for places.
    ``tag`` is the name under which the commit is known, if it is a tag's.
    """
    found = faults(workspace, tag)
    if not found:
        return ()
    from release_sync.fixes.fix import fixable  # noqa: PLC0415 - only for a fault

    texts = Texts(tree)
    edited = fixable(workspace, texts)
    judged = {_finding(texts, one, fixable=(one.code, one.place) in edited) for one in found}
    return tuple(sorted(judged))


def _finding(texts: Texts, fault: Fault, *, fixable: bool) -> Finding:
    """Put a line and a column to a fault."""
    line, column = texts.where(fault.place)
    return Finding(
        path=fault.place.path,
        line=line,
        column=column,
        code=fault.code,
        message=fault.message,
        member=fault.member,
        expected=fault.expected,
        found=fault.found,
        fixable=fixable,
    )
