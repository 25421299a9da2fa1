"""One exchange shows whether a job gets a token, and leaves none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.fakes.trusted_publisher import AUDIENCE, JOB, MINT, UPLOAD, trusted_publisher

from release_sync.effects.index.address import Address
from release_sync.effects.uv.commands import Uv
from release_sync.effects.uv.trusted_publishing import exchange_problem

if TYPE_CHECKING:
    from pathlib import Path

    from release_sync.errors import Problem


def exchanged(folder: Path, failing: dict[str, int]) -> tuple[Problem | None, list[str]]:
    with trusted_publisher(folder) as server:
        server.failing = failing
        uv = Uv({**os.environ, **server.environ})
        found = exchange_problem(uv, Address("pypi", "", f"{server.url}{UPLOAD}"), folder)
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


@pytest.mark.slow
@pytest.mark.parametrize(("path", "status"), [(AUDIENCE, 404), (JOB, 403), (MINT, 429), (MINT, 0)])
def test_what_is_not_known_is_no_reason(tmp_path: Path, path: str, status: int) -> None:
    assert exchanged(tmp_path, {path: status})[0] is None
