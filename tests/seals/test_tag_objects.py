"""A seal says everything that is needed to finish a release; and whoever wrote it may mean harm."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_sync.seals.artifact import Artifact
from release_sync.seals.attestation import AttestationFile
from release_sync.seals.built_with import BuildRequirement, BuiltWith
from release_sync.seals.fields import LARGEST
from release_sync.seals.pending import Companion, Sealed, State, Strategy
from release_sync.seals.tag_objects import (
    UnreadableSeal,
    parse_claim,
    parse_seal,
    target,
    write_claim,
    write_seal,
)

OID, CANDIDATE, BASE = "1" * 40, "2" * 40, "3" * 40
ATTESTED = tuple(
    AttestationFile(f"other-0.1.11.tar.gz.{kind}.attestation", digit * 64)
    for kind, digit in (("publish", "0"), ("slsa", "1"))
)
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
        Artifact("other", "other-0.1.11.tar.gz", 40, "d" * 64, ATTESTED),
    ),
    maker="0.2.0",
    holder="A Releaser <a@example.com>",
    time=1700000000,
    environments=(
        BuiltWith(
            "0123456789ab",
            "cpython 3.13.0rc1",
            "macosx-14.0-arm64",
            (
                BuildRequirement("hatchling", "1.27.0", (f"sha256:{'e' * 64}",)),
                BuildRequirement("unhashed", "2!1.0+local", ()),
            ),
        ),
        BuiltWith("ba9876543210", "pypy 3.11.7", "linux-x86_64"),
    ),
)


SEVERAL = replace(
    SEALED,
    companions=(Companion("mcp", "0.3.0", "other-v0.3.0", ("other",), OID),),
    artifacts=(
        *SEALED.artifacts[:-1],
        Artifact("other", "other-0.3.0.tar.gz", 40, "d" * 64),
    ),
)
"""The same of two groups, whose versions differ."""


def raw(
    message: str, pointed_to: str = CANDIDATE, kind: str = "commit", tag: str = "v0.1.11"
) -> str:
    head = f"object {pointed_to}\ntype {kind}\ntag {tag}\n"
    return f"{head}tagger A Releaser <a@example.com> 1700000000 +0100\n\n{message}"


@pytest.mark.parametrize(
    "sealed",
    [
        SEALED,
        replace(SEALED, state=State.RESERVED, artifacts=()),
        replace(SEALED, existing="4" * 40),
        SEVERAL,
        replace(SEVERAL, strategy=Strategy.STAGED),
        SEVERAL.own,
        SEVERAL.of_group(SEVERAL.companions[0]),
        replace(SEALED, environments=(), reserved="6" * 40),
        replace(
            SEALED,
            environments=(),
            artifacts=tuple(replace(one, attestations=()) for one in SEALED.artifacts),
        ),
    ],
    ids=[
        "sealed",
        "reserved",
        "of a tag that was there",
        "of several groups",
        "of several groups, by way of a stage",
        "the first of several groups alone",
        "a secondary",
        "made elsewhere",
        "of an earlier version",
    ],
)
def test_what_is_written_is_read_back(sealed: Sealed) -> None:
    text = raw(write_seal(sealed, "Published both 0.1.11"), tag=sealed.tag)
    assert parse_seal(OID, text) == sealed


@pytest.mark.parametrize(
    "name",
    [
        "other-0.1.11.tar.gz",
        "other-0.1.11.tar.gz.attestation",
        "other-0.1.11.tar.gz.slsa.attestation",  # it is there
        "another-0.1.11.tar.gz.publish.attestation",
        "../other-0.1.11.tar.gz.publish.attestation",
        "other-0.1.11.tar.gz./x.attestation",
    ],
)
def test_an_attestation_is_of_one_of_the_files(name: str) -> None:
    text = raw(f"{write_seal(SEALED, 'Published')}Attestation: sha256:{'2' * 64} {name}\n")
    with pytest.raises(UnreadableSeal, match="is damaged: "):
        parse_seal(OID, text)


def test_a_claim_is_read_back() -> None:
    text = raw(write_claim("v0.1.11", "ci.example", "abc"), OID, "tag")
    claim = parse_claim("6" * 40, text)
    assert (claim.oid, claim.seal, claim.host, claim.time) == (
        "6" * 40, OID, "ci.example", 1700000000,
    )  # fmt: skip
    assert claim.who == "A Releaser <a@example.com> on ci.example"
    assert target("6" * 40, text) == ("tag", OID)


def test_a_signature_behind_the_message_is_no_part_of_it() -> None:
    signed = raw(write_seal(SEALED, "Published")) + "-----BEGIN SSH SIGNATURE-----\nGroup: evil\n"
    assert parse_seal(OID, signed) == SEALED


def test_a_subject_can_not_speak_for_the_seal() -> None:
    subject = "Published\n\nRelease-Sync: 2\nGroup: evil\nVersion: 9.9.9"
    assert parse_seal(OID, raw(write_seal(SEALED, subject))) == SEALED


def test_the_wheel_comes_before_the_sdist() -> None:
    names = [one.filename for one in SEALED.of("devclikit")]
    assert names == ["devclikit-0.1.11-py3-none-any.whl", "devclikit-0.1.11.tar.gz"]


@pytest.mark.parametrize("message", ["Version 0.1.11\n", "", "\n", "Release-Sync: 2\n"])
def test_an_ordinary_tag_or_an_emptied_one_is_no_seal(message: str) -> None:
    with pytest.raises(UnreadableSeal, match="no seal"):
        parse_seal(OID, raw(message))


@pytest.mark.parametrize("text", ["", "tree x", "object x\n\n", "\0\0", "\ud800"])
def test_what_is_no_tag_object_is_no_seal(text: str) -> None:
    for read in (parse_seal, parse_claim, target):
        with pytest.raises(UnreadableSeal):
            read(OID, text)


def test_a_seal_of_a_newer_format_asks_for_a_newer_release_sync() -> None:
    newer = write_seal(SEALED, "Published").replace("Release-Sync: 2", "Release-Sync: 5")
    with pytest.raises(UnreadableSeal) as caught:
        parse_seal(OID, raw(newer))
    assert "upgrade" in caught.value.hint


def test_a_staged_release_has_a_format_that_nobody_overlooks() -> None:
    """Who knows only the format before would upload it directly, so it must not be read as one."""
    staged = replace(SEALED, strategy=Strategy.STAGED)
    written = write_seal(staged, "Published")
    assert parse_seal(OID, raw(written)) == staged
    line = "Strategy: staged\n"
    for other in (
        written.replace("Release-Sync: 3", "Release-Sync: 2"),
        written.replace(line, ""),
        written.replace(line, line + line),
        written.replace(line, "Strategy: direct\n"),
        write_seal(SEALED, "Published").replace("Group: ", "Strategy: direct\nGroup: "),
    ):
        with pytest.raises(UnreadableSeal, match="has no such strategy"):
            parse_seal(OID, raw(other))


def several(old: str, new: str) -> str:
    return changed(old, new, SEVERAL)


def changed(old: str, new: str, sealed: Sealed = SEALED) -> str:
    text = raw(write_seal(sealed, "Published"))
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        changed("Version: 0.1.11", "Version: one"),
        changed("Version: 0.1.11", "Version: 1" + "9" * 5000),
        changed("Version: 0.1.11", "Version: 0.1.12"),
        changed("Base: ", "Bass: "),
        changed(f"Base: {BASE}", "Base: HEAD"),
        changed(f"Base: {BASE}", "Base: --upload-pack=evil"),
        changed(f"Base: {BASE}", f"Base: {BASE}\nBase: {CANDIDATE}"),
        changed("Branch: main", "Branch: --upload-pack=evil"),
        changed("Branch: main", "Branch: a..b"),
        changed("Branch: main", "Branch: HEAD"),
        changed("Branch: main", "Branch: main@{1}"),
        changed("tag v0.1.11\n", "tag ../../heads/x\n"),
        changed("tag v0.1.11\n", "tag -d\n"),
        changed("tag v0.1.11\n", ""),
        changed("Group: default", "Group: ../x"),
        changed("Group: default", "Group: de\u2028fault"),
        changed("Index: pypi", "Index: py\x1b[2Jpi"),
        changed("Index: pypi", "Index: " + "x" * 5000),
        changed("Made-By: 0.2.0", "Made-By: $(id)"),
        changed("State: sealed", "State: landed"),
        changed("State: sealed", "State: uploading"),
        changed("State: sealed", "State: reserved"),
        changed("Level: devclikit\n", "Level: \n"),
        changed("Level: devclikit\n", "Level: Dev_CliKit\n"),
        changed("Level: devclikit\n", "Level: devclikit workstack\n"),
        changed("Level: devclikit\n", ""),
        changed(" 10 devclikit ", " 10 stranger "),
        changed(" 10 devclikit ", " -1 devclikit "),
        changed(" 10 devclikit ", f" {'9' * 30} devclikit "),
        changed("devclikit-0.1.11-py3-none-any.whl", "../evil.whl"),
        changed("devclikit-0.1.11-py3-none-any.whl", "/etc/passwd"),
        changed("devclikit-0.1.11-py3-none-any.whl", "devclikit-0.1.11.whl"),
        changed("devclikit-0.1.11-py3-none-any.whl", "devclikit-0.1.12-py3-none-any.whl"),
        changed("devclikit-0.1.11-py3-none-any.whl", "other-0.1.11-py3-none-any.whl"),
        changed("devclikit-0.1.11-py3-none-any.whl", "devclikit-0.1.11.tar.gz"),
        changed("workstack-0.1.11.tar.gz", "workstack-0.1.11.zip.exe"),
        changed("Environment: 0123456789ab ", "Environment: 0123456789AB "),
        changed("Environment: 0123456789ab ", "Environment: ba9876543210 "),
        changed("cpython 3.13.0rc1", "cpython 3.13 --pre"),
        changed("macosx-14.0-arm64", "../../etc"),
        changed("Build-Requirement: 0123456789ab ", "Build-Requirement: 111111111111 "),
        changed("0123456789ab hatchling ", "0123456789ab --index-url "),
        changed("0123456789ab hatchling ", "0123456789ab Hatch_Ling "),
        changed("hatchling 1.27.0 ", "hatchling one "),
        changed("hatchling 1.27.0 ", "hatchling 1.27.0;os_name=='x' "),
        changed(f"sha256:{'e' * 64}", f"sha256:{'e' * 63}"),
        changed(f"sha256:{'e' * 64}", f"md5:{'e' * 32}"),
        changed(f"sha256:{'e' * 64}", f"sha256:{'e' * 64} --no-verify-hashes"),
        changed("type commit", "type tree"),
        changed("type commit", "type tag"),
        changed(f"object {CANDIDATE}", "object HEAD"),
        raw(write_seal(replace(SEALED, artifacts=()), "Published")),
        raw(write_seal(replace(SEALED, existing="nothing"), "Published")),
        raw(write_seal(replace(SEALED, primary="-x"), "Published")),
        raw(write_seal(replace(SEALED, reserved="6" * 40), "Published")),
        raw(write_seal(replace(SEALED, environments=(), reserved="HEAD"), "Published")),
        several(" other-v0.3.0 ", " .. "),
        several("Companion: mcp 0.3.0 ", "Companion: mcp zero "),
        several("Companion: mcp ", "Companion: default "),
        several("Companion: mcp ", "Companion: aaa "),
        several(" other-v0.3.0 ", " v0.1.11 "),
        several(f"{OID} other", f"{OID} strange"),
        several(f"{OID} other", f"{OID} other workstack devclikit"),
        several(f"{OID} other", OID),
        several("Companion: mcp ", f"Companion: mcp 0.3.0 m-v1 {OID} other\nCompanion: n "),
        several("Release-Sync: 4", "Release-Sync: 2"),
        several(" 40 other other-0.3.0", " 40 other other-0.1.11"),
        changed("Release-Sync: 2", "Release-Sync: 4"),
        raw(write_seal(SEALED, "Published")) + "x" * LARGEST,
    ],
)
def test_a_seal_that_lies_about_what_a_document_defines_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSeal) as caught:
        parse_seal(OID, text)
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 500


@pytest.mark.parametrize("missing", ["State", "Host", "Nonce"])
def test_a_claim_without_a_part_is_damaged(missing: str) -> None:
    text = write_claim("v0.1.11", "host", "nonce").replace(f"{missing}: ", "Other: ")
    with pytest.raises(UnreadableSeal, match="damaged"):
        parse_claim(OID, raw(text, OID, "tag"))


def test_who_holds_a_release_moves_no_cursor() -> None:
    text = raw(write_seal(SEALED, "P")).replace("A Releaser", "A\x1b[2J\u202eReleaser")
    assert parse_seal(OID, text).holder == "A?[2J?Releaser <a@example.com>"


@given(st.text(max_size=200), st.integers(0, 700))
def test_no_text_in_a_seal_raises_anything_else(text: str, at: int) -> None:
    whole = raw(write_seal(SEALED, "Published"))
    for damaged in (whole[:at] + text + whole[at:], whole[:at] + text, text):
        try:
            sealed = parse_seal(OID, damaged)
        except UnreadableSeal:
            continue
        assert sealed.version == SEALED.version
