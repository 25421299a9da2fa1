"""Seals and claims as the text of tag objects: the one place that writes and parses them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from release_sync.errors import Problem
from release_sync.seals.fields import (
    SECTION,
    Malformed,
    TagText,
    artifact,
    attested,
    companion,
    environments,
    group_name,
    held,
    level,
    object_name,
    printable,
    ref_name,
)
from release_sync.seals.pending import Claim, Sealed, State, Strategy
from release_sync.standards.versions import is_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.seals.built_with import BuiltWith

FORMAT = 2
"""The version of the texts; a reader refuses a newer one."""

STAGED_FORMAT = 3
"""That of the seal of a staged release: who knows only the one before would upload it directly."""

SEVERAL_FORMAT = 4
"""That of the seal of several groups: its members have several versions."""

_NUMBER = re.compile(r"[0-9]{1,9}")


class UnreadableSeal(Problem):
    """An object that is no seal, a damaged one, or one of another format."""


def write_seal(sealed: Sealed, subject: str) -> str:
    """Return the message of a seal: a subject, then what a machine reads."""
    staged = sealed.strategy is Strategy.STAGED
    lines = [
        subject,
        "",
        f"{SECTION}{_format(sealed)}",
        f"State: {sealed.state.value}",
        f"Made-By: {sealed.maker}",
        f"Group: {sealed.group}",
        f"Version: {sealed.version}",
        f"Branch: {sealed.branch}",
        f"Base: {sealed.base}",
        f"Index: {sealed.index}",
        *([f"Strategy: {sealed.strategy.value}"] if staged else []),
        *([f"Existing-Tag: {sealed.existing}"] if sealed.existing else []),
        *([f"Primary: {sealed.primary}"] if sealed.primary else []),
        *([f"Reserved: {sealed.reserved}"] if sealed.reserved else []),
        *(
            " ".join(["Companion:", one.group, one.version, one.tag, one.oid, *one.members])
            for one in sealed.companions
        ),
        *(f"Level: {' '.join(level)}" for level in sealed.levels),
        *(
            f"Artifact: sha256:{one.sha256} {one.size} {one.member} {one.filename}"
            for one in sealed.artifacts
        ),
        *(
            f"Attestation: sha256:{each.sha256} {each.filename}"
            for one in sealed.artifacts
            for each in one.attestations
        ),
        *(line for one in sealed.environments for line in _environment(one)),
    ]
    return "\n".join(lines) + "\n"


def _format(sealed: Sealed) -> int:
    if sealed.companions:
        return SEVERAL_FORMAT
    return STAGED_FORMAT if sealed.strategy is Strategy.STAGED else FORMAT


def write_claim(tag: str, host: str, nonce: str, before: str | None = None) -> str:
    """Return the message of a claim: from now on, files of the release may be on the index.

    ``before`` is the claim that it replaces, if it does.
    """
    return "\n".join([
        f"Uploading {tag}",
        "",
        f"{SECTION}{FORMAT}",
        f"State: {State.UPLOADING.value}",
        f"Host: {printable(host)}",
        *([f"Replaces: {before}"] if before else []),
        f"Nonce: {nonce}",
        "",
    ])  # fmt: skip


def target(oid: str, raw: str) -> tuple[str, str]:
    """Return the kind (``commit`` or ``tag``) and the name of what a tag object points to.

    Raises UnreadableSeal.
    """
    text = _cut(oid, raw)
    return text.kind, text.object


def parse_seal(oid: str, raw: str) -> Sealed:
    """Parse a seal as ``git cat-file tag`` prints it. Raises UnreadableSeal."""
    text = _readable(oid, raw)
    try:
        return _seal(oid, text)
    except ValueError as error:
        raise UnreadableSeal(f"the seal {oid[:12]} is damaged: {error}") from error


def parse_claim(oid: str, raw: str) -> Claim:
    """Parse a claim as ``git cat-file tag`` prints it. Raises UnreadableSeal."""
    text = _readable(oid, raw)
    try:
        held("State", text.one("State"), lambda one: one == State.UPLOADING.value)
        held("Nonce", text.one("Nonce"), bool)
        for one in text.many("Replaces"):
            object_name(one)
        host = printable(text.one("Host"))
        return Claim(oid, text.object, text.holder, host, text.time)
    except ValueError as error:
        raise UnreadableSeal(f"the claim {oid[:12]} is damaged: {error}") from error


def _seal(oid: str, text: TagText) -> Sealed:
    if text.kind != "commit":
        raise Malformed("it names no commit")
    version = held("Version", text.one("Version"), is_version)
    companions = tuple(companion(one) for one in text.many("Companion"))
    others = {name: one.version for one in companions for name in one.members}
    sealed = Sealed(
        oid=oid,
        candidate=text.object,
        base=object_name(text.one("Base")),
        group=group_name(text.one("Group")),
        version=version,
        tag=ref_name(text.tag),
        branch=ref_name(text.one("Branch")),
        index=held("Index", text.one("Index"), lambda one: one == printable(one)),
        levels=tuple(level(one) for one in text.many("Level")),
        artifacts=attested(
            [artifact(one, version, others) for one in text.many("Artifact")],
            text.many("Attestation"),
        ),
        maker=held("Made-By", text.one("Made-By"), is_version),
        holder=text.holder,
        time=text.time,
        state=State(text.one("State")),
        existing=object_name(text.one("Existing-Tag")) if text.many("Existing-Tag") else "",
        companions=companions,
        primary=group_name(text.one("Primary")) if text.many("Primary") else "",
        environments=environments(text.many("Environment"), text.many("Build-Requirement")),
        strategy=_strategy(text),
        reserved=object_name(text.one("Reserved")) if text.many("Reserved") else "",
    )
    _coherent(sealed)
    return sealed


def _strategy(text: TagText) -> Strategy:
    """Return the strategy, which a format decides: so nobody overlooks it. Raises Malformed."""
    found = text.many("Strategy")
    staged = found == [Strategy.STAGED.value]
    several = text.format == str(SEVERAL_FORMAT)
    if (found and not staged) or (not several and staged != (text.format == str(STAGED_FORMAT))):
        raise Malformed(f"format {text.format} has no such strategy: {printable(str(found))}")
    if several != bool(text.many("Companion")):
        raise Malformed(f"format {text.format} is not that of its groups")
    return Strategy.STAGED if staged else Strategy.DIRECT


def _environment(one: BuiltWith) -> Iterator[str]:
    yield f"Environment: {one.key} {one.python} {one.platform}"
    for each in one.requirements:
        what = " ".join([one.key, each.name, each.version, *each.hashes])
        yield f"Build-Requirement: {what}"


def _coherent(sealed: Sealed) -> None:
    """Raise Malformed when the parts of a seal, each right alone, don't go together."""
    members = sealed.members
    if not members or len(set(members)) != len(members):
        raise Malformed("it names no member, or one twice")
    if sealed.state is State.UPLOADING:
        raise Malformed("a seal does not upload: a claim on it does")
    if sealed.reserved and (sealed.state is State.RESERVED or sealed.environments):
        raise Malformed("its files are not made elsewhere, and it was reserved")
    built = {one.member for one in sealed.artifacts}
    names = [one.filename for one in sealed.artifacts]
    expected = set() if sealed.state is State.RESERVED else set(members)
    if built != expected or len(set(names)) != len(names):
        raise Malformed("its files are not those of its members")
    if sealed.companions:
        _coherent_groups(sealed)


def _coherent_groups(sealed: Sealed) -> None:
    groups = sealed.groups
    parted = [name for one in groups for name in one.members]
    if (
        sealed.primary
        or [one.group for one in groups] != sorted({one.group for one in groups})
        or len({one.tag for one in groups}) != len(groups)
        or sorted(parted) != sorted(sealed.members)
        or not all(one.members for one in groups)
    ):
        raise Malformed("its groups exclude each other")


def _cut(oid: str, raw: str) -> TagText:
    try:
        return TagText(raw)
    except ValueError as error:
        raise UnreadableSeal(f"the object {oid[:12]} is no seal: {error}") from error


def _readable(oid: str, raw: str) -> TagText:
    text = _cut(oid, raw)
    if text.format not in {str(FORMAT), str(STAGED_FORMAT), str(SEVERAL_FORMAT)}:
        if _NUMBER.fullmatch(text.format) and int(text.format) > SEVERAL_FORMAT:
            raise UnreadableSeal(
                f"{oid[:12]} is a seal of format {text.format}, made by a newer release-sync",
                hint="upgrade release-sync, then run the same again",
            )
        raise UnreadableSeal(f"the object {oid[:12]} is no seal of release-sync")
    return text
