"""Which machine and which Pythons a tag of a wheel asks for."""

from __future__ import annotations

import pytest

from release_sync.cli.adoption.pipelines.matrix.machines import Wheel, machine, wheels
from release_sync.errors import Unreadable

PLATFORMS = {
    "manylinux_*_x86_64": ("linux-x86-64", "manylinux_x86_64"),
    "manylinux_2_17_x86_64.manylinux2014_x86_64": ("linux-x86-64", "manylinux_x86_64"),
    "manylinux*_aarch64": ("linux-aarch64", "manylinux_aarch64"),
    "musllinux_1_2_x86_64": ("linux-x86-64", "musllinux_x86_64"),
    "linux_x86_64": ("linux-x86-64", "manylinux_x86_64"),
    "macosx_*_arm64": ("macos-arm64", "macosx_arm64"),
    "macosx_1[012]_?_universal2": ("macos-universal2", "macosx_universal2"),
    "win_amd64": ("windows-amd64", "win_amd64"),
    "win_arm64": ("windows-arm64", "win_arm64"),
    "win32": ("windows-win32", "win32"),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_says_which_machine_builds_it(platform: str) -> None:
    found, name = machine(f"cp311-cp311-{platform}")
    assert (str(found), name) == PLATFORMS[platform]


@pytest.mark.parametrize("platform", ["*", "*_x86_64", "manylinux*", "win*", "plan9_x86_64"])
def test_a_platform_that_says_too_little_is_refused(platform: str) -> None:
    with pytest.raises(Unreadable, match="does not say on which machine"):
        machine(f"cp311-cp311-{platform}")


TAGS = {
    ("cp311-cp311", ">=3.9"): ["3.11"],
    ("cp31[123]-cp31[123]", ">=3.12"): ["3.12", "3.13"],
    ("cp3*-cp3*", ">=3.10"): ["3.10"],
    ("cp3?-*", ""): ["3.8"],
    ("cp311-abi3", ">=3.9"): ["3.11"],
    ("cp3*-abi3", ">=3.12,<3.14"): ["3.12"],
    ("py3-none", ">=3.10"): ["3.10"],
    ("cp314-cp314t", ""): ["3.14t"],
    ("cp31[34]-cp31[34]t", ""): ["3.13t", "3.14t"],
}


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_says_which_pythons_build_it(tag: tuple[str, str]) -> None:
    made = wheels(f"{tag[0]}-win_amd64", tag[1])
    assert [one.python for one in made] == TAGS[tag]
    assert made[0] == Wheel(made[0].python, f"cp{made[0].python.replace('.', '')}-win_amd64")


@pytest.mark.parametrize("tag", ["cp311-cp312", "pp310-pypy310_pp73", "cp37-cp37m", "cp39-cp39"])
def test_what_no_python_makes_is_refused(tag: str) -> None:
    with pytest.raises(Unreadable, match="which no Python makes that is known here"):
        wheels(f"{tag}-win_amd64", ">=3.10")
