"""The steps of a release whose artifacts are made elsewhere."""
