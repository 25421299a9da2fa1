"""A small framework for development command lines."""
