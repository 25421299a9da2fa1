"""The remote's refs, and what is remembered here, say how a release stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fakes.world import NAMES, FakeGit, Objects, Remote

from release_sync.run.standing import Standing, stand
from release_sync.seals.artifact import Artifact
from release_sync.seals.pending import Pending, Sealed, State
from release_sync.seals.tag_objects import write_claim, write_seal

if TYPE_CHECKING:
    from collections.abc import Mapping

TAG, ABANDONED, KEPT = NAMES.tag("v1"), NAMES.abandoned("v1"), NAMES.sealed("v1")


class Made:
    """Two seals of one version, a claim on the first, and a plain tag."""

    def __init__(self) -> None:
        """Make them."""
        objects = Objects()
        self.git = FakeGit(objects, Remote(objects))
        base = objects.commit("Begin")
        artifacts = (Artifact("a", "a-1.tar.gz", 1, "a" * 64),)
        draft = Sealed(
            "", base, base, "default", "1", "v1", "main", "pypi", (("a",),), artifacts, "0.2.0"
        )
        text = write_seal(draft, "Published")
        self.sealed, self.other = objects.tag("v1", base, text), objects.tag("v1", base, text)
        self.claim = objects.tag("v1", self.sealed, write_claim("v1", "host", "nonce"))
        self.plain = objects.tag("v1", base, "Mine")

    def standing(self, here: str, there: str, refs: Mapping[str, str]) -> Standing:
        """Judge; the names are those of the attributes."""
        found = {name: getattr(self, oid) for name, oid in refs.items()}
        return stand(self.git, NAMES, self._pending(here), self._pending(there), found)

    def _pending(self, name: str) -> Pending | None:
        return self.git.read_pending(getattr(self, name)) if name else None


@pytest.mark.parametrize(
    ("here", "there", "refs", "expected"),
    [
        ("", "", {}, Standing.FREE),
        ("", "", {TAG: "other"}, Standing.FREE),
        ("sealed", "sealed", {}, Standing.SEALED),
        ("", "sealed", {}, Standing.SEALED),
        ("sealed", "other", {}, Standing.SEALED),
        ("sealed", "sealed", {TAG: "plain"}, Standing.SEALED),
        ("", "claim", {}, Standing.UPLOADING),
        ("claim", "claim", {}, Standing.UPLOADING),
        ("claim", "sealed", {}, Standing.SEALED),
        ("", "claim", {TAG: "plain"}, Standing.UPLOADING),
        ("", "claim", {TAG: "other"}, Standing.SUPERSEDED),
        ("", "claim", {KEPT: "other"}, Standing.SUPERSEDED),
        ("", "claim", {TAG: "sealed"}, Standing.LANDED),
        ("", "claim", {KEPT: "sealed"}, Standing.LANDED),
        ("", "claim", {KEPT: "sealed", ABANDONED: "other"}, Standing.LANDED),
        ("", "claim", {ABANDONED: "other"}, Standing.ABANDONED),
        ("", "sealed", {ABANDONED: "sealed"}, Standing.ABANDONED),
        ("sealed", "", {}, Standing.WITHDRAWN),
        ("sealed", "", {TAG: "sealed"}, Standing.LANDED),
        ("sealed", "", {TAG: "other"}, Standing.WITHDRAWN),
        ("sealed", "", {ABANDONED: "sealed"}, Standing.ABANDONED),
        ("claim", "", {}, Standing.DELETED),
        ("claim", "", {TAG: "plain"}, Standing.DELETED),
        ("claim", "", {TAG: "other"}, Standing.SUPERSEDED),
        ("claim", "", {TAG: "sealed"}, Standing.LANDED),
        ("claim", "", {KEPT: "sealed"}, Standing.LANDED),
        ("claim", "", {ABANDONED: "sealed"}, Standing.ABANDONED),
    ],
)
def test_the_refs_tell_the_standing(
    here: str, there: str, refs: dict[str, str], expected: Standing
) -> None:
    assert Made().standing(here, there, refs) is expected


def test_a_group_whose_primary_one_lost_its_ref_counts_as_begun() -> None:
    made = Made()
    found = made.git.read_pending(made.sealed)
    secondary = Pending(replace(found.sealed, primary="alpha"))
    assert stand(made.git, NAMES, None, secondary, {}) is Standing.ORPHANED


def test_what_is_reserved_is_not_sealed() -> None:
    made = Made()
    found = made.git.read_pending(made.sealed)
    reserved = Pending(replace(found.sealed, state=State.RESERVED, artifacts=()))
    assert stand(made.git, NAMES, None, reserved, {}) is Standing.RESERVED
