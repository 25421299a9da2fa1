"""All reasons why a release can't begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.errors import Problem, with_causes
from release_sync.plan.amounts import counted, first, some
from release_sync.plan.branches import named
from release_sync.plan.changelogs.notes import changelog_problems
from release_sync.plan.facts import Relation
from release_sync.plan.forge import forge_problems
from release_sync.plan.index_answers import index_problems
from release_sync.plan.version import in_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from release_sync.plan.facts import Facts, Position, Request
    from release_sync.plan.group_version import GroupVersion
    from release_sync.workspace.model import Workspace

LOCAL = "local-version"
"""The word of `accept` for an index that takes them."""


_STAMP = "; or pass `--stamp`, which does that in a commit beside the branch"


def problems(facts: Facts) -> tuple[Problem, ...]:
    """Return every reason why this release can't begin; an empty tuple is a go."""
    configuration = facts.workspace.configuration
    return (
        *position_problems(facts.position, named(facts.workspace), configuration.remote),
        *_behind(facts),
        *_guardrail(facts),
        *_edits(facts),
        *_local(facts),
        *_outside(facts),
        *changelog_problems(facts),
        *_taken(facts),
        *forge_problems(facts),
        *facts.more_problems,
    )


def _taken(facts: Facts) -> Iterator[Problem]:
    """Yield who has the versions already; a pre-release that left no trace here has them itself."""
    if not released_already(facts):
        yield from (problem for tag in facts.tags for problem in _tag(facts, tag))
        yield from index_problems(facts)


def released_already(facts: Facts) -> bool:
    """Return whether the base *is* the release that its version names: there is nothing new in it.

    A version or a level that was asked for by name is new all the same: a release candidate
    becomes the final release that way.
    """
    return nothing_new(facts.request, facts.workspace, facts.position, facts.groups)


def nothing_new(
    request: Request, workspace: Workspace, position: Position, groups: Iterable[GroupVersion]
) -> bool:
    """Return whether nothing is new in any of some groups: see ``released_already``."""
    if request.as_it_is or request.says_which:
        return False
    return all(is_released(workspace, position, one) for one in groups)


def is_released(workspace: Workspace, position: Position, one: GroupVersion) -> bool:
    """Return whether a group is released as it is, nothing having been committed since."""
    tag = workspace.tag(one.group, one.previous)
    return bool(one.left) or (position.refs or {}).get(f"refs/tags/{tag}^{{}}") == position.base


def position_problems(position: Position, branches: str, remote: str) -> tuple[Problem, ...]:
    """Return what is wrong with the repository's branch, its files and its remote.

    ``branches`` are those that releases are made from, in words. Neither these nor the files matter
    for a commit that is released as it is.
    """
    if position.candidate:
        return () if position.remote_problem is None else (position.remote_problem,)
    found = []
    branch = position.target or branches
    if position.operation and (not position.is_on_target or position.dirty):
        # A detached HEAD, what is changed and how HEAD stands to its upstream all come of it.
        silent = position.remote_problem
        return (_unfinished(position.operation, branch), *((silent,) if silent else ()))
    if not position.is_on_target:
        found.append(_elsewhere(position, branches))
    if position.dirty:
        found.append(
            Problem(
                f"the working tree is not clean: {some(position.dirty)}",
                hint="commit, stash or ignore it, so that what is released is what is committed",
            )
        )
    if position.remote_problem is not None:
        found.append(position.remote_problem)
    if position.relation is Relation.DIVERGED:
        found.append(
            Problem(
                f"{branch} and {remote}/{branch} have diverged",
                hint=f"run `git pull --rebase {remote} {branch}` and look at the result first",
            )
        )
    return tuple(found)


def _elsewhere(position: Position, branches: str) -> Problem:
    where = f"on {position.branch}" if position.branch else "at a detached HEAD"
    branch = position.target or branches
    switch = f"run `git switch {branch}`; or set `branch` in [tool.release-sync]"
    as_it_is = "for a tag that exists pass `--tag TAG`, after a merge `--if-new`; or"
    return Problem(
        f"releases are made from {branches}, and this is {where}",
        hint=switch if position.branch else f"{as_it_is} {switch}",
    )


def _unfinished(operation: str, branch: str) -> Problem:
    git = f"git {operation}"
    ways = f"run `{git} --continue` to finish it, or `{git} --abort` to undo it"
    return Problem(
        f"`{git}` is not finished here, and releases are made from a clean {branch}",
        hint="run `git bisect reset` to end it" if operation == "bisect" else ways,
    )


def _behind(facts: Facts) -> list[Problem]:
    """Return why what this clone lacks is not released: somebody has to say that it should be."""
    request = facts.request
    if facts.position.relation is not Relation.BEHIND or request.pull or request.asks:
        return []
    branch, remote = facts.position.target, facts.workspace.configuration.remote
    return [
        Problem(
            f"{branch} is behind {remote}/{branch}, and commits that are not here would be in it",
            hint=f"run `git pull {remote} {branch}` and look at them; or pass `--pull`",
        )
    ]


def _guardrail(facts: Facts) -> list[Problem]:
    now, then = facts.findings, facts.draft.findings
    if now:
        sentence = f"the guardrail found {counted(len(now), 'finding')}"
        hint = "run `release-sync check`; `release-sync check --fix` fixes what it can"
        if facts.request.tag and not then:
            hint += _STAMP
        return [Problem(with_causes(sentence, first(now)), hint=hint)]
    if then:
        sentence = f"at {facts.versions} the guardrail would find {counted(len(then), 'finding')}"
        hint = (
            "only exact pins are moved: first widen the requirements that exclude the new version"
        )
        return [Problem(with_causes(sentence, first(then)), hint=hint)]
    return []


def _edits(facts: Facts) -> list[Problem]:
    """Return why a commit is not released as it is: a release would still change it."""
    edits, request = facts.draft.edits, facts.request
    if not (request.as_it_is and edits) or request.stamp or facts.findings:
        return []
    paths = some([edit.path for edit in edits])
    hint = f"bring them to {facts.versions} in a commit of their own, and release that"
    if request.tag:
        hint += _STAMP
    return [Problem(f"{facts.base[:7]} is not at {facts.versions} everywhere: {paths}", hint=hint)]


def _local(facts: Facts) -> list[Problem]:
    """Return why a local version (PEP 440) is not released: public indexes refuse it."""
    if LOCAL in facts.workspace.configuration.accept:
        return []
    return [
        Problem(
            f"{one.version} is a local version, which public indexes refuse",
            hint=f'`accept = ["{LOCAL}"]` in [tool.release-sync] says that this index takes it',
        )
        for one in facts.groups
        if "+" in one.version
    ]


def _outside(facts: Facts) -> list[Problem]:
    """Return which new versions the tags of their groups can't have."""
    return [
        Problem(
            f"{one.version} is no version of {one.group}, whose tags are {form}",
            hint="choose another one with `--version`, or say another `tag` in"
            f" [tool.release-sync.groups.{one.group}]",
        )
        for one in facts.groups
        if not in_tag(form := facts.workspace.tag(one.group), one.tag)
    ]


def _tag(facts: Facts, tag: str) -> list[Problem]:
    name = f"refs/tags/{tag}"
    refs = facts.position.refs or {}
    if facts.names.abandoned(tag) in refs:
        return [
            Problem(
                f"{tag} was begun and given up, and must not be used again",
                hint="choose a greater version with `--version`",
            )
        ]
    if facts.names.sealed(tag) in refs:
        return [
            Problem(
                f"{tag} is published already; it landed without a tag",
                hint="choose a greater version with `--version`",
            )
        ]
    here, there = facts.position.tags.get(name), refs.get(name)
    if here is None and there is None:
        return []
    remote = facts.workspace.configuration.remote
    if facts.position.existing:  # a job's checkout may have the commit in place of its tag object
        same = here in {None, there, facts.position.candidate}
        return [] if same else [_two_tags(tag, remote)]
    where = f"on {remote}" if here is None else "here" if there is None else f"here and on {remote}"
    return [
        Problem(
            f"the tag {tag} exists {where}",
            hint="release another version; or look at it with `git show"
            f" {tag}` before you delete it"
            + (f"; `--tag {tag}` releases its commit as it is" if there else ""),
        )
    ]


def _two_tags(tag: str, remote: str) -> Problem:
    return Problem(
        f"the tag {tag} here is not the one on {remote}",
        hint=f"see which is right; `git fetch --force {remote} tag {tag}` takes that of {remote}",
    )
