"""The clone: where HEAD is, what is not committed, who commits, signatures, hooks."""

from __future__ import annotations

import tempfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import git

from release_sync.effects.doctor.rows import Row, fine, first_problem, unsure, wrong
from release_sync.effects.git.bounded import bounded
from release_sync.effects.git.failures import cause, git_output
from release_sync.effects.regular_file import read
from release_sync.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from release_sync.effects.git.repository import Repository

SIGNING_SECONDS = 60
"""How long a signature may take; somebody may have to touch a key for it."""

SHOWN = 3
"""So many files that are not committed are named."""

CONFIGURATIONS = (".pre-commit-config.yaml", "prek.toml")


def clone(repository: Repository) -> Iterator[Row]:
    """Yield what is to be known of a clone, whatever is configured."""
    if not repository.is_checked_out:
        yield unsure(
            "working tree",
            "there is none",
            "only `resume --artifacts`, `status`, `abort` and `verify` need none",
        )
    else:
        yield _files(repository)
    yield first_problem("identity", [repository.identity_problem()], _identity(repository))
    yield _signing(repository)
    yield _hooks(repository)


def branch_row(repository: Repository, branches: Sequence[str]) -> Row:
    """Return whether HEAD is on a branch that releases are made from."""
    here = repository.branch()
    if any(fnmatchcase(here, one) for one in branches):
        return fine("branch", here)
    where = here or f"HEAD is detached at {repository.head()[:7]}"
    wanted = " or ".join(branches)
    plain = next((one for one in branches if "*" not in one), "")
    hint = f"run `git switch {plain}`" if plain else "switch to one of these"
    return unsure("branch", f"{where}; releases are made from {wanted}", hint)


def _files(repository: Repository) -> Row:
    operation, dirty = repository.operation(), repository.dirty()
    if operation:
        return unsure("working tree", f"`git {operation}` is not finished", "finish it, or undo it")
    if not dirty:
        return fine("working tree", "clean")
    more = f" and {len(dirty) - SHOWN} more" if len(dirty) > SHOWN else ""
    return unsure(
        "working tree",
        f"not committed: {', '.join(dirty[:SHOWN])}{more}",
        "commit, stash or ignore it before a release",
    )


def _identity(repository: Repository) -> str:
    try:
        said = str(repository.repo.git.var("GIT_COMMITTER_IDENT"))
    except git.GitCommandError:
        return ""
    return f"{said.partition('>')[0]}>"


def _signing(repository: Repository) -> Row:
    """Sign a commit that is thrown away, where commits or tags are to be signed."""
    wanted = [key for key in ("commit.gpgSign", "tag.gpgSign") if repository.is_set(key)]
    if not wanted:
        return fine("signing", "neither commit.gpgSign nor tag.gpgSign is set")
    with tempfile.TemporaryDirectory() as objects:
        here = repository.common_dir / "objects"
        aside = {"GIT_OBJECT_DIRECTORY": objects, "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(here)}
        line = ["commit-tree", "-S", "-m", "A trial", "HEAD^{tree}"]
        try:
            with repository.repo.git.custom_environment(**aside):
                bounded(repository.repo, line, SIGNING_SECONDS)
        except git.GitCommandError as error:
            message = f"{' and '.join(wanted)}: git can't sign: {cause(git_output(error))}"
            hint = "see that `git commit -S` works here (user.signingKey, gpg.format)"
            return wrong("signing", Problem(message, hint))
    return fine("signing", f"{' and '.join(wanted)}: a commit was signed for a trial")


def _hooks(repository: Repository) -> Row:
    folder = Path(str(repository.repo.git.rev_parse("--git-path", "hooks")))
    base = Path(repository.repo.working_tree_dir or repository.repo.git_dir)
    installed = {name: _read(base / folder / name) for name in ("pre-commit", "pre-push")}
    ours = [name for name, text in installed.items() if "release-sync" in text]
    if ours:
        return fine("hooks", f"{' and '.join(ours)} in {folder}")
    listing = [one for one in CONFIGURATIONS if "release-sync" in _read(base / one)]
    if listing and installed["pre-commit"]:
        return fine("hooks", f"pre-commit, by {listing[0]}")
    if listing:
        program = "prek" if listing[0] == "prek.toml" else "pre-commit"
        hint = f"run `{program} install` in this clone"
        return unsure("hooks", f"{listing[0]} has one, and it is not installed here", hint)
    hint = "run `release-sync init --git-hooks`, or `--pre-commit`"
    return unsure("hooks", "nothing checks what is committed here", hint)


def _read(file: Path) -> str:
    try:
        return read(file).decode(errors="replace")
    except OSError:
        return ""
