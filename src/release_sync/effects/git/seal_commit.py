"""A seal, or a claim on it, in a branch: for remotes that take no refs but branches and tags.

A branch can only point to a commit, and these are tag objects. So a commit carries them: its tree
holds the seal as the file ``seal``, and a claim on it as the file ``claim``. Its parent is the
candidate, or what the branch is moved from: many hosts let a branch only be moved forward. So one
seal may have several carriers: what counts is the one that was seen on the remote.
"""

from __future__ import annotations

import re

import git

from release_sync.effects.git.objects import read_object, write_object

FILE, CLAIM = "seal", "claim"

_TAGGER = re.compile(rb"^tagger (?P<name>.*) <(?P<mail>.*)> (?P<date>\d+ [+-]\d{4})$", re.MULTILINE)
_OBJECT = re.compile(rb"^object (?P<name>[0-9a-f]+)$", re.MULTILINE)
_TYPE = re.compile(rb"^type (?P<kind>[a-z]+)$", re.MULTILINE)


def wrap(repo: git.Repo, oid: str, after: str = "") -> str:
    """Return a carrier of a seal or a claim, writing it: a child of ``after``, or of the candidate.

    Raises GitCommandError for what is no tag object, ValueError for one that points to no commit.
    """
    last = seal = _raw(repo, oid)
    files = {FILE: seal}
    if _kind(last) == "tag":
        seal = _raw(repo, _target(last))
        files = {FILE: seal, CLAIM: last}
    parent = after or _target(seal)
    tagger = _TAGGER.search(last)
    if tagger is None or _kind(seal) != "commit":
        raise ValueError(oid)
    entries = "".join(
        f"100644 blob {write_object(repo, ['git', 'hash-object', '-w', '--stdin'], raw)}\t{name}\n"
        for name, raw in sorted(files.items())
    )
    tree = write_object(repo, ["git", "mktree"], entries.encode())
    command = [
        "git",
        "-c",
        "i18n.commitEncoding=UTF-8",
        "commit-tree",
        "--no-gpg-sign",
        tree,
        "-p",
        parent,
    ]
    return write_object(repo, command, b"A release is pending\n", _identity(tagger))


def unwrap(repo: git.Repo, carrier: str) -> str | None:
    """Return the seal or the claim that a commit carries, writing it; None for any other commit."""
    found = None
    for name in (FILE, CLAIM):
        try:
            raw = read_object(repo, ["git", "cat-file", "blob", f"{carrier}:{name}"])
            found = write_tag(repo, raw)
        except git.GitCommandError:
            break
    return found


def write_tag(repo: git.Repo, raw: bytes) -> str:
    """Write a tag object and return its name. Raises GitCommandError for what is none."""
    return write_object(repo, ["git", "hash-object", "-t", "tag", "-w", "--stdin"], raw)


def _raw(repo: git.Repo, oid: str) -> bytes:
    return read_object(repo, ["git", "cat-file", "tag", oid])


def _kind(raw: bytes) -> str:
    found = _TYPE.search(raw)
    return "" if found is None else found["kind"].decode()


def _target(raw: bytes) -> str:
    found = _OBJECT.search(raw)
    if found is None:
        raise ValueError(raw)
    return found["name"].decode()


def _identity(tagger: re.Match[bytes]) -> dict[str, str]:
    found = {name: value.decode("utf-8", "replace") for name, value in tagger.groupdict().items()}
    return {
        f"GIT_{role}_{key}": found[name]
        for role in ("AUTHOR", "COMMITTER")
        for key, name in (("NAME", "name"), ("EMAIL", "mail"), ("DATE", "date"))
    }
