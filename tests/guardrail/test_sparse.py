"""A sparse checkout: what git left out of the working tree is as it is staged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.guardrail.scene import LOW, ROOT, package

if TYPE_CHECKING:
    from tests.guardrail.scene import Scene

HIGH = "packages/high/pyproject.toml"


@pytest.fixture(params=["packages/*", 'packages/low", "packages/high'])
def sparse(green: Scene, request: pytest.FixtureRequest) -> Scene:
    """Return three members, of which one is on disk beside the root."""
    green.write("pyproject.toml", ROOT.replace("packages/*", request.param))
    green.write(HIGH, package("high"))
    green.write("packages/high/src/high/__init__.py", '__version__ = "1.0"\n')
    green.commit()
    green.git("sparse-checkout", "set", "packages/low")
    assert not (green.root / HIGH).exists()
    return green


def _everywhere(scene: Scene) -> list[tuple[int, str]]:
    """Call every entrance twice: the second time a verdict may be remembered."""
    ways = ((), ("--staged",), ("--rev", "HEAD"))
    done = [scene.call("release-sync", "check", *way) for way in ways]
    done += [scene.hook(stage) for stage in ("check", "check", "pre-commit")]
    return [(one.returncode, one.stdout) for one in done]


def test_every_entrance_is_green(sparse: Scene) -> None:
    assert _everywhere(sparse) == [(0, "")] * 6


def test_every_entrance_finds_the_same(sparse: Scene) -> None:
    sparse.git("sparse-checkout", "disable")
    sparse.write(HIGH, package("high", "0.9"))
    sparse.commit()
    sparse.git("sparse-checkout", "set", "packages/low")
    ((code, text),) = set(_everywhere(sparse))
    assert code == 1
    assert text.startswith(f"{HIGH}:3:11: RS101")


def test_what_lies_on_disk_counts(sparse: Scene) -> None:
    sparse.write(HIGH, package("high", "0.9"))
    assert sparse.codes("check") == [f"{HIGH} RS101"]


def test_a_file_that_was_removed_is_no_longer_there(sparse: Scene) -> None:
    (sparse.root / LOW).unlink()
    assert sparse.hook("check").returncode == 1


def test_a_fix_that_is_not_on_disk_is_refused_in_words(sparse: Scene) -> None:
    sparse.git("sparse-checkout", "disable")
    sparse.write(HIGH, package("high", "0.9"))
    sparse.commit()
    sparse.git("sparse-checkout", "set", "packages/low")
    done = sparse.call("release-sync", "check", "--fix")
    assert done.returncode == 1
    assert "git sparse-checkout add packages/high" in done.stderr
