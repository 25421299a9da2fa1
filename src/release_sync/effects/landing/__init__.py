"""The commits that a landing makes on a branch, without a checkout."""
