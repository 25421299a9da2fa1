"""The command that notes a change for the next release."""
