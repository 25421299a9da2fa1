"""Edits change the characters that are wrong, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.small_workspace import LOW

from release_sync.errors import Problem, Unreadable
from release_sync.fixes.atomic_write import write
from release_sync.fixes.findings import check
from release_sync.fixes.fix import fixes
from release_sync.fixes.version_edits import edits
from release_sync.toml.edits import FileEdit, Splice, spliced
from release_sync.trees.working_tree import WorkingTree

if TYPE_CHECKING:
    from tests.fakes.small_workspace import SmallWorkspace

A_SOURCE = "low = { workspace = true }\n"


def _edits(place: SmallWorkspace, **versions: str) -> dict[str, FileEdit]:
    tree = WorkingTree(str(place.root))
    return {one.path: one for one in edits(place.read(), tree, versions)}


def _mend(place: SmallWorkspace, to: str | None = None) -> list[str]:
    tree = WorkingTree(str(place.root))
    changes = fixes(place.read(), tree, to)
    write(str(place.root), changes)
    return [change.path for change in changes]


def _fixable(place: SmallWorkspace) -> dict[str, bool]:
    tree = WorkingTree(str(place.root))
    return {one.code: one.fixable for one in check(place.read(), tree)}


def test_a_bump_moves_versions_pins_mirrors_and_the_lock(green: SmallWorkspace) -> None:
    green.write("packages/low/src/low/__init__.py", '__version__ = "1.0"  # said twice\n')
    lock = (
        '[manifest]\nmembers = [\n    "low",\n    "top",\n]\n\n'
        '[[package]]\nname = "low"\nversion = "1.0"\nsource = { editable = "packages/low" }\n\n'
        '[[package]]\nname = "top"\nversion = "1.0"\nsource = { editable = "." }\n'
    )
    green.write("uv.lock", lock)
    found = _edits(green, low="1.1", top="1.1")
    assert {path: edit.changes for path, edit in found.items()} == {
        "packages/low/pyproject.toml": ("version",),
        "packages/low/src/low/__init__.py": ("mirror",),
        "pyproject.toml": ("version", "pin"),
        "uv.lock": ("lock", "lock"),
    }
    assert found["uv.lock"].after.decode() == lock.replace("1.0", "1.1")
    assert found["packages/low/src/low/__init__.py"].after == b'__version__ = "1.1"  # said twice\n'


def test_a_member_that_is_not_named_keeps_its_version_and_its_pin_moves(
    green: SmallWorkspace,
) -> None:
    found = _edits(green, low="1.1")
    assert found["pyproject.toml"].changes == ("pin",)
    assert b'version = "1.0"' in found["pyproject.toml"].after


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("'low==1.0'", "'low==1.1'"),
        ('"low [fast]  == 1.0 ; python_version < \\"4\\""',) * 2,
        ('"low\\u003d=1.0"', '"low\\u003d=1.1"'),
        ('"""low==1.0"""', '"""low==1.1"""'),
        ("'''\nlow==1.0'''", "'''\nlow==1.1'''"),
        ('"low == 1.0, != 1.0.5"', '"low == 1.1, != 1.0.5"'),
        ('"low===1.0"', '"low===1.1"'),
    ],
)
def test_a_pin_moves_in_every_kind_of_string(
    green: SmallWorkspace, written: str, after: str
) -> None:
    green.replace("pyproject.toml", '"low==1.0"', written)
    before = (green.root / "pyproject.toml").read_text()
    edit = _edits(green, low="1.1")["pyproject.toml"]
    expected = after if after != written else written.replace("1.0", "1.1")
    assert edit.after.decode() == before.replace(written, expected)


def test_byte_order_mark_line_endings_and_the_missing_last_newline_stay(
    green: SmallWorkspace,
) -> None:
    path = "packages/low/pyproject.toml"
    text = "# é\r\n[project]  # who\r\nname = \"low\"\r\nversion   =   '0.9' # old\r\n"
    text += "[build-system]\r\nrequires = [] # none"
    green.write(path, b"\xef\xbb\xbf" + text.encode())
    assert _mend(green) == [path]
    expected = b"\xef\xbb\xbf" + text.replace("0.9", "1.0").encode()
    assert (green.root / path).read_bytes() == expected


def test_what_was_mended_is_green_and_mended_only_once(green: SmallWorkspace) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"0.8"')
    green.replace("pyproject.toml", "low==1.0", "low[x] ; python_version > '3'")
    green.replace("pyproject.toml", "[tool.uv.sources]\nlow = { workspace = true }\n", "")
    assert _mend(green) == ["packages/low/pyproject.toml", "pyproject.toml"]
    text = (green.root / "pyproject.toml").read_text()
    assert "low[x]==1.0 ; python_version > '3'" in text
    assert text.rstrip("\n").endswith("\n\n[tool.uv.sources]\nlow = { workspace = true }")
    assert green.findings() == []
    assert _mend(green) == []


def test_a_source_is_added_below_the_others(green: SmallWorkspace) -> None:
    green.replace("pyproject.toml", "low = { workspace = true }", "# ours\nx = { path = 'x' } # y")
    assert _mend(green) == ["pyproject.toml"]
    text = (green.root / "pyproject.toml").read_text()
    assert text.endswith("# ours\nx = { path = 'x' } # y\nlow = { workspace = true }\n")


def test_a_fix_never_lowers_a_version_and_leaves_what_is_right_for_it(
    green: SmallWorkspace,
) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"1.1"')
    green.replace("pyproject.toml", "low==1.0", "low==1.1")
    green.write("packages/low/src/low/__init__.py", '__version__ = "1.1"\n')
    assert _mend(green) == []
    assert _fixable(green) == {"RS101": False}


BOTH_WAYS = (
    "low is at 1.1, but the workspace is at 1.0; `release-sync check --fix --to 1.2` raises all,"
    " `release-sync check --fix --to 1.0` lowers it"
)


@pytest.mark.parametrize("to", ["1.0", "1.2"])
def test_what_follows_a_member_above_its_group_stays_until_it_is_said_where_to(
    green: SmallWorkspace, to: str
) -> None:
    for name, needs in (("mid", "low[x]==1.0"), ("new", "low==1.1"), ("old", "mid==1.0")):
        other = LOW.replace('"low"', f'"{name}"').replace(
            "\n[build", f'dependencies = ["{needs}"]\n\n[build'
        )
        green.write(f"packages/{name}/pyproject.toml", other)
    green.replace("pyproject.toml", "low = {", "mid = { workspace = true }\nlow = {")
    green.replace("packages/low/pyproject.toml", '"1.0"', '"1.1"')
    green.replace("packages/old/pyproject.toml", 'version = "1.0"', 'version = "1.2"')
    green.write("packages/low/src/low/__init__.py", '__version__ = "1.0"\n')
    assert _fixable(green) == {"RS101": False}
    assert green.findings()[0].endswith(BOTH_WAYS)
    green.replace("pyproject.toml", "low==1.0", "low==0.9")
    green.write("packages/low/src/low/__init__.py", '__version__ = "0.9"\n')
    assert _fixable(green) == {"RS101": False, "RS102": False, "RS202": False}
    assert green.findings()[-1].endswith("low is pinned to 0.9, and should be to 1.0")
    assert _mend(green) == []
    _mend(green, to=to)
    assert green.findings() == []
    assert {member.version for member in green.read().members} == {to}


MANY_FAULTS = {
    "packages/low/pyproject.toml": ("1.0", "0.9"),
    "pyproject.toml": ("low==1.0", "low"),
    "packages/low/src/low/__init__.py": ("", '__version__ = "0.8"\n'),
    "uv.lock": (
        "",
        (
            '[manifest]\nmembers = ["low", "top"]\n\n'
            '[[package]]\nname = "low"\nversion = "0.7"\nsource = { editable = "packages/low" }\n\n'
            '[[package]]\nname = "top"\nversion = "0.7"\nsource = { editable = "." }\n'
        ),
    ),
}


@pytest.mark.parametrize("to", [None, "2.0"])
def test_what_is_ignored_is_not_rewritten(green: SmallWorkspace, to: str | None) -> None:
    for path, (old, new) in MANY_FAULTS.items():
        green.replace(path, old, new) if old else green.write(path, new)
    green.replace("pyproject.toml", A_SOURCE, "")
    ignore = '[tool.release-sync]\nignore = ["RS101", "RS102", "RS201", "RS204", "RS401"]\n'
    green.replace("pyproject.toml", "[tool.uv.w", f"{ignore}[tool.uv.w")
    assert green.findings() == []
    before = {path: (green.root / path).read_text() for path in MANY_FAULTS}
    changed = _mend(green, to)
    assert changed == (["packages/low/pyproject.toml", "pyproject.toml"] if to else [])
    for path, text in before.items():
        after = (green.root / path).read_text()
        versions = text.replace('version = "0.9"', f'version = "{to}"')
        expected = versions.replace('version = "1.0"', f'version = "{to}"')
        assert after == (expected if path in changed else text)


def test_the_pin_of_a_member_whose_version_is_ignored_is_its_own_version(
    green: SmallWorkspace,
) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"0.9"')
    ignore = '[tool.release-sync]\nignore = ["RS101"]\n'
    green.replace("pyproject.toml", "[tool.uv.w", f"{ignore}[tool.uv.w")
    assert _fixable(green) == {"RS202": True}
    assert _mend(green) == ["pyproject.toml"]
    assert _fixable(green) == {}
    assert "low==0.9" in (green.root / "pyproject.toml").read_text()


def test_to_sets_the_version_of_all_also_downward(green: SmallWorkspace) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"1.1"')
    _mend(green, to="0.5")
    assert green.findings() == []
    assert {member.version for member in green.read().members} == {"0.5"}


def test_to_leaves_the_versions_of_other_groups_where_they_are_or_raises_them(
    green: SmallWorkspace,
) -> None:
    for name, version in {"one": "4.0", "two": "2.0", "three": "2.0", "four": "1.9"}.items():
        low = (green.root / "packages/low/pyproject.toml").read_text()
        text = low.replace("low", name).replace("1.0", version)
        green.write(f"packages/{name}/pyproject.toml", text)
    rule = '[tool.release-sync.groups.bee]\nmembers = ["one", "two", "three", "four"]\n'
    green.replace("pyproject.toml", "[tool.uv.w", f"{rule}[tool.uv.w")
    _mend(green, to="1.1")
    assert {member.name: member.version for member in green.read().members} == {
        "top": "1.1",
        "low": "1.1",
        "one": "4.0",
        "two": "2.0",
        "three": "2.0",
        "four": "2.0",
    }


def test_to_must_be_a_version(green: SmallWorkspace) -> None:
    with pytest.raises(Unreadable, match="'next' is not a version"):
        _mend(green, to="next")


def test_a_compatible_pin_moves_only_when_it_must(green: SmallWorkspace) -> None:
    green.replace(
        "pyproject.toml", "[tool.uv.w", '[tool.release-sync]\npin="compatible"\n[tool.uv.w'
    )
    green.replace("pyproject.toml", "low==1.0", "low ~= 1.0")
    assert "pyproject.toml" not in _edits(green, low="1.1")
    assert b"low ~= 2.0" in _edits(green, low="2.0.1")["pyproject.toml"].after


def test_nothing_is_written_when_one_file_changed_meanwhile(green: SmallWorkspace) -> None:
    tree = WorkingTree(str(green.root))
    changes = edits(green.read(), tree, {"low": "1.1", "top": "1.1"})
    green.replace("pyproject.toml", "hatchling", "hatchling ")
    before = (green.root / "packages/low/pyproject.toml").read_bytes()
    with pytest.raises(Problem, match=r"pyproject\.toml changed"):
        write(str(green.root), changes)
    assert (green.root / "packages/low/pyproject.toml").read_bytes() == before
    assert not list(green.root.rglob(".pyproject*"))


def test_the_mode_of_a_file_stays(green: SmallWorkspace) -> None:
    path = Path(green.root, "packages/low/pyproject.toml")
    green.replace("packages/low/pyproject.toml", '"1.0"', '"0.9"')
    path.chmod(0o640)
    _mend(green)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("written", "after"),
    [
        (
            "[tool.uv.sources]\n\n[tool.uv.sources.y]\npath = 'y'\n",
            f"[tool.uv.sources]\n{A_SOURCE}\n[tool.uv.sources.y]\npath = 'y'\n",
        ),
        (
            "[tool.uv.sources]\nx.path = 'x' # x\n[tool.uv.sources.y]\npath = 'y'\n",
            f"[tool.uv.sources]\nx.path = 'x' # x\n{A_SOURCE}[tool.uv.sources.y]\npath = 'y'\n",
        ),
        (
            "[tool.uv.sources.y]\npath = 'y'\n",
            f"[tool.uv.sources]\n{A_SOURCE}\n[tool.uv.sources.y]\npath = 'y'\n",
        ),
        ("[tool.uv]\nsources = { y = { path = 'y' } }\n", ""),
        (
            "[tool.uv]\nsources.y = { path = 'y' }\n",
            f"[tool.uv]\nsources.y = {{ path = 'y' }}\nsources.{A_SOURCE}",
        ),
        ("[tool.uv.sources]\nlow = { path = 'packages/low' }\n", ""),
        ("[tool.uv.sources]\nLOW = { path = 'packages/low' }\n", ""),
    ],
)
def test_a_source_goes_into_its_own_table_or_is_not_promised(
    green: SmallWorkspace, written: str, after: str
) -> None:
    green.replace("pyproject.toml", f"[tool.uv.sources]\n{A_SOURCE}", written)
    assert _fixable(green) == {"RS204": bool(after)}
    _mend(green)
    assert (green.root / "pyproject.toml").read_text().endswith(after or written)
    assert ("RS204" in _fixable(green)) == (not after)


@pytest.mark.parametrize(
    "uv",
    [
        "[tool]\nuv = { workspace = { members = ['packages/*'] } }\n",
        "[tool]\nuv = { workspace = { members = ['packages/*'] }, sources = {} }\n",
    ],
)
def test_a_table_that_can_not_be_continued_is_left_alone(green: SmallWorkspace, uv: str) -> None:
    text = (green.root / "pyproject.toml").read_text()
    green.write("pyproject.toml", text.partition("[tool.uv.w")[0] + uv)
    assert _fixable(green) == {"RS204": False}
    assert _mend(green) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('a"', ((("project", "version"), 'a"'),)),
        ("1.1", ((("project", "version"), "1.2"),)),
        ("1.1", ((("project", "name"), "1.1"),)),
        ("\r", ()),
    ],
)
def test_an_edit_that_would_say_something_else_is_not_made(
    green: SmallWorkspace, text: str, meant: tuple[tuple[tuple[str, ...], str], ...]
) -> None:
    path = "packages/low/pyproject.toml"
    start = (green.root / path).read_bytes().index(b'1.0"')
    splice = Splice(path, start, start + 3, text, "version", meant)
    with pytest.raises(Problem, match="would not say what was meant"):
        spliced(WorkingTree(str(green.root)), [splice])


def test_an_edit_of_a_mirror_in_toml_changes_its_string_only(green: SmallWorkspace) -> None:
    rule = 'mirrors = [{ path = "x.toml", pattern = "v{version}" }]'
    green.replace("pyproject.toml", "[tool.uv.w", f"[tool.release-sync]\n{rule}\n[tool.uv.w")
    green.write("x.toml", "x = 'v0.9'\nn = nan\n")
    assert _mend(green) == ["x.toml"]
    assert (green.root / "x.toml").read_text() == "x = 'v1.0'\nn = nan\n"


def test_an_entry_of_the_lock_that_the_member_comes_to_is_mended(green: SmallWorkspace) -> None:
    green.replace("packages/low/pyproject.toml", '"1.0"', '"0.9"')
    green.write(
        "uv.lock",
        '[manifest]\nmembers = ["low", "top"]\n\n'
        '[[package]]\nname = "low"\nversion = "1.0"\nsource = { editable = "packages/low" }\n\n'
        '[[package]]\nname = "top"\nversion = "1.0"\nsource = { editable = "." }\n',
    )
    assert _fixable(green) == {"RS101": True, "RS401": True}
    _mend(green)
    assert green.findings() == []
