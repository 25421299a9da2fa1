"""Commands from a folder of PEP 723 scripts, and where a repository says which folder that is."""
