"""What a release says of its changelogs: by default a note, where they say nothing of it."""

from __future__ import annotations

import pytest
from tests.fakes.context import CHAIN, ROOT
from tests.run import story
from tests.run.told import publishing, told

from release_sync.plan.facts import Request

KEPT = "# Changelog\n\n## Unreleased\n\n### Added\n\n## 0.1.10 - 2026-01-02\n\n- Roads.\n"
TOLD = KEPT.replace("### Added\n", "### Added\n\n- Lanes.\n")
WORDS = "CHANGELOG.md says nothing of 0.1.11"


@pytest.mark.parametrize(
    ("changelog", "empty", "expected"),
    [
        (KEPT, "note", "noted"),
        (KEPT, "refuse", "refused"),
        (KEPT, "allow", "fine"),
        (TOLD, "note", "fine"),
        (TOLD, "refuse", "fine"),
    ],
)
def test_nothing_unreleased(
    changelog: str, empty: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = f'{ROOT}[tool.release-sync.changelog]\nempty = "{empty}"\n'
    files = {**CHAIN, "pyproject.toml": root.encode(), "CHANGELOG.md": changelog.encode()}
    monkeypatch.setattr(story, "KIND", story.Kind(files=files))
    heard = told(story.Story(), publishing())
    noted = [WORDS] if expected == "noted" else []
    assert [
        one for release in heard.planned for one in release.notes if "CHANGELOG" in one
    ] == noted
    assert (heard.problem is not None) is (expected == "refused"), heard.problem
    assert (WORDS in str(heard.problem)) is (expected == "refused")


CHANGE = {".changes/a.md": b"---\nlevel: minor\n---\n\nLanes.\n"}


@pytest.mark.parametrize(
    ("request_", "files", "noted"),
    [
        (Request(levels=("none",)), {"CHANGELOG.md": TOLD.encode()}, True),
        (Request(levels=("none",)), {"CHANGELOG.md": KEPT.encode()}, False),
        (Request(levels=("none",)), {}, False),
        (Request(levels=("minor", "rc")), {"CHANGELOG.md": TOLD.encode()}, False),
        (Request(), {"CHANGELOG.md": TOLD.encode()}, False),
    ],
)
def test_a_release_that_makes_no_commit_says_what_stays(
    request_: Request, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, *, noted: bool
) -> None:
    monkeypatch.setattr(story, "KIND", story.Kind(files={**CHAIN, **files}))
    heard = told(story.Story(), publishing(request_))
    assert heard.problem is None
    words = 'what CHANGELOG.md has below "Unreleased" stays there: v0.1.10 writes nothing'
    told_of = [one for one in heard.planned[0].notes if "stays there" in one]
    assert told_of == ([words] if noted else [])


NEWS = {
    "news/1.feature.md": b"Lanes.",
    "towncrier.toml": b'[tool.towncrier]\ndirectory = "news"\nfilename = "NEWS.md"\n',
}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (CHANGE, "what .changes/a.md says stays there: v0.1.10 writes nothing"),
        (NEWS, "the fragments of NEWS.md stay as they are: v0.1.10 writes nothing"),
        ({**NEWS, "news/1.feature.md": b""}, "the fragments of NEWS.md stay"),
        ({one: NEWS[one] for one in NEWS if one.endswith(".toml")}, ""),
    ],
)
def test_files_that_stay_are_told_too(
    files: dict[str, bytes], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "KIND", story.Kind(files={**CHAIN, **files}))
    (release,) = told(story.Story(), publishing(Request(levels=("none",)))).planned
    noted = [one for one in release.notes if "writes nothing" in one]
    assert len(noted) == bool(words)
    assert words in "".join(noted)


@pytest.mark.parametrize("several", [False, True])
def test_the_level_that_changes_ask_for_is_told_with_whose_it_is(
    monkeypatch: pytest.MonkeyPatch, *, several: bool
) -> None:
    change = b"---\nlevel: minor\nmembers: [mid]\n---\n\nLanes.\n"
    root = f'{ROOT}independent = ["mid"]\n' if several else ROOT
    files = {**CHAIN, "pyproject.toml": root.encode(), ".changes/a.md": change}
    monkeypatch.setattr(story, "KIND", story.Kind(files=files))
    (release,) = told(story.Story(), publishing(Request(every=True))).planned
    words = "minor: .changes/a.md asks for it"
    assert dict(release.observations)["Level"] == (f"mid {words}" if several else words)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request(), "minor: .changes/b.md asks for it (of 2 changes)"),
        (
            Request(levels=("major", "rc")),
            "major rc, as you said; .changes/b.md asks for minor (of 2 changes)",
        ),
        (Request(version="3.0"), "3.0, as you said; .changes/b.md asks for minor (of 2 changes)"),
    ],
)
def test_what_was_said_goes_before_what_changes_ask_for(
    request_: Request, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = {"a": "patch", "b": "minor"}
    files = {f".changes/{name}.md": f"---\nlevel: {level}\n---\n\nLanes.\n".encode()
             for name, level in levels.items()}  # fmt: skip
    monkeypatch.setattr(story, "KIND", story.Kind(files={**CHAIN, **files}))
    (release,) = told(story.Story(), publishing(request_)).planned
    assert dict(release.observations)["Level"] == words


def test_a_pre_release_needs_to_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    root = f'{ROOT}[tool.release-sync.changelog]\nempty = "refuse"\n'
    files = {**CHAIN, "pyproject.toml": root.encode(), "CHANGELOG.md": KEPT.encode()}
    monkeypatch.setattr(story, "KIND", story.Kind(files=files))
    assert told(story.Story(), publishing(Request(levels=("minor", "rc")))).problem is None
