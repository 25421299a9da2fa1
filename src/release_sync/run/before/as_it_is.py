"""What is released as it is: the commit of a tag that exists already, or HEAD after a merge.

Nothing is bumped and no commit is made, unless the version of a tag is to be stamped: then it is
one on top, beside the branch. The commit itself has to be on the branch: else whoever may push a
tag could release anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Unanswered, Unreadable
from release_sync.plan.amounts import counted, some
from release_sync.plan.availability import lists
from release_sync.plan.branches import HEADS, is_release_branch, named
from release_sync.plan.facts import Relation
from release_sync.plan.version import in_tag, parsed
from release_sync.run.before.changed import of_changed_groups
from release_sync.run.before.groups import choose_group, choose_groups
from release_sync.run.branch import at_the_branch
from release_sync.run.pending import remote_refs
from release_sync.run.surveying.survey import asked
from release_sync.steps.uploading.served import Reply, because

if TYPE_CHECKING:
    from release_sync.plan.facts import Position, Request
    from release_sync.run.context import Context
    from release_sync.seals.pending import Sealed
    from release_sync.workspace.model import Group, Workspace


def asked_for(context: Context, request: Request) -> tuple[Context, Position, Request]:
    """Return the workspace at the remote's branch, where everything is, and the whole request.

    A commit that is released as it is says which version that is. Raises Problem when it is none
    that may be released.
    """
    there, seen = at_the_branch(context)
    if not request.as_it_is:
        return there, seen, of_changed_groups(there, seen, request)
    seen = _tagged(there, seen, request.tag) if request.tag else replace(seen, candidate=seen.head)
    commit = seen.candidate
    there, seen = _on_a_branch(there, seen, request.tag or "HEAD")
    _refuse_other_refs(there, commit)
    workspace = there.source.workspace(commit)
    if request.tag:
        group, version = _named(workspace, request, commit)
        request = replace(request, group=group.name, version=version)
    else:
        request = _as_written(there, seen, workspace, request)
    return there, replace(seen, relation=Relation.BEYOND), request


def _as_written(there: Context, seen: Position, workspace: Workspace, request: Request) -> Request:
    """Return the request for the versions that the files have.

    Of several groups those are left out that are tagged at theirs, unless all are.
    """
    groups = choose_groups(workspace, request)
    versions = {group.name: _written(group) for group in groups}
    refs, names = remote_refs(there, seen), there.names
    tags = {name: workspace.tag(name, version) for name, version in versions.items()}
    new = [one for one in tags if not {names.tag(tags[one]), names.sealed(tags[one])} & refs.keys()]
    first, *others = new or [*versions]
    if not others:
        return replace(request, group=first, others=(), every=False, version=versions[first])
    to = tuple((name, versions[name]) for name in (first, *others))
    return replace(request, group=first, others=(*others,), every=False, group_versions=to)


def _tagged(there: Context, seen: Position, tag: str) -> Position:
    """Return the position with the commit of a tag of the remote, whatever kind of tag it is."""
    refs, git = remote_refs(there, seen), there.repository
    ref = there.names.tag(tag)
    if ref not in refs:
        raise Problem(
            f"{git.remote} has no tag {tag}",
            hint=f"run `git push {git.remote} {tag}` first, if it is here",
        )
    git.fetch(ref)
    return replace(seen, candidate=refs.get(f"{ref}^{{}}", refs[ref]), existing=refs[ref])


def _on_a_branch(there: Context, seen: Position, what: str) -> tuple[Context, Position]:
    """Return both at the configured branch of the remote that the commit is on.

    Raises Problem for a commit that is on none of them as the remote has them now.
    """
    refs, git = remote_refs(there, seen), there.repository  # else nobody knows
    heads = (ref.removeprefix(HEADS) for ref in refs if ref.startswith(HEADS))
    others = [one for one in sorted(heads) if is_release_branch(there.workspace, one)]
    for branch in dict.fromkeys([seen.target, *others]):
        tip = refs.get(f"{HEADS}{branch}")
        if tip is None:
            continue
        git.fetch(f"{HEADS}{branch}", tip)
        if git.is_ancestor(seen.candidate, tip):
            at = there if branch == seen.target else there.at(tip)
            return at, replace(seen, target=branch, upstream=tip)
    branches = named(there.workspace)
    raise Problem(
        f"{what} is at {seen.candidate[:7]}, which is not on {git.remote}/{branches}",
        hint=f"only commits of {branches} are released: push or merge it there first",
    )


def _refuse_other_refs(there: Context, commit: str) -> None:
    """Raise Problem where releases of a commit would be pending where nobody looks any more."""
    then = there.at(commit)
    if (then.names, then.repository.remote) != (there.names, there.repository.remote):
        raise Problem(
            f"`waiting` or `remote` was changed since {commit[:7]}",
            hint="what is released is judged by the branch: release a later commit",
        )


def _named(workspace: Workspace, request: Request, commit: str) -> tuple[Group, str]:
    """Return the group whose tag it is, and the version that it names. Raises Problem."""
    tag, known = request.tag, [one for one in workspace.groups if one.members]
    wanted = [choose_group(workspace, request.group)] if request.group else known
    versions = {one.name: in_tag(workspace.tag(one.name), tag) for one in wanted}
    found = [one for one in wanted if versions[one.name]]
    if not found:
        forms = some([workspace.tag(one.name) for one in wanted])
        raise Problem(
            f"{tag} is no release tag: these look like {forms}",
            hint="set `tag` in [tool.release-sync], or name another tag",
        )
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise Unreadable(f"{tag} may be of {names}", hint="name one with `--group`")
    group = found[0]
    version = versions[group.name]
    if request.stamp:
        _refuse_stamping(tag, version, group, commit)
        return group, version
    if group.version and workspace.tag(group.name, group.version) != tag:
        right = workspace.tag(group.name, group.version)
        raise Problem(
            f"{tag} is at {commit[:7]}, where the version is {group.version}",
            hint=f"the tag of that is {right}: tag the commit that has the version of the tag; or"
            f" pass `--stamp`, which writes {version} into a commit beside the branch",
        )
    return group, group.version or version


def _refuse_stamping(tag: str, version: str, group: Group, commit: str) -> None:
    """Raise Problem for a version that can't be written, or is below the one in the files."""
    normal, there = parsed(version), parsed(group.version)
    if str(normal) != version:
        raise Problem(
            f"{version}, which {tag} names, is not a version's normal form (PEP 440)",
            hint=f"tag {normal} instead",
        )
    if there is not None and normal is not None and normal < there:
        raise Problem(
            f"{version} is below {group.version}, the version at {commit[:7]}",
            hint="tag a greater version; what is stamped everywhere may be at 0.0.0 in the files",
        )


def _written(group: Group) -> str:
    if not group.version:
        raise Problem(
            f"the version of {group.name} is a tag, so no commit says whether it is new",
            hint="push a tag, and run `release-sync publish --tag TAG`",
        )
    return group.version


def released_before(there: Context, seen: Position, request: Request) -> str:
    """Return that what is asked for as it is has been released, in words; empty if it has not.

    Raises Problem where a tag says so, and what it was released from, or the index, says otherwise.
    """
    if request.tag:
        return _landed(there, seen, request.tag)
    if request.changed:
        return "all that was changed: nothing was, of any group, since its last release"
    if not request.if_new:
        return ""
    found = [_whole(there, seen, request.of(name)) for name in (request.group, *request.others)]
    return "; ".join(found) if all(found) else ""


def _landed(there: Context, seen: Position, tag: str) -> str:
    names, remote = there.names, there.repository.remote
    for ref in (names.sealed(tag), names.tag(tag)):
        sealed = _seal(there, seen, ref)
        if sealed is None:
            continue
        released = sealed.base if sealed.is_stamped else sealed.candidate
        if released != seen.candidate:
            raise Problem(
                f"{tag} was released from {released[:7]}, and is at {seen.candidate[:7]} now",
                hint="a version is released once: see who moved the tag, and release a greater one",
            )
        return f"{tag} already, to {sealed.index}: {ref} on {remote} is its seal, {sealed.oid}"
    return ""


def _seal(there: Context, seen: Position, ref: str) -> Sealed | None:
    """Return the seal that a ref of the remote is; None for what is none, or is not there."""
    git, refs = there.repository, remote_refs(there, seen)
    for _ in range(2):
        if ref not in refs:
            return None
        try:
            return git.read_pending(refs[ref]).sealed
        except Unanswered:
            raise
        except Problem:
            if not there.names.is_branch:
                return None
            refs = git.ask_remote()  # a commit that carries a seal is seen through once it is here
    return None


def _whole(there: Context, seen: Position, request: Request) -> str:
    then = there.at(seen.candidate)
    group, version = then.workspace.group(request.group), request.version or ""
    tag, refs = then.workspace.tag(group.name, version), remote_refs(there, seen)
    if not {there.names.tag(tag), there.names.sealed(tag)} & refs.keys():
        return ""
    index, answers, _ = asked(then.index, group.members, uploads=False)
    silent = [name for name, one in answers.items() if one.reply is Reply.UNKNOWN]
    if silent:
        raise Unanswered(
            f"{tag} is tagged, and {index.name} could not be asked for {some(silent)}"
            f"{because(index.why)}",
            hint="try again when it answers",
        )
    lacking = sorted(name for name, one in answers.items() if not lists(one, version))
    if lacking:
        raise Problem(
            f"{tag} is tagged, and {index.name} has no {version} of {some(lacking)}",
            hint=f"if it was never released, run `release-sync publish --tag {tag}`; else see what"
            " was published with `release-sync audit`",
        )
    return f"{tag} is tagged, and {index.name} has {counted(len(answers), 'package')} of it"
