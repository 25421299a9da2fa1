"""The upload of a release: what is sent, what the index answers, and what it serves."""
