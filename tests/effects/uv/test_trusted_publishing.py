"""One exchange shows whether a job gets a token, and leaves none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.fakes.tokens import token
from tests.fakes.trusted_publisher import AUDIENCE, JOB, MINT, UPLOAD, trusted_publisher

from release_sync.effects.index.address import Address
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.trusted_publishing import exchange_problem

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.errors import Problem


def exchanged(
    folder: Path, failing: dict[str, int], mints: str = ""
) -> tuple[Problem | None, list[str]]:
    with trusted_publisher(folder) as server:
        server.failing, server.mints = failing, mints
        uv = Uv({**os.environ, **server.environ})
        found = exchange_problem(
            uv, Address("pypi", "", f"{server.url}{UPLOAD}"), folder, ["kit", "app"]
        )
        return found, server.asked


def test_a_job_that_has_no_publisher_is_told_so_with_its_claims(tmp_path: Path) -> None:
    problem, asked = exchanged(tmp_path, {MINT: 422})
    assert problem is not None
    assert problem.message == (
        "pypi gives this job no token (422): valid token, but no publisher of it"
    )
    assert problem.hint == (
        "see that pypi has it as a trusted publisher: repository x, job_workflow_ref x"
    )
    assert asked == [AUDIENCE, JOB, MINT]


def test_a_token_is_given_back_and_nothing_is_uploaded(tmp_path: Path) -> None:
    problem, asked = exchanged(tmp_path, {})
    assert (problem, asked[:3]) == (None, [AUDIENCE, JOB, MINT])
    assert asked[3:] in ([], ["/_/oidc/burn-token"])  # older versions of uv let it run out
    assert list(tmp_path.glob("*.whl")) == []


def test_a_token_for_fewer_projects_is_told_before_the_first_one(tmp_path: Path) -> None:
    """The token of a job has the projects that have its publisher, by numbers of their own."""
    problem, _ = exchanged(tmp_path, {}, token([4, "this one"], [2, ["1"]], [0, 2_000_000_000, 0]))
    assert problem is not None
    assert problem.message == (
        "pypi trusts this job, and the token that it gives is for 1 project alone, and this"
        " uploads 2"
    )
    assert problem.hint == "add this job to pypi as a trusted publisher of each project"
    both = token([4, "this one"], [2, ["1", "2"]], [0, 2_000_000_000, 0])
    assert exchanged(tmp_path, {}, both)[0] is None


@pytest.mark.slow
@pytest.mark.parametrize(("path", "status"), [(AUDIENCE, 404), (JOB, 403), (MINT, 429), (MINT, 0)])
def test_what_is_not_known_is_no_reason(tmp_path: Path, path: str, status: int) -> None:
    assert exchanged(tmp_path, {path: status})[0] is None
