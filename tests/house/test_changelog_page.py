"""docs/changelog.md: what it shows of `change` is what was printed, and written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fakes.command_line import release_sync
from tests.fakes.console_page import CONSOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from tests.fakes.small_workspace import SmallWorkspace

PAGE = (Path(__file__).parents[2] / "docs" / "changelog.md").read_text(encoding="utf-8")
ROOT = """[project]
name = "acme-roads"
version = "1.2.0"
[build-system]
requires = ["hatchling"]
"""


def test_what_the_page_shows_of_changes_is_what_is_done(
    make: Callable[..., SmallWorkspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make({"pyproject.toml": ROOT})
    workspace.commit()
    workspace.git("update-ref", "refs/remotes/origin/main", "HEAD")
    monkeypatch.chdir(workspace.root)
    noted, gate = ("".join(block) for block in CONSOLE.findall(PAGE))
    workspace.write("lanes.py", "LANES = 2\n")
    workspace.commit()
    assert printed(gate) == gate
    assert printed(noted) == noted
    (change,) = re.findall(r"```markdown\n(.*?)```", PAGE, re.DOTALL)
    assert (workspace.root / noted.split("\n")[1]).read_text(encoding="utf-8") == change


def printed(block: str) -> str:
    """Return a block as it would be if its command were run here."""
    command = block.partition("\n")[0]
    done = release_sync(*shlex.split(command.removeprefix("$ release-sync ")))
    return f"{command}\n{done.output}"
