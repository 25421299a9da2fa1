"""Branches that releases may be made from, by a glob, and that anybody may push to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.effects.doctor.test_examination import TOKEN, at_a_forge
from tests.fakes.forges import (
    FREE,
    GITHUB,
    GITHUB_TAGS,
    github_rule,
    github_ruleset,
    ruleset_path,
    serve,
)

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
    rows = remote(context, ("main", "release/*", "nothing/*"), context.workspace.groups)
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
    rows = {row.name: row for row in remote(context, ("release/*",), context.workspace.groups)}
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
    context = open_context(str(patient.clone))
    rows = {row.name: row for row in remote(context, ("main",), context.workspace.groups)}
    assert rows["branch rules"].text == 'no release pushes the branch (land = "tag")'


def test_every_group_that_is_named_is_examined_with_its_tag(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = patient.clone / "pyproject.toml"
    names = ("api", "sdk", "tool")
    more = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    more += "".join(f'[tool.release-sync.groups.{one}]\nmembers = ["{one}"]\n' for one in names[:2])
    text = manifest.read_text().replace(
        'index = "ward"\n', 'index = "ward"\nindependent = ["tool"]\n'
    )
    manifest.write_text(text + more)
    for name in names:
        (folder := patient.clone / "packages" / name).mkdir(parents=True)
        other = text.partition("[[tool.uv")[0].replace('"kit"', f'"{name}"')
        (folder / "pyproject.toml").write_text(other)
    patient.git("add", "-A")
    patient.git("commit", "-qm", "Grow")
    at_a_forge(patient, monkeypatch)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    serve(patient.index, FREE)
    rows = patient.rows()
    assert rows["workspace"].text == (
        "default 0.1.10 (kit); api 0.1.10 (api); sdk 0.1.10 (sdk); tool 0.1.10 (tool)"
    )
    assert rows["index"].text == "ward answers for kit, api, sdk and 1 more"
    assert rows["tag rules"].text == "no rule of 127.0.0.1 is against the tags of 4 groups"
    of_sdk = {"ref_name": {"include": ["refs/tags/sdk-*"], "exclude": []}}
    ruleset = github_ruleset("never", "tag", {"type": "creation"}, conditions=of_sdk)
    serve(
        patient.index,
        {GITHUB_TAGS: [{"id": 42, "enforcement": "active"}], ruleset_path(42): ruleset},
    )
    rows = patient.rows()
    assert rows["tag rules (sdk)"].state is State.WRONG
    assert "127.0.0.1 will refuse" in rows["tag rules (sdk)"].text
    assert rows["tag rules (tool)"].state is State.FINE
    rows = patient.rows("api", "tool", "toll")
    assert rows["workspace"].text == "api 0.1.10 (api); tool 0.1.10 (tool)"
    assert rows["tag rules"].state is State.FINE
    assert (
        rows["group toll"].text == "there is no group 'toll' (there are: default, api, sdk, tool)"
    )
    rows = patient.rows("tull", "toll", "tell")
    assert [name for name in rows if name.startswith("group ")] == [
        "group tull", "group toll", "group tell"
    ]  # fmt: skip
    assert rows["workspace"].text.startswith("default 0.1.10 (kit); api")
    assert rows["index"].text == "ward answers for kit, api, sdk and 1 more"
