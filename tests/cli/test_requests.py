"""What is to be released, as it is typed: levels and versions of all groups, or of one."""

from __future__ import annotations

import pytest

from release_sync.cli.requests import asked, spoken
from release_sync.errors import Unreadable
from release_sync.plan.facts import Request


def test_a_word_or_an_option_is_of_all_groups_or_of_the_one_before_the_equals_sign() -> None:
    said = spoken(("minor", "unstable=1.0"), ("tools=none", "rc"), ("cli=2.0rc1",))
    request = asked(said, ("stable", "unstable", "stable"))
    assert request == Request(
        group="stable",
        others=("unstable",),
        levels=("rc", "minor"),
        group_levels=(("tools", "none"),),
        group_versions=(("cli", "2.0rc1"), ("unstable", "1.0")),
    )
    assert request.of("unstable") == Request(group="unstable", version="1.0")
    assert request.of("tools") == Request(group="tools", levels=("none",))
    assert request.of("stable") == Request(group="stable", levels=("rc", "minor"))


@pytest.mark.parametrize(
    ("words", "levels", "versions", "message"),
    [
        (("mayor",), (), (), "'mayor' is neither a level nor a version"),
        ((), ("stable=mayor",), (), "'mayor' is no level"),
        (("1.0",), (), ("2.0",), "two versions: 2.0 and 1.0"),
        ((), (), ("a=1.0", "a=2.0"), "two versions: 1.0 and 2.0"),
        ((), ("a=minor",), ("a=2.0",), "a level and a version exclude each other"),
        ((), ("=minor",), (), "'=minor' names no group"),
        ((), (), ("a=",), "'a=' names no version or level"),
        ((), ("a=none", "a=rc"), (), "`none` goes with no other level"),
    ],
)
def test_what_excludes_each_other_for_one_group_is_refused(
    words: tuple[str, ...], levels: tuple[str, ...], versions: tuple[str, ...], message: str
) -> None:
    with pytest.raises(Unreadable) as raised:
        asked(spoken(words, levels, versions), ())
    assert raised.value.message.startswith(message)
    assert raised.value.hint


def test_the_groups_are_said_in_one_way() -> None:
    nothing = spoken((), (), ())
    with pytest.raises(Unreadable, match="`--group` and `--all` exclude each other"):
        asked(nothing, ("a",), every=True)
    with pytest.raises(Unreadable, match="`--all` and `--changed` exclude each other"):
        asked(nothing, (), every=True, changed=True)
    assert asked(nothing, (), changed=True).changed
