"""Other places that repeat a member's version."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from release_sync.workspace.configuration import Configuration
    from release_sync.workspace.folders import Manifest
    from release_sync.workspace.model import Fault, Member, Mirror
    from release_sync.workspace.tree import Tree


def module_mirrors(tree: Tree, manifest: Manifest, member: Member) -> tuple[Mirror, ...]:
    return ()


def configured_mirrors(
    tree: Tree, settings: Configuration, members: dict[str, Member], problems: list[Fault]
) -> dict[str, Member]:
    return members
