"""The port ``Index``: four answers, and what an upload may end in, in memory and for real."""

from __future__ import annotations

import io
import tarfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from tests.fakes.published_history import publish
from tests.fakes.world import FakeIndex

from release_sync.effects.build.artifact_store import sha256
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.index.released_index import ReleasedIndex
from release_sync.effects.rehearsal.index_server import embedded_index
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Partly, Problem, Refused, Taken, Unanswered
from release_sync.seals.artifact import Artifact
from release_sync.steps.observed import Observed
from release_sync.steps.uploading.served import Reply
from release_sync.steps.uploading.served import Served as Listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.steps.ports.index import Index


class Served(Protocol):
    """An index, and files for it."""

    index: Index

    def make(self, name: str) -> tuple[Path, Artifact]:
        """Make an sdist of version 1 of a package."""
        ...

    def installable(self, name: str) -> Path:
        """Make a file of version 1 of a package that nobody has to build."""
        ...

    def silence(self) -> None:
        """End the server."""
        ...


class InMemory:
    """The fake."""

    def __init__(self) -> None:
        """Serve nothing yet."""
        self.fake = FakeIndex()
        self.index: Index = self.fake

    def make(self, name: str) -> tuple[Path, Artifact]:
        """Make up a hash."""
        filename, digest = f"{name}-1.tar.gz", name[0] * 64
        return Path(digest, filename), Artifact(name, filename, 1, digest)

    def installable(self, name: str) -> Path:
        """Make any file."""
        return self.make(name)[0]

    def silence(self) -> None:
        """Say nothing more."""
        self.fake.silent = True


class Real:
    """The embedded one, and uv."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Serve nothing yet."""
        self.folder = folder
        self.stack = stack
        (folder / "packages").mkdir()
        (folder / "pyproject.toml").touch()
        address = stack.enter_context(embedded_index(folder / "packages"))
        login = {
            "UV_PUBLISH_USERNAME": address.username,
            "UV_PUBLISH_PASSWORD": address.password,
        }
        uv = Uv()
        uv.environ.update(login)
        real = PackageIndex(address, uv, folder)
        stack.callback(real.download.session.close)
        self.index: Index = real
        self.reader = ReleasedIndex(address, uv, folder)
        stack.callback(self.reader.download.session.close)

    def make(self, name: str) -> tuple[Path, Artifact]:
        """Make a tar with the metadata alone."""
        return sdist(self.folder, name)

    def installable(self, name: str) -> Path:
        """Make a wheel."""
        publish(self.folder, f"{name}-1-py3-none-any.whl")
        return self.folder / f"{name}-1-py3-none-any.whl"

    def silence(self) -> None:
        """Stop the server."""
        self.stack.close()


def sdist(
    folder: Path, name: str, content: bytes = b"", requires: str = ">=3.8"
) -> tuple[Path, Artifact]:
    """Make a tar with the metadata of version 1 of a package, and a manifest of that content."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-1.tar.gz"
    named = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n"
    metadata = f"{named}Requires-Python: {requires}\n".encode()
    with tarfile.open(file, "w:gz") as archive:
        for inside, data in (("PKG-INFO", metadata), ("pyproject.toml", content)):
            info = tarfile.TarInfo(f"{name}-1/{inside}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file, Artifact(name, file.name, file.stat().st_size, sha256(file))


@pytest.fixture(params=["in memory", "real"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    with ExitStack() as stack:
        yield InMemory() if request.param == "in memory" else Real(tmp_path, stack)


def test_absent_until_it_is_uploaded_and_exact_then(served: Served) -> None:
    low, seen = served.make("low")
    _, other = served.make("top")
    assert served.index.look_up(seen) is Observed.ABSENT
    served.index.upload([low])
    assert served.index.look_up(seen) is Observed.EXACT
    assert served.index.look_up(other) is Observed.ABSENT


def test_many_files_go_in_one_request(served: Served) -> None:
    made = [served.make(name) for name in ("low", "mid", "top")]
    served.index.upload([file for file, _ in made])
    seen = served.index.look_up_each([one for _, one in made])
    assert seen == {one.filename: Observed.EXACT for _, one in made}


def test_a_file_that_is_refused_in_the_middle_ends_the_request_and_those_before_it_are_there(
    served: Served,
) -> None:
    made = [served.make(name) for name in ("low", "mid", "top")]
    low, (mid, _), top = made
    served.index.upload([mid])
    turns: list[str] = []
    with pytest.raises(Partly):
        served.index.upload([file for file, _ in made], turns.append)
    assert turns == [low[1].filename, made[1][1].filename]
    seen = served.index.look_up_each([low[1], top[1]])
    assert seen == {low[1].filename: Observed.EXACT, top[1].filename: Observed.ABSENT}


def test_another_file_of_that_name_is_foreign(served: Served) -> None:
    file, seen = served.make("low")
    served.index.upload([file])
    assert served.index.look_up(replace(seen, sha256="0" * 64)) is Observed.FOREIGN


def test_a_name_is_taken_once(served: Served) -> None:
    file, _ = served.make("low")
    served.index.upload([file])
    with pytest.raises(Taken):
        served.index.upload([file])


def test_a_real_index_answers_404_until_it_has_a_file_and_its_page_is_believed_then(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        real = Real(tmp_path, stack)
        file, seen = real.make("low")
        assert real.reader.project("low") == Listing(Reply.NOT_FOUND)
        assert real.reader.look_up_released([seen])[0] == (Observed.UNKNOWN, False, "")
        real.index.upload([file])
        page = Listing(Reply.PAGE, ("1",), files={"1": (seen.filename,)})
        assert real.reader.project("low") == page
        assert real.reader.look_up_released([seen])[0] == (Observed.EXACT, False, "")
        assert real.reader.look_up_released([replace(seen, filename="low-1.zip")])[0][0] is (
            Observed.ABSENT
        )
        real.silence()
        assert real.reader.project("low") == Listing(Reply.UNKNOWN)


def test_an_installer_takes_what_is_there_and_is_told_what_is_not(served: Served) -> None:
    for name in ("low", "top"):
        served.index.upload([served.installable(name)])
    assert served.index.resolve({"low": "1"}, {"low": "1"}) == {"low": "1"}
    both = {"low": "1", "top": "1"}
    assert served.index.resolve(both, both, alone=True) == both
    with pytest.raises(Refused, match="there is no version of low==2"):
        served.index.resolve({"low": "2"}, {"low": "2"})
    assert "low" in served.index.resolving({"low": "1"})
    served.silence()
    with pytest.raises(Unanswered):
        served.index.resolve({"low": "1"}, {"low": "1"})


def test_what_would_have_to_be_built_is_not_built_and_is_nothing_that_is_missing(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        real = Real(tmp_path, stack)
        real.index.upload([real.make("low")[0]])
        with pytest.raises(Problem, match="no usable wheels") as problem:
            real.index.resolve({"low": "1"}, {"low": "1"}, alone=True)
        assert not isinstance(problem.value, Refused)


def test_a_silent_index_is_not_an_empty_one(served: Served) -> None:
    file, seen = served.make("low")
    served.silence()
    assert served.index.look_up(seen) is Observed.UNKNOWN
    with pytest.raises(Problem) as problem:
        served.index.upload([file])
    assert not isinstance(problem.value, Taken)
