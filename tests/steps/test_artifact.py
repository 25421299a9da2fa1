"""A seal says everything that is needed to finish a release, and can be read back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release_sync.errors import Problem
from release_sync.steps.artifact import Artifact, Sealed, parse, write

OID, CANDIDATE, BASE = "1" * 40, "2" * 40, "3" * 40
SEALED = Sealed(
    oid=OID,
    candidate=CANDIDATE,
    base=BASE,
    group="default",
    version="0.1.11",
    tag="v0.1.11",
    branch="main",
    index="pypi",
    levels=(("devclikit",), ("workstack", "other")),
    artifacts=(
        Artifact("devclikit", "devclikit-0.1.11-py3-none-any.whl", 10, "a" * 64),
        Artifact("devclikit", "devclikit-0.1.11.tar.gz", 20, "b" * 64),
        Artifact("workstack", "workstack-0.1.11.tar.gz", 30, "c" * 64),
    ),
    holder="A Releaser <a@example.com>",
)


def raw(message: str) -> str:
    head = f"object {CANDIDATE}\ntype commit\ntag v0.1.11\n"
    return f"{head}tagger A Releaser <a@example.com> 1700000000 +0100\n\n{message}"


def test_what_is_written_is_read_back() -> None:
    assert parse(OID, raw(write(SEALED, "Published both 0.1.11"))) == SEALED


def test_a_signature_behind_the_message_is_no_part_of_it() -> None:
    signed = raw(write(SEALED, "Published")) + "-----BEGIN SSH SIGNATURE-----\nU1NI: x\n"
    assert parse(OID, signed) == SEALED


@pytest.mark.parametrize("end", ["\v", "\f", "\r", "\x1c", "\x85", "\u2028", "\u2029"])
def test_what_is_no_line_feed_ends_no_line_of_a_seal(end: str) -> None:
    odd = replace(SEALED, branch=f"main{end}Base: {OID}", holder=f"A{end}object {OID} <a@b>")
    text = raw(write(odd, f"Published{end}Group: another")).replace(SEALED.holder, odd.holder)
    assert parse(OID, text) == odd


def test_the_wheel_comes_before_the_sdist() -> None:
    names = [one.filename for one in SEALED.of("devclikit")]
    assert names == ["devclikit-0.1.11-py3-none-any.whl", "devclikit-0.1.11.tar.gz"]


def test_an_ordinary_tag_is_no_seal() -> None:
    with pytest.raises(Problem) as caught:
        parse(OID, raw("Version 0.1.11\n"))
    assert "not a seal" in caught.value.message


def test_a_seal_of_a_newer_format_is_refused() -> None:
    newer = write(SEALED, "Published").replace("Release-Sync: 1", "Release-Sync: 2")
    with pytest.raises(Problem) as caught:
        parse(OID, raw(newer))
    assert "upgrade" in caught.value.hint


@pytest.mark.parametrize("path", ["../evil.whl", "a/b.whl", "/etc/passwd"])
def test_an_artifact_that_leads_out_of_its_folder_is_refused(path: str) -> None:
    evil = replace(SEALED, artifacts=(Artifact("devclikit", path, 1, "a" * 64),))
    with pytest.raises(Problem) as caught:
        parse(OID, raw(write(evil, "Published")))
    assert "damaged" in caught.value.message


def test_a_seal_without_a_base_is_damaged() -> None:
    with pytest.raises(Problem) as caught:
        parse(OID, raw(write(SEALED, "Published").replace("Base: ", "Bass: ")))
    assert "damaged" in caught.value.message
