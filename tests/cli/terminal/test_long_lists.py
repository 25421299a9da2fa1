"""Of a long list the first few names are shown."""

from __future__ import annotations

from release_sync.cli.terminal.long_lists import in_short


def test_of_a_long_list_the_first_few_are_left() -> None:
    names = [f"own-{number:02}" for number in range(83)]
    few = "own-00, own-01, own-02, own-03 … and 79 more"
    assert in_short(f"83 packages at 1.0: {', '.join(names)}") == f"83 packages at 1.0: {few}"
    assert in_short(f"build {', '.join(names)} (wheel)") == f"build {few} (wheel)"
    assert in_short(f"{', '.join(names[:-1])} and {names[-1]} → app") == f"{few} → app"
    installed = ", ".join(f"{one} 1.0" for one in names)
    first = ", ".join(f"{one} 1.0" for one in names[:4])
    assert in_short(f"{installed} from x") == f"{first} … and {len(names) - 4} more from x"
    levels = " → ".join(names)
    assert in_short(levels) == f"{' → '.join(names[:4])} → … and {len(names) - 4} more levels"
    assert in_short(" → ".join(names[:10])) == " → ".join(names[:10])
    pins = ", ".join(f"{name}/pyproject.toml (2 pins)" for name in names)
    assert in_short(pins).endswith("own-03/pyproject.toml (2 pins) … and 79 more")
    changed = ", ".join(f"{name} by 1 commit (2 files)" for name in names)
    assert in_short(f"since v1: {changed}; nothing in x").endswith(
        "own-03 by 1 commit (2 files) … and 79 more; nothing in x"
    )
    ten = ", ".join(names[:10])
    assert in_short(ten) == ten
    assert in_short(f"{ten}, own-10").endswith("own-03 … and 7 more")
