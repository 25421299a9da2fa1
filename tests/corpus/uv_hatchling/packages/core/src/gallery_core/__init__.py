"""Pictures."""

__version__ = "2.0.9"
