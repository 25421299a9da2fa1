"""What a page says is what a plan says of it: against a release, or beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.plan.test_preflight import GO

from release_sync.plan.availability import availability
from release_sync.plan.index_answers import index_notes, index_problems
from release_sync.plan.situation import Situation
from release_sync.steps.uploading.served import Reply, Served

if TYPE_CHECKING:
    from release_sync.plan.facts import Facts

OLD = Served(Reply.PAGE, ("0.1.10",), files={"0.1.10": ("low-0.1.10.tar.gz",)})
NEW = Served(Reply.NOT_FOUND)


def page(*names: str, version: str = "0.1.11", **yanked: str) -> Served:
    """Return a page with some files of a version, of which some are yanked."""
    return Served(Reply.PAGE, (version,), files={version: names}, yanked=yanked)


def whole(name: str) -> tuple[str, str]:
    return f"{name}-0.1.11-py3-none-any.whl", f"{name}-0.1.11.tar.gz"


def facts(low: Served = OLD, mid: Served = OLD, top: Served = OLD, *, pypi: bool = False) -> Facts:
    """Return what is seen of three members, of which an index answers this."""
    served = {"low": low, "mid": mid, "top": top}
    seen = {name: availability(one, GO.version, None) for name, one in served.items()}
    return replace(GO, served=seen, situation=Situation(served=served), pypi=pypi)


def said(seen: Facts) -> list[tuple[str, str | None]]:
    return [(problem.message, problem.hint) for problem in index_problems(seen)]


def test_what_is_there_in_part_is_named_to_the_file() -> None:
    sdist = "mid-0.1.11.tar.gz"
    yanked = replace(page(*whole("top")), yanked=dict.fromkeys(whole("top"), "broken"))
    ((message, hint),) = said(facts(mid=page(sdist), top=yanked))
    assert message.split("\n") == [
        "there has 0.1.11 of mid, top already, and nothing of low",
        "    of mid there is only mid-0.1.11.tar.gz, no wheel",
        "    yanked of top: top-0.1.11-py3-none-any.whl, top-0.1.11.tar.gz (broken)",
    ]
    assert hint == "no pending release can finish it: choose a greater version with `--version`"
    ((message, _),) = said(facts(mid=page(whole("mid")[0])))
    assert message.endswith(
        "of low, top\n    of mid there is only mid-0.1.11-py3-none-any.whl, no sdist"
    )


def test_what_is_there_as_a_whole_needs_no_list() -> None:
    served = [page(*whole(name)) for name in ("low", "mid", "top")]
    assert said(facts(*served)) == [
        (
            "there has 0.1.11 of low, mid, top already",
            "a version can't be published twice: choose a greater one with `--version`",
        )
    ]


def test_a_version_without_files_was_deleted_which_pypi_never_forgets() -> None:
    emptied = replace(OLD, empty=("0.1.11",))
    ((message, hint),) = said(facts(mid=emptied, pypi=True))
    assert message == "there lists 0.1.11 of mid without a file"
    assert (hint or "").startswith("a file that was deleted there keeps its name for ever")
    assert said(facts(mid=emptied)) == []
    (note,) = index_notes(facts(mid=emptied))
    assert note.startswith("there lists 0.1.11 of mid without a file: where that was deleted")
    assert said(facts(mid=replace(OLD, empty=("0.1.9",)), pypi=True)) == []


@pytest.mark.parametrize("status", ["archived", "quarantined"])
def test_a_project_that_takes_no_upload_stops_a_release(status: str) -> None:
    closed = replace(OLD, status=status)
    ((message, hint),) = said(facts(low=closed, top=replace(closed, reason="see kit")))
    assert message == f"there takes no upload of low, top, {status} there (PEP 792): top: see kit"
    assert hint
    ((message, _),) = said(facts(top=replace(closed, reason="see kit")))
    assert message == f"there takes no upload of top, {status} there (PEP 792): see kit"
    assert [*index_notes(facts(low=closed))] == []


@pytest.mark.parametrize("status", ["", "active"])
def test_nothing_is_said_of_a_project_that_is_active(status: str) -> None:
    assert said(facts(low=replace(OLD, status=status))) == []
    assert [*index_notes(facts(low=replace(OLD, status=status)))] == []


def test_a_project_that_is_deprecated_is_a_note() -> None:
    deprecated = replace(OLD, status="deprecated", reason="see kit")
    assert said(facts(mid=deprecated)) == []
    assert [*index_notes(facts(mid=deprecated))] == ["mid is deprecated on there (see kit)"]


def test_what_new_projects_cost_is_said_of_pypi_alone() -> None:
    assert [*index_notes(facts(low=NEW, mid=NEW))] == []
    (note,) = index_notes(facts(low=NEW, mid=NEW, pypi=True))
    assert note.startswith("low, mid are 2 new projects on there: PyPI lets one user create 4 in")
    assert "429" not in note
    served = dict.fromkeys("abcde", NEW)
    seen = {name: availability(one, GO.version, None) for name, one in served.items()}
    (note,) = index_notes(replace(GO, served=seen, situation=Situation(served=served), pypi=True))
    assert note.startswith("a, b, c, d, e are 5 new projects on there")
    assert "then it answers 429, and the release stays pending: `release-sync resume`" in note


def test_pypi_creates_no_project_with_a_name_of_the_standard_library() -> None:
    served = dict.fromkeys(["concurrent", "abc", "kit", "logging-kit"], NEW) | {"email": OLD}
    seen = {name: availability(one, GO.version, None) for name, one in served.items()}
    new = replace(GO, served=seen, situation=Situation(served=served), pypi=True)
    ((message, _),) = said(new)
    assert message == (
        "there creates no project with the name of a module of Python's standard library:"
        " abc, concurrent"
    )
    assert said(replace(new, pypi=False)) == []


def test_a_trusted_publisher_creates_one_project_for_each_pending_one() -> None:
    _, note = index_notes(replace(facts(low=NEW, pypi=True), trusted=True))
    assert note.endswith("pending publisher, which expires when it is not used")
    _, note = index_notes(replace(facts(low=NEW, mid=NEW, pypi=True), trusted=True))
    assert note.endswith("one for each identity: 2 projects need as many, or a token")
    assert [*index_notes(replace(facts(low=NEW), trusted=True))] == []
    assert [*index_notes(replace(facts(pypi=True), trusted=True))] == []


def test_a_stranger_is_named_with_what_is_there() -> None:
    assert [*index_notes(replace(facts(), strangers=("low",)))] == [
        "there has low 0.1.10, and no release tag is of that: see that it is yours"
    ]
    assert [*index_notes(replace(facts(), strangers=("low", "top")))] == [
        "there has low 0.1.10, top 0.1.10, and no release tag is of that: see that they are yours"
    ]
