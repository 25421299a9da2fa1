"""Which members share a version, and which version that should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from release_sync.configuration import nested
from release_sync.configuration.values import Misconfigured, suggestion
from release_sync.standards.versions import is_greater, is_version, key, normal
from release_sync.workspace.model import Group
from release_sync.workspace.named import is_glob, matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from release_sync.configuration.nested import GroupRule
    from release_sync.configuration.table import Configuration
    from release_sync.toml.location import Keys
    from release_sync.workspace.model import Member

DEFAULT = nested.DEFAULT


def membership(configuration: Configuration, members: Collection[Member]) -> dict[str, str]:
    """Return each member's group: a configured one, its own when independent, or the default.

    A name counts more than a glob, and a group's glob more than one of ``independent``; no glob
    takes a private member. A private member that no group names has none (``""``). One with tags of
    its own is a group of its own, together with those that have the same, unless it is named; one
    whose version is read from a sibling's file is in the sibling's. Raises Misconfigured when a
    member is in two groups, or is private and independent, and when two groups have one name.
    """
    _refuse_private(configuration, {member.name for member in members if member.private})
    found = _by_name(configuration)
    free = [member for member in members if not member.private and member.name not in found]
    found |= _by_glob(configuration, free)
    others = [member for member in free if member.name not in found]
    by_tags = _by_tags(configuration, others)
    for member in members:
        own = by_tags.get(member.name, DEFAULT)
        found.setdefault(member.name, "" if member.private else own)
    return found | {one.name: found[whose.name] for one, whose in _borrowed(members, others)}


def check_names(configuration: Configuration, folders: Mapping[str, str]) -> None:
    """Raise Misconfigured when the table means a member that is not there.

    ``folders`` are those of all members, by name.
    """
    places: list[tuple[Keys, str]] = [
        *_grouped(configuration),
        *((("private", index), one) for index, one in enumerate(configuration.private)),
        *(
            (("mirrors", index, "member"), rule.member)
            for index, rule in enumerate(configuration.mirrors)
            if rule.member
        ),
        *((("pins", owner), owner) for owner, _ in configuration.pins),
        *((("pins", *edge), edge[1]) for edge in configuration.pins),
    ]
    for keys, entry in places:
        if is_glob(entry):
            if not any(matches(entry, *member) for member in folders.items()):
                hint = "with a slash it is of folders below the root, without one of names"
                raise Misconfigured(keys, f"no member matches {entry!r}", hint)
        elif entry not in folders:
            hint = suggestion(entry, folders)
            message = f"there is no member {entry!r}"
            raise Misconfigured(keys, message, hint, at_key=keys[0] == "pins")


def groups(configuration: Configuration, members: Mapping[str, Member]) -> tuple[Group, ...]:
    """Return all groups: the default one, those of the configuration, the independent members."""
    rules = {rule.name: rule for rule in configuration.groups}
    own = (member.group for member in members.values() if member.group)
    names = dict.fromkeys([DEFAULT, *rules, *configuration.independent, *own])
    by_group: dict[str, list[Member]] = {name: [] for name in names}
    for member in members.values():
        if member.group:
            by_group.setdefault(member.group, []).append(member)
    return tuple(
        Group(
            name,
            tuple(sorted(member.name for member in found if not member.private)),
            expected_version([one for one in found if not one.private] or found),
            (name in rules and rules[name].pin) or configuration.pin,
            tuple(sorted(member.name for member in found if member.private)),
            _own_tag([one for one in found if not one.private] or found, rules.get(name)),
        )
        for name, found in by_group.items()
        if found
    )


def expected_version(members: Iterable[Member]) -> str:
    """Return the majority's version; for a tie the root's; else the greatest; ``""`` for none.

    A version that is none does not count; and it is returned as PEP 440 writes it.
    """
    counted: dict[object, list[Member]] = {}
    for member in members:
        if member.version is not None and not member.dynamic and is_version(member.version):
            counted.setdefault(key(member.version), []).append(member)
    if not counted:
        return ""
    most = max(len(found) for found in counted.values())
    tied = [found for found in counted.values() if len(found) == most]
    best = tied[0]
    for found in tied[1:]:
        if _wins(found, best):
            best = found
    return normal(best[0].version or "")


def _by_tags(configuration: Configuration, members: Collection[Member]) -> dict[str, str]:
    """Return the groups of members by their own tags: each is named after the first that has them.

    Where all have the same they are the default group. Raises Misconfigured for a name that is
    taken.
    """
    of_default = (rule.tag for rule in configuration.groups if rule.name == DEFAULT)
    first = {"": DEFAULT, next(of_default, "") or configuration.tag: DEFAULT}
    found = {member.name: first.setdefault(member.tag, member.name) for member in members}
    if len(set(found.values())) == 1:
        return {}
    for member in members:
        taken = {DEFAULT, *(rule.name for rule in configuration.groups)}
        if found[member.name] == member.name and member.name in taken:
            message = f"{member.name} has tags of its own, {member.tag}, and another group its name"
            raise Misconfigured(("groups", member.name), message, "give the group another name")
    return found


def _borrowed(
    members: Collection[Member], others: Iterable[Member]
) -> Iterator[tuple[Member, Member]]:
    """Yield those of ``others`` whose version is read from a sibling's file, with the sibling."""
    owners: dict[str, Member] = {}
    for member in sorted(members, key=lambda one: len(one.folder)):
        if not member.private and f"{_file(member)}/".startswith(f"{member.folder}/".lstrip("/")):
            owners[_file(member)] = member
    for member in others:
        owner = owners.get(_file(member), member)
        if member.version is not None and owner is not member:
            yield member, owner


def _file(member: Member) -> str:
    """Return the file that says a member's version."""
    return "" if member.version_place is None else member.version_place.path


def _own_tag(members: Iterable[Member], rule: GroupRule | None) -> str:
    """Return the pattern of a group's own tags: the configured one, else what all are built from.

    It is ``""`` where there is neither. Raises Misconfigured where the two differ.
    """
    tags = {member.tag for member in members}
    if rule is None or not rule.tag:
        return tags.pop() if len(tags) == 1 else ""
    for tag in sorted(tags - {"", rule.tag.replace("{group}", rule.name)}):
        message = f"members of {rule.name} are built from tags like {tag}"
        raise Misconfigured(("groups", rule.name, "tag"), message, "leave it out, or name these")
    return rule.tag


def _grouped(configuration: Configuration) -> Iterator[tuple[Keys, str]]:
    """Yield every name that the table puts into a group, with the keys that lead to it."""
    for index, name in enumerate(configuration.independent):
        yield ("independent", index), name
    for rule in configuration.groups:
        for index, name in enumerate(rule.members):
            yield ("groups", rule.name, "members", index), name


def _by_name(configuration: Configuration) -> dict[str, str]:
    """Return the groups of the members that the table names."""
    found: dict[str, str] = {}
    for index, name in enumerate(configuration.independent):
        if not is_glob(name):
            _refuse_namesake(configuration, index, name)
            found[name] = name
    for rule in configuration.groups:
        for index, name in enumerate(rule.members):
            if name in found:
                other = "independent" if name in configuration.independent else found[name]
                raise _in_two(name, rule, index, other)
            if not is_glob(name):
                found[name] = rule.name
    return found


def _by_glob(configuration: Configuration, members: Iterable[Member]) -> dict[str, str]:
    """Return the groups of those of some members that globs of the table mean."""
    found: dict[str, str] = {}
    for rule in configuration.groups:
        for index, glob in enumerate(rule.members):
            for name in _matched(glob, members):
                if found.setdefault(name, rule.name) != rule.name:
                    raise _in_two(name, rule, index, found[name])
    for index, glob in enumerate(configuration.independent):
        for name in _matched(glob, members):
            if name not in found:
                _refuse_namesake(configuration, index, name)
                found[name] = name
    return found


def _matched(glob: str, members: Iterable[Member]) -> list[str]:
    if not is_glob(glob):
        return []
    return [member.name for member in members if matches(glob, member.name, member.folder)]


def _in_two(name: str, rule: GroupRule, index: int, other: str) -> Misconfigured:
    keys = ("groups", rule.name, "members", index)
    return Misconfigured(keys, f"{name} is in {rule.name} and in {other}")


def _refuse_namesake(configuration: Configuration, index: int, name: str) -> None:
    if name in {DEFAULT, *(rule.name for rule in configuration.groups)}:
        raise Misconfigured(
            ("independent", index),
            f"{name} is independent, a group of that name, and there is another group {name}",
            "give the other group another name, or put this member into one",
        )


def _refuse_private(configuration: Configuration, private: Collection[str]) -> None:
    for index, name in enumerate(configuration.independent):
        if name in private:
            raise Misconfigured(
                ("independent", index),
                f"{name} is private: it has no releases of its own",
                "take it out; or name it in the group whose version it shares; or, if it is to be"
                " released, take out what makes it private: `private`, the classifier,"
                " `package = false`, or that it has no [build-system]",
            )


def _wins(one: list[Member], other: list[Member]) -> bool:
    if any(not member.folder for member in (*one, *other)):
        return any(not member.folder for member in one)
    return is_greater(one[0].version or "", other[0].version or "")
