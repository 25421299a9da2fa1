"""Remote-tracking refs: what a ref of the remote was when it was last seen."""

from __future__ import annotations

import git

from release_sync.lines import split_records


def tracking(repo: git.Repo, remote: str, ref: str) -> tuple[str, ...]:
    """Return the refs that follow one of the remote's, by its refspecs (gitrevisions(7))."""
    try:
        specs = split_records(repo.git.config("--null", "--get-all", f"remote.{remote}.fetch"))
    except git.GitCommandError:  # none is configured
        return ()
    found = (_follower(spec.removeprefix("+"), ref) for spec in specs)
    return tuple(one for one in found if one)


def _follower(spec: str, ref: str) -> str:
    source, _, target = spec.partition(":")
    if ref == source:
        return target
    before, star, after = source.partition("*")
    if not star or not ref.startswith(before) or not ref.endswith(after):
        return ""
    return target.replace("*", ref.removeprefix(before).removesuffix(after))
