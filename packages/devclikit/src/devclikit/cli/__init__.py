"""The program ``devclikit``."""
