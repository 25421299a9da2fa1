"""RS201, RS202 and RS203: what members require of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from release_sync.configuration.nested import RELEASED
from release_sync.standards.names import normalise
from release_sync.standards.specifiers import is_exact_template, pins, remedy
from release_sync.standards.versions import is_greater, is_version
from release_sync.workspace.model import Fault
from release_sync.workspace.requirements import said_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from release_sync.standards.specifiers import Replacement, Specifier
    from release_sync.workspace.model import Requirement, Workspace

NOTHING = ("", "")
ODD = ("RS203", "can't be understood (PEP 508)")


class PinCheck(NamedTuple):
    """What is wrong with a requirement: a rule's code, and what to write; empty for nothing."""

    code: str
    message: str
    better: Replacement | None


def faults(workspace: Workspace) -> Iterator[Fault]:
    """Report every internal requirement that does not say what its policy asks for."""
    for owner in workspace.owners:
        for requirement in owner.requirements:
            version = workspace.expected(requirement.name)
            if version is not None and _is_plainly_pinned(requirement, version):
                continue
            if version is None or is_version(version):
                sibling = workspace.member(requirement.name)
                found = judged(workspace, requirement, version, sibling.version)
                if found.code and workspace.is_above(sibling):
                    found = _below(workspace, requirement)
                if found.code:
                    yield _fault(found.code, requirement, found.message, found.better)


def _below(workspace: Workspace, requirement: Requirement) -> PinCheck:
    """Hold what is required of a member above its group against the group's version.

    What to write depends on where the member goes to, which RS101 asks.
    """
    group = workspace.group(workspace.member(requirement.name).group)
    return judged(workspace, requirement, group.version)._replace(better=None)


def _is_plainly_pinned(requirement: Requirement, version: str) -> bool:
    """Return whether it is written as nearly all are: ``name==version``."""
    text, end = requirement.text, f"=={version}"
    return text.endswith(end) and normalise(text[: -len(end)]) == requirement.name


def policy(workspace: Workspace, requirement: Requirement) -> str:
    """Return the policy for a requirement: that of the edge, else of its owner's group.

    A private owner, a root that is no package, a dependency group and a member's need of its own
    extras may be bare: ``any``. What takes a released version is to be pinned: ``exact``.
    """
    owner = workspace.by_name.get(requirement.owner)
    if owner is None or owner.private or requirement.name == owner.name:
        return "any"
    if requirement.is_development:
        return "any"
    configuration = workspace.configuration
    edge = configuration.pins.get((requirement.owner, requirement.name))
    if edge == RELEASED:
        return "exact"
    return edge or workspace.group(owner.group).pin


def judged(
    workspace: Workspace, requirement: Requirement, version: str | None, own: str | None = None
) -> PinCheck:
    """Hold a requirement against its sibling's version; None where that is not known.

    ``own`` is the version that the sibling has now, where it should have another: what is no pin
    must admit that one.
    """
    said = said_by(requirement)
    wanted = policy(workspace, requirement)
    sibling, owner = workspace.member(requirement.name), workspace.by_name.get(requirement.owner)
    in_step = owner is not None and owner.group == sibling.group
    if said.form == "template":
        alien = "" if in_step or owner is None or not owner.group else owner.name
        return PinCheck(*_unfilled(requirement, said, wanted, alien), None)
    if version is None and not sibling.dynamic:
        return PinCheck(*NOTHING, None)
    if version is None and wanted != "exact" and sibling.group:
        version = workspace.group(sibling.group).version or None  # others of its group say it
    if version is None or (sibling.dynamic and in_step and wanted == "exact"):
        return PinCheck(*_untold(said, wanted, in_step=in_step), None)
    if _takes_released(workspace, requirement, said, version):
        return PinCheck(*NOTHING, None)
    now = own if own is not None and is_version(own) else version
    code, message = pin_violation(said, wanted, version, now)
    if sibling.dynamic and code == "RS202" and said.pin and is_greater(said.pin.version, version):
        return PinCheck(*NOTHING, None)  # the tag is made when the commit is there
    if sibling.dynamic and sibling.version and code in {"RS202", "RS203"} and said.form != "odd":
        message += " (its latest tag)"
    return PinCheck(code, message, remedy(said, wanted, version) if code else None)


def _takes_released(
    workspace: Workspace, requirement: Requirement, said: Specifier, version: str
) -> bool:
    """Return whether it is pinned to an earlier version, and its edge allows that.

    Whether that version was released only an index knows: who installs the pair asks it.
    """
    edge = workspace.configuration.pins.get((requirement.owner, requirement.name))
    if edge != RELEASED or said.pin is None or not is_greater(version, said.pin.version):
        return False
    return len(said.clauses) == 1 or said.admits(said.pin.version)


def _unfilled(
    requirement: Requirement, said: Specifier, wanted: str, alien: str
) -> tuple[str, str]:
    """Judge ``{{ version }}``: a hook fills it with the very version that is built.

    ``alien`` is whose that is, where the sibling does not share it.
    """
    if requirement.form != "template":
        return "RS203", f"can't be understood (PEP 508), and no hook fills {said.text!r:.100}"
    if alien:
        return "RS202", f"is given the version of {alien}, and is not in its group"
    if wanted == "exact" and not is_exact_template(said.text):
        return "RS201", "is not pinned exactly (`=={{ version }}`)"
    return NOTHING


def _untold(said: Specifier, wanted: str, *, in_step: bool) -> tuple[str, str]:
    """Judge what is required of a member whose version is the tag's, and not known before.

    ``in_step`` is whether it has the version of what requires it.
    """
    if said.form == "odd":
        return ODD
    if wanted != "exact" or said.form == "url":
        return NOTHING
    if not in_step:
        return NOTHING if said.text else ("RS201", "is not pinned")
    from release_sync.backends.hatchling import TEMPLATES  # noqa: PLC0415 - only for a fault

    pinned = f"only `=={{{{ version }}}}` in [{TEMPLATES}] pins it"
    return "RS201", f"has the version of its tag: {pinned}"


def pin_violation(said: Specifier, wanted: str, version: str, now: str) -> tuple[str, str]:  # noqa: PLR0911 - one for each answer
    """Return a code and its reason; empty when there is nothing to say.

    A pin must be the ``version`` that the sibling should have, and a range admit the one ``now``;
    where there must be a pin, a range that admits either is not wrong but none.
    """
    if said.form == "url":
        return NOTHING
    if said.form == "odd":
        return ODD
    if said.pin is not None and not pins(said.pin, version):
        return "RS202", f"is pinned to {said.pin.version}, and should be to {version}"
    if not said.text:
        return NOTHING if wanted == "any" else ("RS201", "is not pinned")
    versions = {now, version} if wanted == "exact" else {now}
    if not (said.pin and len(said.clauses) == 1) and not any(map(said.admits, versions)):
        return "RS203", f"{said.text} does not admit {now}"
    if said.pin is None and wanted == "exact":
        return "RS201", f"is not pinned exactly ({said.text})"
    return NOTHING


def _fault(code: str, requirement: Requirement, message: str, better: Replacement | None) -> Fault:
    where = f" ({requirement.table} {requirement.extra})" if requirement.extra else ""
    expected, advice = "", ""
    if better is not None:
        text = requirement.text
        expected = f"{text[: better.start]}{better.text}{text[better.end :]}"
        advice = f"; write {expected!r}"
    return Fault(
        code=code,
        place=requirement.place,
        message=f"{requirement.name} {message}{where}{advice}",
        member=requirement.owner,
        expected=expected,
        found=requirement.text,
    )
