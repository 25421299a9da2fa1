"""The versions of uv that a release runs on."""

from __future__ import annotations

from release_sync.effects.doctor.supported import Supported

SUPPORTED = Supported("uv", lowest=(0, 8), tried=(0, 13), asked="uv --version")
"""0.8 is the first that has all that a release asks it for; ``pyproject.toml`` says it to
installers, for the uv that is installed beside us."""
