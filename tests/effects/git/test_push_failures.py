"""What is known of the remote after a push that failed: refused, overtaken, forbidden, or nothing.

What the tests see is asked of the bare repository itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from git import GitCommandError
from tests.effects.git.conftest import MAIN, PENDING, TAG
from tests.fakes import git_faults, git_hosts
from tests.fakes.git_http import READER, User

from release_sync.effects.git.push_failures import push_problem
from release_sync.errors import Forbidden, Refused, Stale, Unanswered
from release_sync.steps.ports.git import Update

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.effects.git.conftest import Pushing
    from tests.fakes.git_http import Behaviour

REFUSING: dict[str, tuple[Callable[[Path], None], tuple[str, ...], str]] = {
    "a protected branch": (git_hosts.protect_branch, (MAIN,), "Protected branch main"),
    "a protected tag": (git_hosts.protect_tags, (TAG,), "Protected tag"),
    "a namespace": (git_hosts.take_only_branches_and_tags, (PENDING,), "Only branches and tags"),
    "everything": (git_hosts.decline_everything, (MAIN, TAG, PENDING), "is archived"),
}


@pytest.mark.parametrize("name", REFUSING)
def test_a_refusal_names_the_refs_that_the_remote_refused(anywhere: Pushing, name: str) -> None:
    set_up, refs, words = REFUSING[name]
    set_up(anywhere.remote)
    with pytest.raises(Refused, match=words) as refused:
        anywhere.repository.push(anywhere.landing())
    assert type(refused.value) is Refused
    assert set(refused.value.refs) == set(refs)
    assert anywhere.refs() == anywhere.before


def test_a_stale_lease_is_told_apart_and_nothing_is_sent(anywhere: Pushing) -> None:
    stale = [*anywhere.landing()[:1], Update(TAG, anywhere.head, anywhere.begin)]
    with pytest.raises(Stale) as lost:
        anywhere.repository.push(stale)
    assert lost.value.refs == (TAG,)
    assert anywhere.refs() == anywhere.before
    assert anywhere.server.pushes() == []


def test_a_ref_that_moves_within_a_push_is_stale(anywhere: Pushing) -> None:
    move_within(anywhere)
    is_over_http = anywhere.repository.repo.remotes.origin.url.startswith("http")
    # Over HTTP it may be this very push that moved it: curl sends one again that was not answered.
    with pytest.raises(Unanswered if is_over_http else Stale):
        anywhere.repository.push([Update(TAG, anywhere.head, None)])
    assert anywhere.refs()[TAG] == anywhere.begin


def move_within(one: Pushing) -> None:
    """Have the remote create the tag between the question for its refs and the push."""
    hook = one.remote / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\nunset GIT_QUARANTINE_PATH\ngit update-ref {TAG} {one.begin}\n",
        encoding="utf-8",
    )
    hook.chmod(0o755)


UNCLEAR: dict[str, tuple[Behaviour, bool]] = {
    "its answer is lost": (git_faults.lose_the_answer, True),
    "nothing is ever answered": (git_faults.say_nothing, True),
    "it is dropped": (git_faults.drop_the_push, False),
    **{
        f"a gateway says {status} to what was sent": (git_faults.answer_pushes(status), False)
        for status in (401, 403, 404, 429, 500, 502, 503, 504)
    },
    **{
        f"a gateway says {status} before": (git_faults.answer_writers(status), False)
        for status in (500, 502, 503, 504)
    },
}


@pytest.mark.parametrize("hooks", [False, True], ids=["", "with hooks"])
@pytest.mark.parametrize("name", UNCLEAR)
def test_what_was_not_answered_clearly_is_unanswered(
    pushing: Pushing, name: str, *, hooks: bool
) -> None:
    behaviour, is_done = UNCLEAR[name]
    pushing.server.misbehave(behaviour)
    with pytest.raises(Unanswered):
        pushing.repository.push(pushing.landing(), hooks=hooks)
    assert pushing.refs() == (pushing.landed if is_done else pushing.before)


@pytest.mark.parametrize("hooks", [False, True], ids=["", "with hooks"])
def test_a_push_that_curl_sent_again_is_unanswered(pushing: Pushing, *, hooks: bool) -> None:
    pushing.server.misbehave(git_faults.once(git_faults.say_nothing))
    with pytest.raises(Unanswered, match="cannot lock ref"):
        pushing.repository.push(pushing.landing(), hooks=hooks)
    assert len(pushing.server.pushes()) == 2
    assert pushing.refs() == pushing.landed


def test_a_push_that_takes_too_long_is_unanswered(pushing: Pushing) -> None:
    held = git_faults.Held()
    pushing.server.misbehave(held)
    pushing.repository.seconds = 2
    with pytest.raises(Unanswered, match="did not end within 2 seconds"):
        pushing.repository.push(pushing.landing())
    assert pushing.refs() == pushing.before
    held.let_go()
    assert pushing.refs() == pushing.landed


def test_a_remote_that_dies_after_it_took_the_push_is_unanswered(pushing: Pushing) -> None:
    pushing.moves_to(str(pushing.remote))
    hook = pushing.remote / "hooks/post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nkill -9 $PPID\nsleep 1\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(Unanswered):
        pushing.repository.push(pushing.landing(), hooks=True)
    assert pushing.refs() == pushing.landed


def test_a_push_that_was_taken_in_part_is_no_refusal(anywhere: Pushing) -> None:
    # A remote's `--atomic` leaves out of indented_tail what is hidden from pushes.
    git_hosts.hide_refs_from_all(anywhere.remote, "refs/release-sync-abandoned")
    abandoned = "refs/release-sync-abandoned/v1"
    with pytest.raises(Unanswered, match=f"took a part of the push, and not {abandoned}"):
        anywhere.repository.push([*anywhere.landing(), Update(abandoned, anywhere.head, None)])
    assert anywhere.refs() == anywhere.landed


NOBODY = User("writer", "a-wrong-password")
FORBIDDEN: dict[str, tuple[User | None, str]] = {
    "who may only read": (READER, "Permission to remote denied to reader"),
    "without credentials": (None, "could not read Username"),
    "with a wrong password": (NOBODY, "Authentication failed"),
}


@pytest.mark.parametrize("hooks", [False, True], ids=["", "with hooks"])
@pytest.mark.parametrize("name", FORBIDDEN)
def test_who_may_not_push_is_told_so_and_nothing_is_sent(
    pushing: Pushing, name: str, *, hooks: bool
) -> None:
    user, words = FORBIDDEN[name]
    pushing.is_(user)
    with pytest.raises(Forbidden, match=words) as refused:
        pushing.repository.push(pushing.landing(), hooks=hooks)
    assert "nothing was sent" in refused.value.hint
    assert pushing.server.pushes() == []
    assert pushing.refs() == pushing.before


@pytest.mark.parametrize("status", [401, 403, 404])
def test_who_is_refused_before_anything_is_sent_may_not_push(pushing: Pushing, status: int) -> None:
    pushing.server.misbehave(git_faults.answer_writers(status, "You are not allowed to push.\n"))
    with pytest.raises(Forbidden):
        pushing.repository.push(pushing.landing())
    assert pushing.server.pushes() == []


def test_a_read_only_server_is_forbidden(pushing: Pushing) -> None:
    git_hosts.be_read_only(pushing.remote)
    with pytest.raises(Forbidden, match="403"):
        pushing.repository.push(pushing.landing())


RECORDED = {
    "asked to log in, after a push that needed no login to begin with": (
        "",
        (
            "fatal: could not read Username for 'http://host': terminal prompts disabled\n"
            "send-pack: unexpected disconnect while reading sideband packet\n"
            "fatal: the remote end hung up unexpectedly\n"
            "error: failed to push some refs to 'http://host/tool.git'"
        ),
    ),
    "the helper for HTTP had nothing to say": ("Done", "error: failed to push some refs to 'x'"),
}


@pytest.mark.parametrize("name", RECORDED)
def test_words_of_a_push_that_was_sent_prove_nothing(name: str) -> None:
    out, words = RECORDED[name]
    for status in (1, 128):
        error = GitCommandError(["git", "push"], status, words, out)
        assert type(push_problem("origin", error, hooks=True)) is Unanswered


SSH = {
    "git@host: Permission denied (publickey).": Forbidden,
    "ERROR: Permission to team/tool.git denied to deploy-bot.": Forbidden,
    "ERROR: The key you are authenticating with has been marked as read only.": Forbidden,
    "ERROR: Write access to repository not granted.": Forbidden,
    "ERROR: This deploy key does not have write access to this project.": Forbidden,
    "ERROR: You are not allowed to push code to this project.": Forbidden,
    "ERROR: Repository not found.": Forbidden,
    "Host key verification failed.": Forbidden,
    "ssh: connect to host host port 22: Connection refused": Unanswered,
    "ssh: Could not resolve hostname host: Temporary failure in name resolution": Unanswered,
    "Connection reset by peer": Unanswered,
}


@pytest.mark.parametrize("words", SSH)
def test_what_ssh_says_is_sorted(
    pushing: Pushing, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ssh"
    program.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 255\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(program))
    pushing.moves_to("ssh://git@host/team/tool.git")
    with pytest.raises((Forbidden, Unanswered)) as failed:
        pushing.repository.push(pushing.landing(), hooks=True)
    assert type(failed.value) is SSH[words]
    assert words.removeprefix("ERROR: ") in failed.value.message


def test_a_remote_that_takes_no_atomic_push_is_refused(anywhere: Pushing) -> None:
    git_hosts.forget_atomic(anywhere.remote)
    with pytest.raises(Refused, match="atomic") as refused:
        anywhere.repository.push(anywhere.landing())
    assert "receive.advertiseAtomic" in refused.value.hint
    assert anywhere.refs() == anywhere.before


def test_the_pre_push_hook_refuses(anywhere: Pushing) -> None:
    hook = anywhere.repository.common_dir / "hooks/pre-push"
    hook.write_text("#!/bin/sh\necho '403 Permission denied'\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(Refused, match=r"the pre-push hook refused .*: 403 Permission denied$"):
        anywhere.repository.push(anywhere.landing(), hooks=True)
    assert anywhere.refs() == anywhere.before


def test_git_speaks_english_whatever_the_language(
    pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    hook = pushing.repository.common_dir / "hooks/pre-push"
    hook.write_text('#!/bin/sh\necho "in $LC_ALL and $LANGUAGE"\nexit 1\n', encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(Refused, match="in C and C"):
        pushing.repository.push(pushing.landing(), hooks=True)


def test_no_password_of_an_address_is_told(pushing: Pushing) -> None:
    pushing.is_(None)
    pushing.moves_to(pushing.server.url().replace("://", "://writer:a-wrong-secret@"))
    with pytest.raises(Forbidden) as refused:
        pushing.repository.push(pushing.landing())
    assert "a-wrong-secret" not in refused.value.message + refused.value.hint
