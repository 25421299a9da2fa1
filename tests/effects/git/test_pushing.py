"""What is found out about a remote before a release: by its address, a dry run and a probe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from git import Git
from tests.effects.git.conftest import MAIN, PENDING
from tests.fakes import git_faults, git_hosts
from tests.fakes.git_http import READER

from release_sync.errors import Forbidden, Problem, Refused, Stale, Unanswered
from release_sync.steps.ports.git import Update

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.effects.git.conftest import Pushing
    from tests.fakes.git_http import User

BRANCH = "refs/heads/waits/probe-1"
PROBE = "refs/release-sync/probe-1"


def rehearsed(one: Pushing, *more: Update) -> Problem | None:
    return one.repository.rehearse_push([Update(PROBE, one.head, None), *more])


# --- a dry run


def test_a_dry_run_asks_as_a_push_does_and_sends_nothing(pushing: Pushing) -> None:
    assert rehearsed(pushing) is None
    asked = [f"{one.method} {one.path}?{one.query}" for one in pushing.server.requests]
    assert set(asked) == {"GET /remote.git/info/refs?service=git-receive-pack"}
    assert pushing.server.requests[-1].user == "writer"
    assert pushing.refs() == pushing.before


def test_a_dry_run_finds_that_there_is_no_atomic_push(anywhere: Pushing) -> None:
    git_hosts.forget_atomic(anywhere.remote)
    problem = rehearsed(anywhere)
    assert isinstance(problem, Refused)
    assert problem.message == (
        "origin does not support atomic push: the receiving end does not support --atomic push"
    )
    assert "receive.advertiseAtomic" in problem.hint


@pytest.mark.parametrize("user", [READER, None], ids=["reads only", "nobody"])
def test_a_dry_run_finds_who_may_not_push(pushing: Pushing, user: User | None) -> None:
    pushing.server.anonymous = True
    pushing.is_(user)
    assert pushing.repository.remote_refs() is not None
    problem = rehearsed(pushing)
    assert isinstance(problem, Forbidden)
    assert "log in" in problem.hint


@pytest.mark.parametrize("status", [500, 503])
def test_a_dry_run_that_is_not_answered_says_so(pushing: Pushing, status: int) -> None:
    pushing.server.misbehave(git_faults.answer_everything(status))
    problem = rehearsed(pushing)
    assert isinstance(problem, Unanswered)
    assert (
        f"origin did not answer: unable to access {pushing.server.url()!r}".replace(
            ".git'", ".git/'"
        )
        in problem.message
    )


def test_a_dry_run_compares_the_leases(anywhere: Pushing) -> None:
    stale = Update(MAIN, anywhere.head, anywhere.head)
    problem = rehearsed(anywhere, stale)
    assert isinstance(problem, Stale)
    assert problem.refs == (MAIN,)
    assert rehearsed(anywhere, Update(MAIN, anywhere.head, anywhere.begin)) is None
    assert anywhere.refs() == anywhere.before


def test_a_dry_run_runs_no_hook_and_does_not_find_what_only_a_push_does(pushing: Pushing) -> None:
    hook = pushing.repository.common_dir / "hooks/pre-push"
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    git_hosts.decline_everything(pushing.remote)
    assert rehearsed(pushing) is None


# --- a probe


@pytest.mark.parametrize("ref", [BRANCH, PROBE])
def test_a_probe_leaves_nothing(anywhere: Pushing, ref: str) -> None:
    here = anywhere.repository.snapshot()
    assert anywhere.repository.try_probe(ref) is None
    assert anywhere.refs() == anywhere.before
    assert anywhere.repository.snapshot() == here


CREATING: dict[str, tuple[Callable[[Path], None], str]] = {
    "by a hook": (lambda one: git_hosts.refuse(one, BRANCH, "error: Bad name"), "Bad name"),
    "all together": (git_hosts.decline_everything, "is archived"),
    "hidden": (lambda one: git_hosts.hide_refs_from_all(one, "refs/heads/waits"), "hidden ref"),
}


@pytest.mark.parametrize("name", CREATING)
def test_a_probe_finds_what_can_not_be_created(anywhere: Pushing, name: str) -> None:
    set_up, words = CREATING[name]
    set_up(anywhere.remote)
    problem = anywhere.repository.try_probe(BRANCH)
    assert isinstance(problem, Refused)
    assert problem.message.startswith(f"{BRANCH} could not be created: ")
    assert words in problem.message
    assert problem.hint.startswith("nothing is left there")
    assert anywhere.refs() == anywhere.before


DELETING: dict[str, tuple[Callable[[Path], None], str]] = {
    "by configuration": (git_hosts.deny_deletes, "deletion prohibited"),
    "by a hook": (git_hosts.keep_branches, "Cannot delete this branch"),
}


@pytest.mark.parametrize("name", DELETING)
def test_a_probe_finds_what_can_not_be_deleted_and_names_it(anywhere: Pushing, name: str) -> None:
    set_up, words = DELETING[name]
    set_up(anywhere.remote)
    problem = anywhere.repository.try_probe(BRANCH)
    assert isinstance(problem, Refused)
    assert problem.message.startswith(f"{BRANCH} could be created and could not be deleted: ")
    assert words in problem.message
    assert problem.hint.startswith(f"{BRANCH} is left there: delete it by hand")
    assert anywhere.refs() == {**anywhere.before, BRANCH: anywhere.head}


def test_a_probe_says_who_may_not_push(pushing: Pushing) -> None:
    pushing.is_(READER)
    problem = pushing.repository.try_probe(BRANCH)
    assert isinstance(problem, Forbidden)
    assert "denied to reader" in problem.message


def test_a_probe_whose_answer_is_lost_is_deleted_all_the_same(pushing: Pushing) -> None:
    pushing.server.misbehave(git_faults.once(git_faults.lose_the_answer))
    assert pushing.repository.try_probe(BRANCH) is None
    assert pushing.refs() == pushing.before


def test_a_probe_that_is_left_is_named_though_its_answer_was_lost(pushing: Pushing) -> None:
    git_hosts.deny_deletes(pushing.remote)
    pushing.server.misbehave(git_faults.once(git_faults.lose_the_answer))
    problem = pushing.repository.try_probe(BRANCH)
    assert isinstance(problem, Refused)
    assert problem.hint.startswith(f"{BRANCH} is left there")
    assert BRANCH in pushing.refs()


def test_a_probe_that_is_never_answered_may_be_left(pushing: Pushing) -> None:
    pushing.server.misbehave(git_faults.lose_the_answer)
    problem = pushing.repository.try_probe(BRANCH)
    assert isinstance(problem, Unanswered)
    assert problem.hint.startswith(f"nothing but {BRANCH} can be left there")


def test_a_probe_that_comes_too_late_is_named(pushing: Pushing) -> None:
    held = git_faults.Held(gateway=True)
    pushing.server.misbehave(held)
    problem = pushing.repository.try_probe(BRANCH)
    assert isinstance(problem, Unanswered)
    assert problem.hint.startswith(f"nothing but {BRANCH} can be left there")
    held.let_go()
    assert pushing.refs() == {**pushing.before, BRANCH: pushing.head}


# --- where a push goes, and where it is read


def elsewhere(one: Pushing, how: str) -> Path:
    """Have pushes go to another repository than the one that is fetched from."""
    other = git_hosts.make_bare(one.remote.with_name("other.git"))
    config = one.repository.repo.git.config
    if how == "pushurl":
        config("remote.origin.pushurl", str(other))
    else:
        config(f"url.{other}.pushInsteadOf", one.server.url())
    return other


@pytest.mark.parametrize("how", ["pushurl", "pushInsteadOf"])
def test_what_is_pushed_elsewhere_is_absent_where_others_fetch(pushing: Pushing, how: str) -> None:
    other = elsewhere(pushing, how)
    pushing.repository.push([Update(PROBE, pushing.head, None)])
    assert PROBE in git_refs(other)
    read = pushing.repository.remote_refs()
    assert read is not None
    assert PROBE not in read
    assert pushing.repository.push_urls() == (str(other),)
    assert pushing.repository.several_push_urls_problem() is None


def git_refs(remote: Path) -> list[str]:
    return str(Git(remote).for_each_ref(format="%(refname)")).split()


def test_a_hidden_ref_is_absent_though_it_was_taken(anywhere: Pushing) -> None:
    git_hosts.hide_refs(anywhere.remote)
    anywhere.repository.push([Update(PROBE, anywhere.head, None)])
    assert PROBE in anywhere.refs()
    assert PROBE not in anywhere.repository.ask_remote()
    anywhere.repository.push([Update(PROBE, None, anywhere.head)])  # and it can be undone
    assert PROBE not in anywhere.refs()


@pytest.mark.parametrize("setting", ["pushurl", "url"])
def test_several_push_urls_are_a_problem(pushing: Pushing, setting: str) -> None:
    secret = "https://me:a-secret-password@host.example/tool.git"
    pushing.repository.repo.git.config("--add", f"remote.origin.{setting}", secret)
    if setting == "pushurl":
        assert pushing.repository.several_push_urls_problem() is None
        pushing.repository.repo.git.config("--add", "remote.origin.pushurl", "../two.git")
    problem = pushing.repository.several_push_urls_problem()
    assert problem is not None
    assert problem.message.startswith("a release is one atomic push, and origin has 2 push URLs: ")
    assert "a-secret-password" not in problem.message
    assert "host.example/tool.git" in problem.message
    assert "git config --replace-all remote.origin.pushurl" in problem.hint


def test_the_hint_about_several_push_urls_helps(pushing: Pushing) -> None:
    git = pushing.repository.repo.git
    git.config("--add", "remote.origin.url", "../two.git")
    git.config("--replace-all", "remote.origin.pushurl", pushing.server.url())
    assert pushing.repository.several_push_urls_problem() is None
    assert rehearsed(pushing) is None


def test_the_pending_ref_is_read_over_http_as_it_was_pushed(pushing: Pushing) -> None:
    assert pushing.repository.ask_remote()[PENDING] == pushing.begin
