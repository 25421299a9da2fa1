"""What an installer sees that looks at the index all the time while a release goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tests.end_to_end.devpi.conftest import STAGED
from tests.fakes.devpi import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.end_to_end.devpi.conftest import DevpiScene

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("devpi")]

FIVE: Mapping[str, tuple[str, ...]] = {
    "stack-top": ("stack-left", "stack-right"),
    "stack-left": ("stack-base",),
    "stack-right": ("stack-base",),
    "stack-base": (),
    "stack-alone": (),
}
ACCEPT = {"Accept": "application/vnd.pypi.simple.v1+json"}


@dataclass
class Seen:
    """The samples: what resolvers of the top got, and how many files of each member were shown.

    Of the new version, that is; each sample of files has the time of it.
    """

    resolved: list[dict[str, str]] = field(default_factory=list)
    files: list[tuple[float, dict[str, int]]] = field(default_factory=list)

    @property
    def window(self) -> float:
        """The seconds in which some members had the new version, and some not all of it."""
        mixed = [at for at, shown in self.files if {*shown.values()} not in ({0}, {2})]
        return mixed[-1] - mixed[0] if mixed else 0.0

    @property
    def halves(self) -> list[dict[str, int]]:
        """The samples in which a member had its wheel and no sdist."""
        return [shown for _, shown in self.files if 1 in shown.values()]


def sampled(scene: DevpiScene) -> Seen:
    """Release the next version, and look at the index until it ends."""
    seen = Seen()
    command = [sys.executable, "-m", "release_sync.cli.main", "publish", "--yes"]
    with subprocess.Popen(
        command, cwd=scene.clone, env=scene.environ, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None:
            seen.files.append((time.monotonic(), {name: shown(scene, name) for name in FIVE}))
            seen.resolved.append(resolved(scene))
        assert process.stderr is not None
        assert process.returncode == 0, process.stderr.read()
    seen.files.append((time.monotonic(), {name: shown(scene, name) for name in FIVE}))
    return seen


def shown(scene: DevpiScene, name: str) -> int:
    """Return how many files of the new version the index shows."""
    page = asked("GET", f"{scene.index.simple}{name}/", ACCEPT).json()
    return sum("-0.1.11" in file["filename"] for file in page["files"])


def resolved(scene: DevpiScene) -> dict[str, str]:
    """Return what a resolver of the top gets, each with its version."""
    done = subprocess.run(
        ["uv", "pip", "compile", "-", "--no-cache", "--no-header", "--no-annotate", "--quiet",
         "--default-index", scene.index.simple],
        cwd=scene.folder, env=scene.environ, input="stack-top", capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(line.split("==") for line in done.stdout.split("\n") if line)


@pytest.mark.parametrize("strategy", ["staged", "direct"])
def test_a_member_and_what_it_needs_are_of_one_release_at_any_time(
    make_devpi_scene: Callable[..., DevpiScene],
    strategy: str,
    record_property: Callable[[str, object], None],
) -> None:
    scene = make_devpi_scene(FIVE, more=STAGED if strategy == "staged" else "")
    assert scene.run("publish", "--yes", "--bump", "none").returncode == 0
    scene.write("NEWS.md", "news\n")
    scene.commit("News")
    seen = sampled(scene)
    assert [one for one in seen.resolved if len({*one.values()}) != 1] == []
    assert {one["stack-top"] for one in seen.resolved} == {"0.1.10", "0.1.11"}
    assert {*seen.files[-1][1].values()} == {2}
    if strategy == "staged":
        assert seen.halves == []
    record_property("samples", len(seen.files))
    record_property("window", seen.window)
    sys.stderr.write(
        f"{strategy}: {len(seen.files)} samples, {len(seen.halves)} with a half member,"
        f" some members new and some old for {seen.window:.2f} s\n"
    )
