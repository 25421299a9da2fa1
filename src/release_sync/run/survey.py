"""Looking once, before anything is planned: gather every fact, and every trouble."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from release_sync.errors import Problem, Unreadable
from release_sync.plan.draft import draft
from release_sync.plan.facts import Facts, Position, Relation, Request
from release_sync.plan.version import chosen, latest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from release_sync.steps.world import Observed
    from release_sync.workspace.editing import FileEdit
    from release_sync.workspace.model import Group, Workspace


class Repository(Protocol):
    """What the survey asks of git."""

    remote: str

    def head(self) -> str: ...  # noqa: D102 - see effects.git
    def branch(self) -> str: ...  # noqa: D102
    def dirty(self) -> tuple[str, ...]: ...  # noqa: D102
    def has_remote(self) -> bool: ...  # noqa: D102
    def ask_remote(self) -> Mapping[str, str]: ...  # noqa: D102
    def local_refs(self, prefix: str) -> Mapping[str, str]: ...  # noqa: D102
    def fetch(self, ref: str) -> None: ...  # noqa: D102
    def is_ancestor(self, old: str, new: str) -> bool: ...  # noqa: D102
    def identity_problem(self) -> Problem | None: ...  # noqa: D102


class Source(Protocol):
    """What the survey asks of the workspace at a commit."""

    def workspace(self, rev: str) -> Workspace: ...  # noqa: D102 - see effects.source
    def findings(self, rev: str) -> tuple[str, ...]: ...  # noqa: D102
    def edited(  # noqa: D102
        self, rev: str, versions: Mapping[str, str]
    ) -> tuple[tuple[FileEdit, ...], Workspace, tuple[str, ...]]: ...


class Index(Protocol):
    """What the survey asks of an index."""

    name: str

    def look_up_version(self, project: str, version: str) -> Observed:  # noqa: D102
        ...


def position(repository: Repository, branch: str) -> Position:
    """See where the repository and its remote stand; fetches objects, and moves no ref."""
    head = repository.head()
    refs, trouble = _remote_refs(repository)
    upstream = (refs or {}).get(f"refs/heads/{branch}")
    return Position(
        head=head,
        branch=repository.branch(),
        dirty=repository.dirty(),
        relation=_relation(repository, head, upstream, branch)
        if refs is not None
        else Relation.UNKNOWN,
        upstream=upstream,
        refs=refs,
        tags=repository.local_refs("refs/tags"),
        remote_problem=trouble,
    )


def survey(
    request: Request,
    seen: Position,
    source: Source,
    repository: Repository,
    open_index: Callable[[], Index],
    troubles: Callable[[], Sequence[Problem | None]],
) -> Facts:
    """Gather the facts of a release. Raises Problem for what leaves nothing to plan.

    The index is asked while git and uv are.
    """
    base = seen.base
    workspace = source.workspace(base)
    group = choose_group(workspace, request.group)
    previous = group.version or latest(
        workspace.tag(group.name), {**(seen.refs or {}), **seen.tags}
    )
    version = chosen(previous, request.levels, request.version)
    with ThreadPoolExecutor(1) as pool:
        index = pool.submit(_asked, open_index, group.members, version)
        edits, edited, findings = source.edited(base, dict.fromkeys(group.members, version))
        before = source.findings(base)
        in_the_way = (repository.identity_problem(), *troubles())
        name, served = index.result()
    return Facts(
        request=request,
        position=seen,
        base=base,
        workspace=workspace,
        findings=before,
        group=group.name,
        previous=previous,
        version=version,
        tag=workspace.tag(group.name, version),
        index=name,
        draft=draft(edits, edited, findings, tuple(group.members), version),
        served=served,
        troubles=tuple(one for one in in_the_way if one),
    )


def choose_group(workspace: Workspace, name: str) -> Group:
    """Return the group of that name; without a name, the only one. Raises Unreadable."""
    groups = {group.name: group for group in workspace.groups if group.members}
    if not groups:
        raise Unreadable(
            "no package of this workspace is ever released: all are private",
            hint="a package needs a [build-system], and must not be listed under `private`",
        )
    if not name and len(groups) == 1:
        return next(iter(groups.values()))
    wanted = name or "default"
    if wanted in groups:
        return groups[wanted]
    known = ", ".join(groups)
    raise Unreadable(
        f"there is no group {wanted!r} ({known})" if name else f"which group? ({known})",
        hint="name one with `--group`",
    )


def _remote_refs(repository: Repository) -> tuple[Mapping[str, str] | None, Problem | None]:
    if not repository.has_remote():
        return None, Problem(
            f"there is no remote {repository.remote!r}",
            hint=f"run `git remote add {repository.remote} URL`;"
            " or set `remote` in [tool.release-sync]",
        )
    try:
        return repository.ask_remote(), None
    except Problem as problem:
        return None, problem


def _relation(repository: Repository, head: str, upstream: str | None, branch: str) -> Relation:
    if upstream is None:
        return Relation.NEW
    if upstream == head:
        return Relation.SAME
    repository.fetch(f"refs/heads/{branch}")
    if repository.is_ancestor(upstream, head):
        return Relation.AHEAD
    return Relation.BEHIND if repository.is_ancestor(head, upstream) else Relation.DIVERGED


def _asked(
    open_index: Callable[[], Index], members: Sequence[str], version: str
) -> tuple[str, dict[str, Observed]]:
    index = open_index()
    return index.name, _served(index, members, version)


def _served(index: Index, members: Sequence[str], version: str) -> dict[str, Observed]:
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda member: index.look_up_version(member, version), members)
        return dict(zip(members, answers, strict=True))
