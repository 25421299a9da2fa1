"""The versions of uv that a release runs on."""

from __future__ import annotations

from release_sync.effects.doctor.supported import Supported

SUPPORTED = Supported("uv", lowest=(0, 12), tried=(0, 13), asked="uv --version")
"""0.8 tries an upload again by itself, early 0.9 follow it to wherever it is redirected, and 0.10
and 0.11 can't read an sdist whose tar has extended headers, as ours and hatchling's have.

``pyproject.toml`` says it to installers, for the uv that is installed beside us.
"""
