"""Mistakes with the login of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.misbehaving import behaviours as b

if TYPE_CHECKING:
    from tests.mistakes.conftest import Desk

NOT_YOURS = "The user 'rehearsal' isn't allowed to upload to project 'workstack-app'."
NOBODY = dict.fromkeys(("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"))


def test_no_login(desk: Desk) -> None:
    desk.types("release-sync publish", environ=NOBODY)
    desk.types("release-sync publish", environ={"UV_PUBLISH_USERNAME": None})
    desk.types("release-sync publish", environ={"UV_PUBLISH_TOKEN": "one-of-mine"})
    desk.reads_as("no-login")


def test_a_wrong_password(desk: Desk) -> None:
    nia = {"UV_PUBLISH_USERNAME": "nia", "UV_PUBLISH_PASSWORD": "not-hers"}
    desk.types("release-sync publish --yes", environ=nia)
    desk.reads_as("wrong-password")


def test_a_wrong_token(desk: Desk) -> None:
    desk.types(
        "release-sync publish --yes", environ={**NOBODY, "UV_PUBLISH_TOKEN": "expired-token"}
    )
    desk.reads_as("wrong-token")


def test_a_login_that_may_upload_one_package_and_not_the_other(desk: Desk) -> None:
    desk.index.misbehave(b.uploads(b.SECOND_PACKAGE, b.says(403, NOT_YOURS)))
    desk.types("release-sync publish --yes")
    desk.types("release-sync abort --yes")
    desk.reads_as("may-upload-one-of-two")
