"""What rules mean for each way of landing: reasons, notes, and the way that fits."""

from __future__ import annotations

import pytest

from release_sync.forges.judgement import against, fits, landing_of, notes
from release_sync.forges.rules import Act, Change, Rule, Ruling, Told

LANDING = landing_of("main", "v1")
NO, PERHAPS = (Rule("no"),), (Rule("perhaps", refuses=False),)


def told(*changes: Change, rules: tuple[Rule, ...] = NO, unknown: str = "") -> Told:
    rulings = tuple(Ruling(one, rules, unknown) for one in changes)
    return Told("forge.example", "A_TOKEN", rulings=rulings)


@pytest.mark.parametrize(
    ("refused", "fitting"),
    [
        ((), ("push", "branch", "tag", "none")),
        ((LANDING.branch,), ("branch", "tag", "none")),
        ((LANDING.branch, LANDING.beside), ("tag", "none")),
        ((LANDING.tag,), ("none",)),
    ],
)
def test_a_way_fits_whose_changes_are_not_refused(
    refused: tuple[Change, ...], fitting: tuple[str, ...]
) -> None:
    found = told(*refused)
    assert fits(found, LANDING) == fitting
    for way in ("push", "branch", "tag", "none"):
        assert bool(list(against(found, LANDING, way))) is (way not in fitting)


def test_a_reason_names_the_rule_the_way_that_fits_and_the_token() -> None:
    (problem,) = against(told(LANDING.branch), LANDING, "push")
    assert problem.message == "forge.example will refuse the push to main: no"
    assert problem.hint == (
        "`--land branch` fits, which pushes a branch for a pull request, and the tag; or unset"
        " A_TOKEN where git pushes as somebody whom the rules except"
    )


def test_what_may_refuse_or_is_unknown_is_a_note_and_no_reason() -> None:
    found = told(LANDING.branch, LANDING.tag, rules=PERHAPS, unknown="the token may not")
    assert list(against(found, LANDING, "push")) == []
    assert list(notes(found, LANDING, "push")) == [
        "forge.example may refuse the push to main: perhaps",
        "forge.example may refuse the creation of v1: perhaps",
        (
            "not every rule that forge.example has for the push to main and the creation of v1 is"
            " known: the token may not"
        ),
    ]
    assert list(notes(found, LANDING, "none")) == []


def test_without_a_token_it_is_said_what_was_not_asked() -> None:
    found = Told("forge.example", unasked="set A_TOKEN to have it asked")
    (note,) = notes(found, LANDING, "push")
    assert note.endswith("is not known: set A_TOKEN to have it asked")
    assert list(notes(Told(), LANDING, "push")) == []


def test_pending_refs_that_are_branches_are_made_by_every_way() -> None:
    waiting = landing_of("main", "v1", "refs/heads/waits/default")
    found = told(*waiting.always)
    assert fits(found, waiting) == ()
    problems = [one.message for one in against(found, waiting, "none")]
    assert problems == [
        f"forge.example will refuse the {act} waits/default: no"
        for act in ("creation of", "push to", "deletion of")
    ]
    assert landing_of("main", "v1", "refs/release-sync/default").always == ()


def test_a_release_of_several_groups_makes_the_tag_of_each() -> None:
    others = [("b-v1", "refs/heads/waits/b")]
    train = landing_of("main", "v1", "refs/heads/waits/a", others=others)
    tag = Change("refs/tags/b-v1", Act.CREATE)
    assert [tag in train.changes(way) for way in ("push", "branch", "tag", "none")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert {one.ref for one in train.always} == {"refs/heads/waits/a", "refs/heads/waits/b"}
    told = Told("forge.example", "A_TOKEN", rulings=(Ruling(tag, (Rule("no tags"),)),))
    (problem,) = against(told, train, "push")
    assert problem.message == "forge.example will refuse the creation of b-v1: no tags"
