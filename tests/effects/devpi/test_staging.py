"""Whether something can be staged is known before anything is begun; and by whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.contracts.test_index import sdist
from tests.fakes.devpi import PASSWORD, USER

from release_sync.effects.devpi.staging import DevpiStaging
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.rehearsal.index_server import embedded_index
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Refused, Unanswered

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.devpi import Devpi

    from release_sync.effects.index.address import Address
    from release_sync.errors import Problem

pytestmark = pytest.mark.xdist_group("devpi")

NO_DEVPI = '`strategy = "staged"` needs an index of a devpi-server, and devpi is none'


def against(
    address: Address,
    folder: Path,
    user: str = USER,
    password: str = PASSWORD,
    *,
    uploads: bool = True,
) -> Problem | None:
    environ = {**Uv().environ, "HOME": str(folder), "UV_CREDENTIALS_DIR": str(folder)}
    login = {"UV_PUBLISH_USERNAME": user, "UV_PUBLISH_PASSWORD": password} if user else {}
    return DevpiStaging(address, Uv({**environ, **login}), folder).problem(uploads=uploads)


def test_what_is_against_staging_is_found_before_anything(devpi: Devpi, tmp_path: Path) -> None:
    there = devpi.make_index()
    address = there.address
    assert against(address, tmp_path) is None
    other = against(address, tmp_path, "acme")
    assert other is not None
    assert other.message == f"user acme may not upload to {there.name}"
    assert other.hint == "its `acl_upload` has: nia"
    for user, who in ((USER, "user nia"), ("", "who has no login")):
        refused = against(address, tmp_path, user, "wrong")
        assert refused is not None
        assert refused.message == f"devpi refused {who}"
    for upload in (f"{devpi.url}/nobody/nothing/", devpi.url, f"{devpi.url}/nia/"):
        for user, uploads in ((USER, True), ("", False)):
            none = against(replace(address, upload=upload), tmp_path, user, uploads=uploads)
            assert none is not None
            assert none.message == NO_DEVPI
    assert against(address, tmp_path, "", uploads=False) is None
    silent = against(replace(address, upload="http://127.0.0.1:9/acme/stable/"), tmp_path)
    assert silent is not None
    assert silent.message.startswith("devpi did not answer /acme/stable")
    (tmp_path / "packages").mkdir()
    with embedded_index(tmp_path / "packages") as embedded:
        upload = f"{embedded.upload}acme/stable/"
        other_server = against(replace(address, upload=upload), tmp_path)
        unknown = DevpiStaging(replace(address, upload=upload), Uv(), tmp_path)
        with pytest.raises(Unanswered, match="answered 404 to GET /acme/stable/"):
            unknown.make("1" * 40)
    assert other_server is not None
    assert other_server.message == NO_DEVPI


def test_a_stage_of_another_user_is_named_with_its_owner(devpi: Devpi, tmp_path: Path) -> None:
    address, seal = devpi.make_index().address, "1" * 40

    def staging(user: str) -> DevpiStaging:
        uv = Uv({**Uv().environ, "UV_PUBLISH_USERNAME": user, "UV_PUBLISH_PASSWORD": PASSWORD})
        return DevpiStaging(address, uv, tmp_path)

    staging(USER).make(seal)
    with pytest.raises(Refused, match=f"it is nia/rs-{'1' * 16}: nia, or root, can run"):
        staging("acme").delete(seal)
    assert staging(USER).delete(seal)
    assert not staging("acme").delete(seal)


def test_the_page_says_which_python_a_version_requires(devpi: Devpi, tmp_path: Path) -> None:
    """A stage is tried with one of these, and not with whichever runs the release."""
    uv = Uv()
    uv.environ.update({"UV_PUBLISH_USERNAME": USER, "UV_PUBLISH_PASSWORD": PASSWORD})
    index = PackageIndex(devpi.make_index().address, uv, tmp_path)
    index.upload([sdist(tmp_path, "kit", requires="<4,>=3.11")[0]])
    assert index.requires_python("kit", "1.0") == "<4,>=3.11"
    assert index.requires_python("kit", "2") == ""
    assert index.requires_python("other", "1") == ""
    index.download.session.close()
