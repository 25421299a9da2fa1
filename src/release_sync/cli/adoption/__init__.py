"""What ``release-sync init`` writes: every part is decided before the first one is written."""
