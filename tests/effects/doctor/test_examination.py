"""An examination has a row for everything, whatever is wrong, and changes nothing that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.fakes import git_hosts
from tests.fakes.forges import FREE, GITHUB_MAIN, github_rule, github_ruleset, ruleset_path, serve

from release_sync.effects.doctor.examination import examine
from release_sync.effects.doctor.rows import State

if TYPE_CHECKING:
    from pathlib import Path

    from tests.effects.doctor.conftest import Patient

    from release_sync.effects.doctor.rows import Row

FINE, WRONG, OPEN = State.FINE, State.WRONG, State.OPEN
TOKEN = "a-token-that-nobody-may-see"


def states(rows: dict[str, Row], state: State) -> set[str]:
    return {name for name, row in rows.items() if row.state is state}


def everything(patient: Patient) -> tuple[object, ...]:
    """Return all that an examination leaves as it was."""
    objects = sorted(str(file) for file in (patient.clone / ".git/objects").rglob("*"))
    refs = patient.git("for-each-ref"), patient.git("ls-remote", "origin")
    return objects, refs, patient.git("status", "--porcelain"), patient.git("config", "--list")


def test_what_is_well_is_fine_and_stays_as_it_was(patient: Patient) -> None:
    before = everything(patient)
    rows = patient.rows()
    assert everything(patient) == before
    assert states(rows, WRONG) == set()
    assert states(rows, OPEN) <= {"hooks", "branch rules", "tag rules", "isolation"}
    assert rows["workspace"].text == "default 0.1.10 (kit)"
    assert (
        rows["pending refs"].text == "origin let one below refs/release-sync/ be made and removed"
    )
    assert rows["credentials"].text == "the token uploads to ward"
    assert TOKEN not in str(rows)
    assert patient.index.seen[0] == ("/simple/kit/", None)


def test_what_is_in_the_way_of_a_release_is_a_row_and_never_an_error(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (patient.clone / "new.txt").touch()
    patient.git("switch", "-q", "--detach")
    monkeypatch.delenv("UV_PUBLISH_TOKEN")
    patient.git("remote", "remove", "origin")
    rows = patient.rows()
    assert "HEAD is detached at " in rows["branch"].text
    assert rows["branch"].hint == "run `git switch main`"
    assert rows["working tree"].text == "not committed: new.txt"
    assert rows["remote"].hint == "run `git remote add origin URL`"
    assert rows["credentials"].text == "no upload credentials for ward"
    assert states(rows, WRONG) == {"remote", "credentials"}
    assert {"branch", "working tree"} <= states(rows, OPEN)
    assert "pending refs" not in rows
    patient.git("remote", "add", "origin", str(patient.clone / "nowhere"))
    assert patient.rows()["remote"].text.startswith("origin did not answer")


def test_where_there_is_no_workspace_or_no_repository_the_rest_is_still_looked_at(
    patient: Patient, tmp_path: Path
) -> None:
    (patient.clone / "pyproject.toml").write_text("[project", encoding="utf-8")
    patient.git("commit", "-qam", "Break it")
    broken = patient.rows()
    assert states(broken, WRONG) == {"workspace"}
    assert broken["identity"].state is FINE
    empty = tmp_path / "empty"
    empty.mkdir()
    rows = list(examine(str(empty)))
    assert [row.name for row in rows] == ["git", "uv", "Python", "repository"]
    assert rows[-1].text == f"not a git repository: {empty}"


@pytest.mark.parametrize("how", ["--bare", "--no-checkout"])
def test_a_clone_without_files_is_examined_for_what_needs_none(patient: Patient, how: str) -> None:
    bare = patient.clone.with_name("other")
    patient.git("clone", "-q", how, str(patient.remote), str(bare))
    rows = {row.name: row for row in examine(str(bare))}
    assert states(rows, WRONG) == set()
    assert rows["working tree"].hint == (
        "only `resume --artifacts`, `status`, `abort` and `verify` need none"
    )
    assert rows["credentials"].text == "the token uploads to ward"


def test_a_signature_is_tried_where_one_is_wanted(patient: Patient) -> None:
    patient.git("config", "commit.gpgSign", "true")
    patient.git("config", "gpg.program", "/nowhere/gpg")
    before = everything(patient)
    row = patient.rows()["signing"]
    assert everything(patient) == before
    assert row.state is WRONG
    assert row.text.startswith("commit.gpgSign: git can't sign: ")
    assert "/nowhere/gpg" in row.text


def test_a_hook_is_found_wherever_git_would_run_it(patient: Patient) -> None:
    assert patient.rows()["hooks"].state is OPEN
    (patient.clone / ".pre-commit-config.yaml").write_text("- id: release-sync\n", encoding="utf-8")
    assert patient.rows()["hooks"].hint == "run `pre-commit install` in this clone"
    hook = patient.clone / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexec pre-commit\n", encoding="utf-8")
    assert patient.rows()["hooks"].text == "pre-commit, by .pre-commit-config.yaml"
    patient.git("config", "core.hooksPath", "ours")
    (patient.clone / "ours").mkdir()
    (patient.clone / "ours/pre-push").write_text("release-sync-hook", encoding="utf-8")
    assert patient.rows()["hooks"].text == "pre-push in ours"


def test_what_a_host_refuses_is_found_by_trying(patient: Patient) -> None:
    git_hosts.take_only_branches_and_tags(patient.remote)
    row = patient.rows()["pending refs"]
    assert row.state is WRONG
    assert "Only branches and tags can be pushed" in row.text
    assert "`waiting`" in row.hint
    git_hosts.forget_atomic(patient.remote)
    rows = patient.rows()
    assert rows["atomic push"].text.startswith("origin does not support atomic push: ")
    assert rows["pending refs"].text == "not tried: nothing can be pushed to origin"
    assert set(patient.git("ls-remote", "origin").split()[1::2]) == {"HEAD", "refs/heads/main"}


def at_a_forge(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clone push to a host whose forge is the server of the index."""
    patient.git("config", "remote.origin.pushurl", "http://127.0.0.1:1/octo/kit.git")
    monkeypatch.setenv("GITHUB_SERVER_URL", "http://127.0.0.1")
    monkeypatch.setenv("GITHUB_API_URL", f"{patient.index.url}/api")


def test_the_rules_of_the_forge_are_rows(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_forge(patient, monkeypatch)
    assert patient.rows()["branch rules"].hint == "set GITHUB_TOKEN or GH_TOKEN to have it asked"
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    serve(patient.index, FREE)
    rows = patient.rows()
    assert (rows["branch rules"].state, rows["tag rules"].state) == (FINE, FINE)
    rule = github_rule("pull_request")
    serve(patient.index, {GITHUB_MAIN: [rule], ruleset_path(42): github_ruleset()})
    row = patient.rows()["branch rules"]
    assert row.state is WRONG
    assert row.text == (
        "127.0.0.1 will refuse the push to main: changes come by pull request (ruleset super cool)"
    )
    assert row.hint.startswith("`--land branch` fits")
    serve(patient.index, {GITHUB_MAIN: 403})
    row = patient.rows()["branch rules"]
    assert row.state is OPEN
    assert "the token in GITHUB_TOKEN may not ask for it (403)" in row.text


def test_a_job_is_told_which_permission_it_lacks(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "workflow" not in patient.rows()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert patient.rows()["workflow"].state is FINE
    monkeypatch.delenv("UV_PUBLISH_TOKEN")
    row = patient.rows()["workflow"]
    assert (row.state, row.text) == (WRONG, "this job lacks id-token: write")
    for name in ("URL", "TOKEN"):
        monkeypatch.setenv(f"ACTIONS_ID_TOKEN_REQUEST_{name}", "http://127.0.0.1:1/")
    rows = patient.rows()
    assert rows["workflow"].text == "this job has id-token: write"
    assert rows["credentials"].text == "this job uploads to ward, as a trusted publisher"
