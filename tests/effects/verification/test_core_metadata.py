"""Core metadata that an index would refuse, or an installer misread."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from tests.effects.verification.test_artifact import own, zipped

from release_sync.effects.verification.core_metadata import contradictions, metadata_failures
from release_sync.seals.artifact import Expected

if TYPE_CHECKING:
    from pathlib import Path

KIT = Expected("kit", "", "1.0")
WHEEL = "kit-1.0-py3-none-any.whl"
HEAD = "Metadata-Version: 2.4\nName: kit\nVersion: 1.0\n"
DEEP_RST = "".join(f"{' ' * depth}* a\n\n" for depth in range(0, 800, 2))
BAD_RST = "Description-Content-Type: text/x-rst\n\nTitle\n===\n\n.. foo::\n"


def failures(
    folder: Path, said: str, expected: Expected = KIT, python: str = "", licence: str = ""
) -> list[str]:
    """Return what is wrong with a wheel that has these metadata."""
    wheel = folder / WHEEL
    more = [(own(WHEEL).replace("METADATA", licence), "")] if licence else []
    zipped(wheel, (own(WHEEL), said), *more)
    return list(metadata_failures(expected, wheel, python))


@pytest.mark.parametrize(
    "said",
    [
        HEAD,
        HEAD.replace("2.4", "2.5"),
        f"{HEAD}Description-Content-Type: text/x-rst\n\nTitle\n=====\n\n`a <b>`__\n",
        f"{HEAD}Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM\n\n# x\n",
        f"{HEAD}\nplain text, taken for RST\n",
    ],
)
def test_what_is_right(said: str, tmp_path: Path) -> None:
    assert failures(tmp_path, said) == []


def test_a_licence_lies_where_its_time_has_put_it(tmp_path: Path) -> None:
    """setuptools before 77 put it beside the metadata; its Metadata-Version is 2.1."""
    named = f"{HEAD}License-File: docs/LICENSE\n"
    older = named.replace("2.4", "2.1")
    for said in (named, older):
        assert failures(tmp_path, said, licence="licenses/docs/LICENSE") == []
        (lacks,) = failures(tmp_path, said)
        assert lacks == "lacks the licence file docs/LICENSE that its metadata name"
    assert failures(tmp_path, older, licence="LICENSE") == []
    assert failures(tmp_path, named, licence="LICENSE") == [lacks]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("Requires-Python: three\n", "its metadata are not valid: 'three' is invalid for"),
        ("Foo: bar\n", "its metadata are not valid: foo is no field, or is there twice"),
        ("Summary: a\nSummary: b\n", "its metadata are not valid: summary is no field, or is"),
        (f"Summary: {'a' * 513}\n", "its Summary has 513 characters, and public indexes take 512"),
        ("License-Expression: Nope\n", "its metadata are not valid: 'Nope' is invalid for"),
        ("Description-Content-Type: text/html\n\nx\n", "its metadata are not valid: "),
        (f"\n{'a ' * 5001}\n", "its description does not render: Line 1 exceeds the line-length"),
        (f"\n{DEEP_RST}", "its description does not render: RecursionError: "),
        (BAD_RST, "its description does not render: line 4: Unknown directive"),
        ("License-File: LICENSE\n", "lacks the licence file LICENSE that its metadata name"),
        ("Requires-Dist: x @ https://example.invalid/x.whl\n", "requires x from an address, which"),
    ],
)
def test_what_is_wrong(more: str, words: str, tmp_path: Path) -> None:
    found = failures(tmp_path, HEAD + more)
    assert len(found) == 1, found
    assert found[0].startswith(words)


def test_a_version_of_metadata_that_nobody_knows(tmp_path: Path) -> None:
    (words,) = failures(tmp_path, HEAD.replace("2.4", "9.9"))
    said = "its metadata are not valid: '9.9' is not a valid metadata version"
    assert words == f"{said}; a packaging later than {version('packaging')} may know it"


def test_an_index_may_take_addresses(tmp_path: Path) -> None:
    takes = Expected("kit", "", "1.0", accepts=("direct-url",))
    said = f"{HEAD}Requires-Dist: x @ https://example.invalid/x.whl\n"
    assert failures(tmp_path, said, takes) == []


def test_requires_python_is_the_manifests(tmp_path: Path) -> None:
    said = f"{HEAD}Requires-Python: <4,>=3.11\n"
    assert failures(tmp_path, said, python=">=3.11,<4") == []
    (words,) = failures(tmp_path, said, python=">=3.12")
    assert words == "its metadata say Requires-Python: <4,>=3.11, and not >=3.12"
    (words,) = failures(tmp_path, HEAD, python=">=3.12")
    assert words == "its metadata say Requires-Python: nothing, and not >=3.12"


@pytest.mark.parametrize(
    ("wheel", "sdist", "found"),
    [
        ("Requires-Dist: idna>=3,<4\n", "Requires-Dist: idna <4, >=3\n", ""),
        ("Requires-Dist: idna\n", "", "Requires-Dist"),
        ("Requires-Dist: idna\n", "Dynamic: Requires-Dist\n", ""),
        ("Provides-Extra: x\n", "", "Provides-Extra"),
        ("Requires-Python: >=3.9\n", "Requires-Python: >=3.8\n", "Requires-Python"),
        ("Summary: of the wheel\n", "Summary: of the sdist\n", ""),
    ],
)
def test_what_an_sdist_says_for_every_wheel(
    tmp_path: Path, wheel: str, sdist: str, found: str
) -> None:
    zipped(tmp_path / WHEEL, (own(WHEEL), HEAD + wheel))
    words = list(contradictions(tmp_path / WHEEL, an_sdist(tmp_path, HEAD + sdist)))
    said = "is another than that of its sdist, which calls it fixed (PEP 643)"
    assert words == ([f"its {found} {said}"] if found else [])
    older = (HEAD + sdist).replace("2.4", "2.1")
    assert not list(contradictions(tmp_path / WHEEL, an_sdist(tmp_path, older)))


def an_sdist(folder: Path, said: str) -> Path:
    """Write an sdist that has nothing but its metadata."""
    file = folder / "kit-1.0.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo("kit-1.0/PKG-INFO")
        entry.size = len(said.encode())
        archive.addfile(entry, io.BytesIO(said.encode()))
    return file


TYPED = "Programming Language :: Pyhton :: 3"


@pytest.mark.parametrize(
    ("classifiers", "words"),
    [
        (["Programming Language :: Python :: 3", "Typing :: Typed"], ""),
        (
            [TYPED, "Typing :: Typed"],
            f"do not know its classifier '{TYPED}': write 'Programming L",
        ),
        (
            ["Acme :: Internal"],
            "do not know its classifier 'Acme :: Internal'; a later trove-",
        ),
        ([f"Acme :: {number}" for number in range(30_000)], "'Acme :: 1000' and 29995 more;"),
        (["Natural Language :: Ukranian"], "any more: write 'Natural Language :: Ukrainian'"),
    ],
)
def test_a_classifier_is_one_that_public_indexes_take(
    tmp_path: Path, classifiers: list[str], words: str
) -> None:
    said = HEAD + "".join(f"Classifier: {one}\n" for one in classifiers)
    found = failures(tmp_path, said)
    assert len(found) == bool(words)
    assert words in "".join(found)
    taken = replace(KIT, accepts=("unknown-classifier",))
    assert failures(tmp_path, said, taken) == []


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("Author-email: A <a@kit.dev>, B <b@localhost>", ""),
        ("Author-email: UNKNOWN\nHome-page: UNKNOWN", ""),
        ("Maintainer-email: A <me@corp.local>", "its Maintainer-email has 'me@corp.local', which"),
        (
            "Author-email: a@host",
            "its Author-email has 'a@host', which public indexes take for no ad",
        ),
        ("Author-email: kit.dev", "its Author-email has 'kit.dev', which"),
        ("Home-page: kit.dev", "its Home-page is 'kit.dev', which public indexes take for no URL"),
        ("Project-URL: Docs, https://kit.dev/ä#x", ""),
        ("Project-URL: Docs, git@forge:kit", "its Project-URL 'Docs' is 'git@forge:kit', which"),
        ("Project-URL: Docs, http://[", "its Project-URL 'Docs' is 'http://[', which"),
        ("Project-URL: Docs,", "its Project-URL 'Docs' is '', which"),
        (f"Project-URL: {'x' * 33}, https://kit.dev", "' has a label of 33 characters, and public"),
        (f"Project-URL: {'x' * 32}, https://kit.dev", ""),
        ("Project-URL: , https://kit.dev", "has a label of 0 characters"),
    ],
)
def test_a_contact_is_one_that_public_indexes_take(tmp_path: Path, field: str, words: str) -> None:
    found = failures(tmp_path, f"{HEAD}{field}\n")
    assert len(found) == bool(words)
    assert words in "".join(found)
    taken = replace(KIT, accepts=("invalid-contact",))
    assert failures(tmp_path, f"{HEAD}{field}\n", taken) == []
