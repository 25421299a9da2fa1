"""Bumping: the commit of a release without the release, here or as a pull request."""
