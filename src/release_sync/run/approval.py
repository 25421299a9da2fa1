"""The approval of a pending release: its commit must be exactly what a release makes.

Who may push any ref can push a seal. So a seal is not believed: it has to stand on a commit of the
branch as the remote has it now, and its commit has to be exactly the edits that are derived here
for its version. Only the branch's own configuration can allow more (``writes``), and then somebody
has to have seen it.
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from packaging.version import Version

from release_sync.errors import Refused
from release_sync.plan.branches import is_release_branch, named
from release_sync.plan.draft import draft
from release_sync.plan.order import levels
from release_sync.plan.version import releases
from release_sync.run.branch import at_the_seals
from release_sync.run.own.planning import may_be_own
from release_sync.run.pending import Found, remote_refs
from release_sync.run.release_state import ReleaseState
from release_sync.seals.fields import visible
from release_sync.seals.pending import enumeration
from release_sync.seals.tag_objects import UnreadableSeal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release_sync.plan.facts import Position
    from release_sync.run.context import Context
    from release_sync.run.pending import Found
    from release_sync.seals.artifact import Expected
    from release_sync.seals.pending import Companion, Sealed
    from release_sync.toml.edits import FileEdit
    from release_sync.workspace.model import Workspace


def approve(
    context: Context, seen: Position, found: Found
) -> tuple[tuple[Expected, ...], tuple[FileEdit, ...]]:
    """Return what is expected of each member, and the edits that go beyond a release's own.

    ``context`` is at the remote's branch. Raises Refused for what no release makes.
    """
    sealed = found.sealed
    context, seen = at_the_seals(context, seen, sealed)
    try:
        if not (found.is_ours or found.sealed.existing):
            _nothing_landed_since(context, seen, sealed)
        members, beyond = _approved(context, seen, sealed)
    except Refused as refused:
        sealed_only = found.state in {ReleaseState.SEALED, ReleaseState.RESERVED}
        way = "abort` undoes it" if sealed_only else "abort --abandon` gives it up"
        raise Refused(
            f"{sealed.name}, which {sealed.holder or 'somebody'} sealed, is not what a release"
            f" makes: {refused.message}",
            hint=refused.hint or f"nothing was changed; `release-sync {way}",
        ) from refused
    if found.is_ours:  # who planned it has seen what towncrier did, and steps of its own
        beyond = tuple(one for one in beyond if not _planned(context, sealed, one))
    return members, beyond


def _approved(
    context: Context, seen: Position, sealed: Sealed
) -> tuple[tuple[Expected, ...], tuple[FileEdit, ...]]:
    if sealed.primary:
        raise Refused(f"it belongs to a release of {sealed.primary}")
    _on_the_branch(context, seen, sealed)
    if sealed.existing:
        _of_the_tag(context, seen, sealed)
    context.repository.fetch_commit(sealed.candidate)
    workspace = context.source.workspace(sealed.base)
    versions = {
        name: one.version for one in sealed.groups for name in _group(workspace, one, sealed)
    }
    _hold_companions(context, sealed)
    strategy = context.at(sealed.base).strategy
    if sealed.strategy.value != strategy:
        raise Refused(f"its strategy is {sealed.strategy.value!r}, and {strategy!r} there")
    edits, edited, findings = context.source.edited(sealed.base, versions, sealed.candidate)
    released = {name: versions[name] for name in sorted(sealed.members)}
    drafted = draft(edits, edited, findings, released)
    if levels(drafted.needs) != sealed.levels:
        raise Refused("the order of its members is another one")
    if sealed.is_stamped and not edits:
        raise Refused(f"it makes a commit, and {sealed.base[:7]} is at {sealed.version} already")
    beyond = _beyond(context, sealed, edits)
    by_name = {member.name: member for member in drafted.expected}
    return tuple(by_name[name] for name in sealed.members), beyond


def _group(workspace: Workspace, one: Companion, sealed: Sealed) -> tuple[str, ...]:
    """Return the members of a group that is sealed, private ones too. Raises Refused."""
    group = workspace.group_by_name.get(one.group)
    if group is None or set(group.members) != set(one.members):
        raise Refused(f"its members are not those of {one.group} at {sealed.base[:7]}")
    if one.tag != workspace.tag(one.group, one.version):
        raise Refused(f"its tag is not {workspace.tag(one.group, one.version)}")
    if group.version and Version(one.version) < Version(group.version):
        raise Refused(f"{one.version} is below {group.version}, the version there")
    return group.every


def _hold_companions(context: Context, sealed: Sealed) -> None:
    """Raise Refused unless the tags that a seal lists say of their groups what it says."""
    if sealed.companions and sealed.existing:
        raise Refused("it is of several groups, and of one tag that was there before")
    for one in sealed.companions:
        try:
            listed = context.repository.read_pending(one.oid)
        except UnreadableSeal as error:
            raise Refused(f"{one.oid[:12]}, which it lists, is no seal: {error.message}") from error
        said = replace(listed.sealed, holder=sealed.holder, time=sealed.time)
        if listed.claim is not None or said != sealed.of_group(one):
            raise Refused(f"{one.tag}, which it lists, says something else than it")


def _on_the_branch(context: Context, seen: Position, sealed: Sealed) -> None:
    git, branch = context.repository, sealed.branch
    if branch != seen.target or not is_release_branch(context.workspace, branch):
        made = named(context.workspace)
        raise Refused(f"it is for {branch}, and releases are made from {made}")
    if seen.upstream is None:
        raise Refused(f"{git.remote} has no {branch} that it could stand on")
    git.fetch(f"refs/heads/{branch}", seen.upstream)
    if not git.is_ancestor(sealed.base, seen.upstream):
        raise Refused(f"it stands on {sealed.base[:7]}, which is not on {git.remote}/{branch}")
    git.fetch_commit(sealed.base)  # only now: what exists nowhere is not a remote that is silent


def _of_the_tag(context: Context, seen: Position, sealed: Sealed) -> None:
    """Raise Refused for a seal of a tag that was there before, and of what the tag is not at.

    What is stamped is a commit on top of that, which is held to the edits of a release as any. What
    became of the tag since is looked at where that matters: before the upload, and to land.
    """
    refs, ref = remote_refs(context, seen), context.names.tag(sealed.tag)
    if refs.get(ref) == sealed.existing:
        at = refs.get(f"{ref}^{{}}", sealed.existing)
        if at != sealed.base:
            raise Refused(f"it is of {sealed.base[:7]}, and {sealed.tag} is at {at[:7]}")


def _nothing_landed_since(context: Context, seen: Position, sealed: Sealed) -> None:
    """Raise Refused for a seal on what the branch was before its last release.

    While a release is pending no other one lands: what stands on less would bring old code back.
    """
    refs, git = remote_refs(context, seen), context.repository
    for one in sealed.groups:
        for version, ref in releases(context.workspace.tag(one.group), refs):
            commit = refs.get(f"{ref}^{{}}", refs[ref])
            on_it = git.is_ancestor(commit, seen.upstream or sealed.base)
            if version == one.version or not on_it:
                continue
            if not git.is_ancestor(commit, sealed.base):
                raise Refused(f"it stands on {sealed.base[:7]}, and {version} was released since")
            break


def _beyond(context: Context, sealed: Sealed, edits: Sequence[FileEdit]) -> tuple[FileEdit, ...]:
    """Return the edits that this version of release-sync does not derive. Raises Refused."""
    git = context.repository
    if sealed.candidate == sealed.base:
        if edits:
            versions = enumeration([one.version for one in sealed.groups])
            raise Refused(f"at {sealed.base[:7]} the version is not {versions}")
        return ()
    if git.parents(sealed.candidate) != (sealed.base,):
        raise Refused(f"{sealed.candidate[:7]} is not one commit on {sealed.base[:7]}")
    paths = {_inside(context, edit.path): edit.content for edit in edits}
    differ = git.differences(sealed.base, paths, sealed.candidate)
    allowed = context.workspace.configuration.writes
    strange = sorted(
        path
        for path, edit in differ.items()
        if not (_allowed(context, path, allowed) or _by_towncrier(context, sealed, edit))
    )
    if strange:
        raise Refused(
            f"{sealed.candidate[:7]} changes more than the version asks for:"
            f" {visible(', '.join(strange))}",
            hint=_other_maker(context, sealed),
        )
    return tuple(differ.values())


def _inside(context: Context, path: str) -> str:
    """Return a path of the workspace as git has it in the repository."""
    return path if context.prefix == "." else f"{context.prefix}/{path}"


def _allowed(context: Context, path: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(path, _inside(context, pattern)) for pattern in patterns)


def _by_towncrier(context: Context, sealed: Sealed, edit: FileEdit) -> bool:
    """Return whether an edit may be that of the workspace's towncrier, which is run once."""
    above = "" if context.prefix == "." else f"{context.prefix}/"
    own = edit._replace(path=edit.path.removeprefix(above))
    groups = (one.group for one in sealed.groups)
    return any(context.source.kept(sealed.base, group).admits(own) for group in groups)


def _planned(context: Context, sealed: Sealed, edit: FileEdit) -> bool:
    """Return whether an edit may be of what is run once, when a release is planned."""
    above = "" if context.prefix == "." else f"{context.prefix}/"
    own = may_be_own(context, sealed.base, edit.path.removeprefix(above))
    return own or _by_towncrier(context, sealed, edit)


def _other_maker(context: Context, sealed: Sealed) -> str:
    if sealed.maker == context.version:
        return ""
    return (
        f"it was sealed by release-sync {sealed.maker}, and this is {context.version}, which may"
        f" edit otherwise: install release-sync {sealed.maker} and run the same again"
    )
