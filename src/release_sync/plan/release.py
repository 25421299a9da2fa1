"""The planned release, a value, and the steps that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from release_sync.plan.amounts import some
from release_sync.plan.changelogs.notes import changelog_notes
from release_sync.plan.channels.development import comes_to_the_branch
from release_sync.plan.channels.early_siblings import early_notes
from release_sync.plan.facts import End, Relation
from release_sync.plan.forge import forge_notes
from release_sync.plan.index_answers import index_notes
from release_sync.plan.observations import observations
from release_sync.plan.order import levels
from release_sync.plan.own_steps import OwnScripts, own_scripts
from release_sync.plan.preflight import released_already
from release_sync.plan.situation import Situation
from release_sync.seals.pending import Companion, Sealed, Strategy, enumeration
from release_sync.steps.push import Push
from release_sync.steps.way import Way, way_of
from release_sync.workspace.uv_lock import is_lock

if TYPE_CHECKING:
    from release_sync.plan.facts import Facts
    from release_sync.plan.group_version import GroupVersion
    from release_sync.seals.artifact import Expected
    from release_sync.steps.ports.workbench import Development
    from release_sync.toml.edits import FileEdit


@dataclass(frozen=True, slots=True)
class Release:
    """What will be released, from where to where.

    ``draft`` is the seal as far as it is known before anything is built: no object, no candidate,
    no artifacts. ``previous`` is the version that it goes on from, ``here`` the one in the files
    now. ``notes`` are what a user should know before saying yes. ``nothing_new`` says that
    the base is a release itself, and no commit was made since. ``way`` is how it lands, ``ahead``
    the push that comes first where the branch on the remote lacks commits, ``probed`` where pending
    refs are when these are branches, to be tried first. ``observations`` are what was seen, in
    words, each with a label. ``isolation`` says what builds are kept apart by; they are ``exposed``
    where nothing does, and nobody said that nothing should. It is
    ``reproduced`` when everything is built twice; ``end`` is how far this run goes;
    ``folder`` is the workspace's in its repository, ``""`` for the top. ``situation`` has what the
    observations say as values, and ``groups`` are all that are released. ``development`` is what
    follows on the branch, ``own`` what the workspace runs itself.
    """

    draft: Sealed
    remote: str
    previous: str
    message: str
    here: str = ""
    members: tuple[Expected, ...] = ()
    edits: tuple[FileEdit, ...] = ()
    notes: tuple[str, ...] = ()
    nothing_new: bool = False
    way: Way = Way.PUSH
    ahead: Push | None = None
    probed: str = ""
    observations: tuple[tuple[str, str], ...] = ()
    reproduced: bool = False
    end: End = End.RELEASED
    isolation: str = ""
    exposed: bool = False
    folder: str = ""
    situation: Situation = field(default_factory=Situation)
    development: Development | None = None
    groups: tuple[GroupVersion, ...] = ()
    own: OwnScripts = field(default_factory=OwnScripts)

    @property
    def locks(self) -> tuple[FileEdit, ...]:
        """The edits of ``uv.lock``; there may be one in the folder of each member."""
        return tuple(edit for edit in self.edits if is_lock(edit.path))

    @property
    def manifests(self) -> tuple[FileEdit, ...]:
        """Every other edit."""
        return tuple(edit for edit in self.edits if not is_lock(edit.path))


def make_release(facts: Facts) -> Release:
    """Make the release of what was seen. Raises Problem when the members have no order."""
    configuration = facts.workspace.configuration
    draft = _draft(facts)
    by_name = {member.name: member for member in facts.draft.expected}
    return Release(
        draft=draft,
        remote=configuration.remote,
        previous=facts.previous,
        here=facts.workspace.group(facts.group).version or facts.previous,
        message=message_of(configuration.message, draft),
        members=tuple(by_name[name] for name in draft.members),
        edits=facts.draft.edits,
        notes=_notes(facts),
        nothing_new=released_already(facts),
        way=way_of(
            Way(facts.request.land or configuration.land), commits=comes_to_the_branch(facts)
        ),
        ahead=_ahead(facts),
        probed=facts.names.prefix if facts.names.is_branch else "",
        observations=observations(facts),
        reproduced=facts.request.reproduce,
        end=facts.request.end,
        isolation=facts.isolation.words,
        exposed=not facts.isolation.isolates and configuration.isolation == "auto",
        folder=facts.names.path,
        situation=facts.situation,
        development=facts.development,
        groups=facts.groups,
        own=own_scripts(facts.workspace, draft, facts.position.refs or {}),
    )


def _draft(facts: Facts) -> Sealed:
    """Return the seal as far as it is known. Raises Problem when the members have no order."""
    return Sealed(
        oid="",
        candidate="",
        base=facts.base,
        group=facts.group,
        version=facts.version,
        tag=facts.tag,
        branch=facts.position.target,
        index=facts.index,
        levels=levels(facts.draft.needs),
        artifacts=(),
        maker=facts.maker,
        strategy=Strategy(facts.strategy),
        existing=facts.position.existing,
        companions=tuple(
            Companion(one.group, one.version, one.tag, one.members) for one in facts.others
        ),
    )


MOST = 20
"""So many packages are named in the message of a commit; of more, the first of them or groups."""


def message_of(template: str, sealed: Sealed) -> str:
    """Return the message of a release's commit; of several groups each has its own version."""
    if len(sealed.members) > MOST:
        packages = some(sealed.members)
        each = some([f"{one.group} {one.version}" for one in sealed.groups])
    else:
        packages = enumeration(sealed.members)
        each = ", ".join(
            f"{enumeration([name for name in sealed.members if name in one.members])} {one.version}"
            for one in sealed.groups
        )
    if len(sealed.groups) > 1:
        template = template.replace("{packages} {version}", each)
    return template.format(
        packages=packages,
        version=enumeration(list(dict.fromkeys(one.version for one in sealed.groups))),
        group=enumeration([one.group for one in sealed.groups]),
    )


def summary(edits: tuple[FileEdit, ...]) -> str:
    """Return the files of some edits, and how many pins they move."""
    return ", ".join(_named(edit) for edit in edits)


def changed_lines(edit: FileEdit) -> int:
    """Count the lines that an edit changes, adds or removes."""
    before, after = edit.before.splitlines(), edit.after.splitlines()
    if len(before) == len(after):  # a matcher takes a minute for the lock of 500 packages
        return sum(one != other for one, other in zip(before, after, strict=True))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    changes = (change for change in matcher.get_opcodes() if change[0] != "equal")
    return sum(max(end - start, stop - begin) for _, start, end, begin, stop in changes)


def _named(edit: FileEdit) -> str:
    pins = sum(change == "pin" for change in edit.changes)
    if not pins:
        return edit.path
    return f"{edit.path} ({pins} pin{'s' if pins > 1 else ''})"


def _notes(facts: Facts) -> tuple[str, ...]:
    if released_already(facts):
        last = enumeration([one.left or one.previous for one in facts.groups])
        is_ = "is" if len(facts.groups) == 1 else "are"
        return (f"{last} {is_} released, and nothing was committed since",)
    configuration = facts.workspace.configuration
    branch = facts.position.target
    upstream = f"{configuration.remote}/{branch}"
    notes = []
    if facts.strategy != configuration.strategy:
        notes.append(f"{facts.index} has no stages: what is to be staged is uploaded directly here")
    notes += [
        f"{tag} was begun and given up: it is passed over"
        for one in facts.groups
        for tag in one.passed_over
    ]
    notes += [
        f"{one.group} {one.left or one.previous} is released already, and is left out"
        for one in facts.situation.released
    ]
    if facts.position.relation is Relation.BEHIND:
        at = f"{upstream} at {facts.base[:7]}, as after `git pull`"
        notes.append(f"{branch} is behind {upstream}: what is released is {at}")
    early = early_notes(facts.draft.expected, facts.situation.served)
    return (*notes, *changelog_notes(facts), *early, *index_notes(facts), *forge_notes(facts))


def _ahead(facts: Facts) -> Push | None:
    """Return the push of the commits that the remote lacks, as a step of its own."""
    position, configuration = facts.position, facts.workspace.configuration
    if position.relation not in {Relation.AHEAD, Relation.NEW}:
        return None
    return Push(position.target, facts.base, position.upstream, configuration.remote)
