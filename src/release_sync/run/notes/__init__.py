"""The notes of a release: what is told of it where it is announced."""
