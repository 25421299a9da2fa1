"""The user's repository with its tags and its remote, through GitPython."""

from __future__ import annotations

import secrets
import socket
from contextlib import nullcontext
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.bounded import bounded
from release_sync.effects.git.deepening import answered
from release_sync.effects.git.environment import forget_place
from release_sync.effects.git.failures import translated
from release_sync.effects.git.history import ancestry, has_commit, log
from release_sync.effects.git.pushing import PushingRepository
from release_sync.effects.git.remote_refs import LISTING, parse_listing
from release_sync.effects.git.seal_commit import unwrap, write_tag
from release_sync.effects.write_problem import told_when_full
from release_sync.errors import Unanswered, Unreadable
from release_sync.seals.pending import Pending
from release_sync.seals.tag_objects import (
    parse_claim,
    parse_seal,
    target,
    write_claim,
)
from release_sync.trees.git import absolute, ask, toplevel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from release_sync.effects.git.history import Logged
    from release_sync.seals.ref_names import RefNames


FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=",
         "--no-recurse-submodules", "--no-auto-maintenance")  # fmt: skip
"""A fetch that brings objects and moves no ref, not even a tracking one."""

READABLE = b"sha1"
"""The only format of object names that GitPython reads (git-init(1), ``--object-format``)."""

SILENT = "see `git remote -v`, and try again when it answers"

COMMITS = "tree:0"
"""The filter that lets only commits through (git-rev-list(1), ``--filter``)."""


class Repository(PushingRepository):
    """A repository with a working tree, and one remote of it. Implements the port ``Git``."""

    def named(self, remote: str, names: RefNames) -> Repository:
        """Return the same repository with another remote, or with pending refs elsewhere."""
        return Repository(self.repo, remote, self.seconds, names, self.carriers, self.asked)

    # --- tags

    def make_tag(self, name: str, candidate: str, message: str, aside: Path) -> str:
        """Make a tag object without a ref among the user's tags; signed where git signs.

        Only ``git tag`` knows how to sign, and it always makes a ref: so it runs in a repository of
        its own in ``aside``, which writes its objects into this one. Raises Problem.
        """
        repo = git.Repo.init(aside, bare=True, object_format=self._object_format())
        repo.git.update_environment(GIT_DIR=str(aside))  # for safe.bareRepository (git-config(1))
        text = aside / "MESSAGE"
        text.write_text(message, encoding="utf-8")
        include = f"include.path={self.common_dir / 'config'}"
        objects = {"GIT_OBJECT_DIRECTORY": str(self.common_dir / "objects")}
        with (
            translated("the tag could not be made", hint="is git able to sign? try `git tag -s`"),
            repo.git.custom_environment(GIT_TERMINAL_PROMPT="0", **objects),
        ):
            repo.git.execute(
                ["git", "-c", include, "-c", "core.bare=true", "tag", "--annotate",
                 "--cleanup=verbatim", "--file", str(text), name, candidate]
            )  # fmt: skip
            return str(repo.git.rev_parse(f"refs/tags/{name}"))

    def make_claim(self, seal: str, tag: str, before: str | None) -> str:
        """Write a tag object on a seal, under no ref: a nonce makes it unlike any other."""
        message = write_claim(tag, socket.gethostname(), secrets.token_hex(16), before)
        tagger = str(self.repo.git.var("GIT_COMMITTER_IDENT"))
        text = f"object {seal}\ntype tag\ntag {tag}\ntagger {tagger}\n\n{message}"
        return write_tag(self.repo, text.encode("utf-8", "surrogateescape"))

    def read_pending(self, oid: str) -> Pending:
        """Read a seal or a claim; what is not here is fetched from the remote by its object name.

        Raises UnreadableSeal for anything else, Unanswered when the remote is silent.
        """
        if not self._has(oid):
            self._fetch(oid)
        raw = self._tag_object(oid)
        kind, pointed_to = target(oid, raw)
        if kind == "commit":
            return Pending(parse_seal(oid, raw))
        return Pending(parse_seal(pointed_to, self._tag_object(pointed_to)), parse_claim(oid, raw))

    def _object_format(self) -> str:
        return str(self.repo.git.rev_parse("--show-object-format"))

    # --- the remote

    def remotes(self) -> tuple[str, ...]:
        """Return the names of the remotes that are configured."""
        return tuple(one.name for one in self.repo.remotes)

    def remote_refs(self) -> Mapping[str, str] | None:
        """Ask the remote for all of its refs; None when it does not answer."""
        try:
            return self.ask_remote()
        except Unanswered:
            return None

    def ask_remote(self) -> Mapping[str, str]:
        """Ask the remote for all of its refs. Raises Unanswered."""
        refs = parse_listing(self.asked.answer(self.remote, self._listing), self.remote)
        for ref in filter(self._is_carried, refs):
            refs[ref] = self._unwrapped(refs[ref])
        for ref, oid in refs.items():
            # What is not here was never had here, and is nobody's question.
            if self.names.is_branch and ref.startswith(self.names.sealed("")) and self._has(oid):
                refs[ref] = unwrap(self.repo, oid) or oid
        return refs

    def asking(self) -> AbstractContextManager[None]:
        """Ask ahead while a block runs: who asks first in it gets this answer, the next one none.

        What is no remote is not asked: only a name can't be mistaken for anything else.
        """
        if self.remote not in self.remotes():
            return nullcontext()
        return self.asked.during(self.remote, self._listing, self.stop)

    def _listing(self) -> str:
        with self._answering():
            return bounded(self.repo, [*LISTING, self.remote], self.seconds)

    def _answering(self) -> translated:
        return translated(f"{self.remote} did not answer", Unanswered, SILENT)

    def _is_carried(self, ref: str) -> bool:
        below = f"{self.names.prefix}/"
        return self.names.is_branch and ref.startswith(below) and "/" not in ref[len(below) :]

    def _unwrapped(self, carrier: str) -> str:
        """Return the seal that a branch carries; a commit that carries none stays what it is."""
        self.fetch_commit(carrier)
        found = unwrap(self.repo, carrier)
        if found is None:
            return carrier
        self.carriers[found] = carrier
        return found

    def fetch(self, ref: str, oid: str = "") -> None:
        """Fetch a remote ref's objects, unless ``oid`` is here with all that it needs.

        No ref, not even a tracking one, is moved.
        """
        if not (oid and self._is_whole(oid)):
            self._fetch(ref)

    def _is_whole(self, oid: str) -> bool:
        """Return whether nothing of an object has to be fetched, as git's own fetch looks at it."""
        try:
            self.repo.git.rev_list("--objects", "--quiet", oid, "--not", "--all")
        except git.GitCommandError:
            return False
        return True

    def fetch_commit(self, commit: str) -> None:
        """Make sure that a commit is here, by its object name if need be. Raises Problem."""
        if not has_commit(self.repo, commit):
            self._fetch(commit)

    def _fetch(self, what: str) -> None:
        with self._answering(), told_when_full(self.common_dir):
            bounded(self.repo, [*FETCH, self.remote, what], self.seconds)

    def deepen(
        self,
        generations: int,
        commits: Sequence[str],
        aside: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Fetch the hidden ancestors of commits, so many generations of them; 0 for all.

        No ref is moved. With ``aside``, the path of a bare repository, they go there, and without
        their files where the remote can leave these out; git has the ``settings`` there that its
        environment says. Raises Unanswered.
        """
        depth = f"--deepen={generations}" if generations else "--unshallow"
        place = []
        if aside:  # as in a partial clone, which needs both settings
            mine = f"remote.{self.remote}."
            place = [f"--git-dir={aside}", "-c", f"{mine}promisor=true",
                     "-c", f"{mine}partialclonefilter={COMMITS}"]  # fmt: skip
        with self._answering():
            line = [*place, *FETCH, depth, self.remote, *commits]
            bounded(self.repo, line, self.seconds, settings)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Return whether ``old`` is reachable from ``new``, as the whole history has it.

        A shallow clone asks the remote for what it lacks. Raises Problem when that is no answer.
        """
        self.fetch_commit(new)
        found = self.reaches(new, old)
        return answered(self, old, new) if found is None else found

    def reaches(self, new: str, old: str) -> bool | None:
        """Return the same as it can be told here, None where a shallow clone hides the answer."""
        return ancestry(self.repo, old, new)

    def log(self, since: str, until: str, below: str = "", *, most: int = 0) -> tuple[Logged, ...]:
        """Return what was committed between two commits (see ``effects.git.history``)."""
        return log(self.repo, since, until, below, most=most)


def open_repository(path: str, remote: str = "origin") -> Repository:
    """Open the repository around a path, wherever git may say that we are.

    Raises Unreadable when there is none, when git refuses it (it is another user's, or damaged),
    and when its objects have names that GitPython can't read.
    """
    forget_place()
    try:
        repo = git.Repo(path, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
        if top := toplevel(path)[0]:
            ask(top, "rev-parse", "--git-dir")  # something is there: git says what is wrong with it
        raise Unreadable(
            f"not a git repository: {absolute(path).removesuffix('/.')}",
            hint="run it in a clone, or name one with `-C`; `git init` makes a new repository",
        ) from error
    form = ask(str(repo.working_tree_dir or repo.git_dir), "rev-parse", "--show-object-format")
    if form.strip() != READABLE:
        raise Unreadable(
            f"this repository names its objects by {form.decode().strip()}, which GitPython, by"
            f" which a release is made, can't read: it reads {READABLE.decode()}",
            hint="checks and hooks work here; a release needs a repository made with"
            f" `git init --object-format={READABLE.decode()}`",
        )
    return Repository(repo, remote)
