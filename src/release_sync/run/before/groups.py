"""The groups that are released: those that were named, or all."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from release_sync.errors import Unreadable

if TYPE_CHECKING:
    from release_sync.plan.facts import Request
    from release_sync.workspace.model import Group, Workspace


def choose_groups(workspace: Workspace, request: Request) -> tuple[Group, ...]:
    """Return the groups that were asked for, by name. Raises Unreadable."""
    names = [request.group, *request.others]
    if request.every:
        names = [group.name for group in workspace.groups if group.members] or names
    found = {group.name: group for group in (choose_group(workspace, name) for name in names)}
    for name, what in (*request.group_levels, *request.group_versions):
        choose_group(workspace, name)
        if name not in found:
            raise Unreadable(
                f"{name}={what} is of a group that is not released",
                hint=f"add `--group {name}`, or leave it away",
            )
    if request.version is not None and len(found) > 1:
        groups = ", ".join(sorted(found))
        raise Unreadable(
            f"{request.version} can't be the version of several groups ({groups})",
            hint=" ".join(f"--version {name}={request.version}" for name in sorted(found)[:1])
            + " says of which it is",
        )
    return tuple(found[name] for name in sorted(found))


def choose_group(workspace: Workspace, name: str) -> Group:
    """Return the group of that name; without a name, the only one. Raises Unreadable."""
    groups = {group.name: group for group in workspace.groups if group.members}
    if not groups or name in workspace.group_by_name.keys() - groups.keys():
        whole = f"the group {name}" if groups else "this workspace"
        raise Unreadable(
            f"no package of {whole} is ever released: all are private",
            hint="a package needs a [build-system], and must not be listed under `private`",
        )
    if not name and len(groups) == 1:
        return next(iter(groups.values()))
    wanted = name or "default"
    if wanted in groups:
        return groups[wanted]
    known = ", ".join(groups)
    if not name:
        raise Unreadable(
            f"which group? ({known})", hint="name one with `--group`, or several; or pass `--all`"
        )
    close = get_close_matches(name, groups, 1)
    raise Unreadable(
        f"there is no group {name!r} (there are: {known})",
        hint=f"did you mean `{close[0]}`?" if close else "name one of these with `--group`",
    )
