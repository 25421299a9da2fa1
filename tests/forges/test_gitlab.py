"""The rules of GitLab, from the answers that its documentation shows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.fakes.forges import (
    A_KEY,
    DEVELOPERS,
    FREE,
    GITLAB,
    GITLAB_BRANCH,
    GITLAB_BRANCHES,
    GITLAB_TAGS,
    MAINTAINERS,
    NO_ONE,
    asked,
    gitlab_project,
)

from release_sync.forges.gitlab import rulings
from release_sync.forges.rules import Act, Change, Ruling

MAIN = Change("refs/heads/main", Act.UPDATE)
BESIDE = Change("refs/heads/release/v0.1.11", Act.CREATE)
TAG = Change("refs/tags/v0.1.11", Act.CREATE)
NONSENSE: list[Any] = [{}, [1, None], "x"]


def ruling(change: Change, answers: dict[str, Any], **who: Any) -> Ruling:  # noqa: ANN401 - passed on
    (found,) = rulings(asked({**FREE, **answers}, **who), (change,))
    return found


def branch(level: dict[str, Any], name: str = "main", *, can_push: bool, **who: Any) -> Ruling:  # noqa: ANN401 - passed on
    told = {"name": "main", "protected": True, "can_push": can_push}
    protected = [{"id": 1, "name": name, "push_access_levels": [level]}]
    return ruling(MAIN, {GITLAB_BRANCH: told, GITLAB_BRANCHES: protected}, **who)


def tag(*levels: dict[str, Any], role: int | None = None, name: str = "v*", **who: Any) -> Ruling:  # noqa: ANN401 - passed on
    protected = [{"name": name, "create_access_levels": list(levels)}]
    project = {} if role is None else {GITLAB: gitlab_project(role)}
    return ruling(TAG, {GITLAB_TAGS: protected, **project}, **who)


def test_nothing_is_refused_where_nothing_is_protected() -> None:
    found = rulings(asked(FREE), (MAIN, BESIDE, TAG))
    assert found == (Ruling(MAIN), Ruling(BESIDE), Ruling(TAG))


def test_a_branch_says_itself_whether_who_asks_may_push() -> None:
    assert branch(MAINTAINERS, can_push=True) == Ruling(MAIN)
    refused = branch(MAINTAINERS, "ma*", can_push=False).refused
    assert refused == ("Maintainers may (protected branches: ma*)",)
    unseen = ruling(MAIN, {GITLAB_BRANCH: {"protected": True, "can_push": False}})
    assert unseen.refused == ("it is protected",)


def test_a_key_that_pushes_over_ssh_is_not_who_asked() -> None:
    for can_push in (True, False):
        found = branch(A_KEY, can_push=can_push, is_token=False)
        assert (found.refused, len(found.rules)) == ((), 1)
    assert branch(NO_ONE, can_push=True, is_token=False).refused == (
        "no one may (protected branches: main)",
    )


@pytest.mark.parametrize(
    ("levels", "role", "rules", "refused"),
    [
        ((MAINTAINERS,), 40, 0, False),
        ((MAINTAINERS,), 30, 1, True),
        ((MAINTAINERS,), None, 1, False),  # a job's token may not ask for the project
        ((MAINTAINERS, DEVELOPERS), 30, 0, False),  # the most permissive counts
        ((MAINTAINERS, A_KEY), 30, 1, False),
        ((NO_ONE,), 50, 1, True),
        ((NO_ONE,), None, 1, True),
        ((), None, 1, True),
    ],
)
def test_a_protected_tag_is_created_by_whoever_has_the_role(
    levels: tuple[dict[str, Any], ...], role: int | None, rules: int, *, refused: bool
) -> None:
    found = tag(*levels, role=role)
    assert len(found.rules) == rules
    assert bool(found.refused) is refused


def test_a_star_stands_for_anything_and_all_else_for_itself() -> None:
    for name, is_about in (("*", True), ("v?.1.11", False), ("v0.1.11", True), ("[v]*", False)):
        assert bool(tag(NO_ONE, name=name).refused) is is_about, name
    protected = {GITLAB_BRANCHES: [{"name": "rel*", "push_access_levels": [NO_ONE]}]}
    assert ruling(BESIDE, protected).refused == ("no one may (protected branches: rel*)",)


def test_a_protected_branch_is_deleted_by_no_push() -> None:
    gone = Change("refs/heads/waits/default", Act.DELETE)
    protected = {GITLAB_BRANCHES: [{"name": "waits/*", "push_access_levels": [MAINTAINERS]}]}
    for role in (30, 50):
        found = ruling(gone, {**protected, GITLAB: gitlab_project(role)})
        assert found.refused == ("no one may (protected branches: waits/*)",)
    assert ruling(gone, {}) == Ruling(gone)


def test_a_push_rule_is_about_commits() -> None:
    rule = {f"{GITLAB}/push_rule": {"reject_unsigned_commits": True, "commit_message_regex": "^F"}}
    found = ruling(MAIN, rule)
    assert found.refused == ("commits must be signed (push rule)",)
    assert [one.words for one in ruling(MAIN, rule, signs=True).rules] == [
        "commit messages must match ^F (push rule)"
    ]
    rule[f"{GITLAB}/push_rule"]["branch_name_regex"] = "^feature/"
    found = ruling(BESIDE, rule)
    assert found.refused == ("commits must be signed (push rule)",)
    assert found.rules[-1].words == "branch names must match ^feature/ (push rule)"


def test_what_could_not_be_asked_is_unknown_and_refuses_nothing() -> None:
    for path, change in ((GITLAB_BRANCH, MAIN), (GITLAB_BRANCHES, BESIDE), (GITLAB_TAGS, TAG)):
        assert ruling(change, {path: 403}, why="no") == Ruling(change, unknown="no")


def test_answers_that_make_no_sense_are_no_rules() -> None:
    for nonsense in NONSENSE:
        for change in (MAIN, TAG):
            answers = {GITLAB_BRANCH: nonsense, GITLAB_TAGS: nonsense, GITLAB: nonsense}
            assert ruling(change, answers).refused == ()
