"""Released packages are imported, each in a process of its own."""

from __future__ import annotations

import venv
from typing import TYPE_CHECKING

import pytest

from release_sync.effects.build import verification
from release_sync.effects.build.verification import import_failures
from release_sync.effects.processes import Children

if TYPE_CHECKING:
    from pathlib import Path

MODULES = {
    "fine": "",
    "late": "import time; time.sleep(99)",
    "needy": "import nobody_has_this",
    "odd": "raise SystemExit(3)",
}


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    folder = tmp_path / "environment"
    venv.create(folder, symlinks=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    for name, text in MODULES.items():
        (packages / f"{name}.py").write_text(text)
    return folder


def test_what_can_not_be_imported_is_named_in_order(
    environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "IMPORT_SECONDS", 2)
    found = import_failures(Children(), environment, tuple(MODULES), tmp_path)
    assert found[0] == "import late did not end within 2 seconds"
    assert found[1].startswith("import needy fails: ")
    assert "No module named 'nobody_has_this'" in found[1]
    assert found[2].startswith("import odd fails: ")
    assert len(found) == 3


def test_an_import_ends_when_all_is_stopped(environment: Path, tmp_path: Path) -> None:
    children = Children()
    children.stop()
    with pytest.raises(KeyboardInterrupt):
        import_failures(children, environment, ["fine"], tmp_path)
