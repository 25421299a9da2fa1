"""Two releases that share a group, at the same time: whatever happens, each can be ended."""

from __future__ import annotations

from functools import partial
from itertools import islice, product
from typing import TYPE_CHECKING

import pytest
from tests.fakes.context import ROOT
from tests.fakes.world import NAMES
from tests.run import story as stories
from tests.run.parties import Sleeper, Stage
from tests.run.story import DeadError, Kind, commands
from tests.run.test_two_parties import failures

from release_sync.errors import Waiting
from release_sync.plan.facts import Request
from release_sync.run.aborting import abandon, abort
from release_sync.run.publishing import prepare, publish
from release_sync.run.resuming import resume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.context import FakeContext
    from tests.run.parties import Party
    from tests.run.story import Teller

    from release_sync.errors import Problem

VERSIONS = {"ant": "0.1.0", "bee": "0.2.0", "cat": "0.3.0"}
"""Three groups of one member each, by name; all members are named like their groups."""

SETTINGS = f"{ROOT}independent = {[*VERSIONS]}\n"
FILES = {
    "pyproject.toml": SETTINGS.encode(),
    **{
        f"packages/{name}/pyproject.toml": (
            f'[build-system]\nrequires = ["b"]\n[project]\nname = "{name}"\nversion = "{version}"\n'
        ).encode()
        for name, version in VERSIONS.items()
    },
}
PENDING = {name: NAMES.pending(name) for name in VERSIONS}


def asked(*groups: str) -> Request:
    return Request(group=groups[0], others=groups[1:])


LEFT, RIGHT = asked("ant", "bee"), asked("bee", "cat")
"""What the first party releases, and the second."""


@pytest.fixture(autouse=True)
def overlapping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every story be of three groups."""
    others = {name: f"{name}-v{VERSIONS[name][:-1]}1" for name in VERSIONS}
    kind = Kind(LEFT, FILES, members=tuple(VERSIONS), others=others)
    monkeypatch.setattr(stories, "KIND", kind)


def run(party: Party, words: str, sleeper: Sleeper | None = None) -> Problem | None:
    """Run a command: ``publish`` or ``prepare`` and a side, or another one and a group."""
    name, of = words.split(" ")
    side = {"left": LEFT, "right": RIGHT}.get(of, Request())
    made: dict[str, Callable[[FakeContext, Teller], None]] = {
        "publish": lambda context, teller: publish(context, side, teller),
        "prepare": lambda context, teller: prepare(context, side, teller),
        "resume": lambda context, teller: resume(context, of, "", "", teller),
        "abort": lambda context, teller: abort(context, of, teller),
        "abandon": lambda context, teller: abandon(context, of, teller),
    }
    return party.run(made[name], sleeper)


def pending(stage: Stage) -> list[str]:
    return [name for name, ref in PENDING.items() if ref in stage.remote.refs]


def settle(stage: Stage) -> None:
    """Follow the hints, group by group, until nothing is pending."""
    stage.index.arrive()
    stage.index.trouble = lambda _: ""
    for _ in range(3):
        for group in pending(stage):
            problem = run(stage.second, f"resume {group}")
            named = commands(problem.hint or "") if problem else []
            if "abort --abandon" in named:
                run(stage.second, f"abandon {group}")
            elif "abort" in named:
                run(stage.second, f"abort {group}")
    assert not pending(stage), (pending(stage), stage.first.said, stage.second.said)
    stage.hold()
    assert len({*stage.index.taken}) == len(stage.index.taken)


def happens(before: str, command: str, at: int, other: str, *, wakes: bool) -> None:
    """Something is pending; one party sleeps while another acts, and a hand deletes refs."""
    stage = Stage()
    prepared(stage, before)

    def meanwhile() -> None:
        for one in other.split(", "):
            if one.startswith("delete "):
                stage.remote.refs.pop(PENDING[one.removeprefix("delete ")], None)
            else:
                run(stage.second, one)
        if not wakes:
            raise DeadError

    try:
        run(stage.first, command, Sleeper(at, meanwhile))
    except DeadError:
        assert not wakes
    settle(stage)


def prepared(stage: Stage, before: str) -> None:
    """Bring the world where the left release is sealed, or begun, by the first party."""
    if before == "sealed":
        run(stage.first, "prepare left")
    elif before == "begun":
        stage.index.trouble = lambda name: "lost" if name.startswith("bee") else ""
        run(stage.first, "publish left")
        stage.index.trouble = lambda _: ""


FIRST = {
    "": ("publish left", "publish right"),
    "sealed": ("resume ant", "abort bee"),
    "begun": ("resume bee", "abandon ant"),
}
"""What the first party is at when it falls asleep, by what is pending then."""

OTHERS = (
    "publish left",
    "publish right",
    "resume bee",
    "abort bee",
    "abandon bee, publish right",
    "abort ant, prepare right",
    "prepare left, delete bee",
    "prepare right, delete bee",
    "prepare right, delete cat",
    "delete ant, prepare right",
    "delete bee, publish right",
    "delete ant, abandon bee, publish right",
    "delete ant, delete bee, publish right",
)
"""What the second party and a hand do meanwhile."""


def moments(before: str, command: str) -> list[str]:
    """Return the names of all moments of a command that nothing happens to."""
    stage, sleeper = Stage(), Sleeper()
    prepared(stage, before)
    run(stage.first, command, sleeper)
    return sleeper.names


def moment(command: str, effect: str) -> int:
    """Return the number of the moment before an effect, from one."""
    return moments("", command).index(f"before {effect}") + 1


def every() -> Iterator[tuple[str, Callable[[], None]]]:
    for before, firsts in FIRST.items():
        for command in firsts:
            moves = range(1, len(moments(before, command)) + 1)
            for at, other, wakes in product(moves, OTHERS, (True, False)):
                name = f"{before}; {command} sleeps at {at}; {other}; wakes {wakes}"
                yield name, partial(happens, before, command, at, other, wakes=wakes)


def test_what_another_release_holds_a_group_of_is_not_begun() -> None:
    stage = Stage()

    def meanwhile() -> None:
        run(stage.second, "prepare left")
        del stage.remote.refs[PENDING["bee"]]

    run(stage.first, "prepare right", Sleeper(moment("prepare right", "git.push"), meanwhile))
    assert pending(stage) == ["ant", "bee", "cat"]
    sealed = dict(stage.remote.refs)
    waits = run(stage.second, "resume ant")
    assert isinstance(waits, Waiting)
    assert waits.message == (
        f"{PENDING['bee']} on origin is of another release than ant-v0.1.1 with bee-v0.2.1"
    )
    assert waits.hint == (
        "run `release-sync resume --group bee` or `release-sync abort --group bee` first"
    )
    assert stage.remote.refs == sealed
    assert run(stage.second, "abort ant") is None
    assert pending(stage) == ["bee", "cat"]
    settle(stage)


def test_whatever_happens_at_some_moments() -> None:
    assert failures(islice(every(), None, None, 41)) == []


@pytest.mark.slow
def test_whatever_happens_at_any_moment() -> None:
    assert failures(every()) == []
