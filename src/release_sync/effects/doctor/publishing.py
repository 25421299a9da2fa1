"""The index: whether it is read, what is uploaded with; and the pipeline that does it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from release_sync.effects.doctor.clone import SHOWN
from release_sync.effects.doctor.rows import Row, fine, first_problem, unsure, wrong
from release_sync.effects.secrets import masked
from release_sync.effects.uv.credentials import credentials_problem
from release_sync.effects.uv.settings import settings
from release_sync.errors import Problem
from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from release_sync.effects.context import ReleaseContext
    from release_sync.steps.uploading.served import Served
    from release_sync.workspace.model import Group

AT_ONCE = 8
"""So many questions an index is asked side by side."""


def publishing(context: ReleaseContext, groups: Sequence[Group]) -> Iterator[Row]:
    """Yield whether the index answers, and who uploads to it, as far as can be seen.

    It is asked for every member of the ``groups``; a login for the first of each is tried, for a
    token may be of some projects alone.
    """
    members = [name for group in groups for name in group.members]
    if not members:
        yield unsure("index", "no member is ever uploaded: all are private")
        return
    index = context.index()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        served = dict(zip(members, pool.map(index.project, members), strict=True))
    yield _answers(index.name, served)
    new = [name for name, one in served.items() if one.reply is Reply.NOT_FOUND]
    if new and index.is_pypi:
        told = f"{_few(new)} {'is' if len(new) == 1 else 'are'} not on {index.name} yet"
        yield unsure("new projects", told, "`release-sync plan` says what it takes to create them")
    own, root = context.workspace.manifest.uv.content, Path(context.source.root)
    known = settings(own, root, context.environ)
    missing = credentials_problem(context.address, known, context.environ, context.uv)
    if missing is not None:
        yield wrong("credentials", missing)
        return
    login = index.login
    who = masked(login.who) if login else "somebody"
    trusted = ", as a trusted publisher" if index.is_trusted_publisher else ""
    yield fine("credentials", f"{who} uploads to {index.name}{trusted}")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        refused = [*pool.map(index.login_problem, [group.members[0] for group in groups])]
    refused += [index.scope_problem(group.members) for group in groups]
    yield first_problem("upload", refused, "nothing is against it; an upload alone can tell")
    if context.strategy == "staged":
        staging = context.staging(context.uv).problem()
        yield first_problem("stages", [staging], f"{index.name} makes indexes for {who}")


def _answers(index: str, served: Mapping[str, Served]) -> Row:
    """Return whether an index answered for each member."""
    silent = {name: one.why for name, one in served.items() if one.reply is Reply.UNKNOWN}
    if not silent:
        return fine("index", f"{index} answers for {_few([*served])}")
    told = f"{index} could not be asked for {_few([*silent])}: {next(iter(silent.values()))}"
    return wrong("index", Problem(told, "see that the index is up and its address is right"))


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"


def pipeline(environ: Mapping[str, str], rows: list[Row]) -> Iterator[Row]:
    """Yield what a job lacks for what the ``rows`` before found, where this runs in one."""
    wrongs = {row.name for row in rows if row.state.value == "wrong"}
    if environ.get("GITHUB_ACTIONS") == "true":
        asked = all(environ.get(f"ACTIONS_ID_TOKEN_REQUEST_{one}") for one in ("URL", "TOKEN"))
        lacking = [] if asked or "credentials" not in wrongs else ["id-token: write"]
        lacking += ["contents: write"] if "atomic push" in wrongs else []
        yield _job("permissions", lacking, asked=asked, what="id-token: write")
    elif environ.get("GITLAB_CI") == "true":
        asked = any(environ.get(name) for name in ("PYPI_ID_TOKEN", "TESTPYPI_ID_TOKEN"))
        lacking = ["PYPI_ID_TOKEN"] if "credentials" in wrongs and not asked else []
        yield _job("id_tokens", lacking, asked=asked, what="an id token")


def _job(key: str, lacking: list[str], *, asked: bool, what: str) -> Row:
    if lacking:
        told = f"this job lacks {' and '.join(lacking)}"
        return wrong("workflow", Problem(told, f"give it under `{key}` of the job"))
    return fine("workflow", f"this job has {what}" if asked else "this job has what it needs")
