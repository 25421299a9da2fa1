"""Written at each release."""

__version__ = "3.1.4"
