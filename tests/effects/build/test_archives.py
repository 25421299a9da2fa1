"""What a wheel has to import, and to load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import zipped

from release_sync.effects.build.archives import entry_points, modules_of

if TYPE_CHECKING:
    from pathlib import Path

WHEEL = "kit-1.0-py3-none-any.whl"
POINTS = "kit-1.0.dist-info/entry_points.txt"


@pytest.mark.parametrize(
    ("files", "modules"),
    [
        (("kit/a.py", "kit/__init__.py", "kit/deep/__init__.py", "one.py"), ("kit", "one")),
        (("ns/kit/__init__.py", "ns/kit/a.py", "ns/one.py"), ("ns.kit", "ns.one")),
        (("a/b/c/d.py", "a/b/e.py"), ("a.b.c.d", "a.b.e")),
        (("_c.cpython-311-x86_64-linux-gnu.so", "_a.abi3.so", "libz.so", "x.libs/libz.so.1"),
         ("_a", "_c")),
        (("kit-1.0.data/purelib/kit/__init__.py", "kit-1.0.data/scripts/run.py"), ("kit",)),
        (("kit-stubs/__init__.pyi", "kit-tools/a.py", "__main__.py", "1.py", "data/a.json"), ()),
        (("ns/class/a.py", "lambda.py", "ns/import/__init__.py", "match.py"), ("match",)),
    ],
)  # fmt: skip
def test_the_modules_nearest_to_the_top(
    files: tuple[str, ...], modules: tuple[str, ...], tmp_path: Path
) -> None:
    zipped(tmp_path / WHEEL, *((path, "") for path in files))
    assert modules_of(tmp_path / WHEEL) == modules


def test_entry_points_as_they_are_written(tmp_path: Path) -> None:
    zipped(tmp_path / WHEEL)
    assert entry_points(tmp_path / WHEEL) == []
    text = "[console_scripts]\nKit = kit.cli:main.run\n\n[DEFAULT]\nx = y\n"
    text += "[a.b]\n50%% = kit\nmore = kit:x [more]\n"
    zipped(tmp_path / WHEEL, (POINTS, text))
    assert entry_points(tmp_path / WHEEL) == [
        ("console_scripts", "Kit", "kit.cli:main.run"),
        ("DEFAULT", "x", "y"),
        ("a.b", "50%%", "kit"),
        ("a.b", "more", "kit:x [more]"),
    ]
    zipped(tmp_path / WHEEL, (POINTS, "kit = kit:main\n"))
    with pytest.raises(ValueError, match=r"^entry_points\.txt: "):
        entry_points(tmp_path / WHEEL)
