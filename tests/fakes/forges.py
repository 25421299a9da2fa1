"""What forges answer, as their API documentation shows it, and a stand-in on loopback for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fakes.raw_index import Raw

from release_sync.forges.rules import Answer, Asked, Pusher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.raw_index import RawIndex

GITHUB = "/repos/octo/kit"
GITHUB_MAIN = f"{GITHUB}/rules/branches/main?per_page=100"
GITHUB_BRANCH = f"{GITHUB}/branches/main"
GITHUB_PROTECTION = f"{GITHUB}/branches/main/protection"
GITHUB_TAGS = f"{GITHUB}/rulesets?includes_parents=true&targets=tag&per_page=100"

GITLAB = "/projects/octo%2Fkit"
GITLAB_BRANCH = f"{GITLAB}/repository/branches/main"
GITLAB_BRANCHES = f"{GITLAB}/protected_branches?per_page=100"
GITLAB_TAGS = f"{GITLAB}/protected_tags?per_page=100"

GITEA = "/repos/octo/kit"
GITEA_BRANCH = f"{GITEA}/branches/main"
GITEA_BRANCHES = f"{GITEA}/branch_protections"
GITEA_TAGS = f"{GITEA}/tag_protections"


def ruleset_path(number: int) -> str:
    """Return where GitHub has a ruleset."""
    return f"{GITHUB}/rulesets/{number}?includes_parents=true"


def github_rule(kind: str, number: int = 42, **parameters: object) -> dict[str, Any]:
    """Return a rule, as "Get rules for a branch" lists it."""
    rule = {"type": kind, "ruleset_source_type": "Repository", "ruleset_source": "octo/kit",
            "ruleset_id": number}  # fmt: skip
    return {**rule, "parameters": parameters} if parameters else rule


def github_ruleset(
    bypass: str | None = "never", target: str = "branch", *rules: dict[str, Any], **more: object
) -> dict[str, Any]:
    """Return a ruleset, as "Get a repository ruleset" shows it."""
    conditions = {"ref_name": {"include": ["refs/tags/v*"], "exclude": []}}
    ruleset = {"id": 42, "name": "super cool", "target": target, "source_type": "Repository",
               "source": "octo/kit", "enforcement": "active", "conditions": conditions,
               "rules": list(rules)}  # fmt: skip
    known = {} if bypass is None else {"current_user_can_bypass": bypass}
    return {**ruleset, **known, **more}


def gitlab_level(level: int, words: str, **who: int) -> dict[str, Any]:
    """Return an access level, as "List protected branches" shows it."""
    return {"id": 1, "access_level": level, "access_level_description": words, **who}


NO_ONE = gitlab_level(0, "No one")
DEVELOPERS = gitlab_level(30, "Developers + Maintainers")
MAINTAINERS = gitlab_level(40, "Maintainers")
A_KEY = gitlab_level(40, "Deploy key", deploy_key_id=1)


def gitlab_project(level: int) -> dict[str, Any]:
    """Return a project, as far as "Get a single project" says who asks."""
    access = {"access_level": level, "notification_level": 3}
    return {"id": 3, "permissions": {"project_access": access, "group_access": None}}


FREE: Mapping[str, Any] = {
    GITHUB_MAIN: [],
    GITHUB_BRANCH: {"name": "main", "protected": False, "protection": {"enabled": False}},
    GITHUB_TAGS: [],
    GITLAB_BRANCH: {"name": "main", "protected": False, "can_push": True},
    GITLAB_BRANCHES: [],
    GITLAB_TAGS: [],
    GITEA_BRANCHES: [],
    GITEA_TAGS: [],
}
"""What each answers where nothing is protected; Gitea has the path of a branch from GitHub."""


def asked(
    answers: Mapping[str, Any],
    *,
    is_token: bool = True,
    signs: bool = False,
    why: str = "none (404)",
) -> Asked:
    """Ask answers in memory: an object, a list, or a status; of any other path it is 404."""

    def ask(path: str) -> Answer:
        found = answers.get(path, 404)
        return Answer(found, why=why) if isinstance(found, int) else Answer(200, found)

    return Asked(ask, "octo/kit", Pusher(is_token, signs))


def serve(server: RawIndex, answers: Mapping[str, Any], below: str = "/api") -> None:
    """Serve such answers on loopback."""
    for path, found in answers.items():
        data, status = ({"message": "No"}, found) if isinstance(found, int) else (found, 200)
        server.answers[below + path] = Raw(json.dumps(data).encode(), "application/json", status)
