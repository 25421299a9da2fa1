"""Cells: programs of the repository run where they can't reach what is not theirs."""
