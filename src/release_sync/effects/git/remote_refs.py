"""The refs of a remote, parsed from an answer that is not trusted."""

from __future__ import annotations

import re

from release_sync.errors import Unanswered
from release_sync.lines import split_lines
from release_sync.standards.ref_names import is_invalid_ref

LISTING = ("-c", "protocol.version=0", "ls-remote")
"""Version 2 of the protocol waits for one answer more before it lists refs (gitprotocol-v2(5))."""

_OBJECT_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def parse_listing(listing: str, remote: str) -> dict[str, str]:
    r"""Return the object name of every ref that ``git ls-remote`` lists, as ``OID\tREF``.

    A peeled tag is listed beside it, as ``REF^{}``. git hands on what the remote says without
    looking at it: so there may be names that no git allows, and one name twice. Raises Unanswered.
    """
    refs: dict[str, str] = {}
    for line in split_lines(listing):
        oid, _, ref = line.partition("\t")
        if not (_OBJECT_NAME.fullmatch(oid) and _is_ref(ref)):
            raise _unreadable(remote, f"{line!r:.200} is not an object name and a ref")
        if refs.setdefault(ref, oid) != oid:
            raise _unreadable(remote, f"{ref!r:.200} is listed twice, and not as the same")
    return refs


def _is_ref(ref: str) -> bool:
    """Return whether a remote can have a ref of that name (git-check-ref-format(1))."""
    name = ref.removesuffix("^{}")
    return name == "HEAD" or (
        name.startswith("refs/") and not is_invalid_ref(name) and "@{" not in name
    )


def _unreadable(remote: str, reason: str) -> Unanswered:
    return Unanswered(
        f"the answer of {remote} can't be read: {reason}",
        hint=f"see what `git ls-remote {remote}` prints; no git answers so",
    )
