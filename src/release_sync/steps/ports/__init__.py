"""The ports: what a step may ask of git, index and clock; their adapters are in ``effects``."""
