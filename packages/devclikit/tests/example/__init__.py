"""A small program that stands on devclikit, as its tests see it."""
