"""The actions that the workflows use, by the commits of their releases.

Each was read from a tag in its own repository, or from the workflows of at least two others that
pin it; zizmor asks for such pins, because a tag can be moved.
"""

from __future__ import annotations

ACTIONS = {
    "checkout": "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    "setup-uv": "astral-sh/setup-uv@c771a70e6277c0a99b617c7a806ffedaca235ff9 # v9.0.0",
    "upload-artifact": (
        "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1"
    ),
    "download-artifact": (
        "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1"
    ),
    "attest": "actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6 # v4.2.2",
}
"""What stands behind ``uses:``."""

CIBUILDWHEEL = "cibuildwheel@4.3.5"
"""What builds wheels for many systems, as ``uv tool run`` takes it."""

IMAGES = {
    "uv": "0.9.30",
    "uv-image": (
        "ghcr.io/astral-sh/uv:0.9.30-python3.12-bookworm"
        "@sha256:85d4cb1afa769a7338e095b927bee941cf5ec92266c7424b3f6c0f2748567248"
    ),
    "glab-image": "registry.gitlab.com/gitlab-org/cli:v1.114.0",
    "docker-image": "docker:28-dind",
}
"""The images of GitLab's jobs, and the uv in the first one.

A digest stands where several other repositories name it beside the tag; the others are to be pinned
by who can ask their registries.
"""
