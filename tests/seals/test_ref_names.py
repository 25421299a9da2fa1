"""The names of refs: what is read back as a group, and what is not."""

from __future__ import annotations

import pytest

from release_sync.seals.ref_names import PREFIX, RefNames


@pytest.mark.parametrize("name", ["\udcff", "%FF", "a/b", "probe-abc", "@", "%2e%2E", "default@x"])
def test_what_is_no_group_is_passed_over(name: str) -> None:
    assert RefNames().groups([f"{PREFIX}/{name}"]) == ()


@pytest.mark.parametrize("path", ["a b@50%", "two.lock", "not-utf-8-\udcff"])
def test_a_group_in_a_folder_of_any_name_is_read_back(path: str) -> None:
    names = RefNames(path)
    ref = names.pending("default")
    assert ref.isascii()
    assert names.groups([ref]) == ("default",)
    assert RefNames().groups([ref]) == ()
