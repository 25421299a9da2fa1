"""TOML files: parsed, with the position of each value, and edited byte by byte."""
