"""What a release looks like on a terminal: its plan, its stages, tables, diffs and findings."""
