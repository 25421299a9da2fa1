"""The audit of all releases: what is asked, and in which order."""
