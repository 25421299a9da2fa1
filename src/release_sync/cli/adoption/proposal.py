"""What ``[tool.release-sync]`` should say about a workspace, where the defaults are not right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.cli.adoption.surroundings import remote_of
from release_sync.configuration.table import Configuration
from release_sync.rules.pins import policy, said_by
from release_sync.rules.versions import MANY, lowering
from release_sync.standards.versions import is_greater, is_same, is_version, key
from release_sync.workspace.groups import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.cli.adoption.surroundings import Surroundings
    from release_sync.workspace.model import Member, Workspace


class Setting(NamedTuple):
    """A key of the table, its value, and where it was seen.

    The value is a string, or for the key ``groups.NAME`` the names of its members.
    """

    key: str
    value: str | tuple[str, ...]
    why: str


class Proposal(NamedTuple):
    """The settings that differ from the defaults, and what only the user can decide."""

    settings: tuple[Setting, ...]
    remarks: tuple[str, ...]


def propose(workspace: Workspace, around: Surroundings) -> Proposal:
    """Return what the table should hold for a workspace that has none."""
    alike = _apart(workspace)
    settings = (
        *_pin(workspace),
        *_branch(around),
        *_remote(around),
        *_index(workspace),
        *_groups(workspace, [members for members in alike if len(members) >= MANY]),
    )
    forgotten = [one for members in alike if len(members) < MANY for one in members]
    return Proposal(settings, (*_strays(workspace, forgotten), *_private(workspace)))


def _apart(workspace: Workspace) -> list[list[Member]]:
    """Return the members that are not at the workspace's version, by their own."""
    found: dict[object, list[Member]] = {}
    for member in workspace.members:
        version = member.version
        if member.group != DEFAULT or member.dynamic or not version or not is_version(version):
            continue
        if not is_same(version, workspace.group(DEFAULT).version):
            found.setdefault(key(version), []).append(member)
    return list(found.values())


def _groups(workspace: Workspace, alike: list[list[Member]]) -> Iterator[Setting]:
    """Make a group of all that share another version: so many were not forgotten."""
    names = {DEFAULT}
    for members in alike:
        version = members[0].version or ""
        name = _stability(version, workspace.group(DEFAULT).version)
        name = members[0].name if name in names else name
        names.add(name)
        why = f"{len(members)} packages are at {version}"
        yield Setting(f"groups.{name}", tuple(one.name for one in members), why)


def _stability(version: str, other: str) -> str:
    """Name a group after what its version says, if that tells it from the other."""
    stable, other_stable = (not one.startswith("0.") for one in (version, other))
    if stable == other_stable:
        return DEFAULT
    return "stable" if stable else "unstable"


def _pin(workspace: Workspace) -> Iterator[Setting]:
    """Propose ranges where all that is said about siblings are ranges."""
    said = [
        said_by(one)
        for member in workspace.members
        for one in member.requirements
        if policy(workspace, one) == "exact"
    ]
    ranges = [one for one in said if one.text and one.pin is None and one.form == "clauses"]
    if ranges and not any(one.pin for one in said):
        yield Setting("pin", "compatible", "siblings are required with ranges, never exactly")


def _branch(around: Surroundings) -> Iterator[Setting]:
    if around.branch and around.branch != Configuration().branch:
        yield Setting("branch", around.branch, "the repository's main branch")


def _remote(around: Surroundings) -> Iterator[Setting]:
    if around.remotes and remote_of(around.remotes) != Configuration().remote:
        yield Setting("remote", remote_of(around.remotes), "the only remote")


def _index(workspace: Workspace) -> Iterator[Setting]:
    named = [
        one.string("name")
        for one in workspace.manifest.uv.array("index")
        if one.has("publish-url") and one.is_string("name")
    ]
    if len(named) == 1:
        yield Setting("index", named[0], "the only [[tool.uv.index]] with a publish-url")


def _strays(workspace: Workspace, members: list[Member]) -> Iterator[str]:
    for member in members:
        group = workspace.group(DEFAULT)
        version = member.version or ""
        remedy = "`release-sync check --fix` fixes it"
        if is_greater(version, group.version):
            remedy = f"{lowering(group)} lowers it"
        yield (
            f"{member.display} is at {version}, the workspace is at {group.version}: either"
            f' {remedy}, or independent = ["{member.name}"] allows it'
        )


def _private(workspace: Workspace) -> Iterator[str]:
    names = ", ".join(member.display for member in workspace.members if member.private)
    if names:
        yield f"never uploaded, as their manifests say: {names}"
