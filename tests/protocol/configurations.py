"""What is explored, within which bounds, and which rules are left out where.

All features at once are too many states. Each configuration has one or a few of them, and bounds
at which it ends in seconds (`QUICK`), or in a minute or two (`WIDE`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from tests.protocol.world import Settings

ALL_COMMANDS = ("publish", "prepare", "candidate", "resume", "abort", "abandon")


FEATURES = (
    "reserved",  # R: `prepare --candidate`, and `prepare` alone
    "groups",  # releases of the groups 0 and 1, and of 1 alone, with a file each
    "overlapping",  # releases of the groups 0 and 1, and of 1 and 2, with a file each
    "gateway",  # a request may be answered by a gateway, or not at all
    "overwriting",  # the index lets other bytes replace ours
    "land_none",  # a release may land in sealed/TAG
    "give_back",  # C may become S again, where it could be taken back
    "tag_first",  # TAG exists before: `publish --tag`
    "deletions",  # a hand deletes P, once
    "tags",  # a hand pushes TAG, once
    "bytes",  # a stranger's upload replaces a file, once
    "lost",  # the answer of a push is lost, once
)


def with_features(settings: Settings, *features: str) -> Settings:
    """Return settings with more features."""
    chances = settings.chances
    for feature in features:
        match feature:
            case "reserved":
                settings = replace(settings, commands=ALL_COMMANDS)
            case "groups":
                settings = replace(settings, files=(0, 1), releases=((0, 1), (1,)))
            case "overlapping":
                settings = replace(settings, files=(0, 1, 2), releases=((0, 1), (1, 2)))
            case "gateway" | "overwriting" | "land_none" | "tag_first" | "give_back":
                settings = replace(settings, **{feature: True})  # type: ignore[arg-type]
            case "deletions" | "tags" | "bytes" | "lost":
                chances = chances._replace(**{feature: 1})
            case _:
                raise ValueError(feature)
    return replace(settings, chances=chances)


class Configuration(NamedTuple):
    """Features and bounds, and the number of states in them."""

    features: tuple[str, ...]
    states: int
    files: tuple[int, ...] = (0, 0)
    left: tuple[int, ...] = (2, 2)

    def settings(self) -> Settings:
        """Return what is explored."""
        bounds = Settings(files=self.files, left=self.left)
        return with_features(bounds, *self.features)


ONE = (0,)
QUICK = {
    "core": Configuration(("deletions",), 48455, left=(2, 1)),
    "gateway": Configuration(("deletions", "gateway"), 15362, ONE, (2, 1)),
    "reserved": Configuration(("deletions", "reserved"), 19059, ONE, (2, 1)),
    "land none": Configuration(("deletions", "land_none"), 15281, ONE, (2, 1)),
    "give back": Configuration(("deletions", "give_back"), 14844, ONE, (2, 1)),
    "tag first": Configuration(("deletions", "tag_first"), 13794, ONE, (2, 1)),
    "strange tag": Configuration(("tags", "land_none"), 13039, ONE, (2, 1)),
    "lost": Configuration(("lost",), 20297, ONE, (2, 1)),
    "overwriting": Configuration(("overwriting", "bytes"), 28614, ONE),
    "groups": Configuration(("groups",), 15102, left=(2, 1)),
    "overlapping": Configuration(("overlapping", "deletions"), 11292, left=(1, 1)),
}
WIDE = {
    "core": Configuration(("deletions",), 253122),
    "gateway": Configuration(("deletions", "gateway"), 270456),
    "reserved": Configuration(("deletions", "reserved"), 91206, ONE),
    "land none": Configuration(("deletions", "land_none"), 262987),
    "strange tag": Configuration(("tags", "deletions", "land_none"), 276282, ONE),
    "lost": Configuration(("lost", "deletions"), 486232, ONE),
    "overwriting": Configuration(("overwriting", "deletions"), 261761),
    "groups": Configuration(("groups", "deletions"), 563207),
    "give back": Configuration(("deletions", "give_back", "gateway", "lost"), 597660, ONE),
    "groups, lost": Configuration(("groups", "deletions", "lost", "gateway"), 614377, left=(2, 1)),
    "one file, all but groups": Configuration(
        ("reserved", "deletions", "tags", "lost", "gateway", "land_none"), 499721, ONE, (2, 1)
    ),
    "overlapping": Configuration(("overlapping", "deletions"), 177590, left=(2, 1)),
    "overlapping, lost": Configuration(("overlapping", "lost", "gateway"), 135123, left=(2, 1)),
    "overlapping, reserved": Configuration(
        ("overlapping", "reserved", "land_none"), 32121, left=(2, 1)
    ),
    "overlapping, three": Configuration(("overlapping", "deletions"), 363200, left=(1, 1, 1)),
    "three parties": Configuration(("deletions", "gateway"), 510400, ONE, (2, 1, 1)),
}


class LeftOut(NamedTuple):
    """Rules that are left out together, with which features, and the promise that breaks."""

    rules: tuple[str, ...]
    features: tuple[str, ...]
    broken: str
    files: tuple[int, ...] = ONE
    left: tuple[int, ...] = (2, 2)

    def settings(self) -> Settings:
        """Return what is explored."""
        bounds = Settings(frozenset(self.rules), files=self.files, left=self.left)
        return with_features(bounds, *self.features)


UNDONE = "undone, and a file of it is on the index"
TWO = "files of two seals"
GIVEN_UP = "said to be abandoned"
HAND = ("deletions",)
MATTERS = (
    LeftOut(("begin",), (), UNDONE),
    LeftOut(("look",), (), GIVEN_UP),
    LeftOut(("abandoned",), (), GIVEN_UP),
    LeftOut(("clean",), (), UNDONE, files=(0, 0)),
    LeftOut(("written",), (), UNDONE),
    LeftOut(("gateway",), ("gateway",), UNDONE),
    LeftOut(("nonce",), (), UNDONE),
    LeftOut(("nonce",), ("lost",), UNDONE),
    LeftOut(("holder",), (), UNDONE),
    LeftOut(("fresh",), ("lost",), UNDONE),
    LeftOut(("gone",), ("lost", "deletions"), UNDONE),
    LeftOut(("memory",), (), UNDONE),
    LeftOut(("memory-after",), (), UNDONE),
    LeftOut(("memory-take",), (), UNDONE),
    LeftOut(("memory-back",), (), UNDONE),
    LeftOut(("recheck",), ("overwriting",), "not whole on the index", left=(1, 1)),
    LeftOut(("plain",), ("tags",), TWO, files=(0, 0), left=(2, 1)),
    LeftOut(("atomic-land",), (), GIVEN_UP),
    LeftOut(("atomic-abandon",), (), "had landed"),
    LeftOut(("atomic-groups",), ("groups",), GIVEN_UP, left=(1, 2)),
    LeftOut(("atomic-land",), ("groups",), "some of its groups", left=(1, 1)),
    LeftOut(("lone",), ("groups", "deletions"), UNDONE, left=(1, 1)),
    LeftOut(("lone",), ("overlapping", "deletions"), UNDONE, left=(1, 1)),
    LeftOut(("atomic-land",), ("overlapping",), "some of its groups", left=(1, 1)),
)
# The stories of these are long.
MATTERS_LATE = (
    LeftOut(("recheck",), ("deletions", "land_none"), "landed twice"),
    LeftOut(("any-seal",), HAND, GIVEN_UP),
)
# Each of these alone saves a useless step, or is held by another rule: no promise breaks.
REDUNDANT = (
    LeftOut(("recheck",), HAND, ""),
    LeftOut(("memory-over",), HAND, ""),
    LeftOut(("memory-last",), HAND, ""),
    LeftOut(("gone",), ("lost",), "", left=(2, 1)),
    LeftOut(("lone",), ("groups",), "", left=(2, 1)),
    LeftOut(("beside",), ("overlapping", "deletions"), "", left=(1, 1)),
    LeftOut(("abandoned-look", "abandoned-land"), HAND, ""),
    LeftOut(("abandoned-publish", "abandoned-resume", "abandoned-land"), HAND, ""),
)
