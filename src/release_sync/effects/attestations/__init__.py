"""Attestations of artifacts (PEP 740): what they say, and whether they are signed by whom."""
