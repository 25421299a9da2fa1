"""The remote: whether it answers, takes atomic pushes and our refs, and the rules of its forge."""

from __future__ import annotations

from fnmatch import fnmatchcase
from secrets import token_hex
from typing import TYPE_CHECKING

from release_sync.effects.doctor.rows import Row, State, fine, first_problem, unsure, wrong
from release_sync.effects.secrets import masked
from release_sync.errors import Problem, with_causes
from release_sync.forges.judgement import hint, landing_of
from release_sync.forges.rules import BRANCHES, Act, Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.effects.context import ReleaseContext
    from release_sync.forges.judgement import Landing
    from release_sync.forges.rules import Told
    from release_sync.workspace.model import Group

MOST = 10
"""So many branches that a glob matches are asked about."""


def remote(
    context: ReleaseContext, branches: Sequence[str], groups: Sequence[Group]
) -> Iterator[Row]:
    """Yield what is to be known of the remote; what needs an answer is left out without one.

    A ref of our own is made there, and removed again. The rules are those for the tags of all
    ``groups``.
    """
    name = context.repository.remote
    refs = _refs(context)
    if isinstance(refs, Problem):
        yield wrong("remote", refs)
        return
    yield fine("remote", f"{name} answers: {masked(', '.join(context.repository.push_urls()))}")
    pushing = first_problem("atomic push", context.push_problems(), f"{name} supports it")
    yield pushing
    probe = context.names.probe(token_hex(8))
    place = f"{context.names.prefix}/"
    if pushing.state is not State.FINE:
        yield unsure("pending refs", f"not tried: nothing can be pushed to {name}")
    else:
        said = f"{name} let one below {place} be made and removed"
        yield first_problem("pending refs", [context.repository.try_probe(probe)], said)
    yield from _rules(context, refs, branches, groups)


def _refs(context: ReleaseContext) -> Mapping[str, str] | Problem:
    repository = context.repository
    if repository.remote not in repository.remotes():
        add = f"run `git remote add {repository.remote} URL`"
        return Problem(f"there is no remote {repository.remote!r}", hint=add)
    try:
        return repository.ask_remote()
    except Problem as problem:
        return problem


def _rules(
    context: ReleaseContext,
    refs: Mapping[str, str],
    branches: Sequence[str],
    groups: Sequence[Group],
) -> Iterator[Row]:
    """Yield what the forge has against a push of the branch, and against a tag of each group."""
    here = context.repository.branch()
    plain = [one for one in branches if "*" not in one]
    branch = next((here for one in branches if fnmatchcase(here, one)), next(iter(plain), ""))
    if not groups:
        return
    first, *others = [
        (context.workspace.tag(one.name, one.version or "0"), context.names.pending(one.name))
        for one in groups
    ]
    is_new = f"{BRANCHES}{branch}" not in refs
    landing = landing_of(branch, *first, is_new=is_new, others=others)
    told, way = context.forge_rules(landing.every), context.workspace.configuration.land
    if not told.forge:
        text = "the remote is at no forge that is known: what it refuses shows when it is pushed to"
        yield unsure("branch rules", text)
        yield unsure("tag rules", "the same")
        return
    if way == "tag":
        yield fine("branch rules", 'no release pushes the branch (land = "tag")')
    elif not branch:
        yield unsure("branch rules", f"HEAD is on none of {', '.join(branches)}")
    else:
        moved = landing.beside if way == "branch" else landing.branch
        yield _rule("branch rules", told, moved, landing, way)
    yield from _tag_rules(told, landing, way, groups)
    yield from _unprotected(context, refs, [one for one in branches if "*" in one])


def _tag_rules(told: Told, landing: Landing, way: str, groups: Sequence[Group]) -> Iterator[Row]:
    """Yield one row where all tags are told the same, and else one for each group."""
    tags = (landing.tag, *landing.more)
    found = [_rule("tag rules", told, tag, landing, way) for tag in tags]
    if all(one.state is State.FINE for one in found):
        named = f"{tags[0]}" if len(tags) == 1 else f"the tags of {len(tags)} groups"
        yield fine("tag rules", f"no rule of {told.forge} is against {named}")
    elif told.unasked or len(tags) == 1:
        yield found[0]
    else:
        for group, row in zip(groups, found, strict=True):
            yield row._replace(name=f"tag rules ({group.name})")


def _rule(name: str, told: Told, change: Change, landing: Landing, way: str) -> Row:
    ruling = told.of(change)
    if told.unasked:
        return unsure(name, f"{told.forge} was not asked about {change}", told.unasked)
    if ruling.refused:
        message = with_causes(f"{told.forge} will refuse {change}", ruling.refused)
        return wrong(name, Problem(message, hint(told, landing, way)))
    perhaps = [rule.words for rule in ruling.rules]
    if perhaps or ruling.unknown:
        said = "; ".join([*perhaps, *filter(None, [ruling.unknown])])
        return unsure(name, f"{told.forge} may refuse {change}: {said}")
    return fine(name, f"no rule of {told.forge} is against {change}")


def _unprotected(
    context: ReleaseContext, refs: Mapping[str, str], globs: Sequence[str]
) -> Iterator[Row]:
    """Yield the branches of a glob that are not protected: whoever pushes there may release."""
    heads = [ref for ref in refs if ref.startswith(BRANCHES)]
    names = [
        ref for ref in heads if any(fnmatchcase(ref.removeprefix(BRANCHES), one) for one in globs)
    ]
    if not names:
        return
    told = context.forge_rules(tuple(Change(ref, Act.UPDATE) for ref in sorted(names)[:MOST]))
    free = [one.change.name for one in told.rulings if one.protected is False]
    if free:
        text = f"{', '.join(free)}: releases are made from there, and it is not protected"
        yield unsure("protection", text, f"protect {' and '.join(globs)} on {told.forge}")
