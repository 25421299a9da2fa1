"""Pure functions from a workspace to faults, and the findings that users see."""
