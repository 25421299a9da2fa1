"""Commands that make, finish or undo a release."""
