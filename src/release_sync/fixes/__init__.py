"""Edits that correct findings, or move a workspace to a version."""
