"""The steps of a workspace's own: scripts and commands of the repository."""
