"""Pushes to the remote of a release, and the trials before the first one."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING

import git

from release_sync.effects.git.bounded import bounded, end_all
from release_sync.effects.git.failures import cause, git_output, translated
from release_sync.effects.git.local import LocalRepository
from release_sync.effects.git.push_failures import push_problem
from release_sync.effects.git.remote_tracking import tracking
from release_sync.effects.git.seal_commit import wrap
from release_sync.effects.secrets import last_lines, masked
from release_sync.effects.world.beside import AskedAhead
from release_sync.errors import Problem, Refused, Stale, Unanswered, Unsent
from release_sync.lines import split_lines
from release_sync.seals.fields import LARGEST
from release_sync.seals.ref_names import RefNames
from release_sync.seals.tag_objects import UnreadableSeal
from release_sync.steps.ports.git import Update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NETWORK_SECONDS = 120
"""How long a remote may take to answer."""

HOOK_SECONDS = 900
"""How long a push may take on which the repository's own pre-push hook has a say: tests, often."""


SOON = 10
"""How long it may take when somebody has asked us to end, and what is left is to be told."""


class PushingRepository(LocalRepository):
    """A repository with a working tree, and the pushes to its remote."""

    def __init__(
        self,
        repo: git.Repo,
        remote: str,
        seconds: float = NETWORK_SECONDS,
        names: RefNames | None = None,
        carriers: dict[str, str] | None = None,
        asked: AskedAhead | None = None,
    ) -> None:
        """Hold an open repository; nothing is asked yet. The remote has ``seconds`` to answer.

        ``names`` says where the remote keeps pending refs: where these are branches, commits have
        to carry what they point to, and ``carriers`` are those that were seen there. What was
        ``asked`` ahead is not asked again.
        """
        super().__init__(repo)
        self.remote = remote
        self.seconds = seconds
        self.names = names or RefNames()
        self.carriers = {} if carriers is None else carriers
        self.asked = asked or AskedAhead()
        self._kinds: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def stop(self) -> None:
        """End what waits for the remote; from now on it may take ``SOON`` to answer."""
        self.seconds = min(self.seconds, SOON)
        end_all()

    def push(self, updates: Sequence[Update], *, hooks: bool = False) -> None:
        """Push all updates as one act, each by compare-and-swap (``--force-with-lease``).

        Raises Forbidden or Stale when nothing was changed, Refused when the remote said no (its
        ``refs`` are those that it has something against), Unanswered when the remote may have done
        it, or may still do it: then what is there has to be read.
        """
        line = self._line(updates, hooks=hooks)
        try:
            bounded(self.repo, line, HOOK_SECONDS if hooks else self.seconds)
        except git.GitCommandError as error:
            raise push_problem(self.remote, error, hooks=hooks) from error
        for one in updates:
            self._forget_tracking(one.ref)

    def problems(self) -> tuple[Problem | None, ...]:
        """Return what is wrong with the refs here, or with pushing them: nothing is sent for it."""
        return self.asked.answer((self.remote, self.names), self._problems)

    @contextmanager
    def rehearsing(self, stop: Callable[[], None]) -> Iterator[None]:
        """Find out while a block runs; ``stop`` ends it. Who could be asked for passwords has time.

        For ssh would ask for two of them at once.
        """
        if sys.stdin.isatty():
            yield
            return
        with self.asked.during((self.remote, self.names), self._problems, stop):
            yield

    def _problems(self) -> tuple[Problem | None, ...]:
        if any(early := (self.broken_refs_problem(), self.several_push_urls_problem())):
            return early
        return (self.rehearse_push([Update(self.names.probe(token_hex(8)), self.head(), None)]),)

    def rehearse_push(self, updates: Sequence[Update]) -> Problem | None:
        """Return why a push of these updates would fail; nothing is sent (``--dry-run``).

        The remote is asked for its refs as for a push: it has to answer, to let us in and to
        support atomic push, and the refs have to be what the updates say. Its hooks, and its rules
        about refs, are not asked.
        """
        line = self._line(updates, "--dry-run", hooks=False)
        try:
            bounded(self.repo, line, self.seconds)
        except git.GitCommandError as error:
            problem = push_problem(self.remote, error, hooks=False)
            if not isinstance(problem, Unanswered):
                return problem
            return Unanswered(
                f"{self.remote} did not answer: {cause(git_output(error))}",
                hint=f"see that `git push --dry-run {self.remote}` works here, then try again",
            )
        return None

    def try_probe(self, ref: str) -> Problem | None:
        """Create a ref from HEAD on the remote and delete it; return what could not be done.

        Where the remote does not let it be deleted it is left there, and the Problem names it.
        """
        head = self.head()
        created = self._failure(Update(ref, head, None))
        if isinstance(created, Unsent):
            return created
        if isinstance(created, Refused):
            return Refused(
                f"{ref} could not be created: {created.message}",
                hint="nothing is left there: allow such refs, or set another `waiting`",
            )
        deleted = self._failure(Update(ref, None, head))
        if deleted is None:
            return None
        if isinstance(deleted, Refused) and not isinstance(deleted, Stale):
            return Refused(
                f"{ref} could be created and could not be deleted: {deleted.message}",
                hint=f"{ref} is left there: delete it by hand, and allow such refs to be deleted,"
                " or set another `waiting`",
            )
        return Unanswered(
            (created or deleted).message,
            hint=f"nothing but {ref} can be left there: delete it by hand, should it appear",
        )

    def push_urls(self) -> tuple[str, ...]:
        """Return the addresses that git pushes to (``url``, ``pushurl``, ``pushInsteadOf``)."""
        with translated(f"git knows no address of {self.remote}"):
            urls = self.repo.git.remote("get-url", "--push", "--all", self.remote)
        return tuple(split_lines(str(urls)))

    def several_push_urls_problem(self) -> Problem | None:
        """Return a Problem when git would push to several addresses, one after the other."""
        urls = self.push_urls()
        if len(urls) == 1:
            return None
        return Problem(
            f"a release is one atomic push, and {self.remote} has {len(urls)} push URLs:"
            f" {masked(', '.join(urls))}",
            hint=f"set the one to release to: `git config --replace-all remote.{self.remote}"
            ".pushurl URL`; or name another `remote`",
        )

    def tracking(self, ref: str) -> tuple[str, ...]:
        """Return the refs here that follow one of the remote's."""
        return tracking(self.repo, self.remote, ref)

    def _failure(self, update: Update) -> Problem | None:
        """Push one update; return why it failed."""
        try:
            self.push([update])
        except Problem as problem:
            return problem
        return None

    def _line(self, updates: Sequence[Update], *options: str, hooks: bool) -> list[str]:
        leases = [
            f"--force-with-lease={one.ref}:{self.pushed(one.ref, one.old)}" for one in updates
        ]
        specs = [f"{self._successor(one)}:{one.ref}" for one in updates]
        return [*self._of_these_refs(hooks=hooks), *options, *leases, self.remote, *specs]

    def _of_these_refs(self, *, hooks: bool) -> list[str]:
        """Return the start of a push of these refs and no other, however the user pushes."""
        verify = "--verify" if hooks else "--no-verify"
        signs = self.is_set("push.gpgSign")
        signed = ["--signed=if-asked"] if signs else []  # few servers ask; the others would refuse
        return ["-c", f"remote.{self.remote}.mirror=false", "push", "--atomic", "--porcelain",
                verify, "--no-follow-tags", "--no-recurse-submodules", *signed]  # fmt: skip

    def pushed(self, ref: str, oid: str | None) -> str:
        """Return what a ref points to that stands for an object; of a branch, it is a carrier."""
        if oid is None or not self._has_to_be_carried(ref, oid):
            return oid or ""
        if oid not in self.carriers:
            self.carriers[oid] = wrap(self.repo, oid)
        return self.carriers[oid]

    def _successor(self, update: Update) -> str:
        """Return what a ref is moved to; a carrier is a child of the one that it replaces."""
        new, before = update.new, self.pushed(update.ref, update.old)
        if new and before and self._has_to_be_carried(update.ref, new):
            self.carriers[new] = wrap(self.repo, new, before)
        return self.pushed(update.ref, new)

    def _has_to_be_carried(self, ref: str, oid: str) -> bool:
        return ref.startswith("refs/heads/") and self._kind(oid) == "tag"

    def _kind(self, oid: str) -> str:
        """Return what an object is; what one is never changes, so git is asked once."""
        if oid not in self._kinds:
            self._kinds[oid] = str(self.repo.git.cat_file("-t", oid))
        return self._kinds[oid]

    def _tag_object(self, oid: str) -> str:
        """Return the text of a tag object, for which git is asked once. Raises UnreadableSeal."""
        if oid not in self._texts:
            self._texts[oid] = self._read_tag_object(oid)
        return self._texts[oid]

    def _read_tag_object(self, oid: str) -> str:
        try:
            kind = self._kind(oid)
            if kind != "tag":
                raise UnreadableSeal(f"{oid[:12]} is a {kind}, and no seal")
            if int(self.repo.git.cat_file("-s", oid)) > LARGEST:
                raise UnreadableSeal(f"{oid[:12]} is larger than any seal")
            return str(self.repo.git.cat_file("tag", oid))
        except git.GitCommandError as error:
            raise UnreadableSeal(
                f"git can't read {oid[:12]}: {last_lines(git_output(error))}",
                hint="`git fsck` shows more; another clone may have it whole",
            ) from error

    def _forget_tracking(self, ref: str) -> None:
        """Remove what git noted of a ref that only release-sync reads."""
        if self.names.is_own(ref):
            for one in self.tracking(ref):
                self.set_local_ref(one, None, self.local_ref(one))
