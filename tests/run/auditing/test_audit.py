"""What is asked of an index for an audit, and what is said where it does not answer."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from release_sync.audit.published import Audited, Kind, Project, PublishedFile, Tagged
from release_sync.audit.repair import Place
from release_sync.errors import Problem, Several, Unanswered, Unreadable
from release_sync.run.auditing.audit import audit, problem, since
from release_sync.seals.artifact import Artifact
from release_sync.steps.uploading.served import Reply

ONE, TWO = Version("1.0"), Version("2.0")
MEMBERS = frozenset({"app", "kit"})
GROUP = Audited("default", MEMBERS, tuple(Tagged(one, f"v{one}", MEMBERS) for one in (ONE, TWO)))
SEAL = Tagged(ONE, "v1.0", MEMBERS, (Artifact("kit", "kit-1.0.tar.gz", 1, "5f"),))


class Scripted:
    """An index that has a wheel of each version; ``app`` requires ``kit``."""

    name = "scene"
    place = Place("uv publish")

    def __init__(self, **replies: Reply) -> None:
        """Answer with a page, but for some projects."""
        self.replies = replies
        self.read: list[str] = []
        self.unread = False
        self.more: tuple[PublishedFile, ...] = ()

    def project(self, name: str) -> tuple[Reply, Project, str]:
        reply = self.replies.get(name, Reply.PAGE)
        wheels = {one: (PublishedFile(f"{name}-{one}-py3-none-any.whl", Kind.WHEEL, one),
                        *self.more) for one in (ONE, TWO)}  # fmt: skip
        return reply, Project(name, wheels if reply is Reply.PAGE else {}), ""

    def requirements(self, file: PublishedFile) -> tuple[Requirement, ...] | None:
        self.read.append(file.filename)
        return None if self.unread else (Requirement("kit"),) * file.filename.startswith("app")


def test_each_version_is_asked_about_once_and_the_older_one_has_drifted() -> None:
    index = Scripted()
    (found,) = audit([GROUP], index)
    assert [(one.version, one.is_wrong) for one in found.lines] == [("2.0", False), ("1.0", True)]
    assert len(index.read) == len(set(index.read)) == 4
    against = problem([found], index.name)
    assert str(against) == "1 version on scene can't be relied on: 1 drifted (1.0)"


def test_since_a_version_nothing_older_is_read_or_judged() -> None:
    index = Scripted()
    begin = since("v2.0", {"default": "v{version}"})
    assert begin == since("2.0", {"default": "v{version}"}) == {"default": TWO}
    (found,) = audit([GROUP], index, begin=begin)
    assert [one.version for one in found.lines] == ["2.0"]
    assert sorted(index.read) == ["app-2.0-py3-none-any.whl", "kit-2.0-py3-none-any.whl"]
    assert problem([found], index.name) is None
    assert since("", {"default": "v{version}"}) == {}
    assert since("mcp-v3.0", {"default": "v{version}", "mcp": "mcp-v{version}"}) == {
        "mcp": Version("3.0")
    }
    with pytest.raises(Unreadable, match="neither a version nor a release tag"):
        since("yesterday", {"default": "v{version}"})


@pytest.mark.parametrize(
    ("reply", "tags"), [(Reply.UNKNOWN, GROUP.tags), (Reply.NOT_FOUND, (SEAL,))]
)
def test_what_is_not_known_is_never_taken_for_unpublished(
    reply: Reply, tags: tuple[Tagged, ...]
) -> None:
    with pytest.raises(Unanswered, match="did not answer about kit"):
        audit([Audited("default", MEMBERS, tags)], Scripted(kit=reply))


def test_a_404_of_what_no_seal_names_is_an_answer() -> None:
    (found,) = audit([GROUP], Scripted(kit=Reply.NOT_FOUND))
    assert found.never == ("kit",)


def test_requirements_that_can_not_be_read_are_no_green_result() -> None:
    index = Scripted()
    index.unread = True
    (found,) = audit([GROUP], index)
    against = problem([found], index.name)
    assert isinstance(against, Unanswered)
    index = Scripted(kit=Reply.NOT_FOUND)
    wrong = problem([*audit([GROUP], Scripted()), found], index.name)
    assert isinstance(wrong, Several)


def test_a_group_of_no_such_name_is_a_mistake() -> None:
    with pytest.raises(Problem, match="there is no group 'other'"):
        audit([GROUP], Scripted(), "other")


def test_of_a_package_without_siblings_no_metadata_is_read() -> None:
    index = Scripted()
    (found,) = audit([Audited("default", frozenset({"app"}))], index)
    assert index.read == []
    assert not any(one.is_wrong for one in found.lines)


def test_of_several_files_one_is_read_that_an_installer_may_take_with_its_own_metadata() -> None:
    index = Scripted()
    name = "a-2.0-cp311-cp311-manylinux_2_17_x86_64.whl"
    index.more = (
        PublishedFile("z.tar.gz", Kind.SDIST, TWO, metadata_url="there"),
        PublishedFile("a-2.0-cp27-none-any.whl", Kind.WHEEL, TWO, "", "there", is_yanked=True),
        PublishedFile(name, Kind.WHEEL, TWO, metadata_url="there"),
        PublishedFile(f"z{name}", Kind.WHEEL, TWO),
    )
    audit([GROUP], index)
    assert index.read == [name] * 4


def test_a_release_without_wheels_is_not_asked_what_it_requires() -> None:
    index = Scripted()
    sdists = {one: (PublishedFile(f"{one}.tar.gz", Kind.SDIST, one),) for one in (ONE, TWO)}
    index.project = lambda name: (Reply.PAGE, Project(name, sdists), "")  # type: ignore[method-assign]
    (found,) = audit([GROUP], index)
    assert index.read == []
    assert {one.resolves for one in found.lines} == {True}


def test_what_is_on_a_page_is_known_whatever_a_seal_says() -> None:
    (found,) = audit([Audited("default", MEMBERS, (SEAL,))], Scripted())
    assert found.lines[1].word.value == "foreign"


def test_one_group_is_judged_and_the_siblings_of_others_are_known() -> None:
    groups = [Audited(name, frozenset({name})) for name in ("app", "kit")]
    index, said = Scripted(), []
    (found,) = audit(groups, index, "app", report=lambda *one: said.append(one))
    assert found.group == "app"
    assert {one.sibling for line in found.lines for one in line.required or ()} == {"kit"}
    assert said == [
        ("read the pages", 1, 2, "packages"),
        ("read the pages", 2, 2, "packages"),
        ("read what they require", 1, 2, "files"),
        ("read what they require", 2, 2, "files"),
    ]
