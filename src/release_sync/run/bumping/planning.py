"""The plan of a bump: which version, which edits, on which commit; and what is against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from release_sync.errors import Problem, Refused, Several, Unreadable, Waiting, with_causes
from release_sync.plan.amounts import counted
from release_sync.plan.amounts import first as few
from release_sync.plan.branches import HEADS, is_release_branch, named
from release_sync.plan.facts import Facts, Relation
from release_sync.plan.group_version import GroupVersion
from release_sync.plan.preflight import position_problems, problems
from release_sync.plan.release import make_release
from release_sync.plan.version import parsed
from release_sync.run.before.groups import choose_groups
from release_sync.run.before.unfinished import first as unfinished
from release_sync.run.before.versions import versions
from release_sync.run.branch import at_the_branch
from release_sync.run.bumping.bumped import Bumped
from release_sync.run.bumping.forge import compare_url, forge_of
from release_sync.run.bumping.made_before import is_bump, planned_before
from release_sync.run.own.planning import may_be_own
from release_sync.run.release_state import UNFINISHED, WAYS_OUT
from release_sync.run.surveying.survey import drafted
from release_sync.seals.pending import enumeration
from release_sync.steps.way import pull_request_branch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.plan.facts import Position, Request
    from release_sync.plan.release import Release
    from release_sync.run.bumping.bumped import Where
    from release_sync.run.context import Context
    from release_sync.workspace.model import Group, Workspace


@dataclass(frozen=True, slots=True)
class Plan:
    """A bump that was planned; the ``release`` whose first steps it is, unless it is there."""

    context: Context
    bumped: Bumped
    release: Release | None = None


def plan(context: Context, request: Request, where: Where) -> Plan:
    """Plan a bump, and change nothing. Raises Problem: Waiting while a release is pending."""
    there, seen = at_the_branch(context)
    found = unfinished(there, seen, request)
    if found.state in UNFINISHED:
        raise Waiting(
            f"{found.sealed.name} is pending ({found.state.value})",
            hint=f"run `release-sync resume` or {WAYS_OUT[found.state]} first",
        )
    if where.branch and is_release_branch(context.workspace, where.branch):
        raise Unreadable(
            f"releases are made from {where.branch}: it is no branch for a pull request",
            hint="give `--branch` another name, or none",
        )
    early = tuple(_in_the_way(context, seen, where))
    base = seen.upstream if where.branch is not None else seen.head
    if base is None or seen.refs is None:
        raise Several(early)
    stands = replace(
        seen, head=base, upstream=base, branch=seen.target, relation=Relation.SAME, dirty=(),
        operation="",
    )  # fmt: skip
    try:
        made = _planned(context.at(base), request, where, seen, stands)
    except Problem as problem:
        raise (Several((*early, problem)) if early else problem) from problem
    if early:
        raise Several(early)
    return made


def _in_the_way(context: Context, seen: Position, where: Where) -> Iterator[Problem]:
    """Yield what is wrong with where the repository, or its branch on the remote, stands."""
    workspace, remote = context.workspace, context.repository.remote
    pull = f"run `git pull {remote} {seen.target}` first"
    if where.branch is None:
        relation = seen.relation if seen.is_on_target else Relation.SAME
        at = seen.branch or seen.target or named(workspace)
        branch = seen.branch if seen.operation else at
        here = replace(seen, branch=branch, target=at, relation=relation)
        if not where.commits:
            here = replace(here, branch=at, dirty=(), operation="")
        elif not (seen.branch or seen.operation):
            yield Problem(
                "a bump is a commit on a branch, and this is a detached HEAD",
                hint=f"run `git switch {at}`; or push one for a pull request: `--branch`",
            )
        yield from position_problems(here, named(workspace), remote)
        if relation is Relation.BEHIND:
            words = f"{seen.target} is behind {remote}/{seen.target}, and a bump goes on top of it"
            yield Problem(words, hint=f"{pull}; or push a branch for a pull request: `--branch`")
        return
    if seen.remote_problem is not None:
        yield seen.remote_problem
    elif seen.upstream is None:
        words = f"{remote} has no branch {seen.target or named(workspace)} to stand on"
        yield Problem(words, hint="push it first; a bump for a pull request stands on it")
    elif seen.is_on_target and seen.relation in {Relation.AHEAD, Relation.DIVERGED}:
        words = f"{seen.target} has commits that {remote}/{seen.target} lacks"
        yield Problem(
            f"{words}: they would not be in the pull request",
            hint=f"run `git push {remote} {seen.target}` first; without `--branch` it is made here",
        )


def _planned(
    context: Context, request: Request, where: Where, seen: Position, stands: Position
) -> Plan:
    """Plan what is to be done, or find that it is done already."""
    workspace = context.source.workspace(stands.head)
    groups = choose_groups(workspace, request)
    as_it_is = [_at(workspace, group, group.version) for group in groups]
    if planned_before(context, request, stands):
        brings = enumeration([f"{group.name} to {group.version}" for group in groups])
        words = f"{stands.head[:7]} brings {brings}, and nothing else"
        here = stands.head if where.branch is None else ""
        bumped = _bumped(context, seen, stands, as_it_is, where)
        return Plan(context, replace(bumped, already=words, commit=here))
    wanted = [(request.of(group.name).version, group.version) for group in groups]
    if all(one is not None and parsed(one) == parsed(now) for one, now in wanted):
        words = enumeration([f"{group.name} is at {group.version}" for group in groups])
        bumped = _bumped(context, seen, stands, as_it_is, where)
        return Plan(context, replace(bumped, already=f"{words} already"))
    facts = _facts(context, request, stands, groups)
    against = problems(facts)
    if against:
        raise Several(against)
    release = make_release(facts)
    bumped = replace(
        _bumped(context, seen, stands, _to(facts), where),
        message=release.message,
        edits=release.edits,
        notes=() if release.nothing_new else release.notes,
    )
    if not release.edits:
        unsaid = [_unsaid(workspace.group(one.group), one.version) for one in facts.groups]
        return Plan(context, replace(bumped, already="; ".join(unsaid)))
    if where.branch is not None:
        return Plan(context, _pushed_before(context, seen, bumped), release)
    return Plan(context, bumped if where.commits else _on_disk(context, bumped), release)


def _unsaid(group: Group, version: str) -> str:
    if version == group.version:
        return f"the version of {group.name} stays {version}"
    return f"the version of {group.name} is its tag, which `release-sync publish` makes"


def _to(facts: Facts) -> list[GroupVersion]:
    """Return the groups, each from the version that its files have now."""
    workspace = facts.workspace
    return [_at(workspace, workspace.group(one.group), one.version) for one in facts.groups]


def _at(workspace: Workspace, group: Group, version: str) -> GroupVersion:
    """Return a group that goes to a version from the one that it has."""
    tag = workspace.tag(group.name, version)
    return GroupVersion(group.name, group.version, version, tag, group.members)


def _bumped(
    context: Context, seen: Position, stands: Position, to: Sequence[GroupVersion], where: Where
) -> Bumped:
    """Return a bump with its names, and where it goes."""
    (first, *others), branch, compare = to, "", ""
    tag = first.tag
    if where.branch is not None:
        branch = where.branch or pull_request_branch(tag)
        forge = forge_of(context)
        compare = compare_url(forge, seen.target, branch) if forge else ""
    elif where.commits:
        branch = seen.branch
    names = (first.group, first.previous, first.version, tag)
    rest = tuple(others)
    return Bumped(*names, stands.head, seen.target, branch, compare=compare, others=rest)


def _facts(context: Context, request: Request, stands: Position, groups: Sequence[Group]) -> Facts:
    """Return what a release would be planned from, as far as a bump needs it: no index is asked."""
    workspace, base = context.workspace, stands.head
    to = [versions(context, request, stands, workspace, group) for group in groups]
    first, *others = to
    before, found, _ = drafted(context, base, workspace, to)
    around = [context.repository.identity_problem(), *context.tool_problems(uploads=False)]
    around.append(context.isolation.problem)
    if not (before or found.findings or context.isolation.problem):
        files = {edit.path: edit.content for edit in found.edits}
        around.append(context.lock_problem(base, files, found.locks))
    return Facts(
        request=request,
        position=stands,
        base=base,
        workspace=workspace,
        findings=before,
        group=first.group,
        previous=first.previous,
        version=first.version,
        tag=first.tag,
        index=workspace.configuration.index,
        draft=found,
        isolation=context.isolation,
        names=context.names,
        maker=context.version,
        passed_over=first.passed_over,
        others=tuple(others),
        more_problems=tuple(filter(None, around)),
        strategy=context.strategy,
    )


def _pushed_before(context: Context, seen: Position, bumped: Bumped) -> Bumped:
    """Return the bump as it is on the remote already. Raises Refused for what is no such bump."""
    git = context.repository
    tip = (seen.refs or {}).get(f"{HEADS}{bumped.branch}")
    if tip is None:
        return bumped
    git.fetch(f"{HEADS}{bumped.branch}")
    if not is_bump(context, tip, bumped.versions, on=bumped.base):
        raise Refused(
            f"{git.remote} has a branch {bumped.branch} that is another one, at {tip[:7]}",
            hint="delete it there, or give `--branch` another name",
        )
    words = f"{bumped.branch} is on {git.remote} already, at {tip[:7]}"
    return replace(bumped, already=words, commit=tip)


def _on_disk(context: Context, bumped: Bumped) -> Bumped:
    """Return the bump with the edits of what is on disk, which need not be committed."""
    edits, findings = context.source.edited_on_disk(bumped.versions)
    kept = [context.source.kept(bumped.base, group) for group in bumped.versions]
    if edits:  # else it is done, and what is run once has been, too
        once = [edit for edit in bumped.edits if any(one.admits(edit) for one in kept)]
        once += [one for one in bumped.edits if may_be_own(context, bumped.base, one.path)]
        edits = tuple({edit.path: edit for edit in (*edits, *once)}.values())
    if findings:
        found = counted(len(findings), "finding")
        sentence = f"at {bumped.to} the guardrail would find {found}"
        raise Problem(with_causes(sentence, few(findings)), hint="run `release-sync check`")
    already = "" if edits else f"the working tree is at {bumped.to} already"
    return replace(bumped, edits=edits, already=already)
