"""What a report says, as JSON's own types; ``docs/events.md`` says what each field means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from release_sync.plan.situation import Commit, Situation


def situation_fields(found: Situation) -> dict[str, Any]:
    """Return the fields of a plan that say what it was made in."""
    changes = None if found.changes is None else [
        {"member": name, "commits": one.commits, "files": one.files}
        for name, one in found.changes.items()
    ]  # fmt: skip
    return {
        "heads": {
            "here": None if found.here is None else _commit(found.here),
            "remote": None if found.there is None else _commit(found.there),
            "ahead": [_commit(one) for one in found.ahead],
            "behind": [_commit(one) for one in found.behind],
        },
        "since": found.since,
        "changes": changes,
        "served": [
            {"member": name, "answer": one.reply.name.lower(), "versions": list(one.versions)}
            for name, one in found.served.items()
        ],
    }


def _commit(commit: Commit) -> dict[str, str]:
    return {"commit": commit.oid, "subject": commit.subject}
