"""The stages of a release in one line: what took long, is going on, and is still to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devclikit.terminal.activity import Activity, duration, spinner
from devclikit.terminal.lines import painted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from devclikit.terminal.medium import Medium

MAIN = frozenset({"build", "reproduce", "verify", "stage", "upload", "promote", "land"})
"""The stages that may take long: of the others only the one that is going on is shown."""

BETWEEN = " · "


@dataclass
class Stage:
    """The steps of one kind, such as all uploads: ``left`` of ``total`` are not over yet.

    ``took`` is when the last of them ended behind the first one's beginning, in seconds; ``whole``
    is what is said of all of them at once, where they are many.
    """

    name: str
    left: int = 1
    took: float = 0.0
    total: int = 1
    whole: Activity | None = None


def stages_of(names: Iterable[str]) -> dict[str, Stage]:
    """Return the stages of steps with these names, in order."""
    found: dict[str, Stage] = {}
    for name in names:
        if name in found:
            found[name].left += 1
            found[name].total += 1
        else:
            found[name] = Stage(name)
    return found


def together(
    going_on: Iterable[Activity], stages: Mapping[str, Stage], most: int
) -> list[Activity]:
    """Return what is going on, as one what is of a stage of more than ``most`` steps."""
    found: dict[str, Activity] = {}
    for one in going_on:
        stage = stages.get(one.stage)
        if stage is None or stage.total <= most:
            found[one.words] = one
            continue
        stage.whole = stage.whole or Activity(stage.name, began=one.began)
        stage.whole.tell(stage.name, stage.total - stage.left, stage.total, "packages")
        found[stage.name] = stage.whole
    return [*found.values()]


def stages_line(
    stages: Iterable[Stage], going_on: Sequence[Activity], now: float, on: Medium
) -> str:
    """Return the line; of what does not fit, the stages that are over are left out first."""
    running = {one.stage: one for one in reversed(going_on)}
    parts = [part for stage in stages if (part := _part(stage, running, now))]
    while len(BETWEEN.join(words for words, _ in parts)) > (on.width or 80) - 1 and len(parts) > 1:
        parts.pop(0 if "✓" in parts[0][0] else -1)
    return BETWEEN.join(painted(words, on, **style) for words, style in parts)


def _part(
    stage: Stage, running: dict[str, Activity], now: float
) -> tuple[str, dict[str, object]] | None:
    if stage.name in running:
        one = running[stage.name]
        words = f"{stage.name} {spinner(now)}{one.count()} {duration(now - one.began)}"
        return words.rstrip(), {"fg": "cyan"}
    if not stage.left and stage.took >= 1:
        return f"{stage.name} ✓ {stage.took:.1f} s", {"fg": "green"}
    if stage.left and stage.name in MAIN:
        return stage.name, {"dim": True}
    return None
