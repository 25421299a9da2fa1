"""The rules of Gitea, and of Forgejo: branch protections and tag protections.

Source: their API reference, ``repoGetBranch``, ``repoGetBranchProtection``,
``repoListBranchProtection`` and ``repoListTagProtection``; and their pages "Protected branches"
and "Protected tags".
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from release_sync.forges.patterns import by_path
from release_sync.forges.rules import NOT_FOUND, OK, Act, Rule, Ruling, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release_sync.forges.rules import Asked, Change


def rulings(asked: Asked, changes: tuple[Change, ...]) -> tuple[Ruling, ...]:
    """Return what Gitea has against each change."""
    return tuple(_branch(asked, one) if one.is_branch else _tag(asked, one) for one in changes)


def _branch(asked: Asked, change: Change) -> Ruling:
    """Ask for the branch: it says whether the token's user may push to it, and by which rule."""
    if change.act is not Act.UPDATE:
        return _matched(asked, change)
    branch = asked(f"/repos/{asked.repository}/branches/{quote(change.name, safe='')}")
    if branch.status == NOT_FOUND:
        return _matched(asked, change)  # it will be new
    if branch.status != OK:
        return Ruling(change, unknown=branch.why)
    if branch.fields.get("protected") is not True:
        return Ruling(change, protected=branch.fields.get("protected"))
    name = str(branch.fields.get("effective_branch_protection_name") or change.name)
    path = f"/repos/{asked.repository}/branch_protections/{quote(name, safe='')}"
    protection = asked(path).fields
    rules = tuple(_rules(asked, branch.fields, protection, f"(branch protection {name})"))
    unknown = "" if rules or protection or asked.pusher.is_token else asked(path).why
    return Ruling(change, rules, unknown)


def _matched(asked: Asked, change: Change) -> Ruling:
    """Ask for all protections: one matches a branch that is not there yet, by its pattern.

    Of several the one with the exact name counts, or else the first by a priority that older
    servers do not tell; so what only some of them refuse is not certain. A protected branch is not
    deleted by any push.
    """
    listed = asked(f"/repos/{asked.repository}/branch_protections")
    matching = [one for one in listed.items if by_path(_pattern(one), change.name)]
    matching = [one for one in matching if _pattern(one) == change.name] or matching
    found: list[Rule] = []
    refusing = 0
    for one in matching:
        of = f"(branch protection {_pattern(one)})"
        if change.act is Act.DELETE:
            mine = [Rule(f"it is protected, and not deleted {of}")]
        else:
            mine = [*_rules(asked, {"user_can_push": _is_listed(asked, one)}, one, of)]
        refusing += any(rule.refuses for rule in mine)
        found += mine
    if refusing < len(matching):
        found = [replace(rule, refuses=False) for rule in found]
    return Ruling(change, tuple(found), listed.why if listed.status != NOT_FOUND else "")


def _pattern(protection: Mapping[str, Any]) -> str:
    return str(protection.get("rule_name") or protection.get("branch_name"))


def _is_listed(asked: Asked, protection: Mapping[str, Any]) -> bool | None:
    """Return whether a protection lets the token's user push; None where a team may hold them."""
    if protection.get("enable_push_whitelist") is not True:
        return True
    login = asked("/user").fields.get("login")
    if login is None or protection.get("push_whitelist_teams"):
        return True if login in names(protection.get("push_whitelist_usernames")) else None
    return login in names(protection.get("push_whitelist_usernames"))


def _rules(
    asked: Asked, branch: Mapping[str, Any], protection: Mapping[str, Any], of: str
) -> Iterator[Rule]:
    may = branch.get("user_can_push") if asked.pusher.is_token else None
    if protection.get("enable_push") is False:
        yield Rule(f"nobody may push to it {of}")
    elif may is False or (may is None and protection.get("enable_push_whitelist") is True):
        users = names(protection.get("push_whitelist_usernames"))
        yield Rule(f"only {', '.join(users) or 'some'} may push to it {of}", refuses=may is False)
    if protection.get("require_signed_commits") is True:
        yield Rule(f"commits must be signed {of}", refuses=not asked.pusher.signs)
    if protection.get("protected_file_patterns"):
        files = protection["protected_file_patterns"]
        yield Rule(f"files may not be changed: {files} {of}", refuses=False)


def _tag(asked: Asked, change: Change) -> Ruling:
    """Of the protections that match a tag, one that lets somebody in is enough."""
    listed = asked(f"/repos/{asked.repository}/tag_protections")
    matching = [one for one in listed.items if _may_match(one, change.name)]
    login = asked("/user").fields.get("login") if matching and asked.pusher.is_token else None
    users = {name for one in matching for name in names(one.get("whitelist_usernames"))}
    if not matching or login in users:
        return Ruling(change, unknown=listed.why)
    teams = {name for one in matching for name in names(one.get("whitelist_teams"))}
    titles = ", ".join(str(one.get("name_pattern")) for one in matching)
    certain = not any(str(one.get("name_pattern")).startswith("/") for one in matching)
    known = not users | teams or (login is not None and not teams)
    who = ", ".join(sorted(users | teams)) or "nobody"
    rule = Rule(f"{who} may create it (tag protection {titles})", refuses=certain and known)
    return Ruling(change, (rule,))


def _may_match(protection: Mapping[str, Any], tag: str) -> bool:
    """Return whether a protection is about a tag; a regular expression of Go's may be."""
    pattern = str(protection.get("name_pattern"))
    return pattern.startswith("/") or fnmatchcase(tag, pattern)
