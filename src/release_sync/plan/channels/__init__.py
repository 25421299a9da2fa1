"""Channels: versions that count up, what follows a release, and who takes a pre-release."""
