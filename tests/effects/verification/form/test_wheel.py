"""A wheel's form: what is refused, and what real wheels have that is not."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import kind, zipped

from release_sync.effects.verification.form.wheel import form_failures

if TYPE_CHECKING:
    from pathlib import Path

NAME = "kit-1.0-py3-none-any.whl"
DATA = "kit-1.0.data"


def wrong(
    folder: Path, *paths: str, name: str = NAME, of: tuple[str, str] | None = None
) -> list[str]:
    """Return what is wrong with a wheel that holds empty files, and its WHEEL or another one."""
    zipped(folder / name, *((path, "") for path in paths), of or kind(name))
    return list(form_failures(folder / name))


def test_two_files_are_not_put_at_one_place(tmp_path: Path) -> None:
    accent, other = "kit/\u00e9.py", "kit/e\u0301.py"
    folded = "which are one file where case does not count"
    assert wrong(tmp_path, "kit/A.py", "kit/a.py") == [f"holds kit/A.py and kit/a.py, {folded}"]
    assert wrong(tmp_path, accent, other) == [f"holds {accent} and {other}, {folded}"]
    assert wrong(tmp_path, "kit./a.py", "kit/a.py") == [f"holds kit./a.py and kit/a.py, {folded}"]
    twice = f"{DATA}/purelib/kit/a.py"
    assert wrong(tmp_path, "kit/a.py", twice) == [
        f"holds kit/a.py and {twice}, which are put at one place"
    ]
    assert wrong(tmp_path, "kit", "kit/a.py") == ["holds kit/a.py below kit, which is a file"]
    apart = ("kit/Read", "kit/read", f"{DATA}/scripts/kit.py", f"{DATA}/data/kit.py", "kit.py")
    assert wrong(tmp_path, *apart) == []


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("kit-1.0-py2.py3-none-any.whl", "py3-none-any"),
        ("kit-1.0-py3-none-any.whl", "py2.py3-none-any"),
        ("kit-1.0-cp311-cp311-manylinux2014_x86_64.whl", "cp311-cp311-linux_x86_64"),
        ("kit-1.0-py3-none-manylinux1_x86_64.whl", "py3-none-any"),
    ],
)
def test_a_name_may_say_more_than_its_wheel(tmp_path: Path, name: str, tag: str) -> None:
    """Wheels of py-spy, ray and playwright are like this, and public indexes take them."""
    of = (kind(name)[0], f"Wheel-Version: 1.0\nTag: {tag}\n")
    assert wrong(tmp_path, name=name, of=of) == []


def test_a_wheel_says_what_it_is(tmp_path: Path) -> None:
    path, text = kind(NAME)
    other = text.replace("py3-none-any", "cp312-cp312-win_amd64")
    assert wrong(tmp_path, of=("a.py", "")) == ["has no WHEEL"]
    assert wrong(tmp_path, of=kind(NAME, "2.0")) == [
        "its WHEEL says Wheel-Version: 2.0, and installers know 1.0"
    ]
    assert wrong(tmp_path, of=(path, other)) == [
        "its WHEEL says that it is for cp312-cp312-win_amd64, and its name py3-none-any"
    ]


def test_every_reader_sees_the_same_archive(tmp_path: Path) -> None:
    assert wrong(tmp_path) == []
    wheel = tmp_path / NAME
    whole = wheel.read_bytes()
    words = ["has something before or behind its archive, which public indexes refuse"]
    for changed in (whole + b"\0", b"#!/bin/sh\n" + whole):
        wheel.write_bytes(changed)
        assert list(form_failures(wheel)) == words
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_LZMA) as archive:
        archive.comment = b"said of it"
        archive.writestr(*kind(NAME))
    path = kind(NAME)[0]
    assert list(form_failures(wheel)) == [f"holds {path}, which is neither stored nor deflated"]
