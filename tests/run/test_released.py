"""What an index has served before is read off the release tags."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from release_sync.errors import Problem, Unanswered
from release_sync.run.released import LOOKED_AT, missing, served_before, strangers
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Pending, Sealed
from release_sync.steps.uploading.served import Reply, Served

BOTH = ("app", "kit")


@dataclass
class Tags:
    """Tag objects by their names; what is no seal is None. ``read`` is what was asked for."""

    objects: dict[str, Sealed | None]
    silent: bool = False
    read: list[str] = field(default_factory=list)

    def read_pending(self, oid: str) -> Pending:
        """Read one."""
        self.read.append(oid)
        if self.silent:
            raise Unanswered("no answer")
        sealed = self.objects[oid]
        if sealed is None:
            raise Problem("not a seal")
        return Pending(sealed)

    @property
    def refs(self) -> dict[str, str]:
        """The refs, one for each object: the name is the version."""
        return {f"refs/tags/v{oid}": oid for oid in self.objects} | {"refs/heads/main": "1"}


def seal(index: str, *members: str) -> Sealed:
    artifacts = tuple(Artifact(one, f"{one}-1.tar.gz", 1, "0" * 64) for one in members)
    return Sealed("", "", "", "default", "1", "v1", "main", index, (members,), artifacts)


def before(tags: Tags, *members: str) -> dict[str, str]:
    return served_before(tags, "v{version}", tags.refs, "pypi", members)


def test_the_newest_seal_is_asked_first_and_mostly_alone() -> None:
    tags = Tags({"9.0": seal("pypi", *BOTH), "10.0": seal("pypi", *BOTH)})
    assert before(tags, *BOTH) == {"app": "v10.0", "kit": "v10.0"}
    assert tags.read == ["10.0"]


def test_no_tag_is_read_when_no_project_is_missing() -> None:
    tags = Tags({"1.0": seal("pypi", *BOTH)})
    assert before(tags) == {}
    assert tags.read == []
    assert missing({"app": Served(Reply.PAGE), "kit": Served(Reply.NOT_FOUND)}) == {"kit"}


def test_a_member_is_looked_for_in_older_seals_too() -> None:
    tags = Tags({"1.0": seal("pypi", *BOTH), "2.0": seal("pypi", "app")})
    assert before(tags, "app", "kit", "new") == {"app": "v2.0", "kit": "v1.0"}


def test_another_index_says_nothing_and_a_tag_made_by_hand_neither() -> None:
    tags = Tags({"1.0": seal("pypi", "kit"), "2.0": None, "3.0": seal("elsewhere", *BOTH)})
    assert before(tags, *BOTH) == {"kit": "v1.0"}
    assert before(Tags({"1.0": None}), *BOTH) == {}


def test_a_remote_that_is_silent_leaves_it_open() -> None:
    tags = Tags({"1.0": seal("pypi", "kit")}, silent=True)
    assert before(tags, *BOTH) == {"app": "", "kit": ""}


def test_not_every_tag_of_a_long_history_is_read() -> None:
    tags = Tags({f"{number}.0": None for number in range(100)})
    assert before(tags, "new") == {}
    assert len(tags.read) == LOOKED_AT


def unknown(tags: Tags, **versions: str) -> tuple[str, ...]:
    answers = {name: Served(Reply.PAGE, tuple(had.split(" "))) for name, had in versions.items()}
    return strangers(tags, "v{version}", tags.refs, answers)


def test_a_project_is_a_strangers_when_no_release_tag_is_of_what_is_there() -> None:
    assert unknown(Tags({}), app="1.0", kit="0.1 2.0") == ("app", "kit")
    assert unknown(Tags({"1.0": None}), app="0.9 1.0 1.1", kit="2.0") == ("kit",)
    assert strangers(Tags({}), "v{version}", {}, {"app": Served(Reply.NOT_FOUND)}) == ()


def test_a_seal_says_which_members_a_release_tag_is_of() -> None:
    tags = Tags({"1.0": seal("pypi", *BOTH), "2.0": seal("pypi", *BOTH)})
    assert unknown(tags, app="1.0 2.0", kit="2.0", new="1.0 2.0") == ("new",)
    assert tags.read == ["2.0", "1.0"]


def test_a_tag_that_can_not_be_read_may_be_of_any_member() -> None:
    assert unknown(Tags({"1.0": seal("pypi", "kit")}, silent=True), app="1.0") == ()
    many = Tags({f"{number}.0": seal("pypi", "kit") for number in range(100)})
    assert unknown(many, app=" ".join(f"{number}.0" for number in range(100))) == ()
    assert len(many.read) == LOOKED_AT


def test_what_a_seal_of_another_form_of_tags_is_of_is_no_strangers() -> None:
    seals = {"1.0": seal("pypi", "app"), "1.1": seal("pypi", "kit"), "1.2": None}
    seals = {version: one and replace(one, version=version) for version, one in seals.items()}
    tags = Tags({**seals, "3.0": replace(seal("pypi", "app"), version="2.0")})
    refs = {f"refs/tags/old-v{oid}": oid for oid in tags.objects}
    for versions, members in (("1.0", ()), ("1.1 1.2", ("app",)), ("3.0", ("app",))):
        answers = {"app": Served(Reply.PAGE, tuple(versions.split(" ")))}
        assert strangers(tags, "v{version}", refs, answers) == members
