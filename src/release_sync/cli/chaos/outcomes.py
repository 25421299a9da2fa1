"""Kill a release at every boundary, finish or undo it, and look at what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import git

from release_sync.cli.chaos.crashing_release import NOTHING_PENDING
from release_sync.effects.build.artifact_store import sha256
from release_sync.effects.rehearsal.sandbox import Sandbox, open_sandbox
from release_sync.effects.secrets import environment, without_upload_secrets
from release_sync.errors import Problem
from release_sync.lines import split_lines
from release_sync.plan.channels.development import BACK
from release_sync.run.rehearsing import rehearsed_branch
from release_sync.seals.tag_objects import parse_seal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from release_sync.effects.context import ReleaseContext

SECONDS = 300
"""How long one run of a release may take."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one death left: ``finished`` and ``undone`` say what is wrong; empty is fine.

    ``undone`` is None behind the first upload, where nothing can be undone any more.
    """

    boundary: int
    name: str
    finished: tuple[str, ...]
    undone: tuple[str, ...] | None

    @property
    def good(self) -> bool:
        """Return whether the promise held."""
        return not self.finished and not self.undone


def boundaries(context: ReleaseContext, groups: Sequence[str]) -> list[str]:
    """Release once without dying, and return the names of the boundaries that were passed."""
    with _sandbox(context) as place:
        base = git.Repo(place.checkout).head.commit.hexsha
        done = _release(context, groups, place)
        wrong = [done.stderr[-2000:]] if done.returncode else _half_done(place, base, groups)
        if wrong:
            raise Problem(f"the release does not even work undisturbed: {'; '.join(wrong)}")
        log = place.folder / "boundaries"
        return split_lines(log.read_text(encoding="utf-8"))


def outcomes(
    context: ReleaseContext, groups: Sequence[str], names: Sequence[str], chosen: Iterable[int]
) -> Iterator[Outcome]:
    """Die at each chosen boundary (from 1), then finish; and once more, then undo."""
    begun = names.index("after git.make_claim") + 1
    for boundary in chosen:
        finished = _finished(context, groups, boundary)
        undone = _undone(context, groups, boundary) if boundary <= begun else None
        yield Outcome(boundary, names[boundary - 1], tuple(finished), undone)


def _finished(context: ReleaseContext, groups: Sequence[str], boundary: int) -> list[str]:
    with _sandbox(context) as place:
        base = git.Repo(place.checkout).head.commit.hexsha
        wrong = _die(context, groups, place, boundary)
        # Of a release that was over when it died, another run would make the next one.
        again = _release(context, groups, place, *(["--abort"] if _is_over(place, base) else []))
        if again.returncode not in {0, NOTHING_PENDING}:
            return [*wrong, f"the second run ended with {again.returncode}: {again.stderr[-500:]}"]
        return [*wrong, *_half_done(place, base, groups)]


def _undone(context: ReleaseContext, groups: Sequence[str], boundary: int) -> tuple[str, ...]:
    with _sandbox(context) as place:
        before = _state(place)
        wrong = _die(context, groups, place, boundary)
        again = _release(context, groups, place, "--abort")
        if again.returncode not in {0, NOTHING_PENDING}:
            wrong.append(f"abort ended with {again.returncode}: {again.stderr[-500:]}")
        after = _state(place)
        wrong += [f"{name} is not as it was" for name in before if before[name] != after[name]]
        return tuple(wrong)


def _die(
    context: ReleaseContext, groups: Sequence[str], place: Sandbox, boundary: int
) -> list[str]:
    died = _release(context, groups, place, "--at", str(boundary))
    if died.returncode == -signal.SIGKILL:
        return []
    return [f"it did not die, but ended with {died.returncode}"]


def _is_over(place: Sandbox, base: str) -> bool:
    """Return whether something was released, and nothing of it is kept anywhere to be finished."""
    pushed = split_lines(place.opened().git.rev_list("--branches", f"^{base}"))
    return bool(pushed) and not _pending(place)


def _half_done(place: Sandbox, base: str, groups: Sequence[str]) -> list[str]:
    """Return everything that a finished release must not leave."""
    remote, checkout = place.opened(), git.Repo(place.checkout)
    branch = str(checkout.active_branch)
    wrong = []
    but = ("--invert-grep", f"--grep=^{BACK}")  # what followed the release
    commits = split_lines(remote.git.rev_list("--branches", f"^{base}", *but))
    if len(commits) != 1:
        wrong.append(f"{len(commits)} commits were pushed, and not one")
    tags = remote.git.for_each_ref("refs/tags", format="%(objectname) %(*objectname)")
    rows = [line.split(" ") for line in split_lines(tags)]
    oids = [oid for oid, commit in rows if commit in commits]
    if len(oids) != len(groups):
        wrong.append(f"{len(oids)} tags are on the release, and not {len(groups)}")
    else:
        seals = [parse_seal(oid, remote.git.cat_file("tag", oid)) for oid in oids]
        (sealed,) = (one for one in seals if not one.primary)
        served = {file.name: sha256(file) for file in place.packages.iterdir()}
        if served != {one.filename: one.sha256 for one in sealed.artifacts}:
            wrong.append("the index does not have exactly the sealed files")
    if checkout.head.commit.hexsha != remote.git.rev_parse(f"refs/heads/{branch}"):
        wrong.append(f"the checkout is not at the remote's {branch}")
    return wrong + _leftovers(place)


def _pending(place: Sandbox) -> list[str]:
    return [
        f"{ref} is left in {repo.git_dir}"
        for repo in (place.opened(), git.Repo(place.checkout))
        for ref in split_lines(repo.git.for_each_ref("refs/release-sync", format="%(refname)"))
    ]


def _leftovers(place: Sandbox) -> list[str]:
    checkout = git.Repo(place.checkout)
    wrong = _pending(place)
    if checkout.is_dirty(untracked_files=True):
        wrong.append("the working tree is not clean")
    if len(split_lines(checkout.git.worktree("list"))) != 1:
        wrong.append("a scratch checkout is left")
    if any((place.folder / "tmp").iterdir()):
        wrong.append("a scratch folder is left")
    kept = list((place.checkout / ".git/release-sync/artifacts").glob("*"))
    return wrong + [f"{folder.name}'s artifacts are kept" for folder in kept]


def _state(place: Sandbox) -> dict[str, object]:
    """Return what an undone release must leave as it was, byte for byte."""
    files = (file for file in sorted(place.checkout.rglob("*")) if file.is_file())
    inside = {file: file.relative_to(place.checkout).parts for file in files}
    checkout = git.Repo(place.checkout)
    return {
        "the working tree": {str(f): f.read_bytes() for f, p in inside.items() if p[0] != ".git"},
        "what is staged": checkout.git.ls_files("--stage"),
        "HEAD": (place.checkout / ".git/HEAD").read_bytes(),
        "the refs here": checkout.git.for_each_ref(format="%(refname) %(objectname)"),
        "the worktrees": checkout.git.worktree("list"),
        "the remote": place.opened().git.for_each_ref(format="%(refname) %(objectname)"),
        "the index": sorted(file.name for file in place.packages.iterdir()),
    }


def _sandbox(context: ReleaseContext) -> AbstractContextManager[Sandbox]:
    configuration = context.workspace.configuration
    return open_sandbox(
        context.repository.repo, rehearsed_branch(context), configuration.remote, keep=False
    )


def _release(
    context: ReleaseContext, groups: Sequence[str], place: Sandbox, *more: str
) -> subprocess.CompletedProcess[str]:
    """Run a release in a process of its own, with a temporary folder of its own."""
    scratch = place.folder / "tmp"
    scratch.mkdir(exist_ok=True)
    prefix = os.path.relpath(context.source.root, context.repository.top)
    named = [word for one in groups for word in ("--group", one)]
    return subprocess.run(
        [
            sys.executable, "-m", "release_sync.cli.chaos.crashing_release",
            str(place.checkout / prefix),
            "--simple", place.index.simple, "--upload", place.index.upload,
            "--log", str(place.folder / "boundaries"), *named, *more,
        ],
        env={
            **without_upload_secrets(environment()), **place.environ(), "TMPDIR": str(scratch),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )  # fmt: skip
