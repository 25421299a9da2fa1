"""What a forge's rules do to a plan: a reason against it, or a note."""

from __future__ import annotations

from dataclasses import replace

from tests.plan.test_preflight import GO, HERE, at

from release_sync.forges.rules import Act, Change, Rule, Ruling, Told
from release_sync.plan.facts import Facts, Request
from release_sync.plan.forge import forge_notes, forge_problems, landing
from release_sync.plan.preflight import problems

MAIN = Change("refs/heads/main", Act.UPDATE)


def seen(*rules: Rule, unasked: str = "", land: str = "") -> Facts:
    told = Told("forge.example", "A_TOKEN", unasked, (Ruling(MAIN, rules),))
    return replace(GO, forge=told, request=Request(land=land))


def test_a_rule_that_refuses_is_a_reason_against_the_release_in_that_way_alone() -> None:
    no = Rule("changes come by pull request")
    (problem,) = problems(seen(no))
    assert problem.message == (
        "forge.example will refuse the push to main: changes come by pull request"
    )
    assert "`--land branch` fits" in problem.hint
    assert problems(seen(no, land="branch")) == problems(GO) == ()
    assert list(forge_problems(seen(Rule("perhaps", refuses=False)))) == []


def test_what_is_not_known_is_a_note_of_the_plan() -> None:
    facts = seen(unasked="set A_TOKEN to have it asked")
    (note,) = forge_notes(facts)
    assert problems(facts) == ()
    assert note.endswith("is not known: set A_TOKEN to have it asked")


def test_what_is_only_sealed_now_may_still_land_in_another_way() -> None:
    facts = replace(seen(Rule("not by push"), Rule("never")), lands=False)
    assert problems(facts) == ()
    (note,) = forge_notes(facts)
    refused = "forge.example will refuse the push to main: not by push; never"
    assert note.startswith(f"{refused}; `--land branch` fits")


def test_a_branch_that_is_not_there_yet_is_created() -> None:
    new = at(replace(HERE, upstream=None)).position
    for position, act in ((HERE, Act.UPDATE), (new, Act.CREATE)):
        assert landing(at(position)).branch.act is act
