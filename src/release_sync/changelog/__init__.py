"""Changelogs, as pure work on texts: their sections, what is unreleased, and files of changes."""
