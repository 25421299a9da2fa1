"""What a report says, as JSON's own types; ``docs/events.md`` says what each field means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from release_sync.plan.availability import NOTHING, UNKNOWN
from release_sync.plan.situation import Since
from release_sync.run.status import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import Enum

    from release_sync.plan.situation import Commit, Situation
    from release_sync.run.after.attested import Attested
    from release_sync.run.after.rebuilt import Rebuilt
    from release_sync.run.before.inspection import Inspection
    from release_sync.run.pending import Found
    from release_sync.run.served_files import ServedFile
    from release_sync.run.status import Status
    from release_sync.seals.artifact import Artifact
    from release_sync.seals.pending import Sealed


def situation_fields(found: Situation) -> dict[str, Any]:
    """Return the fields of a plan that say what it was made in."""
    first, *_ = found.since or (Since(""),)
    return {
        "heads": {
            "here": None if found.here is None else _commit(found.here),
            "remote": None if found.there is None else _commit(found.there),
            "ahead": [_commit(one) for one in found.ahead],
            "behind": [_commit(one) for one in found.behind],
        },
        "since": first.tag,
        "changes": changed_members(found.since),
        "served": [
            {
                "member": name,
                "answer": one.reply.name.lower(),
                "versions": list(one.versions),
                "without_files": list(one.empty),
                "yanked": sorted(one.yanked),
                "status": one.status,
                "reason": one.reason,
            }
            for name, one in found.served.items()
        ],
    }


def changed_members(since: Sequence[Since]) -> list[dict[str, Any]] | None:
    """Return what was done in the members of some groups; None where that is not known of one."""
    changes = [one.changes for one in since if one.changes is not None]
    if len(changes) < len(since):
        return None
    return [
        {"member": name, "commits": one.commits, "files": one.files}
        for group in changes
        for name, one in group.items()
    ]


def groups_of(sealed: Sealed) -> list[dict[str, Any]]:
    """Return every group of a release, with its version and its tag."""
    return [
        {
            "group": one.group,
            "version": one.version,
            "tag": one.tag,
            "members": list(one.members),
            "object": one.oid,
        }
        for one in sealed.groups
    ]


def pending_fields(found: Found) -> dict[str, Any]:
    """Return the fields that say which release is pending, and whose it is."""
    sealed, pending = found.sealed, found.pending
    return {
        "group": sealed.group,
        "version": sealed.version,
        "tag": sealed.tag,
        "groups": groups_of(sealed),
        "branch": sealed.branch,
        "index": sealed.index,
        "candidate": sealed.candidate,
        "existing": sealed.existing,
        "seal": sealed.oid,
        "state": found.state.name.lower(),
        "holder": pending.who if pending else "",
    }


def status_fields(found: Status) -> dict[str, Any]:
    """Return the fields of a status; what could not be asked is null, what is not there empty."""
    meaning: dict[str, str | None] = {UNKNOWN: None, NOTHING: ""}
    return {
        "folder": found.folder,
        "members": [
            {column: meaning.get(cell, cell) for column, cell in zip(COLUMNS, row, strict=True)}
            for row in found.rows
        ],
        "groups": [
            {
                "group": one.group,
                "since": one.tag,
                "changed": None if one.hidden else one.is_changed,
                "members": changed_members([one]),
            }
            for one in found.changed
        ],
        "drift": [
            {"between": one.between, "about": one.about, "text": one.words} for one in found.drift
        ],
        "unknown": list(found.unknown),
        "pending": [pending_fields(one) for one in found.found],
        "unreadable": [line for line in found.pending if line.startswith(UNKNOWN)],
        "silence": found.silence,
        "notes": list(found.notes),
    }


def verified_fields(
    sealed: Sealed,
    index: str,
    files: Sequence[ServedFile],
    attested: Attested,
    rebuilt: Rebuilt | None = None,
) -> dict[str, Any]:
    """Return the fields that say what an index serves of a release, and what git gives."""
    same = rebuilt is None or rebuilt.is_identical
    return {
        "group": sealed.group,
        "version": sealed.version,
        "tag": sealed.tag,
        "index": index,
        "ok": same and not attested.bad and all(one.is_as_sealed for one in files),
        "files": [
            {
                **_file(one.artifact, one.seen),
                "yanked": one.is_yanked,
                "attestations": [mine._asdict() for mine in attested.of(one.artifact)],
                **more,
            }
            for one, more in zip(files, _rebuilt_files(files, rebuilt), strict=True)
        ],
        **({} if rebuilt is None else _rebuilt(sealed, rebuilt)),
    }


def _rebuilt(sealed: Sealed, found: Rebuilt) -> dict[str, Any]:
    return {
        "candidate": sealed.candidate,
        "built_with": list(found.built_with),
        "not_sealed": list(found.more),
        "notes": list(found.notes),
    }


def _rebuilt_files(files: Sequence[ServedFile], found: Rebuilt | None) -> list[dict[str, Any]]:
    if found is None:
        return [{} for _ in files]
    return [
        {"rebuilt": one.word, "differences": list(one.differences), "not_compared": one.unseen}
        for one in found.files
    ]


def inspection_fields(seen: Inspection) -> dict[str, Any]:
    """Return the fields that a dry run of `resume` and `abort` adds to what is pending."""
    claim = seen.found.release.claim
    return {
        "sealed_at": seen.found.sealed.time,
        "begun_at": None if claim is None else claim.time,
        "stopped": seen.stopped,
        "files": [_file(one, answer) for one, answer in seen.files],
        "refs": [{"where": one.where, "ref": one.name, "object": one.oid} for one in seen.refs],
        "ways": [
            {"command": one.command, "does": one.does, "refused": one.refused} for one in seen.ways
        ],
    }


def _file(artifact: Artifact, seen: Enum) -> dict[str, Any]:
    return {
        "member": artifact.member,
        "filename": artifact.filename,
        "size": artifact.size,
        "sha256": artifact.sha256,
        "seen": seen.value,
    }


def _commit(commit: Commit) -> dict[str, str]:
    return {"commit": commit.oid, "subject": commit.subject}
