"""What `status` prints."""

from __future__ import annotations

from devclikit.terminal.medium import Medium
from release_sync.cli.reporting.status import text
from release_sync.plan.drift import Drift
from release_sync.run.status import Status


def test_what_is_the_same_of_many_is_said_once() -> None:
    names = [f"own-{n:02}" for n in range(40)]
    words = "1.8, and the latest release is v1.7"
    more = [Drift("index", one, f"pypi has {one} {words}") for one in names]
    other = Drift("index", "low", "pypi has low 1.9, and the latest release is v1.7")
    found = Status((), (Drift("tags", "low", "low is at 2"), *more[:20], other, *more[20:]), ())
    on = Medium()
    lines = [one for one in text(found, on).split("\n") if one.startswith("drift")]
    assert lines == [
        "drift: low is at 2",
        f"drift: pypi has own-00, own-01, own-02, own-03 … and 36 more {words}",
        "drift: pypi has low 1.9, and the latest release is v1.7",
    ]
    assert text(found, on, verbose=True).count("drift: pypi has own-") == len(names)
    few = Status((), tuple(more[:10]), ())
    assert text(few, on).count("drift: pypi has own-") == len(few.drift)
