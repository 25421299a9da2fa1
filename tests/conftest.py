"""What all tests stand on: a home that nobody else has, and small workspaces."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.devpi import devpi_server
from tests.fakes.small_workspace import LOW, ROOT, SmallWorkspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.devpi import Devpi


@pytest.fixture(autouse=True, scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Point HOME and git's global configuration into the temporary folder, for every test.

    What git itself sets for its hooks is left out, so that the tests can run inside one. uv keeps
    the cache that it has: it holds no configuration, and filling it takes minutes.
    """
    folder = tmp_path_factory.mktemp("home")
    (folder / ".gitconfig").write_text(
        "[user]\n\tname = A Tester\n\temail = tester@example.com\n[init]\n\tdefaultBranch = main\n",
        encoding="utf-8",
    )
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "uv"
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("GIT_", "UV_PUBLISH", "RELEASE_SYNC")) and "SSL" not in name:
                patch.delenv(name)
        # Without it each of some thousand commands would compile all of its modules again.
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        # Users have what is written kept back, and flushed at exit.
        patch.delenv("PYTHONUNBUFFERED", raising=False)
        patch.setenv("PATH", with_python(os.environ["PATH"]))
        patch.setenv("UV_CACHE_DIR", os.environ.get("UV_CACHE_DIR", str(cache)))
        patch.setenv("HOME", str(folder))
        patch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield folder


def with_python(path: str) -> str:
    """Return PATH with the Python that the tests' environment was made of.

    Where only pyenv's shim finds one, each `uv lock` starts a dozen shells to ask which it is.
    """
    programs = str(Path(sys.base_prefix, "bin"))
    folders = path.split(os.pathsep)
    return path if programs in folders else os.pathsep.join([programs, *folders])


@pytest.fixture(scope="session")
def devpi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devpi]:
    """Return a devpi-server; what uses it is in the group ``devpi``, so that one is started."""
    with devpi_server(tmp_path_factory.mktemp("devpi")) as one:
        yield one


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., SmallWorkspace]:
    """Return a function that writes files (path to text) and returns their place."""

    def made(files: dict[str, str] | None = None, root: Path = tmp_path) -> SmallWorkspace:
        workspace = SmallWorkspace(root)
        for path, text in (files or {}).items():
            workspace.write(path, text)
        return workspace

    return made


@pytest.fixture
def green(make: Callable[..., SmallWorkspace]) -> SmallWorkspace:
    """Return a workspace of two members that are in lockstep."""
    return make({"pyproject.toml": ROOT, "packages/low/pyproject.toml": LOW})


@pytest.fixture(scope="session")
def own() -> Path:
    """Return the folder of made-up workspaces, one for each way to hold several packages."""
    return Path(__file__).parent / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real workspaces; without it, what needs it is skipped."""
    folder = Path(__file__).parents[2] / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip(f"the corpus of real workspaces is not at {folder}")
    return folder
