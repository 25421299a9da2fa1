"""Commands that check a workspace, and explain what was found."""
