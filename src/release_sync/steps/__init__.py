"""The steps of a release, one a file; each describes, observes and performs."""
