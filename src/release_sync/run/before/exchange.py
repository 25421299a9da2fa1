"""The exchange of a job's identity for a token, tried before a release begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.plan.facts import End
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from release_sync.plan.release import Release
    from release_sync.run.context import Context


def must_get_token(context: Context, release: Release) -> None:
    """Raise Problem where the index gives this job no token to upload with (trusted publishing).

    It is asked only where it has every project: on PyPI the exchange for a pending publisher makes
    its project, and nobody has said yes yet.
    """
    served = release.situation.served.values()
    if release.end is not End.RELEASED or any(one.reply is not Reply.PAGE for one in served):
        return
    refused = context.index().exchange_problem(release.draft.members)
    if refused is not None:
        raise refused
