"""An entry is put into a configuration as text, and pre-commit reads what was meant."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pre_commit.yaml import yaml_load  # type: ignore[import-untyped] # it says nothing of types

from release_sync.cli.adoption.pre_commit import has_hook, with_hook
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://example.com/release-sync"
OTHER = "https://example.com/it"
ENTRY = {"repo": URL, "rev": "v0.2.0", "hooks": [{"id": "release-sync"}]}

CONFIGURATIONS = {
    "two spaces": f"repos:\n  - repo: {OTHER}\n    rev: v1.0.0\n    hooks:\n      - id: other\n",
    "no spaces": f"repos:\n- repo: {OTHER}\n  rev: v1.0.0\n  hooks:\n  - id: other\n",
    "wide dashes": f"repos:\n-   repo: {OTHER}\n    rev: v1.0.0\n    hooks:\n    -   id: other\n",
    "no final newline": f"repos:\n  - repo: {OTHER}\n    rev: v1.0.0\n    hooks: [{{id: other}}]",
    "keys behind it": f"repos:\n  - repo: {OTHER}\n    rev: v1.0.0\n    hooks:\n      - id: other\n"
    "\n# about the next key\nci:\n  skip: [other]\n",
    "keys before it": f"# first\nfail_fast: true\n\nrepos: # all of them\n  - repo: {OTHER}\n"
    "    rev: v1.0.0\n    hooks:\n      - id: other # why\n\n  # - repo: none\n",
    "comments between": f"repos:\n# an edge\n- repo: {OTHER}\n  rev: v1.0.0\n# again\n  hooks:\n"
    "  # inside\n  - id: other\n# at the end\n",
    "a text like comments": "repos:\n  - repo: local\n    hooks:\n      - id: other\n"
    "        name: other\n        language: system\n        entry: |\n          one\n"
    "          # two\n",
    "hooks first": f"repos:\n  - hooks:\n      - id: other\n    repo: {OTHER}\n    rev: v1.0.0\n",
    "an empty list": "repos: []\nfail_fast: true\n",
    "an empty list, noted": "repos: [] # none yet\n",
    "nothing in it": "repos:\n",
    "another key only": "default_stages: [pre-commit]\n",
    "a document's start": "---\nrepos:\n  - repo: meta\n    hooks:\n      - id: identity\n",
    "a document's end": "repos:\n  - repo: meta\n    hooks:\n      - id: identity\n...\n",
    "a quoted key": f'"repos":\n  - repo: {OTHER}\n    rev: v1.0.0\n    hooks:\n      - id: o\n',
    "anchors": f"x: &all [other]\nrepos: &repos\n- &it\n  repo: {OTHER}\n  rev: v1.0.0\n  hooks:\n"
    "  - &o {id: other}\n  - *o\n- *it\n",
    "a document's end only": "fail_fast: true\n...\n",
    "no indent, then two": f"repos:\n- repo: {OTHER}\n  rev: v1.0.0\n  hooks:\n    - id: other\n",
    "comments only": "# soon\n",
    "empty": "",
}


def loaded(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = yaml_load(data.decode()) or {}
    return found


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_entry_is_added_and_all_else_means_what_it_meant(name: str, newline: str) -> None:
    before = CONFIGURATIONS[name].replace("\n", newline).encode()
    after = with_hook(before, URL, "v0.2.0").after
    old = loaded(before)
    assert loaded(after) == {**old, "repos": [*(old.get("repos") or []), ENTRY]}
    assert has_hook(after)
    assert not has_hook(before)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_every_line_that_was_there_stays(name: str) -> None:
    before = CONFIGURATIONS[name].replace("repos: []", "repos:")
    after = with_hook(CONFIGURATIONS[name].encode(), URL, "v0.2.0").after.decode()
    added = iter(after.splitlines())
    assert all(line in added for line in before.splitlines())
    assert len(after.splitlines()) - len(before.splitlines()) in {4, 5}


def test_the_entry_is_laid_out_like_its_neighbours() -> None:
    after = with_hook(CONFIGURATIONS["wide dashes"].encode(), URL, "v0.2.0").after.decode()
    assert after.endswith(
        f"-   repo: {URL}\n    rev: v0.2.0\n    hooks:\n    -   id: release-sync\n"
    )
    after = with_hook(CONFIGURATIONS["two spaces"].encode(), URL, "v0.2.0").after.decode()
    assert after.endswith(
        f"  - repo: {URL}\n    rev: v0.2.0\n    hooks:\n      - id: release-sync\n"
    )


@pytest.mark.parametrize(
    ("repo", "rev"),
    [
        (URL, "v1"),
        ("../release-sync", "1.0"),
        ("git@example.com:team/release-sync", "1e5"),
        ("C:/a b/c#d", "yes"),
        ("a: b/", "- x"),
        ("/a'\"\\", "é"),
    ],
)
def test_any_address_and_revision_are_read_back_as_they_were_given(repo: str, rev: str) -> None:
    (entry,) = loaded(with_hook(None, repo, rev).after)["repos"]
    assert (entry["repo"], entry["rev"]) == (repo, rev)


@pytest.mark.parametrize(
    "text",
    [
        "repos: [{repo: local, hooks: []}]\n",
        "{repos: []}\n",
        "- repo: local\n",
        "fail_fast: true\n---\nother: true\n",
        "repos: *all\n",
        "repos: [\n",
        "repos: text\n",
        "repos:\n- repo: local\n  hooks:\n  - id: other\n    entry: |+\n      one\n\n\n",
    ],
)
def test_a_layout_that_nothing_can_be_added_to_is_refused_with_the_entry(text: str) -> None:
    with pytest.raises(Problem) as caught:
        with_hook(text.encode(), URL, "v1")
    assert caught.value.message.endswith("it was left as it was")
    assert f"repo: {URL}" in caught.value.hint


def test_without_the_library_the_entry_is_shown_to_be_pasted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)
    with pytest.raises(Problem) as caught:
        with_hook(CONFIGURATIONS["two spaces"].encode(), URL, "v1")
    assert "ruamel.yaml is not installed; it was left as it was" in caught.value.message
    assert caught.value.hint.endswith(
        f"  - repo: {URL}\n    rev: v1\n    hooks:\n      - id: release-sync"
    )
    assert loaded(with_hook(None, URL, "v1").after)["repos"] == [{**ENTRY, "rev": "v1"}]


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        ("      - id: release-sync", True),
        ("  -   id: 'release-sync-fix' # mend", True),
        ("        id: release-sync", True),
        ('      - {name: it, "id": release-sync, args: []}', True),
        ("      # - {id: release-sync}", False),
        ("      - id: release-sync-other", False),
        ("      # - id: release-sync", False),
        ("      - name: release-sync", False),
    ],
)
def test_our_hooks_are_known_by_their_id(line: str, *, ours: bool) -> None:
    assert has_hook(f"repos:\n  - repo: x\n    hooks:\n{line}\n".encode()) is ours


def test_pre_commit_itself_accepts_what_was_written(tmp_path: Path) -> None:
    paths = []
    for number, text in enumerate([None, CONFIGURATIONS["wide dashes"].encode()]):
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(with_hook(text, URL, "v0.2.0").after)
        paths.append(str(path))
    run = [sys.executable, "-m", "pre_commit", "validate-config", *paths]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
