"""Git, through GitPython and its own commands."""
