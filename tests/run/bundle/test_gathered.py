"""What was built elsewhere: each file has its member, and what is missing is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.seals.test_tag_objects import SEALED

from release_sync.errors import Refused
from release_sync.run.bundle.gathered import gathered

RESERVED = replace(SEALED, levels=(("devclikit",), ("workstack",)))
KIT = "devclikit-0.1.11"
STACK = "workstack-0.1.11"
PURE = [f"{KIT}-py3-none-any.whl", f"{KIT}.tar.gz", f"{STACK}.tar.gz"]
LINUX = f"{STACK}-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
WINDOWS = f"{STACK}-cp311-cp311-win_amd64.whl"
WANTED: dict[str, tuple[str, ...]] = {
    "workstack": ("cp311-cp311-manylinux_*_x86_64", "cp311-*-win_amd64")
}


def said(names: list[str], wanted: dict[str, tuple[str, ...]] | None = None) -> str:
    with pytest.raises(Refused) as refused:
        gathered(names, RESERVED, wanted or {})
    return refused.value.message


def test_files_come_in_the_order_of_their_upload_the_sdist_last() -> None:
    found = gathered([f"{STACK}.tar.gz", WINDOWS, *PURE[:2], LINUX], RESERVED, WANTED)
    assert found == (
        ("devclikit", PURE[0]),
        ("devclikit", PURE[1]),
        ("workstack", LINUX),
        ("workstack", WINDOWS),
        ("workstack", f"{STACK}.tar.gz"),
    )
    assert gathered([*PURE, WINDOWS], RESERVED, {"*": ("*-*-*",)})
    assert gathered([*PURE, WINDOWS], RESERVED, {"*": ("cp311-cp311-*",), "devclikit": ()})


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([*PURE, LINUX], "workstack: no wheel for cp311-*-win_amd64 is there"),
        ([*PURE, WINDOWS], "workstack: no wheel for cp311-cp311-manylinux_*_x86_64 is there"),
        (
            [*PURE, LINUX, WINDOWS, f"{STACK}-cp312-cp312-win_amd64.whl"],
            f"workstack: {STACK}-cp312-cp312-win_amd64.whl is for none of its platforms",
        ),
        (
            [*PURE, LINUX, WINDOWS, f"{STACK}-1-cp311-cp311-win_amd64.whl"],
            f"{WINDOWS} and {STACK}-1-cp311-cp311-win_amd64.whl are both for",
        ),
        (
            [*PURE, LINUX, WINDOWS, f"{STACK}-cp311-cp311-manylinux2014_x86_64.whl"],
            f"{LINUX} and {STACK}-cp311-cp311-manylinux2014_x86_64.whl are both for",
        ),
        ([*PURE[1:], LINUX, WINDOWS], "devclikit: no wheel is there"),
        ([*PURE[:2], LINUX, WINDOWS], "workstack: no sdist is there"),
        (
            [*PURE, LINUX, WINDOWS, "Workstack-0.1.11.tar.gz"],
            "Workstack-0.1.11.tar.gz and workstack-0.1.11.tar.gz are one sdist too many",
        ),
        ([*PURE, LINUX, WINDOWS, "evil-0.1.11.tar.gz"], "evil-0.1.11.tar.gz is no file of v0.1.11"),
        ([*PURE, LINUX, WINDOWS, f"{KIT[:-1]}2.tar.gz"], "devclikit-0.1.12.tar.gz is no file of"),
        ([*PURE, LINUX, WINDOWS, f"{KIT}.zip"], f"{KIT}.zip is neither wheel nor sdist"),
        ([*PURE, LINUX, WINDOWS, f"{KIT}.whl"], f"{KIT}.whl is neither wheel nor sdist"),
        ([*PURE, LINUX, WINDOWS, "a\x1b[2J"], "a?[2J is neither wheel nor sdist"),
        ([*PURE, LINUX, WINDOWS, "release.json"], "release.json belongs to a bundle"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused_by_name(names: list[str], words: str) -> None:
    assert words in said(names, WANTED)


def test_all_of_it_is_said_at_once() -> None:
    assert said([]).splitlines()[1:] == [
        "    devclikit: no wheel is there",
        "    devclikit: no sdist is there",
        "    workstack: no wheel is there",
        "    workstack: no sdist is there",
    ]
