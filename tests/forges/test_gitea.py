"""The rules of Gitea and Forgejo, from the answers that their API reference shows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.fakes.forges import FREE, GITEA, GITEA_BRANCH, GITEA_BRANCHES, GITEA_TAGS, asked

from release_sync.forges.gitea import rulings
from release_sync.forges.rules import Act, Change, Ruling

MAIN = Change("refs/heads/main", Act.UPDATE)
BESIDE = Change("refs/heads/release/v0.1.11", Act.CREATE)
TAG = Change("refs/tags/v0.1.11", Act.CREATE)
NONSENSE: list[Any] = [{}, [1], "x"]
PROTECTION = f"{GITEA}/branch_protections/ma%2A"


def ruling(change: Change, answers: dict[str, Any], **who: Any) -> Ruling:  # noqa: ANN401 - passed on
    (found,) = rulings(asked({**FREE, **answers}, **who), (change,))
    return found


def branch(protection: Any, *, may: bool, **who: Any) -> Ruling:  # noqa: ANN401 - JSON
    told = {"name": "main", "protected": True, "user_can_push": may,
            "effective_branch_protection_name": "ma*"}  # fmt: skip
    return ruling(MAIN, {GITEA_BRANCH: told, PROTECTION: protection}, **who)


def tag(pattern: str = "v*", users: Any = (), teams: Any = (), login: str = "") -> Ruling:  # noqa: ANN401 - JSON
    protection = {"id": 1, "name_pattern": pattern, "whitelist_usernames": list(users),
                  "whitelist_teams": list(teams)}  # fmt: skip
    user = {"/user": {"id": 1, "login": login}} if login else {}
    return ruling(TAG, {GITEA_TAGS: [protection], **user})


def test_nothing_is_refused_where_nothing_is_protected() -> None:
    assert rulings(asked(FREE), (MAIN, BESIDE, TAG)) == (Ruling(MAIN), Ruling(BESIDE), Ruling(TAG))


@pytest.mark.parametrize(
    ("protection", "may", "refused"),
    [
        ({"enable_push": False}, False, ("nobody may push to it",)),
        ({"enable_push": True, "enable_push_whitelist": True, "push_whitelist_usernames": ["nia"]},
         False, ("only nia may push to it",)),
        ({"enable_push": True, "enable_push_whitelist": True}, True, ()),
        ({"enable_push": True, "require_signed_commits": True}, True, ("commits must be signed",)),
        (403, False, ("only some may push to it",)),  # only an administrator sees the rule
        (403, True, ()),
    ],
)  # fmt: skip
def test_a_branch_says_itself_whether_who_asks_may_push(
    protection: Any,  # noqa: ANN401 - JSON
    *,
    may: bool,
    refused: tuple[str, ...],
) -> None:
    found = branch(protection, may=may)
    assert found.refused == tuple(f"{words} (branch protection ma*)" for words in refused)


def beside(change: Change, *protections: dict[str, Any], login: str = "", **who: Any) -> Ruling:  # noqa: ANN401 - passed on
    user = {"/user": {"id": 1, "login": login}} if login else {}
    return ruling(change, {GITEA_BRANCHES: list(protections), **user}, **who)


def protection(pattern: str, *users: str, push: bool = True, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"rule_name": pattern, "branch_name": pattern, "enable_push": push,
            "enable_push_whitelist": bool(users), "push_whitelist_usernames": [*users],
            **more}  # fmt: skip


def test_a_branch_that_is_not_there_yet_is_matched_by_its_name() -> None:
    nobody, nia = protection("release/*", push=False), protection("release/**", "nia")
    words = "nobody may push to it (branch protection release/*)"
    assert beside(BESIDE, nobody).refused == (words,)
    assert beside(BESIDE, protection("release", push=False), protection("*", push=False)) == (
        Ruling(BESIDE)
    )
    assert beside(BESIDE, nia, login="nia") == Ruling(BESIDE)
    assert beside(BESIDE, nia, login="mo").refused == (
        "only nia may push to it (branch protection release/**)",
    )
    team = protection("release/**", "nia", push_whitelist_teams=["team"])
    for unsure in (
        beside(BESIDE, nia),
        beside(BESIDE, team, login="mo"),
        beside(BESIDE, nobody, nia, login="nia"),  # which comes first is not told
        beside(BESIDE, nia, login="mo", is_token=False),
    ):
        assert (unsure.refused, len(unsure.rules)) == ((), 1)
    exact = protection(BESIDE.name)
    assert beside(BESIDE, nobody, exact) == Ruling(BESIDE)
    gone = Change("refs/heads/release-sync/default", Act.DELETE)
    assert beside(gone, protection("release-sync/*")).refused == (
        "it is protected, and not deleted (branch protection release-sync/*)",
    )
    new = Change("refs/heads/main", Act.UPDATE)
    answers = {GITEA_BRANCH: 404, GITEA_BRANCHES: [protection("main", push=False)]}
    assert ruling(new, answers).refused


def test_a_key_that_pushes_over_ssh_is_not_who_asked() -> None:
    found = branch({"enable_push": True, "enable_push_whitelist": True}, may=False, is_token=False)
    assert (found.refused, len(found.rules)) == ((), 1)
    assert branch({"enable_push": False}, may=True, is_token=False).refused
    assert branch(403, may=True, is_token=False, why="no") == Ruling(MAIN, unknown="no")


def test_a_pattern_of_files_is_a_note() -> None:
    found = branch({"enable_push": True, "protected_file_patterns": "*.toml"}, may=True)
    assert found.refused == ()
    assert "*.toml" in found.rules[0].words


def test_a_protected_tag_is_created_by_whom_its_protection_names() -> None:
    assert tag(login="nia").refused == ("nobody may create it (tag protection v*)",)
    assert tag().refused
    assert tag(users=["nia"], login="nia") == Ruling(TAG)
    assert tag(users=["nia"], login="mo").refused == ("nia may create it (tag protection v*)",)
    assert tag(users=["nia"]).refused == ()
    assert tag(users=["nia"], teams=["team"], login="mo").refused == ()
    assert tag("release-*") == Ruling(TAG)
    regular = tag("/^v/")
    assert (regular.refused, len(regular.rules)) == ((), 1)


def test_what_could_not_be_asked_is_unknown_and_refuses_nothing() -> None:
    for path, change in ((GITEA_BRANCH, MAIN), (GITEA_BRANCHES, BESIDE), (GITEA_TAGS, TAG)):
        assert ruling(change, {path: 403}, why="no") == Ruling(change, unknown="no")
    assert ruling(MAIN, {GITEA_BRANCH: 404}) == Ruling(MAIN)
    for nonsense in NONSENSE:
        assert ruling(MAIN, {GITEA_BRANCH: nonsense}) == Ruling(MAIN)
        assert ruling(TAG, {GITEA_TAGS: nonsense}) == Ruling(TAG)
        assert ruling(BESIDE, {GITEA_BRANCHES: nonsense}) == Ruling(BESIDE)
