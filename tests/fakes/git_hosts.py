"""Bare repositories that take and refuse what hosts do, by git's own configuration and hooks."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HOOK = """#!/bin/sh
# update REF OLD NEW (githooks(5)): refuse what a line of the file `refusals` matches.
what=update
case $2 in *[!0]*) ;; *) what=create ;; esac
case $3 in *[!0]*) ;; *) what=delete ;; esac
while read -r kind pattern reason; do
    case $1 in $pattern) ;; *) continue ;; esac
    case $kind in any | "$what") echo "$reason" >&2; exit 1 ;; esac
done < "$GIT_DIR/refusals"
exit 0
"""

_LINEAR = """#!/bin/sh
# pre-receive (githooks(5)): refuse what would bring a merge to a branch.
while read -r old new ref; do
    case $ref in refs/heads/*) ;; *) continue ;; esac
    [ -z "$(git rev-list --merges -n 1 "$new" --not --all)" ] && continue
    echo "error: This branch must not contain merge commits" >&2
    exit 1
done
"""


def make_bare(folder: Path) -> Path:
    """Make an empty bare repository whose branch is ``main``."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder], check=True)
    return folder


def configure(remote: Path, key: str, value: str) -> None:
    """Add a value of git's configuration."""
    subprocess.run(["git", "-C", remote, "config", "--add", key, value], check=True)


def refuse(remote: Path, pattern: str, reason: str, what: str = "any") -> None:
    """Refuse refs that match a pattern of the shell: create, update, delete or any."""
    with (remote / "refusals").open("a", encoding="utf-8") as file:
        file.write(f"{what} {pattern} {reason}\n")
    _install(remote, "update", _HOOK)


def protect_branch(remote: Path, branch: str = "main") -> None:
    """Take a branch's updates from nobody: they come by pull request."""
    refuse(remote, f"refs/heads/{branch}", f"error: Protected branch {branch}")


def protect_tags(remote: Path, pattern: str = "*") -> None:
    """Let nobody create tags."""
    refuse(remote, f"refs/tags/{pattern}", "error: Protected tag")


def require_linear_history(remote: Path) -> None:
    """Refuse every push with a merge in it, as a rule for a linear history does."""
    _install(remote, "pre-receive", _LINEAR)


def take_only_branches_and_tags(remote: Path) -> None:
    """Refuse every other namespace."""
    refuse(remote, "refs/release-sync*", "error: Only branches and tags can be pushed")


def keep_branches(remote: Path, pattern: str = "*") -> None:
    """Let branches be created, and nobody delete them."""
    refuse(remote, f"refs/heads/{pattern}", "error: Cannot delete this branch", "delete")


def deny_deletes(remote: Path) -> None:
    """Let nobody delete any ref."""
    configure(remote, "receive.denyDeletes", "true")


def hide_refs(remote: Path, prefix: str = "refs/release-sync") -> None:
    """Take pushes of these refs, and show them to nobody who reads."""
    configure(remote, "uploadpack.hideRefs", prefix)


def hide_refs_from_all(remote: Path, prefix: str = "refs/release-sync") -> None:
    """Neither show these refs nor take pushes of them."""
    configure(remote, "transfer.hideRefs", prefix)


def forget_atomic(remote: Path) -> None:
    """Be a server that does not know atomic pushes."""
    configure(remote, "receive.advertiseAtomic", "false")


def decline_everything(remote: Path, reason: str = "the repository is archived") -> None:
    """Refuse every push as a whole, by a pre-receive hook."""
    _install(remote, "pre-receive", f"#!/bin/sh\necho '{reason}' >&2\nexit 1\n")


def be_read_only(remote: Path) -> None:
    """Refuse every push before it is sent (http.receivepack, git-http-backend(1))."""
    configure(remote, "http.receivepack", "false")


def _install(remote: Path, name: str, script: str) -> None:
    hook = remote / "hooks" / name
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(script, encoding="utf-8")
    hook.chmod(0o755)
