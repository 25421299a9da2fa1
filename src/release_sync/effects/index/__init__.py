"""The package index: its address, its pages, and what it serves."""
