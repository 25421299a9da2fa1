"""What is in the way of a release around it: the tools, the remote, the locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from release_sync.errors import Problem
    from release_sync.plan.facts import Draft, Position
    from release_sync.run.context import Context


def in_the_way(
    context: Context, seen: Position, *, uploads: bool
) -> tuple[Callable[[], Sequence[Problem | None]], ...]:
    """Return the questions what is wrong around a release, rather than with it."""

    def tools() -> Sequence[Problem | None]:
        found = [context.repository.identity_problem(), *context.tool_problems(uploads=uploads)]
        if not uploads:  # the seal says that it is staged, and who finishes it can't change that
            found.append(context.staging_problem(uploads=False))
        return found

    pushes = () if seen.refs is None else (context.push_problems,)
    return (tools, *pushes, lambda: (context.isolation.problem,))


def answers_of(around: Iterable[Future[Sequence[Problem | None]]]) -> Iterator[Problem | None]:
    """Yield what they found, once they are answered."""
    for one in around:
        yield from one.result()


def of_locks(
    context: Context, seen: Position, before: Collection[str], found: Draft
) -> Iterator[Problem | None]:
    """Yield what uv has against the locks; what it builds to say so is a build, too.

    It is asked where nothing is found, ``before`` the edits or with them: whether it needs more in
    the lock than versions.
    """
    if not (context.isolation.problem or before or found.findings):
        files = {edit.path: edit.content for edit in found.edits}
        yield context.lock_problem(seen.base, files, found.locks)
