"""Who is installed with an earlier sibling is told before a pre-release is made."""

from __future__ import annotations

import pytest

from release_sync.plan.channels.early_siblings import early_notes
from release_sync.seals.artifact import Expected
from release_sync.steps.uploading.served import Reply, Served

SERVED = {"kit": Served(Reply.PAGE, ("1.1", "1.2", "1.3.0.dev4", "2.0"))}


def notes(text: str, version: str = "1.3.0rc1", served: dict[str, Served] | None = None) -> str:
    members = [
        Expected("app", "packages/app", version, (text,)),
        Expected("kit", "packages/kit", version),
    ]
    return "; ".join(early_notes(members, SERVED if served is None else served))


@pytest.mark.parametrize(
    "text", ["kit>=1.0,<2", "Kit>=1.0,<2 ; python_version > '3'", "kit[fast]~=1.1"]
)
def test_a_range_that_names_no_pre_release_leads_to_the_last_final_version(text: str) -> None:
    said = f"installers take kit 1.2 with app 1.3.0rc1: {text} names no pre-release"
    assert notes(text) == said


def test_a_bare_requirement_leads_to_the_greatest() -> None:
    assert notes("kit").startswith("installers take kit 2.0 with app 1.3.0rc1")


@pytest.mark.parametrize(
    "text",
    ["kit==1.3.0rc1", "kit===1.3.0rc1", "kit>=1.3.0rc1,<2", "kit~=1.3.0rc1", "kit @ file:///k",
     "kit>=1.1rc1,<2", "kit>1.2,<2", "other", "no requirement?", "kit=={{ version }}"],
)  # fmt: skip
def test_nothing_is_said_where_the_released_one_is_taken(text: str) -> None:
    assert notes(text) == ""


def test_nothing_is_said_of_a_final_release_or_a_first_one() -> None:
    assert notes("kit", "1.3.0") == ""
    assert notes("kit", served={}) == ""
    assert notes("kit", served={"kit": Served(Reply.PAGE, ("1.3.0.dev4",))}) == ""
