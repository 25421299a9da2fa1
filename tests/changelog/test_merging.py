"""Lines that others added while a release was made are of the next one."""

from __future__ import annotations

import pytest

from release_sync.changelog.merging import settled

HEAD = "# Changelog\n\n## [Unreleased]\n"
OLD = "\n## [1.2.0] - 2026-01-02\n\n- Roads.\n"
RELEASE = "\n## [1.3.0] - 2026-11-24\n\n### Added\n\n- Lanes.\n"
RELEASED = f"{HEAD}{RELEASE}{OLD}"


@pytest.mark.parametrize(
    ("merged", "expected"),
    [
        pytest.param(RELEASED, RELEASED, id="nothing was added"),
        pytest.param(
            f"{HEAD}{RELEASE}- Bridges.\n{OLD}",
            f"{HEAD}\n### Added\n\n- Bridges.\n{RELEASE}{OLD}",
            id="below what was there",
        ),
        pytest.param(
            f"{HEAD}{RELEASE}\n### Fixed\n\n- Holes.\n{OLD}",
            f"{HEAD}\n### Fixed\n\n- Holes.\n{RELEASE}{OLD}",
            id="with a heading of its own",
        ),
        pytest.param(
            f"{HEAD}\n- Early.\n{RELEASE}- Bridges.\n{OLD}",
            f"{HEAD}\n- Early.\n\n### Added\n\n- Bridges.\n{RELEASE}{OLD}",
            id="beside what is unreleased already",
        ),
        pytest.param(
            f"{HEAD}{RELEASE.replace('Lanes.', 'Lanes, at last.')}{OLD}",
            f"{HEAD}{RELEASE.replace('Lanes.', 'Lanes, at last.')}{OLD}",
            id="a line that was changed stays",
        ),
        pytest.param(
            f"{HEAD}{RELEASE}{OLD}- More roads.\n",
            f"{HEAD}{RELEASE}{OLD}- More roads.\n",
            id="another release's section is its own matter",
        ),
        pytest.param(f"# Changelog\n{OLD}", f"# Changelog\n{OLD}", id="no such headings"),
        pytest.param(
            f"# Changelog\n{RELEASE}- Bridges.\n{OLD}",
            f"# Changelog\n{RELEASE}- Bridges.\n{OLD}",
            id="nothing is unreleased",
        ),
        pytest.param(
            f"{HEAD}\n- Bridges.\n{OLD}",
            f"{HEAD}\n- Bridges.\n{OLD}",
            id="not the release's section",
        ),
        pytest.param(
            f"{HEAD}{RELEASE}\n\n\n{OLD}",
            f"{HEAD}{RELEASE}\n\n\n{OLD}",
            id="blank lines are nothing",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_was_added_meanwhile_is_unreleased(merged: str, expected: str, newline: str) -> None:
    given, released = (one.replace("\n", newline) for one in (merged, RELEASED))
    found = settled(given, released, "1.3.0")
    assert found == expected.replace("\n", newline)
    assert settled(found, released, "1.3.0") == found


def test_a_section_without_headings_of_its_own() -> None:
    release = "\n## [1.3.0] - 2026-11-24\n\n- Lanes.\n"
    merged = f"{HEAD}{release}- Bridges.\n{OLD}"
    then = f"{HEAD}{release}{OLD}"
    assert settled(merged, then, "1.3.0") == f"{HEAD}\n- Bridges.\n{release}{OLD}"
    assert settled(merged, f"{HEAD}{OLD}", "1.3.0") == merged, "no release has it"


def test_what_is_unreleased_may_stand_at_the_end() -> None:
    release = "## [1.3.0]\n\n- Lanes.\n"
    merged = f"{release}- Bridges.\n\n## [Unreleased]"
    then = f"{release}\n## [Unreleased]"
    assert settled(then, then, "1.3.0") == then
    assert settled(merged, then, "1.3.0") == f"{then}\n\n- Bridges.\n"
