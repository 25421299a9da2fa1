"""The changelogs in the commit of a release: made once, and the same wherever it is resumed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fakes.context import CHAIN, ROOT
from tests.fakes.world import MAIN, PENDING, cloned
from tests.run import story
from tests.run.told import preparing, publishing, resuming, sealed, told

from release_sync.changelog.change_files import written
from release_sync.changelog.entry import entry, unreleased
from release_sync.fixes.changelog_edits import release_edits
from release_sync.plan.facts import Request
from release_sync.trees.working_tree import WorkingTree
from release_sync.workspace.reading import read

KEPT = "# Changelog\r\n\r\n## Unreleased\r\n\r\n- Lanes.\r\n\r\n## 0.1.10 (2026-01-02)\r\n"
LATER = "2026-11-25"


def begun(monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]) -> story.Story:
    monkeypatch.setattr(story, "KIND", story.Kind(files={**CHAIN, **files}))
    return story.Story()


def tip(one: story.Story) -> dict[str, bytes]:
    return one.remote.objects.trees[one.remote.refs[MAIN]]


def test_a_release_that_is_resumed_elsewhere_tomorrow_has_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = begun(monkeypatch, {"CHANGELOG.md": KEPT.encode()})
    assert told(one, preparing).problem is None
    other = cloned(one.remote, "Another")
    heard = told(one, resuming(), other, day=LATER)
    assert heard.problem is None
    assert heard.asked == [("Finish v0.1.11?", False)]
    assert tip(one)["CHANGELOG.md"].decode() == KEPT.replace(
        "- Lanes.", "## 0.1.11 (2026-11-24)\r\n\r\n- Lanes."
    )


def test_a_seal_that_says_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = begun(monkeypatch, {"CHANGELOG.md": KEPT.encode()})
    assert told(one, preparing).problem is None
    for tree in one.remote.objects.trees.values():
        tree["CHANGELOG.md"] = tree["CHANGELOG.md"].replace(
            b"## 0.1.11 (", b"- More.\r\n## 0.1.11 ("
        )
    heard = told(one, resuming(), cloned(one.remote, "Another"))
    assert "changes more than the version asks for: CHANGELOG.md" in str(heard.problem)


def test_a_pre_release_leaves_what_is_new_to_the_final_one(monkeypatch: pytest.MonkeyPatch) -> None:
    one = begun(monkeypatch, {"CHANGELOG.md": KEPT.encode()})
    first = Request(levels=("minor", "rc"))
    assert told(one, publishing(first)).problem is None
    assert tip(one)["CHANGELOG.md"] == KEPT.encode()
    assert told(one, publishing(Request(levels=("stable",)))).problem is None
    assert b"## 0.2.0 (2026-11-24)" in tip(one)["CHANGELOG.md"]


def test_each_group_has_the_changelogs_of_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    root = ROOT.replace("[tool.release-sync]", '[tool.release-sync]\nindependent = ["low"]')
    root += '[tool.release-sync.pins]\nmid = { low = "any" }\n'
    files = {path: KEPT.encode() for path in ("CHANGELOG.md", "packages/low/CHANGELOG.md")}
    files["packages/mid/News.md"] = KEPT.encode()
    one = begun(monkeypatch, {"pyproject.toml": root.encode(), **files})
    assert told(one, publishing(Request(group="default"))).problem is None
    changed = {path for path in files if b"0.1.11" in tip(one)[path]}
    assert changed == {"CHANGELOG.md", "packages/mid/News.md"}


def test_off_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    root = f'{ROOT}[tool.release-sync.changelog]\nstyle = "off"\n'
    one = begun(monkeypatch, {"pyproject.toml": root.encode(), "CHANGELOG.md": KEPT.encode()})
    assert told(one, publishing()).problem is None
    assert tip(one)["CHANGELOG.md"] == KEPT.encode()


def changes(**files: str) -> dict[str, bytes]:
    """Return files of changes, each a level and a text, or a level, members and a text."""
    found = {}
    for name, said in files.items():
        level, *members, text = said.split("|")
        found[f".changes/{name}.md"] = written(level, members, text).encode()
    return found


def test_changes_say_the_level_and_make_the_section(monkeypatch: pytest.MonkeyPatch) -> None:
    files = changes(lanes="minor|Lanes.", bridge="patch|low|Mends the bridge.", ci="none|Faster.")
    one = begun(monkeypatch, files)
    heard = told(one, preparing)
    assert heard.problem is None
    (release,) = heard.planned
    assert ("Level", "minor: .changes/lanes.md asks for it (of 3 changes)") in release.observations
    other = cloned(one.remote, "Another")
    heard = told(one, resuming(), other, day=LATER)
    assert heard.asked == [("Finish v0.2.0?", False)]
    assert tip(one).get("CHANGELOG.md") == (
        b"# Changelog\n\n## 0.2.0 - 2026-11-24\n\n- Lanes.\n- **low**: Mends the bridge.\n"
    )
    assert [path for path in tip(one) if path.startswith(".changes")] == []


def test_what_you_say_counts_more_than_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    one = begun(monkeypatch, changes(lanes="minor|Lanes."))
    heard = told(one, publishing(Request(levels=("patch",))))
    assert ("Level", "patch, as you said; .changes/lanes.md asks for minor") in heard.planned[
        0
    ].observations
    assert b"## 0.1.11 - " in tip(one)["CHANGELOG.md"]


def test_changes_stay_until_the_final_release(monkeypatch: pytest.MonkeyPatch) -> None:
    one = begun(monkeypatch, changes(lanes="minor|Lanes."))
    for request, version in (
        (Request(levels=("rc",)), "0.2.0rc1"),
        (Request(levels=("rc",)), "0.2.0rc2"),
        (Request(levels=("stable",)), "0.2.0"),
    ):
        heard = told(one, publishing(request))
        assert heard.problem is None, heard.problem
        assert heard.planned[0].draft.version == version
    assert ".changes/lanes.md" not in tip(one)


def test_a_final_release_goes_on_from_its_pre_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    files = changes(lanes="minor|Lanes.")
    for level, version in (("minor", "0.2.0"), ("major", "1.0.0")):
        one = begun(monkeypatch, files)
        assert told(one, publishing(Request(levels=("minor", "rc")))).problem is None
        commit = one.remote.objects.commit(
            "More", one.remote.refs[MAIN], tree={**tip(one), **changes(more=f"{level}|More.")}
        )
        one.remote.refs[MAIN] = commit
        heard = told(one, publishing(), cloned(one.remote))
        assert heard.planned[0].draft.version == version


def test_a_change_of_two_groups_waits_for_the_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    root = ROOT.replace("[tool.release-sync]", '[tool.release-sync]\nindependent = ["low"]')
    root += '[tool.release-sync.pins]\nmid = { low = "any" }\n'
    files = {**changes(lanes="minor|low|mid|Lanes."), "packages/low/CHANGELOG.md": b"# Low\n"}
    one = begun(monkeypatch, {"pyproject.toml": root.encode(), **files})
    assert told(one, publishing(Request(group="low"))).problem is None
    assert tip(one)["packages/low/CHANGELOG.md"] == b"# Low\n\n## 0.2.0 - 2026-11-24\n\n- Lanes.\n"
    assert tip(one)[".changes/lanes.md"] == b"---\nlevel: minor\nmembers: [mid]\n---\n\nLanes.\n"
    assert told(one, publishing(Request(group="default"))).problem is None
    assert tip(one)["CHANGELOG.md"].endswith(b"## 0.2.0 - 2026-11-24\n\n- **mid**: Lanes.\n")
    assert ".changes/lanes.md" not in tip(one)


def test_two_ways_are_refused_with_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**changes(lanes="minor|Lanes."), "CHANGELOG.md": KEPT.encode()}
    heard = told(begun(monkeypatch, files), publishing())
    assert str(heard.problem) == (
        'the changelog is kept in 2 ways: "Unreleased" in CHANGELOG.md, and the files in .changes'
    )
    assert heard.ended.hint == (
        "choose one: in [tool.release-sync.changelog],"
        ' style = "keep-a-changelog" or style = "changes"'
    )


FRAGMENTS = {
    "pyproject.toml": f'{ROOT}[tool.towncrier]\ndirectory = "news"\n'.encode(),
    "news/1.feature.rst": b"Lanes.\n",
    "news/README.rst": b"How to write one.\n",
}


def test_what_towncrier_did_is_not_derived_and_has_to_be_typed_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = begun(monkeypatch, FRAGMENTS)
    assert told(one, preparing).problem is None
    other = cloned(one.remote, "Another")
    heard = told(one, resuming(), other)
    assert [typed for _, typed in heard.asked] == [True]
    assert sorted(heard.edits) == ["NEWS.rst", "news/1.feature.rst"]
    assert heard.problem is None
    assert tip(one)["NEWS.rst"] == b"0.1.11 (2026-11-24)\n- Lanes.\n"
    assert [path for path in tip(one) if path.startswith("news/")] == ["news/README.rst"]


def test_who_had_it_run_is_asked_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    one = begun(monkeypatch, FRAGMENTS)
    assert told(one, preparing).problem is None
    heard = told(one, resuming())
    assert heard.asked == [("Finish v0.1.11?", False)]
    assert heard.problem is None


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("news/README.rst", None),
        ("NEWS.rst", b"0.1.11\n"),
        ("setup.cfg", b"[metadata]\n"),
        ("news/1.feature.rst", b"Lanes, and more.\n"),
    ],
)
def test_what_towncrier_does_not_do_is_refused(
    monkeypatch: pytest.MonkeyPatch, path: str, content: bytes | None
) -> None:
    one = begun(monkeypatch, {**FRAGMENTS, "NEWS.rst": b"0.1.10\n- Roads.\n"})
    assert told(one, preparing).problem is None
    candidate = sealed(one).candidate
    one.remote.objects.trees[candidate].pop(path, None)
    if content is not None:
        one.remote.objects.trees[candidate][path] = content
    heard = told(one, resuming(), cloned(one.remote, "Another"))
    assert f"changes more than the version asks for: {path}" in str(heard.problem)


def test_killed_at_any_moment_it_is_finished_elsewhere_with_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = {"CHANGELOG.md": b"# Changelog\n", **changes(lanes="minor|Lanes.")}
    days = set()
    for at in range(1, len(story.boundaries()), 3):
        one = begun(monkeypatch, files)
        assert one.dies(at)
        pending = PENDING in one.remote.refs
        before = one.remote.objects.trees[sealed(one).candidate] if pending else None
        heard = told(one, resuming() if pending else publishing(), cloned(one.remote), day=LATER)
        assert heard.problem is None
        assert before in (None, tip(one)), at
        days.add(tip(one)["CHANGELOG.md"].decode().partition("## 0.2.0 - ")[2][:10])
    assert days == {"2026-11-24", LATER}  # the day is that of the plan


def test_this_repository_keeps_a_changelog_that_its_release_writes() -> None:
    tree = WorkingTree(str(Path(__file__).parents[2]))
    workspace = read(tree)
    versions = dict.fromkeys(workspace.group("default").every, "99.0")
    found = {one.path: one for one in release_edits(workspace, tree, versions, LATER)}
    text = found["CHANGELOG.md"].after.decode()
    assert text.startswith(f"# Changelog\n\n## Unreleased\n\n## 99.0 - {LATER}\n\n")
    assert entry(text, "99.0") == unreleased(found["CHANGELOG.md"].before.decode())
