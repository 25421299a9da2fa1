from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from devclikit.cli.origin import as_toml, given, installed, recorded
from devclikit.errors import Stop

if TYPE_CHECKING:
    from devclikit.cli.origin import Source

WHEEL = "https://example.invalid/devclikit-0.2.0-py3-none-any.whl"
GIT = "https://example.invalid/tools.git"


@pytest.mark.parametrize(
    ("record", "source"),
    [
        (
            {
                "url": GIT,
                "vcs_info": {"vcs": "git", "commit_id": "c0ffee", "requested_revision": "main"},
                "subdirectory": "packages/devclikit",
            },
            {"git": GIT, "rev": "c0ffee", "subdirectory": "packages/devclikit"},
        ),
        ({"url": WHEEL, "archive_info": {}}, {"url": WHEEL}),
        (
            {"url": f"{WHEEL}.zip", "archive_info": {}, "subdirectory": "x"},
            {"url": f"{WHEEL}.zip", "subdirectory": "x"},
        ),
        ({"url": "file:///gone/away", "dir_info": {"editable": True}}, None),
        ({"url": GIT, "vcs_info": {"vcs": "hg", "commit_id": "1"}}, None),
    ],
)
def test_where_it_was_installed_from_is_uvs_source(
    record: dict[str, Any], source: Source | None
) -> None:
    assert recorded(record) == source


def test_a_folder_is_named_by_its_path(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    record = {"url": folder.as_uri(), "dir_info": {}}
    assert recorded(record) == {"path": str(folder)}
    editable = recorded({**record, "dir_info": {"editable": True}})
    assert editable == {"path": str(folder), "editable": True}
    assert tomllib.loads(f"x = {as_toml(editable)}")["x"] == editable


def test_our_own_is_found() -> None:
    assert installed() == {"path": str(Path(__file__).parents[2]), "editable": True}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (f"git+{GIT}", {"git": GIT}),
        (f"git+{GIT}@v1#subdirectory=a/b", {"git": GIT, "rev": "v1", "subdirectory": "a/b"}),
        ("git+ssh://git@example.invalid/x", {"git": "ssh://git@example.invalid/x"}),
        ("git+ssh://git@example.invalid/x@v1", {"git": "ssh://git@example.invalid/x", "rev": "v1"}),
        (WHEEL, {"url": WHEEL}),
    ],
)
def test_a_source_is_given_as_pip_writes_it(text: str, source: Source) -> None:
    assert given(text) == source


def test_a_folder_and_a_wheel_are_given_by_their_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wheel = tmp_path / "devclikit-0.2.0-py3-none-any.whl"
    wheel.touch()
    assert given(".") == {"path": str(tmp_path)}
    assert given(wheel.name) == {"path": str(wheel)}


@pytest.mark.parametrize("text", ["", "devclikit", "devclikit==0.2", "pyproject.toml"])
def test_what_is_no_source_is_refused(text: str) -> None:
    with pytest.raises(Stop, match="no source of devclikit"):
        given(text)
