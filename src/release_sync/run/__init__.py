"""The decisions about a release: what is pending, what to do next, and the loop over its steps."""
