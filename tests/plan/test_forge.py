"""What a forge's rules do to a plan: a reason against it, or a note."""

from __future__ import annotations

from dataclasses import replace

from tests.plan.test_preflight import GO, HERE, at

from release_sync.forges.rules import Act, Change, Rule, Ruling, Told
from release_sync.plan.facts import Facts, Relation, Request
from release_sync.plan.forge import forge_notes, forge_problems, landing
from release_sync.plan.preflight import problems
from release_sync.toml.edits import FileEdit

MAIN = Change("refs/heads/main", Act.UPDATE)
EDITED = replace(GO.draft, edits=(FileEdit("pyproject.toml", b"1", b"2", ("version",)),))


def seen(*rules: Rule, unasked: str = "", land: str = "") -> Facts:
    told = Told("forge.example", "A_TOKEN", unasked, (Ruling(MAIN, rules),))
    return replace(GO, forge=told, request=Request(land=land), draft=EDITED)


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


def test_a_release_that_makes_no_commit_pushes_no_branch() -> None:
    facts = seen(Rule("not by push"))
    assert list(forge_problems(replace(facts, draft=GO.draft))) == []
    told = Told("forge.example", "A_TOKEN", "", (Ruling(landing(GO).tag, (Rule("no tags"),)),))
    new, existing = Request(if_new=True), Request(tag="v0.1.11")
    for request, refused in ((new, 1), (existing, 0), (Request(land="none"), 0)):
        found = forge_problems(replace(GO, forge=told, request=request))
        assert len(list(found)) == refused


def test_commits_that_the_branch_lacks_are_pushed_first_however_it_lands() -> None:
    facts = seen(Rule("not by push"), land="branch")
    ahead = replace(facts, position=replace(HERE, relation=Relation.AHEAD))
    assert list(forge_problems(facts)) == []
    (problem,) = forge_problems(ahead)
    assert problem.hint.startswith("no `--land` does without the push to main: bring what is")
