"""What was really published: a made-up history, and the one this tool was planned for."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version
from tests.end_to_end.conftest import environ_in, lasting
from tests.fakes import warm
from tests.fakes.published_history import publish, repository

from release_sync.effects.rehearsal.index_server import embedded_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.end_to_end.conftest import Scene

    from release_sync.effects.index.address import Address

HISTORY = Path(__file__).parents[3] / "shared" / "history.json"


def configuration(index: Address) -> str:
    return (
        '[tool.uv.workspace]\nmembers = ["packages/*"]\n[[tool.uv.index]]\nname = "scene"\n'
        f'url = "{index.simple}"\npublish-url = "{index.upload}"\nexplicit = true\n'
        '[tool.release-sync]\nindex = "scene"\n'
    )


def audited(
    folder: Path, environ: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    program = "release_sync.cli.main"
    return warm.run(program, "audit", *arguments, cwd=folder, environ=environ, seconds=60)


def by_version(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    (group,) = (one for one in map(json.loads, done.stdout.splitlines()) if one["event"] == "audit")
    return {one["version"]: one for one in group["versions"]}


def states(line: dict[str, Any]) -> set[str]:
    return {one["state"] for one in line["siblings"]}


@pytest.fixture
def made_up(tmp_path: Path) -> Iterator[tuple[Path, dict[str, str], Path]]:
    """A workspace that never used this tool, of ``app`` and ``kit``, with every kind of fault."""
    packages = tmp_path / "packages"
    packages.mkdir()
    environ = environ_in(tmp_path)
    tags = {f"0.{number}": ["app", "kit"][: 1 if number < 3 else 2] for number in range(1, 10)}
    for version, members in tags.items():
        if version != "0.5":  # never published
            for name in members:
                pinned = {"0.3": ["kit==0.3"], "0.6": ["kit==0.4"], "0.9": ["kit==0.9"]}
                needs = pinned.get(version, ["kit"]) if members[1:] and name == "app" else []
                publish(packages, f"{name}-{version}-py3-none-any.whl", needs)
                publish(packages, f"{name}-{version}.tar.gz")
    (packages / "app-0.4-py3-none-any.whl").unlink()
    for file in packages.glob("kit-0.8*"):
        file.unlink()
    with embedded_index(packages) as index:
        repository(tmp_path / "clone", tags, configuration(index), environ)
        yield tmp_path / "clone", environ, packages


def test_a_made_up_history_is_told_from_its_tags_and_its_files(
    made_up: tuple[Path, dict[str, str], Path],
) -> None:
    folder, environ, _ = made_up
    done = audited(folder, environ, "--json")
    found = by_version(done)
    assert done.returncode == 1, done.stderr
    assert {version: (one["word"], states(one)) for version, one in found.items()} == {
        "0.1": ("whole", set()),
        "0.2": ("whole", set()),
        "0.3": ("whole", {"pinned"}),
        "0.4": ("split", set()),
        "0.5": ("unpublished", set()),
        "0.6": ("whole", {"excluded"}),
        "0.7": ("whole", {"drifted"}),
        "0.8": ("split", {"drifted"}),
        "0.9": ("whole", {"pinned"}),
    }
    assert [version for version, one in found.items() if one["ok"]] == [
        "0.9", "0.5", "0.3", "0.2", "0.1",
    ]  # fmt: skip
    assert found["0.8"]["missing"] == ["kit"]
    assert found["0.4"]["lacking"] == [{"member": "app", "kind": "wheel"}]
    assert "uv build --wheel --package app" in found["0.4"]["repair"][0]["command"]
    assert json.loads(done.stdout.splitlines()[-1])["message"] in done.stderr.replace("\n", "")
    bare = folder.parent / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", folder, bare], env=environ, check=True)
    shown = audited(bare, environ, "--since", "v0.9")
    assert (shown.returncode, lasting(shown)) == (0, "")
    assert [line.split() for line in shown.stdout.splitlines()] == [
        ["version", "is", "siblings", "resolves"], ["0.9", "whole", "pinned", "yes"],
    ]  # fmt: skip


@pytest.mark.slow
def test_the_command_that_is_printed_makes_a_half_release_whole(scene: Scene) -> None:
    scene.git("tag", "v0.1.10")
    line = ["uv", "build", "-q", "--package", "workstack-app", "--out-dir", str(scene.packages)]
    subprocess.run(line, cwd=scene.clone, env=scene.environ, check=True)
    half = by_version(audited(scene.clone, scene.environ, "--json"))["0.1.10"]
    assert (half["word"], half["missing"]) == ("split", ["workstack-kit"])
    command = ["sh", "-c", half["repair"][0]["command"]]
    subprocess.run(command, cwd=scene.clone, env=scene.environ, check=True, capture_output=True)
    done = audited(scene.clone, scene.environ, "--json")
    assert (done.returncode, by_version(done)["0.1.10"]["word"]) == (0, "whole"), done.stderr


def releases(history: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, set[Version]]:
    """Return the versions that each project has a file of."""
    found: dict[str, set[Version]] = defaultdict(set)
    for name, files in history.items():
        for one in files:
            filename = one["filename"]
            wheel = filename.endswith(".whl")
            parsed = parse_wheel_filename(filename) if wheel else parse_sdist_filename(filename)
            found[canonicalize_name(name)].add(parsed[1])
    return found


ALONE = {Version("0.0.1"), Version("0.2.0")}
"""Uploads of one package, which took its name: no releases, and tagged by nobody."""


def tagged(published: Mapping[str, set[Version]]) -> dict[str, list[str]]:
    """Return tags for all releases, and for the numbers in between that were never published.

    A project belongs to those from its first to its last release: so it is not said by git.
    """
    real = {name: versions - ALONE for name, versions in published.items()}
    every = set().union(*real.values())
    for one in sorted(every):
        same = [other for other in every if other.release[:2] == one.release[:2]]
        patches = range(one.micro + 1, max(other.micro for other in same))
        every |= {Version(f"{one.major}.{one.minor}.{patch}") for patch in patches}
    first = ("erk", "workstack")
    return {
        str(version): sorted(
            (name for name, own in real.items() if min(own) <= version <= max(own)),
            key=lambda name: (name not in first, name),
        )
        for version in sorted(every)
    }


def test_the_public_history_of_a_real_workspace(tmp_path: Path) -> None:
    # Two half releases, the sdist of one package each time; numbers that were passed over; and no
    # requirement on a sibling was ever pinned.
    if not HISTORY.is_file():
        pytest.skip(f"the public history is not at {HISTORY}")
    history = json.loads(HISTORY.read_text(encoding="utf-8"))
    published = releases(history)
    (tmp_path / "packages").mkdir()
    for files in history.values():
        for one in files:
            publish(tmp_path / "packages", one["filename"], one.get("requires-dist") or ())
    environ = environ_in(tmp_path)
    tags = tagged(published)
    with embedded_index(tmp_path / "packages") as index:
        repository(tmp_path / "clone", tags, configuration(index), environ)
        done = audited(tmp_path / "clone", environ, "--json")
    found = by_version(done)
    assert done.returncode == 1, done.stderr
    assert set(found) == {*tags, *map(str, ALONE)}
    words: dict[str, set[str]] = defaultdict(set)
    for version, one in found.items():
        words[one["word"]].add(version)
    assert words.pop("whole") == {*tags} - {"0.1.3", "0.1.19", "0.1.27", "0.1.28", "0.2.5"}
    assert words == {
        "split": {"0.1.19", "0.1.28", "0.2.0"},
        "unpublished": {"0.1.3", "0.1.27", "0.2.5"},
        "untagged": {"0.0.1"},
    }
    assert found["0.1.19"]["missing"] == ["workstack"]
    assert found["0.1.28"]["lacking"] == [{"member": "erk", "kind": "wheel"}]
    unpinned = {version for version, one in found.items() if states(one)}
    newest = {"0.1.12", "0.9.11"}  # of a sibling: an installer gets the release's own, so far
    assert {version for version in unpinned if "drifted" in states(found[version])} == (
        unpinned - newest
    )
    assert all(states(found[version]) == {"open"} and found[version]["ok"] for version in newest)
    assert "0.1.11" in unpinned
    assert {version for version in tags if Version(version) >= Version("0.2.4")} - unpinned == {
        "0.2.5"
    }
    no_siblings = {version for version in tags if not states(found[version])}
    assert all(found[one]["ok"] for one in no_siblings - {"0.1.19"})
