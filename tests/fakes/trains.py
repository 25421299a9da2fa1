"""Two groups whose members pin each other exactly, so that neither can be released alone."""

from __future__ import annotations

from tests.fakes.context import ROOT

OLD = {"default": "0.1.10", "unstable": "0.66b0"}
NEW = {"default": "0.1.11", "unstable": "0.66b1"}
"""The versions before and after a release of which nobody says a level."""

MEMBERS = ("api", "conventions", "sdk", "exporter", "proto", "agent", "logs", "shim")
"""Eight members, each of which needs the one before it; every other one is unstable."""

GROUPS = {name: ("default", "unstable")[number % 2] for number, name in enumerate(MEMBERS)}
"""The group of each member."""


def manifest(name: str, *needs: str) -> str:
    """Return the manifest of a member, which pins what it needs."""
    pins = ", ".join(f'"{need}=={OLD[GROUPS[need]]}"' for need in needs)
    sources = "".join(f"{need} = {{ workspace = true }}\n" for need in needs)
    return (
        f'[build-system]\nrequires = ["b"]\n[project]\nname = "{name}"\n'
        f'version = "{OLD[GROUPS[name]]}"\ndependencies = [{pins}]\n[tool.uv.sources]\n{sources}'
    )


SETTINGS = (
    f"{ROOT}[tool.release-sync.groups.unstable]\n"
    f"members = {[name for name in MEMBERS if GROUPS[name] == 'unstable']}\n"
)

TRAINS = {
    "pyproject.toml": SETTINGS.encode(),
    **{
        f"packages/{name}/pyproject.toml": manifest(name, *MEMBERS[max(0, at - 1) : at]).encode()
        for at, name in enumerate(MEMBERS)
    },
}
"""The workspace of both."""
