"""What ``init --ci`` writes: the check of each change, and a release in jobs, for a host."""
