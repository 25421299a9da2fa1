"""What the wheels of one release do to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import METADATA, own, zipped

from release_sync.effects.verification.siblings import (
    needing,
    shared_files,
    unrequired,
    unsupported,
)

if TYPE_CHECKING:
    from pathlib import Path


def wheel(
    folder: Path, name: str, files: dict[str, str], *requires: str, tag: str = "py3-none-any"
) -> Path:
    """Write a wheel of some files."""
    file = folder / f"{name}-1.0-{tag}.whl"
    said = METADATA.format(name, "1.0") + "".join(f"Requires-Dist: {one}\n" for one in requires)
    zipped(file, *files.items(), (own(file.name), said))
    return file


def test_a_file_of_two_wheels_is_named(tmp_path: Path) -> None:
    mine = {"tests/conftest.py": "a", "ns/__init__.py": "same", "a.py": "a", "tests/empty.py": ""}
    theirs = {"tests/conftest.py": "a", "ns/__init__.py": "same", "b.py": "b", "tests/empty.py": ""}
    wheels = {"kit": [wheel(tmp_path, "kit", mine)], "app": [wheel(tmp_path, "app", theirs)]}
    assert list(shared_files(wheels)) == [
        "tests/conftest.py is in kit-1.0-py3-none-any.whl and in app-1.0-py3-none-any.whl"
    ]
    theirs = {"ns/__init__.py": "another", "kit-1.0.data/purelib/a.py": "x", "x.data/scripts/a": ""}
    wheels["app"] = [wheel(tmp_path, "app", theirs)]
    assert [one.partition(" ")[0] for one in shared_files(wheels)] == ["ns/__init__.py", "a.py"]


def test_a_program_of_two_wheels_calls_the_same(tmp_path: Path) -> None:
    def found(mine: str, theirs: str, *files: str) -> list[str]:
        wheels = {}
        for name, value in {"kit": mine, "app": theirs}.items():
            points = f"[console_scripts]\ngo = {value}\n[other]\nx = {value}\n"
            of = {f"{name}-1.0.dist-info/entry_points.txt": points}
            of |= {f"{name}-1.0.data/{path}": name for path in files}
            wheels[name] = [wheel(tmp_path, name, of)]
        return [one.partition(" is in ")[0] for one in shared_files(wheels)]

    assert found("kit:main", "kit:main") == []
    assert found("kit:main", "app:main") == ["the program go"]
    paths = ("scripts/run", "data/share/man", "headers/kit.h")
    assert found("kit:main", "kit:main", *paths) == ["the program run", "data/share/man"]


SAYS = "app-1.0-py3-none-any.whl: app.py imports {}, which is {}'s, and app does not require that"


@pytest.mark.parametrize(
    ("source", "requires", "found"),
    [
        ("import kit", (), "kit"),
        ("import os, kit.deep as deep", (), "kit"),
        ("from kit import thing", (), "kit"),
        ("class A:\n    import kit", (), "kit"),
        ("from ns import part", (), "ns.part"),
        ("import ns.part.deep", (), "ns.part"),
        ("import ns.other", (), ""),
        ("import kitchen", (), ""),
        ("from . import kit", (), ""),
        ("def f():\n    import kit", (), ""),
        ("try:\n    import kit\nexcept ImportError:\n    kit = None", (), ""),
        ("if TYPE_CHECKING:\n    import kit", (), ""),
        ("import kit", ("Kit==1.0",), ""),
        ("import kit", ("kit; extra == 'x'",), ""),
        ("import kit", ("between",), ""),
        ("import app_too", (), ""),
        ("import kit; this is no Python", (), ""),
    ],
)
def test_an_import_of_what_is_not_required(
    source: str, requires: tuple[str, ...], found: str, tmp_path: Path
) -> None:
    wheels = {
        "app": [wheel(tmp_path, "app", {"app.py": source, "app_too.py": ""}, *requires)],
        "between": [wheel(tmp_path, "between", {"between.py": ""}, "kit>=1")],
        "kit": [wheel(tmp_path, "kit", {"kit/__init__.py": ""})],
        "part": [wheel(tmp_path, "part", {"ns/part/__init__.py": ""})],
    }
    owner = {"kit": "kit", "ns.part": "part"}
    assert list(unrequired(wheels)) == ([SAYS.format(found, owner[found])] if found else [])


@pytest.mark.parametrize(
    ("own", "theirs", "requires", "lowest"),
    [
        (">=3.9", ">=3.11", "kit==1.0", "3.9"),
        (">=3.9,<4", ">=3.9", "kit==1.0", ""),
        (">=3.9", ">=3.9.2", "kit==1.0", ""),
        (">=3.9", ">=3.11", "kit==1.0; python_version >= '3.11'", ""),
        (">=3.9", ">=3.11", "kit==1.0; extra == 'more'", ""),
        (">=3.9", ">=3.9,<3.13", "kit==1.0", ""),
        ("", ">=3.11", "kit==1.0", ""),
        (">=3.9", ">=3.11", "other", ""),
    ],
)
def test_a_python_that_a_sibling_excludes(
    tmp_path: Path, own: str, theirs: str, requires: str, lowest: str
) -> None:
    wheels = {"app": [with_python(tmp_path, "app", own, requires)],
              "kit": [with_python(tmp_path, "kit", theirs)]}  # fmt: skip
    found = list(unsupported(wheels))
    expected = f"app-1.0-py3-none-any.whl: allows Python {lowest} ({own}), and kit, which it"
    assert found == ([f"{expected} requires, does not ({theirs})"] if lowest else [])


def with_python(folder: Path, name: str, python: str, *requires: str) -> Path:
    """Write a wheel that says which Pythons it is for."""
    file = folder / f"{name}-1.0-py3-none-any.whl"
    said = METADATA.format(name, "1.0") + "".join(f"Requires-Dist: {one}\n" for one in requires)
    zipped(file, (own(file.name), f"{said}Requires-Python: {python}\n" if python else said))
    return file


def test_who_needs_what_is_broken_waits_with_it(tmp_path: Path) -> None:
    wheels = {
        "top": [wheel(tmp_path, "top", {}, "middle==1.0")],
        "middle": [wheel(tmp_path, "middle", {}, "low==1.0")],
        "aside": [wheel(tmp_path, "aside", {}, "idna")],
    }
    assert needing(["low"], wheels) == ["top", "middle"]
    assert needing([], wheels) == []


LINUX, WINDOWS = "cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-win_amd64"


def test_of_several_wheels_of_a_member_one_is_installed(tmp_path: Path) -> None:
    """So they may share files, each may import or need something else, and it is said once."""
    mine = {"kit/__init__.py": "import app", "kit/fast.py": "import part"}
    wheels = {
        "kit": [
            wheel(tmp_path, "kit", mine, tag=LINUX),
            wheel(tmp_path, "kit", {**mine, "kit/win.py": "import win"}, "app", tag=WINDOWS),
        ],
        "app": [wheel(tmp_path, "app", {"app.py": ""})],
        "part": [wheel(tmp_path, "part", {"part.py": ""})],
        "win": [wheel(tmp_path, "win", {"win.py": "", "kit/win.py": "import win"})],
    }
    assert list(shared_files(wheels)) == [
        f"kit/win.py is in kit-1.0-{WINDOWS}.whl and in win-1.0-py3-none-any.whl"
    ]
    assert [one.partition(", which")[0] for one in unrequired(wheels)] == [
        f"kit-1.0-{LINUX}.whl: kit/fast.py imports part",
        f"kit-1.0-{WINDOWS}.whl: kit/win.py imports win",
    ]
    assert needing(["app"], wheels) == ["kit"]
