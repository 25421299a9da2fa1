"""The rules of GitHub: rulesets, for branches and tags, and the older protection of branches.

Source: its REST API documentation, "Rules", "Branches", "Protected branches" and "Repositories".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from release_sync.forges.patterns import by_path
from release_sync.forges.rules import NOT_FOUND, OK, Act, Rule, Ruling, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.forges.rules import Answer, Asked, Change

UPDATE, CREATE, DELETE = Act.UPDATE, Act.CREATE, Act.DELETE

LINEAR = "it takes no merge: where it moves meanwhile, only `--land branch` lands"

REFUSING: dict[str, tuple[frozenset[Act], str]] = {
    "creation": (frozenset({CREATE}), "only who is excepted creates it"),
    "update": (frozenset({UPDATE}), "only who is excepted pushes to it"),
    "deletion": (frozenset({DELETE}), "only who is excepted deletes it"),
    "pull_request": (frozenset({UPDATE}), "changes come by pull request"),
    "merge_queue": (frozenset({UPDATE}), "changes come by the merge queue"),
    "required_status_checks": (frozenset({UPDATE, CREATE}), "status checks must have passed"),
    "required_deployments": (frozenset({UPDATE}), "it must have been deployed"),
    "workflows": (frozenset({UPDATE}), "workflows must have passed"),
}
"""The types of rules that refuse what a release pushes: a commit that nobody has seen."""

HARMLESS = frozenset({"non_fast_forward"})
"""What a release does to no branch."""


def rulings(asked: Asked, changes: tuple[Change, ...]) -> tuple[Ruling, ...]:
    """Return what GitHub has against each change."""
    return tuple(_branch(asked, one) if one.is_branch else _tag(asked, one) for one in changes)


def _branch(asked: Asked, change: Change) -> Ruling:
    name = quote(change.name, safe="")
    active = asked(f"/repos/{asked.repository}/rules/branches/{name}?per_page=100")
    rules = [
        rule
        for one in active.items
        for rule in _rule(asked, one, change, _ruleset(asked, one.get("ruleset_id")))
    ]
    older, unknown = _protection(asked, name) if change.act is UPDATE else ([], "")
    branch = asked(f"/repos/{asked.repository}/branches/{name}").fields.get("protected")
    protected = True if active.items or branch is True else None if active.why else branch
    return Ruling(change, (*rules, *older), active.why or unknown, protected)


def _tag(asked: Asked, change: Change) -> Ruling:
    listed = asked(
        f"/repos/{asked.repository}/rulesets?includes_parents=true&targets=tag&per_page=100"
    )
    rules: list[Rule] = []
    unknown = listed.why
    for one in listed.items:
        if one.get("target", "tag") != "tag" or one.get("enforcement") != "active":
            continue
        ruleset = _ruleset(asked, one.get("id"))
        unknown = unknown or ruleset.why
        if _is_about(ruleset.fields, change.ref):
            of = {"ruleset_id": one.get("id")}
            every = ruleset.fields.get("rules")
            for rule in every if isinstance(every, list) else []:
                if isinstance(rule, dict):
                    rules += _rule(asked, {**rule, **of}, change, ruleset)
    return Ruling(change, tuple(rules), unknown)


def _ruleset(asked: Asked, number: object) -> Answer:
    return asked(f"/repos/{asked.repository}/rulesets/{number}?includes_parents=true")


def _is_about(ruleset: Mapping[str, Any], ref: str) -> bool:
    conditions = ruleset.get("conditions")
    by_name = conditions.get("ref_name") if isinstance(conditions, dict) else None
    by_name = by_name if isinstance(by_name, dict) else {}

    def has(key: str) -> bool:
        return any(one == "~ALL" or by_path(one, ref) for one in names(by_name.get(key)))

    return has("include") and not has("exclude")


def _rule(asked: Asked, rule: Mapping[str, Any], change: Change, ruleset: Answer) -> Iterator[Rule]:
    """Yield what a rule of a ruleset means for a change, unless who pushes may pass it by."""
    kind = str(rule.get("type", ""))
    bypass = ruleset.fields.get("current_user_can_bypass")
    pusher = asked.pusher
    if kind in HARMLESS or (pusher.is_token and bypass in {"always", "exempt"}):
        return
    given = rule.get("parameters")
    words, refuses = _meaning(kind, given if isinstance(given, dict) else {}, change)
    if not words or (kind not in REFUSING and change.act is DELETE):
        return
    nobody = ruleset.fields.get("bypass_actors") == []
    known = nobody or (pusher.is_token and bypass in {"never", "pull_requests_only"})
    unsure = "" if known or not refuses else "; unless who pushes is excepted"
    title = ruleset.fields.get("name") or rule.get("ruleset_id")
    signed = kind == "required_signatures" and pusher.signs
    yield Rule(f"{words} (ruleset {title}{unsure})", refuses and known and not signed)


def _meaning(kind: str, given: Mapping[str, Any], change: Change) -> tuple[str, bool]:
    """Return a type of rules in words, empty where it is not about the change; if it refuses."""
    if kind in REFUSING:
        acts, words = REFUSING[kind]
        if change.act not in acts or _passes_new(kind, given, change):
            return "", False
        checks = names(given.get("required_status_checks"), "context")
        return f"{words}: {', '.join(checks)}" if checks else words, True
    if kind == "required_signatures":
        return "commits must have signatures that GitHub verifies", True
    if kind == "required_linear_history":
        return LINEAR if change.act is UPDATE else "", False
    if kind.endswith("_pattern"):
        return f"{kind.replace('_', ' ')}: {given.get('operator')} {given.get('pattern')}", False
    return f"a rule of the type {kind}", False


def _passes_new(kind: str, given: Mapping[str, Any], change: Change) -> bool:
    waived = given.get("do_not_enforce_on_create") is True
    return kind == "required_status_checks" and change.act is CREATE and waived


def _protection(asked: Asked, name: str) -> tuple[list[Rule], str]:
    """Return the rules of the older kind, and why they are not known."""
    branch = asked(f"/repos/{asked.repository}/branches/{name}")
    protection = branch.fields.get("protection")
    shown = protection if isinstance(protection, dict) else {}
    if branch.status == NOT_FOUND:
        return [], ""  # it will be new
    if branch.status != OK:
        return [], branch.why
    if not branch.fields.get("protected") or shown.get("enabled") is False:
        return [], ""
    whole = asked(f"/repos/{asked.repository}/branches/{name}/protection")
    if whole.status == NOT_FOUND and "not protected" in whole.why:
        return [], ""
    if whole.status != OK:
        return [], f"it is protected; who may push to it: {whole.why}"
    return list(_older(asked, whole.fields)), ""


def _older(asked: Asked, protection: Mapping[str, Any]) -> Iterator[Rule]:
    repository = asked(f"/repos/{asked.repository}").fields.get("permissions")
    is_admin = isinstance(repository, dict) and repository.get("admin") is True
    pusher = asked.pusher
    if pusher.is_token and is_admin and not _is_on(protection, "enforce_admins"):
        return
    of = "(branch protection)"
    reviews = protection.get("required_pull_request_reviews")
    if isinstance(reviews, dict):
        excepted = reviews.get("bypass_pull_request_allowances")
        some = isinstance(excepted, dict) and any(excepted.values())
        yield Rule(f"changes come by pull request {of}", refuses=not some)
    checks = protection.get("required_status_checks")
    if isinstance(checks, dict):
        listed = ", ".join(names(checks.get("contexts")))
        yield Rule(f"status checks must have passed: {listed} {of}", refuses=bool(listed))
    if isinstance(protection.get("restrictions"), dict):
        yield from _restricted(asked, protection["restrictions"], of)
    if _is_on(protection, "lock_branch"):
        yield Rule(f"it is locked {of}")
    if _is_on(protection, "required_signatures"):
        words = f"commits must have signatures that GitHub verifies {of}"
        yield Rule(words, refuses=not pusher.signs)
    if _is_on(protection, "required_linear_history"):
        yield Rule(f"{LINEAR} {of}", refuses=False)


def _restricted(asked: Asked, allowed: Mapping[str, Any], of: str) -> Iterator[Rule]:
    """Yield that only some may push, unless who pushes is one of them."""
    login = asked("/user").fields.get("login") if asked.pusher.is_token else None
    users = names(allowed.get("users"), "login")
    if login in users:
        return
    others = bool(allowed.get("teams") or allowed.get("apps"))
    sure = not users and not others
    words = f"only {', '.join(users) or 'some'} may push to it {of}"
    yield Rule(words, refuses=sure or (login is not None and not others))


def _is_on(protection: Mapping[str, Any], key: str) -> bool:
    value = protection.get(key)
    return isinstance(value, dict) and value.get("enabled") is True
