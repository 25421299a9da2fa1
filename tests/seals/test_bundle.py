"""The document of a bundle: what is written is read, and rubbish is said to be rubbish."""

from __future__ import annotations

import json

import pytest

from release_sync.errors import Unreadable
from release_sync.seals.artifact import Artifact
from release_sync.seals.built_with import BuildRequirement, BuiltWith
from release_sync.seals.bundle import parse_bundle, write_bundle
from release_sync.seals.pending import Sealed

FILE = Artifact("kit", "kit-1.0.tar.gz", 3, "a" * 64)
SEALED = Sealed(
    oid="1" * 40,
    candidate="2" * 40,
    base="3" * 40,
    group="default",
    version="1.0",
    tag="v1.0",
    branch="main",
    index="pypi",
    levels=(("kit",),),
    artifacts=(FILE,),
    maker="0.2.0",
    environments=(
        BuiltWith("b" * 12, "cpython 3.11.7", "linux-x86_64",
                  (BuildRequirement("hatchling", "1.27.0", ("sha256:" + "c" * 64,)),)),
    ),
)  # fmt: skip


def test_what_is_written_is_read() -> None:
    text = write_bundle(SEALED)
    assert parse_bundle(text, "here").seal == SEALED.oid
    found = json.loads(text)
    assert found["files"] == [
        {
            "member": "kit",
            "filename": "kit-1.0.tar.gz",
            "size": 3,
            "sha256": "a" * 64,
            "attestations": [],
        }
    ]
    assert found["built_with"][0]["requirements"][0]["version"] == "1.27.0"
    assert found["groups"] == [{"group": "default", "version": "1.0", "tag": "v1.0"}]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", "{}", '{"format": 1}', '{"format": 1, "seal": "x"}',
     '{"format": true, "seal": "' + "1" * 40 + '"}', '{"format": 1, "seal": 7}',
     "[" * 100_000, '{"format": "\\u001b[2J"}', '{"format": 0.5}'],
)  # fmt: skip
def test_rubbish_is_no_bundle(text: str) -> None:
    with pytest.raises(Unreadable, match=r"here is no bundle of release-sync: ") as caught:
        parse_bundle(text, "here")
    assert "\x1b" not in caught.value.message


def test_a_newer_one_is_told_apart() -> None:
    with pytest.raises(Unreadable, match="made by a newer release-sync"):
        parse_bundle('{"format": 2, "seal": "future"}', "here")
