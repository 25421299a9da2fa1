"""The audit: what an index serves of every release, judged as a set."""
