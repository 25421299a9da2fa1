"""The versions of uv that a release runs on."""

from __future__ import annotations

from release_sync.effects.doctor.supported import Supported

SUPPORTED = Supported("uv", lowest=(0, 10), tried=(0, 13), asked="uv --version")
"""0.8 tries an upload again by itself, and early 0.9 follow it to wherever it is redirected.

``pyproject.toml`` says it to installers, for the uv that is installed beside us.
"""
