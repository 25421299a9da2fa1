"""The rules of GitHub, from the answers that its documentation shows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.fakes.forges import (
    FREE,
    GITHUB,
    GITHUB_BRANCH,
    GITHUB_MAIN,
    GITHUB_PROTECTION,
    GITHUB_TAGS,
    asked,
    github_rule,
    github_ruleset,
    ruleset_path,
)

from release_sync.forges.github import rulings
from release_sync.forges.rules import Act, Change, Ruling

MAIN = Change("refs/heads/main", Act.UPDATE)
BESIDE = Change("refs/heads/release/v0.1.11", Act.CREATE)
TAG = Change("refs/tags/v0.1.11", Act.CREATE)
NONSENSE: list[Any] = [{}, [1, None], "x", [{"type": 1}, {}], [{"parameters": []}]]
CHECKS: dict[str, Any] = {"required_status_checks": [{"context": "test"}, {"context": "lint"}]}
PROTECTED = {"name": "main", "protected": True, "protection": {"enabled": True}}


def ruling(change: Change, answers: dict[str, Any], **who: Any) -> Ruling:  # noqa: ANN401 - passed on
    (found,) = rulings(asked({**FREE, **answers}, **who), (change,))
    return found


def on_main(rule: dict[str, Any], ruleset: Any, **who: Any) -> Ruling:  # noqa: ANN401 - JSON
    return ruling(MAIN, {GITHUB_MAIN: [rule], ruleset_path(42): ruleset}, **who)


def test_nothing_is_refused_where_nothing_is_protected() -> None:
    found = rulings(asked(FREE), (MAIN, TAG))
    assert found == (Ruling(MAIN), Ruling(TAG))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (github_rule("pull_request"), "changes come by pull request"),
        (
            github_rule("required_status_checks", **CHECKS),
            "status checks must have passed: test, lint",
        ),
        (github_rule("update"), "only who is excepted pushes to it"),
        (github_rule("merge_queue"), "changes come by the merge queue"),
        (github_rule("workflows"), "workflows must have passed"),
        (github_rule("required_signatures"), "commits must have signatures that GitHub verifies"),
    ],
)
def test_a_rule_refuses_whom_it_does_not_except(rule: dict[str, Any], words: str) -> None:
    for bypass in ("never", "pull_requests_only"):
        assert on_main(rule, github_ruleset(bypass)).refused == (f"{words} (ruleset super cool)",)
    for bypass in ("always", "exempt"):
        assert on_main(rule, github_ruleset(bypass)) == Ruling(MAIN)
    for unknown in (github_ruleset(None), 403, 404):  # an app may not see who is excepted
        found = on_main(rule, unknown)
        assert (found.refused, len(found.rules)) == ((), 1)
        assert "unless who pushes is excepted" in found.rules[0].words
    assert on_main(rule, github_ruleset(None, bypass_actors=[])).refused


def test_a_key_that_pushes_over_ssh_may_be_excepted_where_the_token_is_not() -> None:
    rule = github_rule("pull_request")
    for bypass in ("never", "always"):
        found = on_main(rule, github_ruleset(bypass), is_token=False)
        assert (found.refused, len(found.rules)) == ((), 1)
    assert on_main(rule, github_ruleset("never", bypass_actors=[]), is_token=False).refused


@pytest.mark.parametrize("kind", ["deletion", "non_fast_forward", "creation"])
def test_what_a_push_to_a_branch_does_not_do_is_no_matter(kind: str) -> None:
    assert on_main(github_rule(kind), github_ruleset()) == Ruling(MAIN)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (github_rule("required_linear_history"), "only `--land branch` lands"),
        (
            github_rule("commit_message_pattern", operator="starts_with", pattern="Release"),
            "commit message pattern: starts_with Release",
        ),
        (github_rule("code_scanning"), "a rule of the type code_scanning"),
    ],
)
def test_what_only_the_commit_can_tell_is_a_note(rule: dict[str, Any], words: str) -> None:
    found = on_main(rule, github_ruleset())
    assert found.refused == ()
    assert words in found.rules[0].words
    assert "excepted" not in found.rules[0].words


def test_a_signature_is_asked_for_only_where_none_is_made() -> None:
    rule = github_rule("required_signatures")
    assert on_main(rule, github_ruleset(), signs=False).refused
    assert on_main(rule, github_ruleset(), signs=True).refused == ()


def test_a_pending_ref_that_is_a_branch_has_to_be_deleted() -> None:
    gone = Change("refs/heads/main", Act.DELETE)
    for kind, refused in (("deletion", True), ("update", False), ("required_signatures", False)):
        found = ruling(gone, {GITHUB_MAIN: [github_rule(kind)], ruleset_path(42): github_ruleset()})
        assert bool(found.refused) is refused, kind


def test_a_new_branch_is_told_from_one_that_is_there() -> None:
    path = f"{GITHUB}/rules/branches/release%2Fv0.1.11?per_page=100"
    for rule, refused in (
        (github_rule("creation"), True),
        (github_rule("pull_request"), False),
        (github_rule("required_status_checks", **CHECKS), True),
        (github_rule("required_status_checks", **CHECKS, do_not_enforce_on_create=True), False),
    ):
        found = ruling(BESIDE, {path: [rule], ruleset_path(42): github_ruleset()})
        assert bool(found.refused) is refused, rule


# --- tags


def on_tag(ruleset: dict[str, Any], **listed: object) -> Ruling:
    entry = {"id": 42, "name": "super cool", "target": "tag", "enforcement": "active", **listed}
    return ruling(TAG, {GITHUB_TAGS: [entry], ruleset_path(42): ruleset})


def test_a_ruleset_for_tags_refuses_their_creation() -> None:
    creation, update = github_rule("creation"), github_rule("update")
    both = github_ruleset("never", "tag", creation, update)
    assert on_tag(both).refused == ("only who is excepted creates it (ruleset super cool)",)
    assert on_tag(github_ruleset("always", "tag", creation)) == Ruling(TAG)
    assert on_tag(github_ruleset("never", "tag", update)) == Ruling(TAG)
    assert on_tag(both, enforcement="disabled") == Ruling(TAG)
    assert on_tag(both, target="branch") == Ruling(TAG)


@pytest.mark.parametrize(
    ("include", "exclude", "is_about"),
    [
        (["~ALL"], [], True),
        (["refs/tags/v*"], [], True),
        (["refs/tags/**/*"], [], True),
        (["refs/tags/release-*"], [], False),
        (["~ALL"], ["refs/tags/v0.*"], False),
        ([], [], False),
    ],
)
def test_a_ruleset_is_about_the_tags_that_its_patterns_name(
    include: list[str], exclude: list[str], *, is_about: bool
) -> None:
    conditions = {"ref_name": {"include": include, "exclude": exclude}}
    ruleset = github_ruleset("never", "tag", github_rule("creation"), conditions=conditions)
    assert bool(on_tag(ruleset).refused) is is_about


def test_what_could_not_be_asked_is_unknown_and_refuses_nothing() -> None:
    for path, change in ((GITHUB_MAIN, MAIN), (GITHUB_BRANCH, MAIN), (GITHUB_TAGS, TAG)):
        for status in (403, 500):
            assert ruling(change, {path: status}, why="no") == Ruling(change, unknown="no")
    found = ruling(TAG, {GITHUB_TAGS: [{"id": 7, "enforcement": "active"}]}, why="hidden")
    assert found == Ruling(TAG, unknown="hidden")


def test_answers_that_make_no_sense_are_no_rules() -> None:
    for nonsense in NONSENSE:
        found = ruling(MAIN, {GITHUB_MAIN: nonsense, ruleset_path(42): nonsense})
        assert found.refused == ()
        assert ruling(TAG, {GITHUB_TAGS: nonsense}).refused == ()
        assert ruling(MAIN, {GITHUB_BRANCH: PROTECTED, GITHUB_PROTECTION: nonsense}).refused == ()


# --- the older protection of branches


def protected(protection: Any, *, admin: bool = False, login: str = "", **who: Any) -> Ruling:  # noqa: ANN401 - JSON
    answers = {GITHUB_BRANCH: PROTECTED, GITHUB_PROTECTION: protection,
               GITHUB: {"permissions": {"admin": admin, "push": True}}}  # fmt: skip
    return ruling(MAIN, answers | ({"/user": {"login": login}} if login else {}), **who)


PULL_REQUESTS = {"required_pull_request_reviews": {"required_approving_review_count": 2}}


def test_the_older_protection_refuses_by_name_of_its_setting() -> None:
    found = protected({
        **PULL_REQUESTS,
        "required_status_checks": {"contexts": ["ci"], "strict": True},
        "required_signatures": {"enabled": True},
        "required_linear_history": {"enabled": True},
        "enforce_admins": {"enabled": True},
    }, admin=True)  # fmt: skip
    assert found.refused == (
        "changes come by pull request (branch protection)",
        "status checks must have passed: ci (branch protection)",
        "commits must have signatures that GitHub verifies (branch protection)",
    )
    assert len(found.rules) == 4
    assert protected({"lock_branch": {"enabled": True}}).refused == (
        "it is locked (branch protection)",
    )


def test_an_administrator_passes_it_where_administrators_may() -> None:
    off = {**PULL_REQUESTS, "enforce_admins": {"enabled": False}}
    assert protected(off, admin=True) == Ruling(MAIN)
    assert protected(off, admin=False).refused
    assert protected(off, admin=True, is_token=False).refused


def test_who_may_push_is_compared_with_who_asks() -> None:
    only_nia = {"restrictions": {"users": [{"login": "nia"}], "teams": [], "apps": []}}
    assert protected(only_nia, login="nia") == Ruling(MAIN)
    assert protected(only_nia, login="mo").refused == (
        "only nia may push to it (branch protection)",
    )
    assert protected(only_nia).refused == ()  # the token of a job names nobody
    some = {"restrictions": {"users": [], "teams": [{"slug": "team"}], "apps": []}}
    assert protected(some, login="mo").refused == ()
    nobody: dict[str, Any] = {"restrictions": {"users": [], "teams": [], "apps": []}}
    assert protected(nobody).refused
    excepted = {"users": [{"login": "nia"}], "teams": []}
    reviews = {"required_pull_request_reviews": {"bypass_pull_request_allowances": excepted}}
    assert protected(reviews).refused == ()


def test_a_protection_that_may_not_be_read_is_said_to_be_there() -> None:
    found = protected(403, why="the token may not")
    assert found == Ruling(MAIN, unknown="it is protected; who may push to it: the token may not")
    assert protected(404, why="none (404): Branch not protected") == Ruling(MAIN)
    rulesets_alone = {**PROTECTED, "protection": {"enabled": False}}
    assert ruling(MAIN, {GITHUB_BRANCH: rulesets_alone}) == Ruling(MAIN)
    assert ruling(MAIN, {GITHUB_BRANCH: 404}) == Ruling(MAIN)
