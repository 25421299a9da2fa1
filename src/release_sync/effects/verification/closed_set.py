"""The full verification of a set: each member by itself, as whoever installs it will have it.

A member is installed from an overlay of what was built, and all else from the indexes that users
have, into an environment that holds nothing but what it requires. So a sibling that it does not
require is not there, a requirement that nothing satisfies is found, and so is one that only an
override of the workspace satisfies.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from release_sync.effects.build.archives import is_wheel
from release_sync.effects.uv.installed_pythons import installed
from release_sync.effects.verification.clean_place import CleanPlace
from release_sync.effects.verification.fitting import is_for_any
from release_sync.effects.verification.installation import installations

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from pathlib import Path

    from release_sync.effects.uv.commands import Uv
    from release_sync.effects.verification.installation import Installation
    from release_sync.effects.verification.place import Place
    from release_sync.seals.artifact import Expected
    from release_sync.steps.observed import Report


def closed_failures(
    uv: Uv,
    built: Mapping[Expected, Sequence[Path]],
    place: Place,
    report: Report,
    stops: Callable[[], bool] = bool,
) -> tuple[list[str], str]:
    """Install each member by itself and try what is in it; return the failures, and what was done.

    As many are at work as there are processors, until it ``stops``. The indexes are asked for one
    Python after the other: what the first one asked for is there when it is the next one's turn.
    """
    pythons = installed(uv.environ, uv.managed_pythons())
    every = installations(built, pythons, elsewhere=place.elsewhere)
    if not every:
        return [], f"nothing was installed{untried(built, (), ())}"
    clean = CleanPlace(uv, built, place)
    said: dict[tuple[str, str], list[str]] = {}
    with ThreadPoolExecutor(1) as asking, ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            report("ask the indexes what there is", 0, 0, "packages")
            clean.ask(every, asking)
            trials = pool.map(lambda one: [] if stops() else clean.failures(one), every)
            for number, found in enumerate(trials, 1):
                report("install each by itself", number, len(every), "installations")
                for one, words in found:
                    said.setdefault((one.subject, words), []).append(one.python.minor)
        except Exception:
            pool.shutdown(cancel_futures=True)
            raise
        except BaseException:
            uv.children.stop()  # the pool waits for whatever is at work
            raise
    done = _summary(every)
    if place.elsewhere:
        tried = {one.wheel.name for one in every if one.wheel}
        sdists = [name for one in every for name in one.sdists]
        done += untried(built, tried, sdists)
    return [_failure(*what, where) for what, where in said.items()], done


def _failure(subject: str, words: str, pythons: Sequence[str]) -> str:
    return f"{subject} on Python {enumeration(pythons)}: {words}"


def _summary(every: Sequence[Installation]) -> str:
    """Return on which Pythons the members of a set were installed, and what else of them."""
    extras = {one.subject for one in every if "[" in one.subject}
    pythons, builders = (
        enumeration([one.minor for one in sorted(found)])
        for found in ({one.python for one in every}, {one.python for one in every if one.sdists})
    )
    many = "s" if len(extras) > 1 else ""
    return (
        f"each installs by itself and imports, on Python {pythons}"
        f"{f', with {len(extras)} extra{many}' if extras else ''}"
        f"{f'; the sdists build on {builders}' if builders else ''}"
    )


def untried(
    built: Mapping[Expected, Sequence[Path]],
    tried: Container[str],
    sdists: Container[str] | None = None,
) -> str:
    """Return in words which files were only looked into.

    ``tried`` are the names of wheels, ``sdists`` members whose sdist was built. Whether an sdist
    builds is asked of what is compiled alone: the wheels of all others were made of theirs.
    """
    left = [
        file.name
        for member, files in built.items()
        for file in files
        if (
            file.name not in tried
            if is_wheel(file)
            else sdists is not None and member.name not in sdists and not is_for_any(files)
        )
    ]
    return f"; only looked into, for this machine can't try them: {', '.join(left)}" if left else ""


def enumeration(names: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, or ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
