"""Versions as cargo and npm want them (semver.org), where PEP 440 writes them in another way."""

from __future__ import annotations

FILES = ("Cargo.toml", "package.json")
WORDS = {"a": "alpha", "b": "beta", "rc": "rc"}
"""Pre-releases, as maturin (maturin.rs, metadata) and hatch-nodejs-version translate them back."""


def spelling(path: str, version: str) -> str | None:
    """Return how a version is written in a file; None when it can't be.

    Only cargo's and npm's manifests are not written as PEP 440 has it.
    """
    return semver(version) if path.rpartition("/")[2] in FILES else version


def semver(version: str) -> str | None:
    """Return ``1.1.0-alpha.1`` for ``1.1a1``; None for what semver has no word for.

    That is an epoch, a post- or a development release, a local version, and a fourth number.
    """
    from packaging.version import Version  # noqa: PLC0415 - costs 30 ms

    said = Version(version)
    numbers = [*said.release, 0, 0]
    first, rest = numbers[:3], numbers[3:]
    if said.epoch or said.is_postrelease or said.is_devrelease or said.local or any(rest):
        return None
    release = ".".join(str(one) for one in first)
    return f"{release}-{WORDS[said.pre[0]]}.{said.pre[1]}" if said.pre else release
