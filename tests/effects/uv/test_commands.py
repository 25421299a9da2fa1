"""What is said when uv can't install."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from requests.auth import _basic_auth_str
from tests.fakes.raw_index import raw_index

from release_sync.effects.isolation.isolation import choose
from release_sync.effects.secrets import environment
from release_sync.effects.uv.commands import Uv
from release_sync.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = """\
[project]
name = "broken"
version = "1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def test_why_a_backend_failed_comes_before_uvs_advice(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(BROKEN)
    (tmp_path / "backend.py").write_text(
        "def build_wheel(*_):\n    raise RuntimeError('the cause')\n"
    )
    uv = Uv()
    uv.make_environment(tmp_path / "environment")
    with pytest.raises(Problem) as caught:
        uv.install(tmp_path / "environment", [str(tmp_path)], tmp_path)
    first, *rest = caught.value.message.split("\n")
    assert first == f"{tmp_path.name} can't be installed: RuntimeError: the cause"
    assert any(line.startswith("    Failed to build `broken @") for line in rest)


@pytest.mark.parametrize("setting", ["auto", "off"])
def test_what_is_tried_is_linked_also_where_uv_is_to_keep_no_cache(
    tmp_path: Path, setting: str
) -> None:
    """As images for containers set it, for what is installed into them."""
    (tmp_path / "pyproject.toml").touch()
    wheel = tmp_path / "kit-1.0-py3-none-any.whl"
    tag = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    about = "kit-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("kit/__init__.py", "it = 1\n")
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: kit\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", tag)
        archive.writestr(f"{about}/RECORD", "")
    uv = Uv({**environment(), "UV_NO_CACHE": "1"}, isolation=choose(setting))
    where = tmp_path / "environment"
    uv.make_environment(where)
    uv.install(where, [str(wheel)], tmp_path)
    (module,) = where.glob("lib/*/site-packages/kit/__init__.py")
    assert module.is_symlink()
    assert module.read_text(encoding="utf-8") == "it = 1\n"
    assert uv.own_folders(tmp_path) == Uv(environment()).own_folders(tmp_path)


def test_a_login_that_is_empty_is_none(tmp_path: Path) -> None:
    """As a pipeline has it that lacks a secret: by itself uv asks as nobody then, without netrc."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login nia password sesame\n")
    with raw_index() as index:
        environ = {**environment(), "NETRC": str(tmp_path / "netrc"), "UV_INDEX_FAR_USERNAME": ""}
        uv = Uv({**environ, "UV_INDEX_FAR_PASSWORD": "", "UV_CACHE_DIR": str(tmp_path / "cache")})
        index.decide = lambda login: 404 if login else 401
        (tmp_path / "pyproject.toml").write_text(
            f'[[tool.uv.index]]\nname = "far"\nurl = "{index.url}/simple/"\ndefault = true\n'
        )
        uv.make_environment(tmp_path / "environment")
        with pytest.raises(Problem):
            uv.install(tmp_path / "environment", ["far"], tmp_path)
        assert index.seen[-1] == ("/simple/far/", _basic_auth_str("nia", "sesame"))
