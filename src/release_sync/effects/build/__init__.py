"""Artifacts: built by their backends, verified, and kept."""
