"""The table ``[tool.release-sync]``, read and validated."""
