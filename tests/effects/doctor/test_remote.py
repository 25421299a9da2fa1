"""Branches that releases may be made from, by a glob, and that anybody may push to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.effects.doctor.test_examination import TOKEN, at_a_forge
from tests.fakes.forges import FREE, GITHUB, github_rule, github_ruleset, ruleset_path, serve

from release_sync.effects.doctor.clone import branch_row
from release_sync.effects.doctor.remote import remote
from release_sync.effects.doctor.rows import Row, State
from release_sync.effects.opening import open_context

if TYPE_CHECKING:
    import pytest
    from tests.effects.doctor.conftest import Patient

BRANCH = f"{GITHUB}/branches/release%2F1.x"
RULES = f"{GITHUB}/rules/branches/release%2F1.x?per_page=100"


def examined(patient: Patient) -> list[Row]:
    context = open_context(str(patient.clone))
    rows = remote(context, ("main", "release/*", "nothing/*"))
    return [row for row in rows if row.name == "protection"]


def test_a_branch_of_a_glob_that_is_not_protected_is_named(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.git("push", "-q", "origin", "main:refs/heads/release/1.x")
    patient.git("push", "-q", "origin", "main:refs/heads/topic")
    at_a_forge(patient, monkeypatch)
    assert examined(patient) == []
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    serve(patient.index, {**FREE, RULES: [], BRANCH: {"protected": False}})
    (row,) = examined(patient)
    assert row.state is State.OPEN
    assert row.text == "release/1.x: releases are made from there, and it is not protected"
    assert row.hint == "protect release/* and nothing/* on 127.0.0.1"
    context = open_context(str(patient.clone))
    rows = {row.name: row for row in remote(context, ("release/*",))}
    assert rows["branch rules"].text == "HEAD is on none of release/*"
    assert branch_row(context.repository, ("release/*",)).hint == "switch to one of these"
    for answers in (
        {RULES: [github_rule("update")], ruleset_path(42): github_ruleset("always")},
        {RULES: 403},
    ):
        serve(patient.index, answers)
        assert examined(patient) == []


def test_where_only_the_tag_is_pushed_no_rule_is_about_the_branch(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient.configure('land = "tag"')
    at_a_forge(patient, monkeypatch)
    rows = {row.name: row for row in remote(open_context(str(patient.clone)), ("main",))}
    assert rows["branch rules"].text == 'no release pushes the branch (land = "tag")'
