"""What makes changelogs: the tool of a workspace that does."""
