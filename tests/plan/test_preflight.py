"""Every reason not to begin, from values alone: what is wrong, and what to do next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import CHAIN, ISOLATED, FileTree

from release_sync.errors import Problem
from release_sync.plan.availability import Availability
from release_sync.plan.facts import Draft, Facts, Position, Relation, Request
from release_sync.plan.preflight import position_problems, problems, released_already
from release_sync.toml.edits import FileEdit
from release_sync.workspace.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD, OTHER = "1" * 40, "2" * 40
MAIN, TAG, OLD = "refs/heads/main", "refs/tags/v0.1.11", "refs/tags/v0.1.10"
HERE = Position(HEAD, "main", (), Relation.SAME, HEAD, {MAIN: HEAD}, {}, target="main")
GO = Facts(
    request=Request(),
    position=HERE,
    base=HEAD,
    workspace=read(FileTree(CHAIN)),
    findings=(),
    group="default",
    previous="0.1.10",
    version="0.1.11",
    tag="v0.1.11",
    index="there",
    draft=Draft((), (), {}, ()),
    isolation=ISOLATED,
    served=dict.fromkeys(("low", "mid", "top"), Availability.UNLISTED),
)
"""What is seen of a release that can begin."""


def at(position: Position) -> Facts:
    """Return the same, seen of a repository that stands elsewhere."""
    return replace(GO, position=position)


def on_remote(**refs: str) -> Facts:
    """Return the same, with more refs on the remote: their last parts, and where they point."""
    return at(
        replace(HERE, refs={MAIN: HEAD, **{f"refs/{name}": oid for name, oid in refs.items()}})
    )


def messages(facts: Facts) -> list[str]:
    return [problem.message for problem in problems(facts)]


def test_nothing_is_said_of_a_release_that_can_begin() -> None:
    assert problems(GO) == ()


@pytest.mark.parametrize(
    "relation", [Relation.AHEAD, Relation.BEHIND, Relation.NEW, Relation.UNKNOWN]
)
def test_only_a_branch_that_diverged_can_not_be_released(relation: Relation) -> None:
    assert problems(at(replace(HERE, relation=relation))) == ()
    (problem,) = problems(at(replace(HERE, relation=Relation.DIVERGED)))
    assert problem.message == "main and origin/main have diverged"
    assert "`git pull --rebase origin main`" in problem.hint


def test_a_local_version_is_for_an_index_that_takes_it() -> None:
    local = replace(GO, version="0.1.11+cu12")
    assert messages(local) == ["0.1.11+cu12 is a local version, which public indexes refuse"]
    more = b'accept = ["local-version"]\n'
    takes = FileTree({**CHAIN, "pyproject.toml": CHAIN["pyproject.toml"] + more})
    assert problems(replace(local, workspace=read(takes))) == ()


def test_what_is_not_here_is_released_only_where_somebody_says_so() -> None:
    behind = at(replace(HERE, relation=Relation.BEHIND))
    (problem,) = problems(replace(behind, request=Request(asks=False)))
    assert problem.message.startswith("main is behind origin/main, and commits that are not here")
    assert "pass `--pull`" in problem.hint
    assert problems(replace(behind, request=Request(asks=False, pull=True))) == ()
    assert problems(replace(GO, request=Request(asks=False))) == ()


@pytest.mark.parametrize(("branch", "where"), [("topic", "on topic"), ("", "at a detached HEAD")])
def test_another_branch_is_named(branch: str, where: str) -> None:
    (problem,) = problems(at(replace(HERE, branch=branch)))
    assert problem.message == f"releases are made from main, and this is {where}"
    assert "`git switch main`" in problem.hint


@pytest.mark.parametrize("operation", ["rebase", "merge", "bisect"])
def test_what_git_has_not_finished_is_the_one_reason(operation: str) -> None:
    position = replace(HERE, operation=operation)
    assert problems(at(position)) == ()
    for changed in ({"branch": ""}, {"dirty": ("a",), "relation": Relation.DIVERGED}):
        (problem,) = problems(at(replace(position, **changed)))
        assert problem.message.startswith(f"`git {operation}` is not finished here")
        assert "git switch" not in problem.hint
        assert ("`git bisect reset`" if operation == "bisect" else "--continue`") in problem.hint
    silent = Problem("origin did not answer")
    found = problems(at(replace(position, branch="", remote_problem=silent)))
    assert found[1:] == (silent,)


def test_the_branch_and_the_remote_are_those_of_the_configuration() -> None:
    assert (
        position_problems(replace(HERE, branch="trunk", target="trunk"), "trunk", "upstream") == ()
    )
    diverged = replace(HERE, branch="trunk", target="trunk", relation=Relation.DIVERGED)
    (problem,) = position_problems(diverged, "trunk", "upstream")
    assert problem.message == "trunk and upstream/trunk have diverged"


@pytest.mark.parametrize(
    ("dirty", "said"),
    [
        (("a",), "a"),
        (tuple("abcde"), "a, b, c, d, e"),
        (tuple("abcdefg"), "a, b, c, d, e and 2 more"),
    ],
)
def test_five_of_many_changed_files_are_named(dirty: tuple[str, ...], said: str) -> None:
    (problem,) = problems(at(replace(HERE, dirty=dirty)))
    assert problem.message == f"the working tree is not clean: {said}"
    assert problem.hint.startswith("commit, stash or ignore it")


def test_why_the_remote_could_not_be_asked_is_handed_on() -> None:
    silent = Problem("origin did not answer", hint="see `git remote -v`")
    assert problems(at(replace(HERE, refs=None, upstream=None, remote_problem=silent))) == (silent,)


@pytest.mark.parametrize(
    ("findings", "said"),
    [(("a: RS101",), "1 finding: a: RS101"), (("a: 1", "b: 2"), "2 findings\n    a: 1\n    b: 2")],
)
def test_findings_stop_a_release(findings: tuple[str, ...], said: str) -> None:
    (problem,) = problems(replace(GO, findings=findings))
    assert problem.message == f"the guardrail found {said}"
    assert "`release-sync check --fix`" in problem.hint


def test_what_would_be_found_at_the_new_version_stops_it_too() -> None:
    draft = replace(GO.draft, findings=("low: RS203",))
    (problem,) = problems(replace(GO, draft=draft))
    assert problem.message == "at 0.1.11 the guardrail would find 1 finding: low: RS203"
    assert problem.hint.startswith("only exact pins are moved")
    assert len(problems(replace(GO, draft=draft, findings=("today",)))) == 1


@pytest.mark.parametrize(
    ("here", "there", "where"),
    [
        ({TAG: HEAD}, {}, "here"),
        ({}, {TAG: HEAD}, "on origin"),
        ({TAG: HEAD}, {TAG: HEAD}, "here and on origin"),
    ],
)
def test_a_tag_that_exists_is_said_with_its_place(
    here: Mapping[str, str], there: Mapping[str, str], where: str
) -> None:
    (problem,) = problems(at(replace(HERE, tags=here, refs={MAIN: HEAD, **there})))
    assert problem.message == f"the tag v0.1.11 exists {where}"
    assert "`git show v0.1.11`" in problem.hint


def test_another_tag_is_in_nobodys_way() -> None:
    assert problems(at(replace(HERE, tags={OLD: HEAD}, refs={MAIN: HEAD, OLD: HEAD}))) == ()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("abandoned", "v0.1.11 was begun and given up, and must not be used again"),
        ("sealed", "v0.1.11 is published already; it landed without a tag"),
    ],
)
def test_a_version_that_is_used_up_is_not_used_again(kind: str, said: str) -> None:
    (problem,) = problems(on_remote(**{f"release-sync-{kind}/v0.1.11": OTHER}))
    assert problem.message == said
    assert problem.hint == "choose a greater version with `--version`"
    assert problems(on_remote(**{f"release-sync-{kind}/v0.1.9": OTHER})) == ()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Availability.TAKEN, "there has 0.1.11 of low, top already, and nothing of mid"),
        (Availability.UNKNOWN, "there could not be asked for 0.1.11 of low, top"),
    ],
)
def test_an_index_that_has_it_or_is_silent_stops_it(answer: Availability, said: str) -> None:
    served = {"top": answer, "mid": Availability.UNLISTED, "low": answer}
    (problem,) = problems(replace(GO, served=served))
    assert problem.message == said


@pytest.mark.parametrize(
    "answer", [Availability.UNLISTED, Availability.NO_PROJECT, Availability.HIDDEN]
)
def test_an_index_that_does_not_have_it_stops_nothing(answer: Availability) -> None:
    assert problems(replace(GO, served={"low": answer})) == ()


def test_what_else_was_seen_to_be_wrong_is_handed_on() -> None:
    troubles = (Problem("uv is not installed"), Problem("git is too old"))
    assert problems(replace(GO, more_problems=troubles)) == troubles


def test_every_reason_is_said_at_once() -> None:
    facts = at(
        replace(HERE, branch="topic", dirty=("a",), relation=Relation.DIVERGED, tags={TAG: HEAD})
    )
    served = {"low": Availability.TAKEN, "mid": Availability.UNKNOWN}
    last = Problem("uv is not installed")
    facts = replace(facts, findings=("a",), served=served, more_problems=(last,))
    beginnings = (
        "releases are made from", "the working tree", "main and origin/main", "the guardrail found",
        "the tag v0.1.11", "there has", "there could not be asked", "uv is not",
    )  # fmt: skip
    said = messages(facts)
    assert len(said) == len(beginnings)
    assert all(message.startswith(one) for message, one in zip(said, beginnings, strict=True))
    assert all(problem.hint for problem in problems(facts) if problem is not last)


@pytest.mark.parametrize(
    ("request_", "peeled", "is_over"),
    [
        (Request(), {f"{OLD}^{{}}": HEAD}, True),
        (Request(levels=("minor",)), {f"{OLD}^{{}}": HEAD}, False),
        (Request(levels=("stable",)), {f"{OLD}^{{}}": HEAD}, False),
        (Request(levels=("none",)), {f"{OLD}^{{}}": HEAD}, False),
        (Request(version="0.1.11"), {f"{OLD}^{{}}": HEAD}, False),
        (Request(), {f"{OLD}^{{}}": OTHER}, False),
        (Request(), {}, False),
        (Request(), None, False),
    ],
)
def test_a_base_that_is_the_last_release_has_nothing_new(
    request_: Request, peeled: Mapping[str, str] | None, *, is_over: bool
) -> None:
    assert released_already(replace(at(replace(HERE, refs=peeled)), request=request_)) is is_over


def test_what_is_released_as_it_is_has_the_version_everywhere() -> None:
    edit = FileEdit("docs/conf.py", b"0.1.10", b"0.1.11", ())
    draft = replace(GO.draft, edits=(edit,))
    facts = replace(GO, draft=draft, request=Request(if_new=True))
    (problem,) = problems(facts)
    assert problem.message == "1111111 is not at 0.1.11 everywhere: docs/conf.py"
    (problem,) = problems(replace(facts, findings=("drift",)))
    assert "the guardrail found 1 finding" in problem.message
    assert problems(replace(facts, request=Request())) == ()


def test_where_the_clone_is_does_not_matter_to_what_is_released_as_it_is() -> None:
    anywhere = Position(OTHER, "", ("x",), Relation.DIVERGED, HEAD, {}, {}, candidate=HEAD)
    assert anywhere.base == HEAD
    assert position_problems(anywhere, "main", "origin") == ()
    silent = replace(anywhere, remote_problem=Problem("silent"))
    assert position_problems(silent, "main", "origin") == (silent.remote_problem,)
