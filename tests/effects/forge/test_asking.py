"""A forge is asked over HTTP for its rules: a stand-in on loopback has its documented answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.forges import (
    FREE,
    GITEA_BRANCH,
    GITEA_TAGS,
    GITHUB_MAIN,
    GITLAB_BRANCH,
    GITLAB_BRANCHES,
    GITLAB_TAGS,
    NO_ONE,
    github_rule,
    github_ruleset,
    ruleset_path,
    serve,
)
from tests.fakes.raw_index import Raw, RawIndex, raw_index

from release_sync.effects.forge import api as api_module
from release_sync.effects.forge.api import Api
from release_sync.effects.forge.asking import ask
from release_sync.effects.forge.finding import find
from release_sync.effects.index.trust import Trust
from release_sync.forges.judgement import landing_of
from release_sync.forges.rules import Answer, Told

if TYPE_CHECKING:
    from collections.abc import Iterator

LANDING = landing_of("main", "v0.1.11")
URL = "http://127.0.0.1:1/octo/kit.git"
API = "the address of the stand-in"
TOKEN = "a-token-that-nobody-may-see"


@pytest.fixture
def server() -> Iterator[RawIndex]:
    with raw_index() as server:
        yield server


def environ(server: RawIndex, **more: str) -> dict[str, str]:
    """Return the environment of a job whose forge is the stand-in."""
    here = {"GITHUB_SERVER_URL": "http://127.0.0.1", "GITHUB_API_URL": f"{server.url}/api"}
    return {**here, "GITHUB_TOKEN": TOKEN, **more}


def told(server: RawIndex, **more: str) -> Told:
    return ask(URL, LANDING.every, environ(server, **more), Trust())


def test_what_is_allowed_and_what_is_refused_by_which_rule(server: RawIndex) -> None:
    serve(server, FREE)
    found = told(server)
    assert (found.forge, found.token, found.unasked) == ("127.0.0.1", "GITHUB_TOKEN", "")
    assert found.of(LANDING.branch).refused == found.of(LANDING.tag).refused == ()
    assert {token for _, token in server.seen} == {f"Bearer {TOKEN}"}
    rule = github_rule("pull_request")
    serve(server, {GITHUB_MAIN: [rule], ruleset_path(42): github_ruleset()})
    assert told(server).of(LANDING.branch).refused == (
        "changes come by pull request (ruleset super cool)",
    )


@pytest.mark.parametrize(
    ("job", "branch", "tags", "who"),
    [
        (
            {"CI_SERVER_URL": "http://127.0.0.1", "CI_API_V4_URL": API, "CI_JOB_TOKEN": TOKEN},
            {GITLAB_BRANCH: {"name": "main", "protected": True, "can_push": False},
             GITLAB_BRANCHES: [{"name": "main", "push_access_levels": [NO_ONE]}]},
            {GITLAB_TAGS: [{"name": "v*", "create_access_levels": [NO_ONE]}]},
            None,  # it has a header of its own
        ),
        (
            {"GITHUB_SERVER_URL": "http://127.0.0.1", "GITHUB_API_URL": API,
             "GITEA_ACTIONS": "true", "GITHUB_TOKEN": TOKEN},
            {GITEA_BRANCH: {"name": "main", "protected": True, "user_can_push": False}},
            {GITEA_TAGS: [{"id": 1, "name_pattern": "v*", "whitelist_usernames": []}]},
            f"token {TOKEN}",
        ),
    ],
    ids=["GitLab", "Gitea"],
)  # fmt: skip
def test_each_forge_is_asked_at_its_own_paths(
    server: RawIndex,
    job: dict[str, str],
    branch: dict[str, Any],
    tags: dict[str, Any],
    who: str | None,
) -> None:
    known = {name: value.replace(API, f"{server.url}/api") for name, value in job.items()}
    serve(server, FREE)
    found = ask(URL, LANDING.every, known, Trust())
    assert [one for ruling in found.rulings for one in ruling.refused] == []
    serve(server, {**branch, **tags})
    found = ask(URL, LANDING.every, known, Trust())
    assert len(found.of(LANDING.branch).refused) == len(found.of(LANDING.tag).refused) == 1
    assert {one for _, one in server.seen} == {who}


def test_without_a_token_nothing_is_asked_and_what_is_missing_is_said(server: RawIndex) -> None:
    found = told(server, GITHUB_TOKEN="")
    assert found.unasked == "set GITHUB_TOKEN or GH_TOKEN to have it asked"
    assert ask("/srv/kit.git", LANDING.every, environ(server), Trust()) == Told()
    assert server.seen == []


@pytest.mark.parametrize(
    ("answer", "words", "questions"),
    [
        (Raw(b"{}", "application/json", 401), "the token in GITHUB_TOKEN is refused (401)", 1),
        (Raw(b'{"message": "Resource not accessible"}', "application/json", 403),
         "the token in GITHUB_TOKEN may not ask for it (403): Resource not accessible", 2),
        (Raw(b"{}", "application/json", 404), "may not see it (404)", 2),
        (Raw(b"", "text/html", 502), "it answers 502", 2),
        (Raw(b"{}", "application/json", 403, {"x-ratelimit-remaining": "0"}),
         "the rate limit of GITHUB_TOKEN is reached (403)", 1),
        (Raw(b"{}", "application/json", 429), "the rate limit of GITHUB_TOKEN is reached (429)", 1),
        (Raw(b"x" * 2000), "it did not answer (more than 1000 bytes)", 1),
        (Raw(b"<html>Log in</html>", "text/html"), "it answers with no JSON", 1),
        (Raw(b"nonsense", headless=True), "it did not answer", 1),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_said_in_words_and_asked_again_only_where_it_may_differ(
    server: RawIndex, answer: Raw, words: str, questions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_module, "LARGEST", 1000)
    server.answers |= {"/api/one": answer, "/api/two": answer}
    forge = find(URL, environ(server))
    assert forge is not None
    api = Api(forge, Trust())
    for path in ("/one", "/two"):
        found = api.ask(path)
        assert found.data is None
        assert words in found.why
        assert TOKEN not in repr(found)
    assert len(server.seen) == questions


def test_an_api_that_says_nothing_is_waited_for_only_so_long(server: RawIndex) -> None:
    def drip() -> Iterator[bytes]:
        while not server.left.wait(0.05):
            yield b" "

    server.answers["/api/one"] = Raw(drip())
    forge = find(URL, environ(server))
    assert forge is not None
    found = Api(forge, Trust(), seconds=0.3).ask("/one")
    server.left.set()
    assert found.status == 0
    assert found.why.startswith("it did not answer (")  # the connection may take all of the time


def test_a_redirect_to_another_host_does_not_get_the_token(server: RawIndex) -> None:
    with raw_index() as other:
        serve(other, {"/one": {"a": 1}}, below="")
        serve(server, {"/three": {"b": 2}})
        for path, there in (("one", f"{other.url}/one"), ("two", f"{server.url}/api/three")):
            moved = Raw(status=301, headers={"Location": there})
            server.answers[f"/api/{path}"] = moved
        forge = find(URL, environ(server))
        assert forge is not None
        api = Api(forge, Trust())
        assert api.ask("/one") == Answer(200, {"a": 1})
        assert api.ask("/two") == Answer(200, {"b": 2})
        assert other.seen == [("/one", None)]
        assert {token for _, token in server.seen} == {f"Bearer {TOKEN}"}


def test_a_forge_that_is_not_there_is_unknown_and_no_error() -> None:
    with raw_index() as gone:
        known = environ(gone)
    found = ask(URL, LANDING.every, known, Trust())
    assert {one.unknown.partition(" (")[0] for one in found.rulings} == {"it did not answer"}
    assert not any(one.refused for one in found.rulings)
