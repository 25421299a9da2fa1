"""The only code that touches git, uv, an index, files or the clock."""
