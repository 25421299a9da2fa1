"""Commands that report on releases."""
