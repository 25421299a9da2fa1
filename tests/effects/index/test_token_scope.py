"""What a token says of itself is read, and whatever else a token may be says nothing."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.tokens import token

from release_sync.effects.index.address import Address
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.index.token_scope import PREFIX, Scope, scope_of, unfit
from release_sync.effects.uv.commands import Uv

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_800_000_000
KIT = {"version": 1, "permissions": {"projects": ["kit"]}}


@pytest.mark.parametrize(
    ("caveats", "words"),
    [
        ([], ""),
        ([[3, "a user"]], ""),
        ([{"version": 1, "permissions": "user"}], ""),
        ([[1, ["kit", "app"]]], ""),
        ([[1, ["kit"]]], "is for kit alone, and does not upload App"),
        ([KIT], "is for kit alone, and does not upload App"),
        ([[1, ["kit", "app"]], [3, "a user"], KIT], "is for kit alone, and does not upload App"),
        ([[1, ["app"]], KIT], "is for no project alone, and does not upload kit, App"),
        ([[2, ["00000000"]]], "is for 1 project alone, and this uploads 2"),
        ([{"project_ids": []}], "is for 0 projects alone, and this uploads 2"),
        ([[2, ["00000000", "00000001"]]], ""),
        (
            [[2, ["00000000"]], [2, ["00000000", "00000001"]]],
            "is for 1 project alone, and this uploads 2",
        ),
        ([[0, NOW + 1, NOW]], ""),
        ([[0, NOW, 0], [0, NOW + 9, 0]], "has expired on 2027-01-15 at 08:00 UTC"),
        ([[0, NOW + 9, NOW + 1], [0, NOW + 9, 0]], "is not valid before 2027-01-15 at 08:00 UTC"),
        ([{"exp": NOW, "nbf": 0}], "has expired on 2027-01-15 at 08:00 UTC"),
        ([[0, NOW + 9, NOW + 1]], "is not valid before 2027-01-15 at 08:00 UTC"),
        ([[0, -(10**30), 0]], "has expired on 1970-01-01 at 00:00 UTC"),
        ([[0, 10**30, 10**29]], "is not valid before 9999-12-31 at 23:59 UTC"),
        ([[99, "of later"], [1, ["kit"]]], "is for kit alone, and does not upload App"),
    ],
)
def test_a_token_is_for_what_all_its_caveats_allow(caveats: list[object], words: str) -> None:
    assert unfit(token(*caveats), ["kit", "App"], NOW) == words


@pytest.mark.parametrize(
    "other",
    [
        "",
        "pypi-",
        "pypi-kit",
        "pypi-!!",
        "glpat-" + token(KIT).removeprefix(PREFIX),
        token(KIT)[:-60],
        token(7),
        token([]),
        token([1]),
        token([1, 7]),
        token([1, "kit"]),
        token([1, [7]]),
        token({"version": 1, "permissions": {}}),
        token([0, "soon", "late"]),
        PREFIX + urlsafe_b64encode(b"\x01" + b"0" * 40).decode(),
        PREFIX + urlsafe_b64encode(b"\x02\x02\xff\xff\xff").decode(),
    ],
)
def test_of_what_is_no_such_token_nothing_is_known(other: str) -> None:
    assert scope_of(other) in {Scope(), scope_of(token(KIT))}
    assert unfit("x" + other, ["kit", "App"], NOW) == ""


@given(st.binary(max_size=60))
def test_whatever_is_in_a_token_it_ends_no_release(content: bytes) -> None:
    unfit(PREFIX + urlsafe_b64encode(b"\x02" + content).decode(), ["kit"], NOW)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists, max_leaves=6))
def test_whatever_a_caveat_is_it_ends_no_release(caveat: object) -> None:
    unfit(token(caveat), ["kit"], NOW)


def test_the_token_that_uv_uploads_with_is_looked_at(tmp_path: Path) -> None:
    uv = Uv({"UV_PUBLISH_TOKEN": token(KIT), "HOME": str(tmp_path)})
    address = Address("reader", "http://127.0.0.1:9/simple/", "http://127.0.0.1:9/")
    index = PackageIndex(address, uv, tmp_path)
    problem = index.scope_problem(["kit", "app"])
    assert problem is not None
    assert problem.message == "the token is for kit alone, and does not upload app"
    assert index.scope_problem(["Kit"]) is None
    assert PackageIndex(address, Uv({"HOME": str(tmp_path)}), tmp_path).scope_problem(["a"]) is None
