"""The rules of GitLab: protected branches, protected tags, and push rules.

Source: its REST API documentation, "Branches", "Protected branches", "Protected tags", "Projects"
and "Project push rules". Where several rules match a ref, the most permissive one counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from release_sync.forges.patterns import by_star
from release_sync.forges.rules import NOT_FOUND, OK, Act, Rule, Ruling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from release_sync.forges.rules import Asked, Change

ADMINISTRATOR = 60
OTHERS = ("user_id", "group_id", "deploy_key_id", "member_role_id")
"""What an access level names that is not a role."""


def rulings(asked: Asked, changes: tuple[Change, ...]) -> tuple[Ruling, ...]:
    """Return what GitLab has against each change."""
    return tuple(_branch(asked, one) if one.is_branch else _tag(asked, one) for one in changes)


def _project(asked: Asked) -> str:
    return f"/projects/{quote(asked.repository, safe='')}"


def _branch(asked: Asked, change: Change) -> Ruling:
    """Ask for the branch, which says whether the token's user may push to it, and then why not.

    What is protected is not deleted by any push, whoever pushes.
    """
    if change.act is Act.DELETE:
        return _protected(asked, change, "protected_branches", "", known=True)
    pushes = _push_rules(asked, change)
    if change.act is Act.UPDATE:
        branch = asked(f"{_project(asked)}/repository/branches/{quote(change.name, safe='')}")
        protected = branch.fields.get("protected")
        if branch.status == OK and (protected is False or _may(asked, branch.fields)):
            return Ruling(change, pushes, protected=protected)
        if branch.status not in {OK, NOT_FOUND}:
            return Ruling(change, unknown=branch.why)
        known = asked.pusher.is_token and branch.fields.get("can_push") is False
    else:
        known = False
    ruling = _protected(asked, change, "protected_branches", "push_access_levels", known=known)
    if known and not ruling.rules:
        return Ruling(change, (Rule("it is protected"), *pushes), "")
    return Ruling(change, (*ruling.rules, *pushes), ruling.unknown)


def _may(asked: Asked, branch: Mapping[str, Any]) -> bool:
    return asked.pusher.is_token and branch.get("can_push") is True


def _tag(asked: Asked, change: Change) -> Ruling:
    return _protected(asked, change, "protected_tags", "create_access_levels", known=False)


def _protected(asked: Asked, change: Change, what: str, key: str, *, known: bool) -> Ruling:
    """Return the protections that match a ref, as one rule; ``known`` says that it refuses."""
    listed = asked(f"{_project(asked)}/{what}?per_page=100")
    if listed.status != OK:
        return Ruling(change, unknown=listed.why)
    matching = [one for one in listed.items if by_star(str(one.get("name")), change.name)]
    levels = [level for one in matching for level in _levels(one, key)]
    nobody = change.act is Act.DELETE
    if not matching or (not known and _is_let_in(asked, levels)):
        return Ruling(change)
    titles = ", ".join(str(one.get("name")) for one in matching)
    who = sorted({str(one.get("access_level_description") or "others") for one in levels})
    allowed = ", ".join(one for one in who if one != "No one" and not nobody) or "no one"
    kind = what.replace("_", " ")
    refuses = known or allowed == "no one" or _is_left_out(asked, levels)
    return Ruling(change, (Rule(f"{allowed} may ({kind}: {titles})", refuses),))


def _levels(protected: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    listed = protected.get(key)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _role(asked: Asked) -> int | None:
    """Return the access level of the token's user in the project; None where it is not told."""
    told = asked(_project(asked)).fields.get("permissions")
    found = [
        one["access_level"]
        for key in ("project_access", "group_access")
        if isinstance(one := (told or {}).get(key), dict)
        and isinstance(one.get("access_level"), int)
    ]
    return max(found, default=None) if asked.pusher.is_token else None


def _roles(levels: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the roles that are let in; 0 lets nobody in, and 60 administrators alone."""
    return [
        level
        for one in levels
        if isinstance(level := one.get("access_level"), int)
        and 0 < level < ADMINISTRATOR
        and not any(one.get(key) for key in OTHERS)
    ]


def _is_let_in(asked: Asked, levels: Sequence[Mapping[str, Any]]) -> bool:
    role = _role(asked)
    return role is not None and any(level <= role for level in _roles(levels))


def _is_left_out(asked: Asked, levels: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether it is certain: only roles are let in, and all are above the user's."""
    role, others = _role(asked), any(one.get(key) for one in levels for key in OTHERS)
    return role is not None and not others and all(level > role for level in _roles(levels))


def _push_rules(asked: Asked, change: Change) -> tuple[Rule, ...]:
    """Return the push rules that may be against a release's commit; most projects have none."""
    told = asked(f"{_project(asked)}/push_rule").fields
    found = []
    if told.get("reject_unsigned_commits") is True and not asked.pusher.signs:
        found.append(Rule("commits must be signed (push rule)"))
    if told.get("commit_message_regex"):
        pattern = told["commit_message_regex"]
        found.append(Rule(f"commit messages must match {pattern} (push rule)", refuses=False))
    if told.get("branch_name_regex") and change.act is Act.CREATE:
        pattern = told["branch_name_regex"]
        found.append(Rule(f"branch names must match {pattern} (push rule)", refuses=False))
    return tuple(found)
