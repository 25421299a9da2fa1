"""What is made ready for a release that begins without a question."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from release_sync.plan.facts import End

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from release_sync.plan.facts import Request
    from release_sync.run.context import Context


def without_delay(context: Context, request: Request) -> AbstractContextManager[None]:
    """Make ready what a build will need, where nobody is asked whether there shall be one.

    Mostly it is of HEAD, or of what has the same requirements.
    """
    if request.asks or request.end is End.RESERVED:
        return nullcontext()
    return context.prepared(context.repository.head())
