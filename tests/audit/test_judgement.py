"""What a version is, by its files, its tag and what its members require."""

from __future__ import annotations

from dataclasses import replace
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from release_sync.audit.judgement import Line, judge, never
from release_sync.audit.published import Audited, Kind, Project, PublishedFile, Tagged
from release_sync.audit.repair import Place
from release_sync.audit.siblings import taken
from release_sync.audit.words import Sibling, Word
from release_sync.seals.artifact import Artifact

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE, TWO, THREE = map(Version, ("1.0", "2.0", "3.0"))
NAMES = ("app", "kit")
PLACE = Place("uv publish --index scene")


def files(name: str, version: Version, *, yanked: bool = False) -> tuple[PublishedFile, ...]:
    return (
        PublishedFile(f"{name}-{version}-py3-none-any.whl", Kind.WHEEL, version, sha256=f"{name}w",
                      is_yanked=yanked),
        PublishedFile(f"{name}-{version}.tar.gz", Kind.SDIST, version, sha256=f"{name}s",
                      is_yanked=yanked),
    )  # fmt: skip


def history(
    versions: tuple[Version, ...] = (ONE, TWO, THREE), requires: str = "kit=={}"
) -> dict[str, Project]:
    """Return ``app`` and ``kit`` in all versions; ``app`` requires ``kit``."""
    every = {name: {one: files(name, one) for one in versions} for name in NAMES}
    said = {one: (Requirement(requires.format(one)), Requirement("click")) for one in versions}
    return {
        "app": Project("app", every["app"], said),
        "kit": Project("kit", every["kit"], dict.fromkeys(versions, ())),
    }


def without(projects: dict[str, Project], name: str, version: Version, *numbers: int) -> None:
    """Take files of a version away; without any left, there is no such version."""
    one = projects[name]
    left = tuple(file for n, file in enumerate(one.files[version]) if n not in numbers)
    rest = {v: every for v, every in one.files.items() if v != version}
    projects[name] = replace(one, files={**rest, version: left} if left else rest)


def group(*versions: Version, pin: str = "exact") -> Audited:
    members = frozenset(NAMES)
    tags = tuple(Tagged(one, f"v{one}", members) for one in versions or (ONE, TWO, THREE))
    return Audited("default", members, tags, pin)


def judged(projects: Mapping[str, Project], of: Audited | None = None) -> dict[str, Line]:
    return {one.version: one for one in judge(of or group(), projects, PLACE)}


def test_what_is_complete_tagged_and_pinned_is_whole() -> None:
    for line in judged(history()).values():
        assert (line.word, line.state, line.resolves) == (Word.WHOLE, Sibling.PINNED, True)
        assert not line.is_wrong
        assert (line.remarks, line.repair) == ((), ())


def test_a_missing_member_is_built_from_the_tag_and_its_pin_is_unmet() -> None:
    projects = history()
    without(projects, "kit", TWO, 0, 1)
    lines = judged(projects)
    two = lines["2.0"]
    assert (two.word, two.state, two.resolves) == (Word.SPLIT, Sibling.UNMET, False)
    assert two.why == "split"
    assert two.remarks == (
        "only of app; nothing of kit",
        "app requires kit==2.0, and nothing on the index is that",
    )
    assert two.repair[0].command == (
        "git worktree add ../at-v2.0 v2.0 && cd ../at-v2.0"
        " && uv build --package kit --out-dir dist/missing"
        " && uv publish --index scene dist/missing/*"
    )
    assert "yank 2.0 of app" in two.repair[1].does
    below = judge(group(), projects, Place("uv publish", "tools/kits/"))[1]
    assert below.repair[0].command.startswith(
        "git worktree add ../../../at-v2.0 v2.0 && cd ../../../at-v2.0/tools/kits && "
    )
    assert not any(lines[version].is_wrong for version in ("1.0", "3.0"))


def test_the_newest_one_can_be_followed_by_another() -> None:
    projects = history()
    without(projects, "kit", THREE, 0, 1)
    assert judged(projects)["3.0"].repair[-1].command == "release-sync publish"


def test_a_member_that_was_not_there_at_the_tag_is_not_missing() -> None:
    projects = history(requires="kit")
    without(projects, "kit", ONE, 0, 1)
    tags = (Tagged(ONE, "v1.0", frozenset({"app"})), *group(TWO, THREE).tags)
    assert judged(projects, replace(group(), tags=tags))["1.0"].word is Word.WHOLE
    without_tags = replace(group(), tags=())
    assert judged(projects, without_tags)["1.0"].word is Word.UNTAGGED
    assert judged(projects)["1.0"].word is Word.SPLIT


def test_a_member_that_was_never_published_is_named_and_not_missing() -> None:
    projects = {**history(), "tools": Project("tools")}
    members = frozenset({*NAMES, "tools"})
    of = Audited("default", members, tuple(replace(one, members=members) for one in group().tags))
    assert {one.word for one in judge(of, projects, PLACE)} == {Word.WHOLE}
    assert never(of, projects) == ("tools",)


def test_a_first_release_may_be_half() -> None:
    projects = history((ONE,))
    without(projects, "kit", ONE, 0, 1)
    line = judged(projects, group(ONE))["1.0"]
    assert (line.word, line.files.missing, line.resolves) == (Word.SPLIT, ("kit",), False)
    assert never(group(ONE), projects) == ("kit",)


def test_a_kind_of_file_is_missed_only_where_the_releases_beside_it_have_it() -> None:
    projects = history((ONE, TWO, THREE, Version("4.0")))
    for version in (ONE, TWO):  # so it was done then
        for name in NAMES:
            without(projects, name, version, 1)
    assert {one.word for one in judged(projects).values()} == {Word.WHOLE, Word.UNTAGGED}
    without(projects, "app", Version("4.0"), 0)
    four = judged(projects)["4.0"]
    assert four.word is Word.SPLIT
    assert four.remarks == ("app has no wheel",)


def test_a_tag_without_files_and_files_without_a_tag_are_notes() -> None:
    lines = judged(history((ONE, TWO)), group(TWO, THREE))
    assert [lines[one].word for one in ("3.0", "2.0", "1.0")] == [
        Word.UNPUBLISHED, Word.WHOLE, Word.UNTAGGED,
    ]  # fmt: skip
    assert not any(one.is_wrong for one in lines.values())
    assert lines["3.0"].resolves is None


def test_yanked_members_and_yanked_releases_are_told_apart() -> None:
    projects = history()
    kit = projects["kit"]
    projects["kit"] = replace(kit, files={**kit.files, TWO: files("kit", TWO, yanked=True)})
    two = judged(projects)["2.0"]
    assert (two.word, two.is_wrong) == (Word.YANKED_IN_PART, True)
    assert two.state is Sibling.PINNED, "a pin takes what is yanked (PEP 592)"
    assert "yank 2.0 of app, too" in two.repair[0].does
    app = projects["app"]
    projects["app"] = replace(app, files={**app.files, TWO: files("app", TWO, yanked=True)})
    assert (judged(projects)["2.0"].word, judged(projects)["2.0"].is_wrong) == (Word.YANKED, False)


def test_files_that_are_not_as_sealed_are_foreign() -> None:
    projects = history()
    sealed = tuple(
        Artifact(name, file.filename, 1, file.sha256) for name in NAMES for file in files(name, TWO)
    )
    one, two, three = group().tags

    def word(*artifacts: Artifact) -> Word:
        tags = (one, replace(two, artifacts=artifacts), three)
        line = judged(projects, replace(group(), tags=tags))["2.0"]
        assert not any("uv build" in way.command for way in line.repair), "other bytes"
        return line.word

    assert word(*sealed) is Word.WHOLE
    assert word(*sealed[:3], replace(sealed[3], sha256="other")) is Word.FOREIGN
    assert word(*sealed[:3]) is Word.FOREIGN, "kit's sdist is nobody's"
    assert word(*sealed, Artifact("kit", "kit-2.0-cp311-abi3-linux.whl", 1, "x")) is Word.SPLIT


@pytest.mark.parametrize(
    ("requires", "state", "takes", "is_wrong"),
    [
        ("kit==2.0", Sibling.PINNED, "2.0", False),
        ("kit===2.0", Sibling.PINNED, "2.0", False),
        ("kit", Sibling.DRIFTED, "3.0", True),
        ("kit>=2", Sibling.DRIFTED, "3.0", True),
        ("kit==2.*", Sibling.OPEN, "2.0", False),
        ("kit~=2.0", Sibling.OPEN, "2.0", False),
        ("kit==1.0", Sibling.EXCLUDED, "1.0", True),
        ("kit>2", Sibling.EXCLUDED, "3.0", True),
        ("kit==2.0,>2", Sibling.EXCLUDED, "", True),
        ('KIT[extra]; extra == "all"', Sibling.DRIFTED, "3.0", True),
    ],
)
def test_what_an_installer_takes_for_a_sibling(
    requires: str, state: Sibling, takes: str, *, is_wrong: bool
) -> None:
    projects = history()
    projects["app"] = replace(projects["app"], requires={TWO: (Requirement(requires),)})
    two = judged(projects)["2.0"]
    (said,) = two.required or ()
    assert (said.state, said.takes, two.is_wrong) == (state, takes, is_wrong)
    assert two.word is Word.WHOLE
    assert two.why == state.value


def test_where_a_range_is_the_policy_drift_is_what_was_chosen() -> None:
    lines = judged(history(requires="kit>=1"), group(pin="compatible"))
    assert (lines["2.0"].state, lines["2.0"].is_wrong) == (Sibling.DRIFTED, False)


def test_a_sibling_of_another_group_only_has_to_be_there() -> None:
    projects = history(requires="kit")
    app = replace(group(), members=frozenset({"app"}), tags=())
    assert judged(projects, app)["2.0"].state is Sibling.PINNED
    without(projects, "kit", TWO, 0, 1)
    projects["app"] = replace(projects["app"], requires={TWO: (Requirement("kit==2.0"),)})
    assert judged(projects, app)["2.0"].state is Sibling.UNMET


def test_what_can_not_be_read_is_unknown_and_not_pinned() -> None:
    projects = history()
    projects["app"] = replace(projects["app"], requires={TWO: None})
    two = judged(projects)["2.0"]
    assert (two.required, two.state, two.resolves, two.is_wrong) == (None, None, None, False)


versions_of = st.lists(st.integers(0, 9), min_size=2, max_size=5, unique=True)


@given(versions_of, st.data())
def test_whatever_else_was_published_a_complete_version_is_whole_and_then_not(
    numbers: list[int], data: st.DataObject
) -> None:
    versions = tuple(Version(f"1.{number}") for number in numbers)
    projects = history(versions)
    chosen = data.draw(st.sampled_from(versions))
    others = st.tuples(
        st.sampled_from(NAMES), st.sampled_from([one for one in versions if one != chosen])
    )
    gone = data.draw(st.sets(others, max_size=2))
    for name, version in gone:
        without(projects, name, version, 0, 1)
    of = group(*versions)
    assert judged(projects, of)[str(chosen)].word is Word.WHOLE
    name, number = data.draw(st.tuples(st.sampled_from(NAMES), st.integers(0, 1)))
    if len(projects[name].files) > 1:  # what a member always has can't be told from one release
        without(projects, name, chosen, number)
        line = judged(projects, of)[str(chosen)]
        assert (line.word, line.is_wrong) == (Word.SPLIT, True)
        assert line.repair


def test_thousands_of_versions_are_judged_in_seconds() -> None:
    """Nothing is compared with all others: that took minutes."""
    versions = tuple(Version(f"{number // 50}.{number % 50}") for number in range(1, 1001))
    projects, of = history(versions), group(*versions)
    begun = process_time()
    lines = judge(of, projects, PLACE)
    assert process_time() - begun < 4
    assert {(one.word, one.state) for one in lines} == {(Word.WHOLE, Sibling.PINNED)}


@pytest.mark.parametrize(
    ("said", "takes"),
    [
        ("==1", "1.0+cu12"),
        ("==1.0+cpu", "1.0+cpu"),
        ("===1.0+cpu", "1.0+cpu"),
        ("==1!1.0", "1!1.0"),
        ("==4", None),
        (">=1,<3", "2.0"),
        (">=1", "1!1.0"),
        (">3,<4", "3.1rc1"),
        (">=3rc1,<4", "3.1rc1"),
        (">=5,<6", None),
        ("==3.*", "3.0"),
    ],
)
def test_what_an_installer_takes(said: str, takes: str | None) -> None:
    there = ["1.0", "1.0+cpu", "1.0+cu12", "2.0", "2.5", "3.0", "3.1rc1", "1!1.0"]
    found = {Version(one): files("kit", Version(one), yanked=one == "2.5") for one in there}
    taken_one = taken(SpecifierSet(said), Project("kit", found))
    assert taken_one == (None if takes is None else Version(takes))
