"""What towncrier is configured to do, by whichever file and in whichever form."""

from __future__ import annotations

import pytest
from tests.fakes.context import FileTree
from tests.fakes.small_workspace import LOW, ROOT

from release_sync.errors import Unreadable
from release_sync.toml.edits import FileEdit
from release_sync.workspace.changelogs.towncrier import (
    Fragments,
    configured,
    fragments_in,
    gains,
    requirements,
)
from release_sync.workspace.reading import read

EXTRA = '[project.optional-dependencies]\nx = ["towncrier<24"]\n'
LOCK = """\
version = 1

[[package]]
name = "towncrier"
version = "24.8.0"
source = { registry = "https://index.example.com/simple" }
"""


def tree(**files: str) -> FileTree:
    named = {"own": "towncrier.toml", "root": "pyproject.toml", "lock": "uv.lock"}
    given = {named.get(name, name): text for name, text in files.items()}
    base = {"pyproject.toml": ROOT, "packages/low/pyproject.toml": LOW}
    return FileTree({path: text.encode() for path, text in {**base, **given}.items()})


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('directory = "news"', Fragments("", "news", "NEWS.rst")),
        (
            'directory = "./docs/news/"\nfilename = "docs/changes.md"',
            Fragments("", "docs/news", "docs/changes.md"),
        ),
        (
            'package = "acme.core"\npackage_dir = "src"',
            Fragments("", "src/acme/core/newsfragments", "NEWS.rst", nested=True),
        ),
        (
            'package = "acme"\n[[tool.towncrier.section]]\npath = "web"',
            Fragments("", "acme", "NEWS.rst", nested=True),
        ),
        ("", Fragments("", "newsfragments", "NEWS.rst")),
        ('directory = "n"\npackage = "acme"', Fragments("", "n", "NEWS.rst")),
        ('[[tool.towncrier.section]]\npath = ""', Fragments("", "newsfragments", "NEWS.rst")),
        ('filename = "N{1}.rst"', Fragments("", "newsfragments", "N{1}.rst")),
        (
            'directory = "n"\nfilename = "docs/{version}.rst"\nsingle_file = false',
            Fragments("", "n", "docs/*.rst", single=False),
        ),
        (
            '[[tool.towncrier.type]]\ndirectory = "Change"\n[[tool.towncrier.type]]\nname = "Fix"',
            Fragments("", "newsfragments", "NEWS.rst", types=("Change", "fix")),
        ),
        (
            'template = "news/t.md.jinja"\nignore = ["*.tmp"]\n[tool.towncrier.fragment.Fix]',
            Fragments(
                "", "newsfragments", "NEWS.rst", types=("fix",), others=("t.md.jinja", "*.tmp")
            ),
        ),
    ],
)
def test_its_directory_and_its_file(table: str, expected: Fragments) -> None:
    text = f"[tool.towncrier]\n{table}\n"
    assert configured(tree(own=text), "") == expected
    assert configured(tree(root=f"{ROOT}{text}"), "") == expected
    other = f'{ROOT}[tool.towncrier]\ndirectory = "other"\n'
    assert configured(tree(root=other, own=text), "") == expected


def test_where_it_is_not_configured() -> None:
    assert configured(tree(), "") is None
    assert configured(tree(root=f"{ROOT}# no towncrier\n"), "packages/low") is None
    with pytest.raises(Unreadable, match=r"towncrier.toml:1:1"):
        configured(tree(own="towncrier"), "")


def test_which_files_are_fragments() -> None:
    names = ("1.feature", "+x.misc.md", "web/2.bugfix.1.rst", ".gitignore", "README.md", "template")
    files = {f"news/{name}": "x" for name in names}
    found = sorted(fragments_in(tree(**files), Fragments("", "news", "NEWS.rst")))
    assert found == ["news/+x.misc.md", "news/1.feature", "news/web/2.bugfix.1.rst"]
    assert not Fragments("", "news", "NEWS.rst").is_fragment("news/.1.feature")
    own = Fragments("", "news", "NEWS.rst", types=("change",), others=("t.change.md", "*.tmp"))
    names = ("1.change.md", "2.feature.md", "t.change.md", "3.change.TMP", "changes.md", "4.CHANGE")
    assert [one for one in names if own.is_fragment(f"news/{one}")] == ["1.change.md"]
    nested = Fragments("", "acme", "NEWS.rst", nested=True)
    assert nested.is_fragment("acme/web/newsfragments/1.feature")
    assert not nested.is_fragment("acme/web/views.py")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "1.1\n- x\n", True),
        ("head\n\nold\n", "head\n\nnew\n\n\nold\n", True),
        ("head\r\nold\r\n", "head\nnew\nold\n", True),
        ("old\n", "old\nnew\n", True),
        ("old\n", "old\n\n", False),
        ("one\n\ntwo\n", "one\ntwo\nthree\n", True),
        ("one\ntwo\n", "one\n", False),
        ("one\ntwo\n", "new\none\n", False),
        ("one\ntwo\n", "one\nnew\ntwo, changed\n", False),
    ],
)
def test_a_changelog_only_gains(before: str, after: str, *, expected: bool) -> None:
    assert gains(before.encode(), after.encode()) is expected
    single = Fragments("", "news", "NEWS.rst")
    assert single.admits(FileEdit("NEWS.rst", before.encode(), after.encode(), ())) is expected
    apart = Fragments("", "news", "docs/*.rst", single=False)
    assert apart.admits(FileEdit("docs/1.1.rst", before.encode(), b"x", ())) is (not before)
    for one in (single, apart):
        assert not one.admits(FileEdit("setup.cfg", b"", b"x", ()))
    assert not apart.admits(FileEdit("docs/1.1.rst", before.encode(), b"", (), gone=True))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"lock": LOCK}, "towncrier==24.8.0"),
        ({"root": f'{ROOT}[dependency-groups]\ndocs = ["x", "Towncrier>=23"]\n'}, "Towncrier>=23"),
        ({"root": f'{ROOT}[dependency-groups]\ndocs = ["-x", "towncrier"]\n'}, "towncrier"),
        ({"root": f'{ROOT}[tool.uv]\ndev-dependencies = ["towncrier"]\n'}, "towncrier"),
        (
            {"packages/low/pyproject.toml": f"{LOW}{EXTRA}"},
            "towncrier<24",
        ),
    ],
)
def test_which_towncrier_it_is(files: dict[str, str], expected: str) -> None:
    there = tree(**files)
    assert requirements(read(there), there)[0] == expected


def test_what_it_needs_is_as_the_lock_has_it() -> None:
    entry = '[[package]]\nname = "{}"\nversion = "{}"\nsource = {{ {} = "x" }}\n\n'
    lock = LOCK + "\n" + "".join(
        entry.format(*one)
        for one in (
            ("click", "8.1", "registry"), ("jinja2", "3.0", "registry"),
            ("jinja2", "3.1", "registry"), ("low", "1.0", "editable"),
        )
    )  # fmt: skip
    there = tree(lock=lock)
    assert requirements(read(there), there) == ("towncrier==24.8.0", ("click==8.1",))
    grouped = tree(root=f'{ROOT}[dependency-groups]\ndocs = ["towncrier"]\n', lock=lock[-160:])
    assert requirements(read(grouped), grouped) == ("towncrier", ())


def test_a_workspace_that_asks_for_none_is_told_how() -> None:
    there = tree(root=f'{ROOT}[dependency-groups]\ndocs = ["towncrier-fragments"]\n')
    with pytest.raises(Unreadable, match="no group of dependencies says which one") as raised:
        requirements(read(there), there)
    assert "uv add --group dev towncrier" in raised.value.hint
