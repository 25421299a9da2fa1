"""The command that rehearses a release."""
