"""Commands that help with the others."""
