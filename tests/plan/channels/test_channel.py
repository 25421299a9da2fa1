"""The channel of a version, and of what is asked for."""

from __future__ import annotations

import pytest

from release_sync.plan.channels.channel import Channel, channel_asked_for, channel_of
from release_sync.plan.facts import Request


def test_a_version_says_its_channel() -> None:
    versions = ("1.0", "1!1.0.post1", "1.0rc1", "1.0a1.post1", "1.0.dev1", "1.0rc1.dev2", "")
    assert [channel_of(one).name for one in versions] == [
        *("FINAL", "FINAL", "EARLY", "EARLY", "NIGHTLY", "NIGHTLY", "FINAL")
    ]


@pytest.mark.parametrize(
    ("request_", "here", "channel"),
    [
        (Request(), "1.0", Channel.FINAL),
        (Request(), "", Channel.FINAL),
        (Request(), "1.0.dev3", Channel.FINAL),
        (Request(), "1.0b1", Channel.EARLY),
        (Request(), "1.0b2.dev0", Channel.EARLY),
        (Request(levels=("stable",)), "1.0b1", Channel.FINAL),
        (Request(levels=("minor", "rc")), "1.0", Channel.EARLY),
        (Request(levels=("patch", "dev")), "1.0", Channel.NIGHTLY),
        (Request(version="1.1.dev20261124"), "1.0", Channel.NIGHTLY),
        (Request(version="1.1"), "1.0b1", Channel.FINAL),
    ],
)
def test_what_is_asked_for_says_its_channel(request_: Request, here: str, channel: Channel) -> None:
    assert channel_asked_for(request_, here) is channel
