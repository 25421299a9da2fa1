"""What a remote's forge has against the changes of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.effects.forge.finding import Kind, find
from release_sync.forges import gitea, github, gitlab
from release_sync.forges.rules import Asked, Pusher, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from release_sync.effects.index.trust import Trust
    from release_sync.forges.rules import Change

RULINGS = {Kind.GITHUB: github.rulings, Kind.GITLAB: gitlab.rulings, Kind.GITEA: gitea.rulings}


def ask(
    url: str,
    changes: tuple[Change, ...],
    environ: Mapping[str, str],
    trust: Trust,
    *,
    signs: bool = False,
) -> Told:
    """Ask the forge that a remote's address leads to; nothing of it is ever raised.

    ``signs``: the commits of this repository are signed.
    """
    forge = find(url, environ)
    if forge is None:
        return Told()
    if not forge.token:
        names = " or ".join(forge.variables)
        return Told(forge.place.host, unasked=f"set {names} to have it asked")
    from release_sync.effects.forge.api import Api  # noqa: PLC0415 - 0.1 s, and rarely needed

    asked = Asked(Api(forge, trust).ask, forge.place.path, Pusher(forge.place.is_over_http, signs))
    return Told(forge.place.host, forge.variable, rulings=RULINGS[forge.kind](asked, changes))
