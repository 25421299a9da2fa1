"""uv: locks, environments, builds and uploads."""
