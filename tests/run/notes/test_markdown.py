"""Notes as Markdown: what is new comes first, and nothing in it hides or fakes what is below."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.seals.test_tag_objects import CANDIDATE, SEALED

from release_sync.run.notes.markdown import LONGEST, MOST_FILES, closed, code, markdown
from release_sync.run.notes.notes import Notes, notes
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Companion
from release_sync.workspace.changelogs.entries import ChangelogEntry

ALONE = replace(
    SEALED, levels=(("kit",),), artifacts=(Artifact("kit", "kit-1.tar.gz", 9, "a" * 64),)
)


def said(*texts: str, member: str = "") -> Notes:
    found = tuple(ChangelogEntry(member, "CHANGELOG.md", text) for text in texts)
    return notes(ALONE, lambda _, __: found)


def test_they_say_what_is_new_what_was_released_and_how_to_verify_it() -> None:
    assert markdown(said("### Added\n\n- Lanes")) == (
        "### Added\n\n- Lanes\n\n"
        "## Packages\n\n- `kit` 0.1.11\n\n"
        "## Files\n\n| file | bytes | sha256 |\n|---|---:|---|\n"
        f"| `kit-1.tar.gz` | 9 | `{'a' * 64}` |\n\n"
        "## Verify\n\nIn a clone with its tags, `release-sync verify v0.1.11` compares what `pypi`"
        f" serves with the seal of this release (`{'1' * 40}`), which names each of these files."
        " `sha256sum FILE` prints the hash of one that you have.\n"
    )


def test_of_several_groups_each_is_said_below_its_name() -> None:
    apps = Companion("apps", "2.0", "apps-v2.0", ("app",), CANDIDATE)
    both = replace(ALONE, levels=(("kit",), ("app",)), companions=(apps,))
    text = markdown(notes(both, lambda group, at: (ChangelogEntry("", "x", f"{group} at {at}"),)))
    assert text.startswith(
        "## `default` 0.1.11\n\ndefault at 0.1.11\n\n## `apps` 2.0\n\napps at 2.0\n\n"
        "## Packages\n\n- `kit` 0.1.11\n- `app` 2.0\n\n"
    )
    assert "`release-sync verify v0.1.11` and `release-sync verify apps-v2.0` compare what" in text


def test_what_is_planned_has_no_files_yet() -> None:
    planned = replace(ALONE, oid="", candidate="", artifacts=())
    assert markdown(notes(planned, lambda _, __: ())) == "## Packages\n\n- `kit` 0.1.11\n"
    assert markdown(said("x", member="kit")).startswith("## `kit` 0.1.11\n\nx\n\n")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("```sh\nx\n```", ""),
        ("```sh\nx\n``` no end", "\n```"),
        ("~~~~\nx\n~~~", "\n~~~~"),
        ("- x\n  ```\n  y", "\n  ```"),
        ("x <!-- y", "\n-->"),
        ("<!-- x --> y", ""),
        ("```x``` and <!-- y -->", ""),
        ("- ```\n  x <!--\n  ```", ""),
        ("1. ```\n   x", "\n   ```"),
        ("> ```\n> x", "\n  ```"),
        ("<!--\n```\n-->", ""),
        ("<!-- x\n```", "\n-->"),
        ("`<!--` begins a comment", ""),
        ("<!-- x --> <!-- y", "\n-->"),
    ],
)
def test_what_a_changelog_leaves_open_hides_nothing_below(text: str, end: str) -> None:
    assert closed(text) == f"{text}{end}"
    assert f"{text}{end}\n\n## Packages" in markdown(said(text))


def test_what_others_named_stays_in_its_cell_and_its_command() -> None:
    name = "kit-1-py3-none-a`|\\b.whl"
    hostile = replace(
        ALONE,
        tag="v1;$(x)`y",
        index="`](x)|\x1b[2J\u202e",
        artifacts=(Artifact("kit", name, 1, "a" * 64),),
    )
    text = markdown(notes(hostile, lambda _, __: ()))
    assert "| `kit-1-py3-none-a???b.whl` | 1 | " in text
    assert "`release-sync verify 'v1;$(x)?y'`" in text
    assert "`?](x)??[2J?`" in text
    assert code("a\nb\r") == "`a?b?`"


def test_they_are_no_longer_than_a_forge_takes() -> None:
    many = tuple(Artifact("kit", f"kit-1-{n}-py3-none-any.whl", n, "a" * 64) for n in range(999))
    line = "- one more line of the changelog\n"
    entries = tuple(ChangelogEntry("kit", "a/CHANGELOG.md", line * 9999) for _ in range(2))
    text = markdown(notes(replace(ALONE, artifacts=many), lambda _, __: entries))
    assert LONGEST < len(text) < 125_000
    assert text.count("… the rest is in `a/CHANGELOG.md`") == 2
    assert text.count("| `kit-1-") == MOST_FILES
    assert "x" * LONGEST + "\n\n##" in markdown(said("x" * LONGEST))
    assert f"\n\n… and 699 more: `git cat-file tag {'1' * 40}` has all\n\n" in text
