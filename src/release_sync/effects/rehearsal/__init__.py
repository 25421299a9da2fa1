"""A release on a scratch remote and an embedded index."""
